package lab

import (
	"cmp"
	"context"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/intake"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/registry/codelist"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/ui"
)

// enterForm reads the result form and enters the result.
func (s *Service) enterForm(c *web.Ctx, id string, f *web.Form) error {
	r := Result{SubstanceID: f.Get("substance"), Unidentified: f.Text("unidentified", false, 200), Level: baqylau.Level(f.Get("level")), Role: cmp.Or(f.Get("role"), "main"),
		Techniques: f.Choices("techniques", codelist.Codes("technique")...), Standard: cmp.Or(f.Get("standard"), "none"), Purity: f.Decimal("purity", false),
		Concentration: intake.Amount{Value: f.Decimal("concentration", false), Unit: f.Choice("concentration_unit", false, ConcentrationUnits...)},
		Matrix:        f.Choice("matrix", false, codelist.Codes("matrix")...), Library: f.Text("library", false, 200), Comment: f.Text("comment", false, 2000)}
	if t := f.Text("substance_text", false, 200); r.SubstanceID == "" && t != "" { // typed without choosing, or without scripts
		if sub, ok := s.Shelf.Book().ByName(t); ok {
			r.SubstanceID = sub.ID
		} else {
			f.Bad("substance", "lab.file.substance")
		}
	}
	analysed, _ := f.Date("analysed_on", true, change.Today(c.Now()))
	if err := f.Err(); err != nil {
		return err
	}
	return s.Enter(c.Context(), c.Actor, id, r, analysed)
}

// fields builds the fields of a form with what was typed and what is wrong.
type fields struct {
	c     *web.Ctx
	form  *web.Form
	lines []ui.FieldError
}

func (v fields) field(name, key string, optional bool) ui.Field {
	f := ui.Field{Name: name, Label: v.c.T(key), Optional: optional, Mistake: ui.MistakeOf(v.lines, name)}
	if v.form != nil {
		f.Value = v.form.Get(name)
	}
	return f
}

func (v fields) chosen(name, value string) bool {
	if v.form == nil {
		return false
	}
	for _, s := range v.form.All(name) {
		if s == value {
			return true
		}
	}
	return false
}

// coded are the options of a code list, with an empty one in front where nothing has to be chosen.
func coded(c *web.Ctx, list string, empty bool) []ui.Option {
	var out []ui.Option
	if empty {
		out = append(out, ui.Option{Label: c.T("lab.choose")})
	}
	for _, code := range codelist.Values(list) {
		out = append(out, ui.Option{Value: code.Code, Label: code.Name.In(c.Lang())})
	}
	return out
}

// resultForm is the form that adds a result.
type resultForm struct {
	fields
	analysis   string
	substance  ui.Lookup
	level      []ui.Option
	role       []ui.Option
	techniques []ui.Option
	standard   []ui.Option
	matrix     []ui.Option
	units      []ui.Option
	analysed   ui.Field
	more       bool // the rarer fields hold something
}

func (s *Service) resultForm(c *web.Ctx, a Analysis, q request, fail failure) resultForm {
	v := resultForm{fields: fields{c: c}, analysis: a.ID}
	if fail.analysis == a.ID && fail.form != nil && fail.form.Get("level") != "" {
		v.form, v.lines = fail.form, ui.FieldErrors(c.Context(), fail.err)
	} else if fail.analysis == a.ID {
		v.lines = ui.FieldErrors(c.Context(), fail.err)
	}
	v.substance = ui.Lookup{Field: v.field("substance", "lab.substance", true), Source: "/lab/substances"}
	v.substance.Help = c.T("lab.substance.help")
	if v.form != nil {
		v.substance.Text = v.form.Get("substance_text")
	}
	if sub, ok := s.Shelf.Book().Substance(v.substance.Value); ok {
		v.substance.Text = sub.Label.In(c.Lang())
	}
	v.level, v.role, v.techniques = coded(c, "identification-level", true), coded(c, "finding-role", false), coded(c, "technique", false)
	v.standard, v.matrix = coded(c, "reference-standard", false), coded(c, "matrix", true)
	v.units = []ui.Option{{Label: c.T("lab.choose")}}
	for _, u := range ConcentrationUnits {
		v.units = append(v.units, ui.Option{Value: u, Label: c.T("code.concentration." + u)})
	}
	v.analysed = v.field("analysed_on", "lab.analysed_on", false)
	today := change.Today(c.Now()).String()
	v.analysed.Max = today
	if v.analysed.Value == "" {
		v.analysed.Value = cmp.Or(a.AnalysedOn.String(), today)
	}
	for _, n := range []string{"concentration", "library", "comment", "matrix"} {
		f := v.field(n, "lab."+n, true)
		v.more = v.more || f.Value != "" || f.Mistake != ""
	}
	v.more = v.more || q.kind == intake.BiologicalSample
	return v
}

func (v resultForm) with(f ui.Field, value string) ui.Field {
	f.Value = cmp.Or(f.Value, value)
	return f
}

// decimal is an exact decimal as the language writes it; its digits stay as they are.
func decimal(ctx context.Context, v string) string {
	if locale.Lang(ctx) == baqylau.English {
		return v
	}
	return strings.Replace(v, ".", ",", 1)
}

// percent is a share as it is shown.
func percent(ctx context.Context, v string) string {
	if v == "" {
		return ""
	}
	return decimal(ctx, v) + "\u00a0%"
}
