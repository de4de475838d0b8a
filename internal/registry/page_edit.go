package registry

import (
	"slices"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/ui"
)

func (s *Service) showStatus(c *web.Ctx, f *web.Form, err error) error {
	return s.showForm(c, f, err, "registry.add_status", func(v formView) web.Page { return web.Page{Body: v.statusPage()} })
}

// lawDay reads a day that may lie in the future, since laws are published before they come into force.
func lawDay(f *web.Form, name string) baqylau.Date {
	d, _ := f.Date(name, false, baqylau.NewDate(2200, 1, 1))
	return d
}

func (s *Service) postStatus(c *web.Ctx) error {
	f, err := c.ReadForm(0)
	if err != nil {
		return err
	}
	x := Status{Substance: c.Path("id"), Jurisdiction: f.Get("jurisdiction"), Instrument: baqylau.Same(f.Text("instrument", true, 300)), Schedule: f.Text("schedule", false, 60),
		Basis: f.Get("basis"), From: lawDay(f, "from"), To: lawDay(f, "to"), Verified: f.Get("verified"), Source: f.Text("source", true, 300), Note: f.Text("note", false, 1000)}
	if err := f.Err(); err != nil {
		return s.showStatus(c, f, err)
	}
	if _, err := s.AddStatus(c.Context(), c.Actor, x); err != nil {
		return again(c, f, err, s.showStatus)
	}
	return c.Done("/substances/"+x.Substance, "registry.done.status", "")
}

func (s *Service) postEndStatus(c *web.Ctx) error {
	f, err := c.ReadForm(0)
	if err != nil {
		return err
	}
	last := lawDay(f, "to")
	if err := f.Err(); err != nil {
		return s.showStatus(c, f, err)
	}
	if err := s.EndStatus(c.Context(), c.Actor, c.Path("id"), c.Path("status"), last); err != nil {
		return again(c, f, err, s.showStatus)
	}
	return c.Done("/substances/"+c.Path("id"), "registry.done.status_ended", "")
}

// open are the substance's own statuses without a last day.
func (v formView) open() []Status {
	var list []Status
	for _, x := range v.s.Shelf.Book().statuses[v.ID] {
		if x.To.IsZero() {
			list = append(list, x)
		}
	}
	return list
}

func (s *Service) showClass(c *web.Ctx, f *web.Form, err error) error {
	return s.showForm(c, f, err, "registry.classify", func(v formView) web.Page { return web.Page{Body: v.classPage()} })
}

func (s *Service) postClass(c *web.Ctx) error {
	f, err := c.ReadForm(0)
	if err != nil {
		return err
	}
	families := append(f.All("family"), f.All("effect")...)
	if err := s.Classify(c.Context(), c.Actor, c.Path("id"), families, f.Get("watch") == "yes", f.Get("reason")); err != nil {
		return again(c, f, err, s.showClass)
	}
	return c.Done("/substances/"+c.Path("id"), "registry.done.class", "")
}

// chosen tells whether a family is ticked: as sent, or as it is.
func (v formView) chosen(name, code string) bool {
	if v.values != nil {
		return slices.Contains(v.values.All(name), code)
	}
	return v.Substance != nil && slices.Contains(v.Families, code)
}

func (s *Service) showEnter(c *web.Ctx, f *web.Form, err error) error {
	v := formView{s: s, c: c, values: f, lines: ui.FieldErrors(c.Context(), err)}
	p := web.Page{Title: c.T("registry.enter"), Room: substancesRoom, Kind: ui.Narrow, Body: v.enterPage()}
	if err != nil {
		p.Status = web.Status(baqylau.CodeOf(err))
	}
	return c.Render(p)
}

func (s *Service) postEnter(c *web.Ctx) error {
	f, err := c.ReadForm(0)
	if err != nil {
		return err
	}
	x := Substance{Name: f.Text("name", true, 300), Label: baqylau.Text{KK: f.Text("name_kk", false, 300), RU: f.Text("name_ru", false, 300)},
		InChIKey: strings.ToUpper(f.Text("inchikey", false, 27)), SMILES: f.Text("smiles", false, 1000), Formula: f.Text("formula", false, 100),
		CAS: strings.Fields(strings.ReplaceAll(f.Text("cas", false, 100), ",", " ")), Source: f.Text("source", true, 300), Families: f.All("family")}
	if f.Bool("watch") {
		x.Watch, x.WatchReason = true, "new_psychoactive"
	}
	if err := f.Err(); err != nil {
		return s.showEnter(c, f, err)
	}
	id, err := s.Enter(c.Context(), c.Actor, x)
	if err != nil {
		return again(c, f, err, s.showEnter)
	}
	return c.Done("/substances/"+id, "registry.done.entered", "")
}

// suggest answers a lookup field with substances.
func (s *Service) suggest(c *web.Ctx) error {
	q := c.Query("q")
	if q == "" { // the field sends its words under its own name
		for name, values := range c.R.URL.Query() {
			if strings.HasSuffix(name, "_text") && len(values) > 0 {
				q = values[0]
			}
		}
	}
	var list []ui.Suggestion
	for _, m := range s.Shelf.Book().Search(q, 8) {
		label, note := m.Substance.Label.In(c.Lang()), m.Substance.Name
		if m.Name != note && m.Name != label {
			note += " · " + m.Name
		} else if note == label {
			note = ""
		}
		list = append(list, ui.Suggestion{Value: m.Substance.ID, Label: label, Note: note})
	}
	return c.Fragment(ui.Suggestions(list))
}
