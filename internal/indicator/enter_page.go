package indicator

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/indicator/define"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/registry"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/ui"
)

// enterView is the form of one figure: a new one, or a correction of what stands.
type enterView struct {
	book     *registry.Book
	home     string
	form     *web.Form
	before   *Observation // corrected
	mistakes []ui.FieldError
}

func (s *Service) showEnter(c *web.Ctx) error {
	f := &web.Form{Values: url.Values{}}
	for _, n := range []string{"indicator", "place", "drug", "sex", "age"} {
		f.Values[n] = []string{c.Query(n)}
	}
	return s.enterPage(c, f, nil, nil)
}

func (s *Service) enterPage(c *web.Ctx, f *web.Form, before *Observation, err error) error {
	v := enterView{book: s.Shelf.Book(), home: s.Home, form: f, before: before, mistakes: ui.FieldErrors(c.Context(), err)}
	title, status := "indicator.enter", 0
	if before != nil {
		title = "indicator.correct_title"
	}
	if err != nil {
		status = 422
	}
	return c.Render(web.Page{Title: c.T(title), Room: room, Kind: ui.Narrow, Body: v.page(), Status: status})
}

func (s *Service) postEnter(c *web.Ctx) error {
	f, err := c.ReadForm(0)
	if err != nil {
		return err
	}
	o := observationIn(f)
	if err = f.Errors.OrNil(); err == nil {
		_, err = s.enter(c.Context(), c.Actor, []Observation{o}, plainly, func(e Entered) { o.ID = e.IDs[0] })
	}
	return s.entered(c, f, nil, o.ID, err)
}

func (s *Service) showCorrect(c *web.Ctx) error {
	o, err := s.own(c)
	if err != nil {
		return err
	}
	f := &web.Form{Values: url.Values{"absence": {string(o.Absence)}, "qualifier": {string(o.Qualifier)}, "note": {o.Note}}}
	for name, v := range map[string]*float64{"value": o.Value, "low": o.Low, "high": o.High} {
		if v != nil {
			f.Values[name] = []string{locale.Shortest(c.Context(), *v)}
		}
	}
	if o.Sample != nil {
		f.Values["n"] = []string{strconv.FormatInt(*o.Sample, 10)}
	}
	if o.Provisional {
		f.Values["provisional"] = []string{"1"}
	}
	return s.enterPage(c, f, &o, nil)
}

func (s *Service) postCorrect(c *web.Ctx) error {
	before, err := s.own(c)
	if err != nil {
		return err
	}
	f, err := c.ReadForm(0)
	if err != nil {
		return err
	}
	said := observationIn(f)
	var out Entered
	if err = f.Errors.OrNil(); err == nil {
		out, err = s.Correct(c.Context(), c.Actor, before.ID, func(o *Observation) {
			o.Value, o.Low, o.High, o.Sample, o.Absence, o.Qualifier, o.Provisional, o.Note = said.Value, said.Low, said.High, said.Sample, said.Absence, said.Qualifier, said.Provisional, said.Note
		})
	}
	id := ""
	if err == nil {
		id = out.IDs[0]
	}
	return s.entered(c, f, &before, id, err)
}

// own is the figure of the address, of which the reader may write another row.
func (s *Service) own(c *web.Ctx) (Observation, error) {
	o, err := Get(c.Context(), s.W.DB.Read, c.Path("id"))
	if err == nil {
		err = access.CheckRow(c.Actor, access.IndicatorWrite, access.Row{OrgID: o.OrgID, Domain: o.Domain})
	}
	return o, err
}

// entered leads to the figure's page, where the questions of the checks stand, or back to the form.
func (s *Service) entered(c *web.Ctx, f *web.Form, before *Observation, id string, err error) error {
	if baqylau.CodeOf(err) == baqylau.Invalid {
		return s.enterPage(c, f, before, err)
	}
	if err != nil {
		return err
	}
	o, err := Get(c.Context(), s.W.DB.Read, id)
	if err != nil {
		return err
	}
	return c.Done(o.href(), "indicator.saved", "")
}

