package registry

import (
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/ui"
)

// formView is a form about a substance as it is shown: its typed values and what is wrong with them.
type formView struct {
	*Substance
	s      *Service
	c      *web.Ctx
	values *web.Form
	lines  []ui.FieldError
}

func (v formView) value(name string) string {
	if v.values == nil {
		return ""
	}
	return v.values.Get(name)
}

func (v formView) field(name, label, help string) ui.Field {
	f := ui.Field{Name: name, Label: v.c.T(label), Value: v.value(name), Mistake: ui.MistakeOf(v.lines, name)}
	if help != "" {
		f.Help = v.c.T(help)
	}
	return f
}

func (v formView) optional(name, label, help string) ui.Field {
	f := v.field(name, label, help)
	f.Optional = true
	return f
}

// codes are the values of a code list as choices, after an empty one.
func (v formView) codes(list string, values ...string) []ui.Option {
	options := []ui.Option{{Value: "", Label: v.c.T("registry.choose")}}
	for _, x := range values {
		options = append(options, ui.Option{Value: x, Label: locale.Code(v.c.Context(), list, x)})
	}
	return options
}

// showForm shows a form of a substance, with the failure of the last attempt.
func (s *Service) showForm(c *web.Ctx, f *web.Form, err error, title string, body func(formView) web.Page) error {
	x, ferr := s.find(c.Path("id"))
	if ferr != nil {
		return ferr
	}
	v := formView{Substance: x, s: s, c: c, values: f, lines: ui.FieldErrors(c.Context(), err)}
	p := body(v)
	p.Title, p.Room, p.Kind = c.T(title)+": "+x.Label.In(c.Lang()), substancesRoom, ui.Narrow
	if err != nil {
		p.Status = web.Status(baqylau.CodeOf(err))
	}
	return c.Render(p)
}

// again shows a form once more after a failure that its sender can mend; other failures go to the error page.
func again(c *web.Ctx, f *web.Form, err error, show func(*web.Ctx, *web.Form, error) error) error {
	if code := baqylau.CodeOf(err); code == baqylau.Invalid || code == baqylau.Conflict {
		return show(c, f, err)
	}
	return err
}

func (s *Service) showNames(c *web.Ctx, f *web.Form, err error) error {
	return s.showForm(c, f, err, "registry.add_name", func(v formView) web.Page { return web.Page{Body: v.namesPage()} })
}

func (s *Service) postName(c *web.Ctx) error {
	f, err := c.ReadForm(0)
	if err != nil {
		return err
	}
	seen, _ := f.Date("seen", false, change.Today(c.Now()))
	n := Name{Substance: c.Path("id"), Text: f.Text("text", true, 300), Lang: baqylau.Lang(f.Get("lang")), Type: NameType(f.Get("type")),
		Region: f.Get("region"), Seen: seen, Confidence: baqylau.Confidence(f.Get("confidence")), Ambiguous: f.Bool("ambiguous"), Source: f.Text("source", true, 300)}
	if err := f.Err(); err != nil {
		return s.showNames(c, f, err)
	}
	if _, err := s.AddName(c.Context(), c.Actor, n); err != nil {
		return again(c, f, err, s.showNames)
	}
	return c.Done("/substances/"+n.Substance, "registry.done.name", "")
}

func (s *Service) postRemoveName(c *web.Ctx) error {
	if err := s.RemoveName(c.Context(), c.Actor, c.Path("id"), c.Path("name")); err != nil {
		return err
	}
	return c.Done("/substances/"+c.Path("id"), "registry.done.name_removed", "")
}

// own are the names that people of the centre have entered.
func (v formView) own() []Name {
	var list []Name
	for _, n := range v.s.Shelf.Book().Names(v.ID) {
		if !n.Shipped {
			list = append(list, n)
		}
	}
	return list
}

// places are countries and the home country's regions as choices.
func (v formView) places() []ui.Option {
	b, l := v.s.Shelf.Book(), v.c.Lang()
	options := []ui.Option{{Value: "", Label: v.c.T("registry.place_unknown")}, {Value: v.s.Home, Label: b.PlaceName(v.s.Home, l)}}
	for _, r := range b.Regions(v.s.Home) {
		options = append(options, ui.Option{Value: r.Code, Label: "\u2003" + r.Name.In(l)})
	}
	ui.ByName(v.c.Context(), options[2:])
	own := len(options)
	for _, k := range b.Countries() {
		if k.Code != v.s.Home && !strings.Contains(k.Code, "-") {
			options = append(options, ui.Option{Value: k.Code, Label: k.Name.In(l)})
		}
	}
	ui.ByName(v.c.Context(), options[own:])
	return options
}

// jurisdictions are the home country, the unions and the other countries as choices.
func (v formView) jurisdictions() []ui.Option {
	ctx := v.c.Context()
	options := []ui.Option{{Value: "", Label: v.c.T("registry.choose")}}
	add := func(code string) {
		options = append(options, ui.Option{Value: code, Label: v.s.jurisdiction(ctx, code)})
	}
	add(v.s.Home)
	for _, u := range Unions {
		add(u)
	}
	for _, k := range v.s.Shelf.Book().Countries() {
		if k.Code != v.s.Home && !strings.Contains(k.Code, "-") {
			add(k.Code)
		}
	}
	return options
}
