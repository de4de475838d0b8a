package alert

import (
	"context"
	"slices"
	"strconv"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/ui"
)

// figureRows is how many cleared figures the form offers.
const figureRows = 3

type editView struct {
	head    ui.Head
	action  string
	token   string
	d       Draft
	numbers [figureRows]string // as typed
	labels  [figureRows]baqylau.Text
	lines   []ui.FieldError
	missing baqylau.Errors
	regions []ui.Option
	fixed   bool // the type stays
	name    string
	ground  Ground
}

// newDraft begins with what a signal holds (?signal=) or with nothing.
func (s *Service) newDraft(c *web.Ctx) error {
	d := Draft{Type: Alert, TLP: baqylau.TLPAmber, Severity: baqylau.Amber, Confidence: baqylau.Suspected, Content: Content{}}
	if id := c.Query("signal"); id != "" && s.Signals != nil {
		var err error
		if d, err = s.Prefill(c.Context(), c.Actor, id); err != nil {
			return err
		}
	}
	if !d.TLP.Allows(c.Actor.MaxTLP) {
		d.TLP = c.Actor.MaxTLP
	}
	return s.editPage(c, editView{action: "/alerts/new", d: d}, nil)
}

func (s *Service) editDraft(c *web.Ctx) error {
	m, err := Get(c.Context(), s.W.DB.Read, c.Actor, c.Path("id"))
	if err != nil {
		return err
	}
	if m.State != Drafted && m.State != Refused {
		return conflict()
	}
	return s.editPage(c, editView{action: "/alerts/" + m.ID + "/edit", token: strconv.FormatInt(m.Token, 10), d: m.Draft, fixed: m.Version > 1}, nil)
}

func (s *Service) editPage(c *web.Ctx, v editView, failed error) error {
	ctx := c.Context()
	v.head = ui.Head{Title: c.T("alert.new"), Sub: []string{c.T("alert.edit.sub")}}
	if c.Path("id") != "" {
		v.head.Title = c.T("alert.edit")
	}
	v.lines, v.missing = ui.FieldErrors(ctx, failed), Missing(v.d)
	for i, f := range v.d.Figures {
		if i < figureRows && v.numbers[i] == "" {
			v.numbers[i], v.labels[i] = strconv.Itoa(f.Value), f.Label
		}
	}
	if sub, ok := s.Shelf.Book().Substance(v.d.SubstanceID); ok {
		v.name = sub.Label.In(c.Lang())
	}
	var err error
	if v.ground, err = s.ground(ctx, c.Actor, v.d); err != nil {
		return err
	}
	if v.regions, err = s.regionOptions(ctx, v.d.Regions...); err != nil {
		return err
	}
	return c.Render(web.Page{Title: v.head.Title, Room: "/alerts", Body: editBody(v), Status: status(failed)})
}

// regionOptions lists the regions of the centre's country in alphabetical order of the reader's language, after the places elsewhere that
// are chosen already because the signal came from there.
func (s *Service) regionOptions(ctx context.Context, chosen ...string) ([]ui.Option, error) {
	country, err := Country(ctx, s.W.DB.Read)
	if err != nil {
		return nil, err
	}
	l := locale.Lang(ctx)
	var out []ui.Option
	for _, r := range s.Shelf.Book().Regions(country) {
		out = append(out, ui.Option{Value: r.Code, Label: r.Name.In(l)})
	}
	ui.ByName(ctx, out)
	var elsewhere []ui.Option
	for _, code := range chosen {
		if !slices.ContainsFunc(out, func(o ui.Option) bool { return o.Value == code }) && s.place(code) {
			elsewhere = append(elsewhere, ui.Option{Value: code, Label: s.Shelf.Book().PlaceName(code, l)})
		}
	}
	return append(elsewhere, out...), nil
}

// place tells whether the registry knows a region or country.
func (s *Service) place(code string) bool {
	if _, ok := s.Shelf.Book().Region(code); ok {
		return true
	}
	_, ok := s.Shelf.Book().Country(code)
	return ok
}