// observationIn reads the form; what is wrong stands in its errors.
func observationIn(f *web.Form) Observation {
	o := Observation{Indicator: f.Get("indicator"), Place: f.Get("place"), Sex: f.Get("sex"), Age: f.Get("age"), Drug: f.Get("drug"), Unit: f.Get("unit"), Coverage: f.Get("coverage"),
		Definition: f.Text("definition", false, 200), Absence: Absence(f.Get("absence")), Qualifier: Qualifier(f.Get("qualifier")), Cumulative: f.Get("cumulative") != "",
		Provisional: f.Get("provisional") != "", Citation: f.Text("citation", false, 500), Note: f.Text("note", false, 1000)}
	number := func(name string) *float64 {
		if f.Get(name) == "" {
			return nil
		}
		text, ok := locale.Plain(f.Lang, f.Get(name))
		v, err := strconv.ParseFloat(text, 64)
		if err != nil || !ok {
			f.Bad(name, "error.number")
			return nil
		}
		return &v
	}
	o.Value, o.Low, o.High = number("value"), number("low"), number("high")
	if n := number("n"); n != nil {
		k := int64(*n)
		if o.Sample = &k; float64(k) != *n {
			f.Bad("n", "error.number")
		}
	}
	for name, to := range map[string]*baqylau.Date{"start": &o.Start, "end": &o.End} {
		d, p, err := baqylau.ParseDate(f.Get(name))
		if err != nil {
			f.Bad(name, "error.date", "value", f.Get(name))
			continue
		}
		if name == "end" && !d.IsZero() && p != baqylau.Day {
			d = lastOf(d, p)
		}
		*to = d
	}
	b, err := ParseBreakdown(strings.ReplaceAll(f.Get("breakdown"), " ", ""))
	if err != nil {
		f.Errors = append(f.Errors, mistakes(err)...)
	}
	o.Breakdown = b
	return o
}

func lastOf(d baqylau.Date, p baqylau.Precision) baqylau.Date {
	t := d.Time()
	if p == baqylau.Year {
		return baqylau.NewDate(t.Year(), 12, 31)
	}
	return baqylau.NewDate(t.Year(), t.Month()+1, 1).AddDays(-1)
}

// field is a field of the form with what was typed and what is wrong with it.
func (v enterView) field(ctx context.Context, name string, optional bool) ui.Field {
	f := ui.Field{Name: name, Label: locale.T(ctx, "indicator.field."+name), Value: v.form.Get(name), Mistake: ui.MistakeOf(v.mistakes, name), Optional: optional}
	if help := "indicator.help." + name; locale.Has(help) {
		f.Help = locale.T(ctx, help)
	}
	return f
}

func (v enterView) indicators(ctx context.Context) []ui.Option {
	out := []ui.Option{{}}
	for _, i := range define.Current().Indicators() {
		out = append(out, ui.Option{Value: i.Code, Label: i.Name.In(locale.Lang(ctx))})
	}
	return out
}

func (v enterView) places(ctx context.Context) []ui.Option {
	out := []ui.Option{{Value: v.home, Label: v.book.PlaceName(v.home, locale.Lang(ctx))}}
	var regions []ui.Option
	for _, r := range v.book.Regions(v.home) {
		regions = append(regions, ui.Option{Value: r.Code, Label: r.Name.In(locale.Lang(ctx))})
	}
	return append(out, ui.ByName(ctx, regions)...)
}

func (v enterView) list(ctx context.Context, list, first string) []ui.Option {
	out := []ui.Option{{Value: "", Label: first}}
	for _, e := range define.Current().List(list) {
		if e.Code != "all" && e.To.IsZero() {
			out = append(out, ui.Option{Value: e.Code, Label: locale.Capital(e.Name.In(locale.Lang(ctx)))})
		}
	}
	return out
}

func (v enterView) choices(ctx context.Context, prefix string, codes []string, first string) []ui.Option {
	var out []ui.Option
	if first != "-" {
		out = append(out, ui.Option{Value: "", Label: first})
	}
	for _, code := range codes {
		var label string
		switch prefix {
		case "sex":
			label = locale.T(ctx, "indicator.sex."+code)
		case "absence":
			label = locale.T(ctx, "indicator.absence."+code)
		default:
			label = locale.T(ctx, "indicator.qualifier."+code)
		}
		out = append(out, ui.Option{Value: code, Label: label})
	}
	return out
}

func (v enterView) units(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, u := range define.Current().Units() {
		out = append(out, ui.Option{Value: u, Label: define.Current().Unit(locale.Lang(ctx), u)})
	}
	return slices.Insert(ui.ByName(ctx, out), 0, ui.Option{Value: "", Label: locale.T(ctx, "indicator.unit.usual")})
}

// ticked is a field that is on or off.
func (v enterView) ticked(ctx context.Context, name string) ui.Field {
	f := v.field(ctx, name, true)
	f.Checked, f.Value = f.Value != "", "1"
	return f
}

func (v enterView) action() string {
	if v.before != nil {
		return "/observations/" + v.before.ID
	}
	return "/observations/new"
}

func texts[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = string(v)
	}
	return out
}
