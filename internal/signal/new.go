package signal

import (
	"context"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/ui"
)

// newView is the form with which an officer raises a signal by hand.
type newView struct {
	lines  []ui.FieldError
	value  func(name string) string
	places []ui.Option
}

// usual is what the form proposes: hearsay, for our own people.
var usual = map[string]string{"confidence": string(baqylau.Suspected), "tlp": string(baqylau.TLPAmber)}

func (s *Service) showNew(c *web.Ctx, f *web.Form, err error) error {
	v := newView{lines: ui.FieldErrors(c.Context(), err), value: func(name string) string {
		if f != nil {
			return f.Get(name)
		}
		if v := c.Query(name); v != "" { // a link may fill in what it knows
			return v
		}
		return usual[name]
	}}
	book := s.Shelf.Book()
	v.places = []ui.Option{{Label: c.T("signal.choose")}}
	for _, country := range book.Countries() {
		v.places = append(v.places, ui.Option{Value: country.Code, Label: country.Name.In(c.Lang())})
		for _, r := range book.Regions(country.Code) {
			v.places = append(v.places, ui.Option{Value: country.Code + "/" + r.Code, Label: country.Name.In(c.Lang()) + " – " + r.Name.In(c.Lang())})
		}
	}
	p := web.Page{Title: c.T("signal.new"), Room: room, Kind: ui.Narrow, Body: v.page()}
	if err != nil {
		p.Status = web.Status(baqylau.CodeOf(err))
	}
	return c.Render(p)
}

func (s *Service) postNew(c *web.Ctx) error {
	f, err := c.ReadForm(0)
	if err != nil {
		return err
	}
	d := Draft{Type: f.Choice("type", true, PersonTypes...), Title: f.Text("title", true, maxTitle), Explanation: f.Text("explanation", true, maxReason),
		Confidence: baqylau.Confidence(f.Get("confidence")), TLP: baqylau.TLP(f.Get("tlp")), SubstanceID: f.Get("substance")}
	d.Country, d.Region = placeCode(f.Get("place"))
	if words := f.Get("substance_text"); d.SubstanceID == "" && words != "" { // typed without choosing, or without scripts
		if sub, ok := s.Shelf.Book().ByName(words); ok {
			d.SubstanceID = sub.ID
		} else {
			f.Bad("substance", "signal.error.substance")
		}
	}
	if err := f.Err(); err != nil {
		return s.showNew(c, f, err)
	}
	sig, err := s.Create(c.Context(), c.Actor, d)
	if baqylau.CodeOf(err) == baqylau.Invalid {
		return s.showNew(c, f, err)
	}
	if err != nil {
		return err
	}
	return c.Done(room+"/"+sig.ID, "signal.done.create", "")
}

// field is one field with its value and its mistake.
func (v newView) field(name, label string) ui.Field {
	return ui.Field{Name: name, Label: label, Value: v.value(name), Mistake: ui.MistakeOf(v.lines, name)}
}

// help adds the line below a field.
func help(f ui.Field, text string) ui.Field { f.Help = text; return f }

// most limits the length of a text field.
func most(f ui.Field, n int) ui.Field { f.MaxLength = n; return f }

func optional(f ui.Field) ui.Field { f.Optional = true; return f }

func personTypes(ctx context.Context) []ui.Option {
	out := []ui.Option{{Label: locale.T(ctx, "signal.choose")}}
	for _, t := range PersonTypes {
		out = append(out, ui.Option{Value: t, Label: locale.Code(ctx, "signal_type", t)})
	}
	return out
}

func confidences(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, c := range baqylau.Confidences {
		out = append(out, ui.Option{Value: string(c), Label: locale.Code(ctx, "confidence", string(c))})
	}
	return out
}

func labels(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, t := range baqylau.TLPs {
		out = append(out, ui.Option{Value: string(t), Label: locale.Code(ctx, "tlp", string(t)), Help: locale.Code(ctx, "tlp_meaning", string(t))})
	}
	return out
}