// save reads the form of a draft and keeps it.
func (s *Service) save(c *web.Ctx) error {
	f, err := c.ReadForm(0)
	if err != nil {
		return err
	}
	regions, err := s.regionOptions(c.Context(), f.All("regions")...)
	if err != nil {
		return err
	}
	v := editView{action: c.R.URL.Path, token: f.Get("token")}
	v.d = Draft{Type: Type(f.Choice("type", true, codes(Types)...)), TLP: baqylau.TLP(f.Choice("tlp", true, codes(baqylau.TLPs)...)), Public: f.Bool("public"),
		Severity:   baqylau.Severity(f.Choice("severity", true, codes(baqylau.Severities)...)),
		Confidence: baqylau.Confidence(f.Choice("confidence", true, codes(baqylau.Confidences)...)),
		Regions:    f.Choices("regions", values(regions)...), SignalID: f.Get("signal"), SubstanceID: f.Get("substance"), Content: Content{}}
	if _, ok := s.Shelf.Book().Substance(v.d.SubstanceID); !ok {
		v.d.SubstanceID = ""
		if name := f.Get("substance_text"); name != "" {
			if sub, ok := s.Shelf.Book().ByName(name); ok {
				v.d.SubstanceID = sub.ID
			} else {
				f.Bad("substance", "error.choice")
			}
		}
	}
	v.d.Expires = expiryField(f, c)
	for _, b := range Blocks {
		t := baqylau.Text{KK: f.Text(string(b)+"_kk", false, limit(b)), RU: f.Text(string(b)+"_ru", false, limit(b)), EN: f.Text(string(b)+"_en", false, limit(b))}
		if t != (baqylau.Text{}) {
			v.d.Content[b] = t
		}
	}
	v.readFigures(f)
	err = f.Err()
	if err == nil {
		err = s.follow(c, &v.d)
	}
	if err == nil {
		var token int64
		if v.token != "" {
			if token, err = strconv.ParseInt(v.token, 10, 64); err != nil {
				return baqylau.E(baqylau.Invalid, "error.form").Because(err)
			}
		}
		var id string
		if id, err = s.Save(c.Context(), c.Actor, c.Path("id"), token, v.d); err == nil {
			return c.Done("/alerts/"+id, "alert.saved", "")
		}
	}
	if code := baqylau.CodeOf(err); code != baqylau.Invalid && code != baqylau.Conflict {
		return err
	}
	return s.editPage(c, v, err)
}

func (v *editView) readFigures(f *web.Form) {
	for i := range figureRows {
		name := "figure_" + strconv.Itoa(i)
		v.numbers[i] = f.Get(name)
		v.labels[i] = baqylau.Text{KK: f.Text(name+"_kk", false, 200), RU: f.Text(name+"_ru", false, 200), EN: f.Text(name+"_en", false, 200)}
		if v.numbers[i] == "" {
			continue
		}
		n, err := strconv.Atoi(v.numbers[i])
		if err != nil || n < 0 || n > 1_000_000_000 {
			f.Bad(name, "alert.error.figure")
			continue
		}
		v.d.Figures = append(v.d.Figures, Figure{Label: v.labels[i], Value: n})
	}
}

func expiryField(f *web.Form, c *web.Ctx) baqylau.Date {
	d, _, err := baqylau.ParseDate(f.Get("expires"))
	switch {
	case err != nil:
		f.Bad("expires", "error.date", "value", f.Get("expires"))
	case !d.IsZero() && !expiry(d).After(c.Now()):
		f.Bad("expires", "alert.error.date_past")
	}
	return d
}

// limit is how long a block may be, in characters.
func limit(b Block) int {
	if b == Title {
		return 200
	}
	return 4000
}

func values(options []ui.Option) []string {
	out := make([]string, len(options))
	for i, o := range options {
		out[i] = o.Value
	}
	return out
}

// choices are options labelled from a code list.
func choices[T ~string](ctx context.Context, list string, vs []T) []ui.Option {
	out := make([]ui.Option, len(vs))
	for i, v := range vs {
		out[i] = ui.Option{Value: string(v), Label: locale.Code(ctx, list, string(v))}
	}
	return out
}

// gap marks a field whose translation is missing although the block is there or needed.
func (v editView) gap(ctx context.Context, field string) string {
	for _, e := range v.missing {
		if e.Field == field {
			return locale.T(ctx, "alert.gap")
		}
	}
	return ""
}

func (v editView) mistake(field string) string { return ui.MistakeOf(v.lines, field) }

// handling explains the chosen label; one that is sent but is none has no explanation.
func (v editView) handling(ctx context.Context) string {
	if !slices.Contains(baqylau.TLPs, v.d.TLP) {
		return ""
	}
	return locale.Code(ctx, "tlp_meaning", string(v.d.TLP))
}
