package indicator

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"
	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/indicator/check"
	"github.com/baqylau/baqylau/internal/indicator/define"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/registry"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/ui"
)

// figureView is the page of one cell: what every source says of it, which is used, what was known when, and what the checks ask.
type figureView struct {
	ind      *define.Indicator
	book     *registry.Book
	actor    access.Actor
	day      baqylau.Date
	cell     string
	stated   []Observation // in force on the day
	past     []Observation // every row of the cell, oldest first
	choice   Choice
	choices  []Choice
	findings []check.Finding
	hidden   map[string]bool
	mistakes []ui.FieldError
}

func (s *Service) showFigure(c *web.Ctx) error { return s.figure(c, c.Query("cell"), nil) }

func (s *Service) figure(c *web.Ctx, cell string, mistakes []ui.FieldError) error {
	ctx := c.Context()
	ind, ok := define.Current().Indicator(c.Path("code"))
	if !ok || !strings.HasPrefix(cell, ind.Code+"|") {
		return baqylau.E(baqylau.NotFound, "error.not_found")
	}
	today := change.Today(c.Now())
	v := figureView{ind: ind, book: s.Shelf.Book(), actor: c.Actor, day: dayAsked(c.Query("as_of"), today), cell: cell, mistakes: mistakes}
	var err error
	if v.past, err = History(ctx, s.W.DB.Read, cell); err != nil {
		return err
	}
	if len(v.past) == 0 {
		return baqylau.E(baqylau.NotFound, "error.not_found")
	}
	o := &v.past[0]
	found, err := Find(ctx, s.W.DB.Read, Question{Indicators: []string{ind.Code}, Country: o.Country, Places: []string{o.Place}, Drugs: []string{o.Drug}, Sexes: []string{o.Sex}, Ages: []string{o.Age},
		Breakdowns: []string{o.Breakdown.String()}, From: o.Start, To: o.End, AsOf: v.day})
	if err != nil {
		return err
	}
	v.stated = slices.DeleteFunc(found, func(o Observation) bool { return o.Cell() != cell })
	if v.choices, err = choicesOf(ctx, s.W.DB.Read, cell); err != nil {
		return err
	}
	used, err := Choices(ctx, s.W.DB.Read, []string{cell}, v.day)
	if err != nil {
		return err
	}
	v.choice = used[cell]
	if v.hidden, err = s.protected(ctx, c.Actor, o.Country, v.day, ind.Code); err != nil {
		return err
	}
	s.protectPast(c.Actor, ind, v.past, v.stated, v.hidden)
	if access.May(c.Actor, access.CheckResolve) {
		var ids []string
		for i := range v.stated {
			ids = append(ids, v.stated[i].ID)
		}
		if v.findings, err = s.Asked(ctx, ids, o); err != nil {
			return err
		}
	}
	return c.Render(web.Page{Title: ind.Name.In(c.Lang()), Room: room, Body: v.page(), AsOf: c.T("ui.chart.as_of", "date", locale.Date(ctx, v.day))})
}

// use marks a figure as the one that is used.
func (s *Service) use(c *web.Ctx) error {
	f, err := c.ReadForm(0)
	if err != nil {
		return err
	}
	cell := f.Get("cell")
	id, reason := f.Get("observation"), f.Text("reason", true, 1000)
	if id == "" {
		f.Bad("observation", "error.choose")
	}
	err = f.Errors.OrNil()
	if err == nil {
		err = s.Use(c.Context(), c.Actor, id, reason)
	}
	if baqylau.CodeOf(err) == baqylau.Invalid {
		return s.figure(c, cell, ui.FieldErrors(c.Context(), err))
	}
	if err != nil {
		return err
	}
	return c.Done(room+"/"+c.Path("code")+"/figure?"+url.Values{"cell": {cell}}.Encode(), "indicator.use.done", "")
}

func (v figureView) head(ctx context.Context) ui.Head {
	o := &v.past[0]
	sub := append([]string{v.book.PlaceName(o.Place, locale.Lang(ctx)), o.periodWords(ctx)}, o.aboutWords(ctx, v.book)...)
	return ui.Head{Title: v.ind.Name.In(locale.Lang(ctx)), Sub: sub, AsOf: locale.T(ctx, "ui.chart.as_of", "date", locale.Date(ctx, v.day)),
		Act: ui.Submit(ui.Button{Label: locale.T(ctx, "indicator.back"), Href: room + "/" + v.ind.Code + "?country=" + o.Country, Look: ui.Quiet})}
}

// table sets the statements side by side.
func (v figureView) table(ctx context.Context) ui.Table {
	t := ui.Table{Caption: locale.T(ctx, "indicator.statements"), Columns: []ui.Column{{Label: locale.T(ctx, "indicator.value"), Number: true, Main: true}, {Label: locale.T(ctx, "indicator.limits"), Number: true, Minor: true},
		{Label: locale.T(ctx, "indicator.remarks")}, {Label: locale.T(ctx, "indicator.issuer")}, {Label: locale.T(ctx, "indicator.known"), NoWrap: true}, {Label: "", Bare: true}}}
	for i := range v.stated {
		o := &v.stated[i]
		limits := ""
		if o.Low != nil && o.High != nil && !v.hidden[o.ID] {
			limits = shortest(ctx, *o.Low) + "–" + shortest(ctx, *o.High)
		}
		act := ui.Text("")
		switch {
		case v.choice.ObservationID == o.ID:
			act = ui.State(ui.Done, locale.T(ctx, "indicator.chosen"))
		case v.mayCorrect(o):
			act = ui.Link("/observations/"+o.ID, locale.T(ctx, "indicator.correct"), "")
		}
		remarks := o.marks(ctx)
		if o.Note != "" {
			remarks = append(remarks, o.Note)
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []templ.Component{ui.Text(o.valueWords(ctx, v.hidden[o.ID]) + "\u00a0" + define.Current().Unit(locale.Lang(ctx), o.Unit)), ui.Text(limits),
			ui.Text(strings.Join(remarks, ", ")), statedBy(ctx, o, v.book), ui.Moment(o.Known.String(), locale.Date(ctx, o.Known)), act}})
	}
	return t
}

// mayCorrect reports whether the reader may write another row over a figure.
func (v figureView) mayCorrect(o *Observation) bool {
	return access.CheckRow(v.actor, access.IndicatorWrite, access.Row{OrgID: o.OrgID, Domain: o.Domain}) == nil
}

// options are the statements that may be chosen.
func (v figureView) options(ctx context.Context) []ui.Option {
	var out []ui.Option
	for i := range v.stated {
		o := &v.stated[i]
		text, _ := cited(o.Citation)
		out = append(out, ui.Option{Value: o.ID, Label: o.valueWords(ctx, v.hidden[o.ID]) + " — " + o.issuer(ctx, v.book), Help: text})
	}
	return out
}

// story tells what was known when, newest first.
func (v figureView) story(ctx context.Context) []ui.Event {
	type dated struct {
		at string
		ui.Event
	}
	var all []dated
	for i := range v.past {
		o := &v.past[i]
		act := locale.T(ctx, "indicator.story.stated", "Issuer", o.issuer(ctx, v.book), "Value", o.valueWords(ctx, v.hidden[o.ID]))
		if o.SupersedesID != "" {
			act = locale.T(ctx, "indicator.story.corrected", "Issuer", o.issuer(ctx, v.book), "Value", o.valueWords(ctx, v.hidden[o.ID]))
		}
		all = append(all, dated{o.Known.String() + o.ID, ui.Event{ISO: o.Known.String(), When: locale.Date(ctx, o.Known), Act: act, Reason: o.Note, By: locale.T(ctx, "indicator.recorded", "Time", locale.DateTime(ctx, o.Recorded))}})
		if !o.Withdrawn.IsZero() {
			all = append(all, dated{o.Withdrawn.String() + o.ID, ui.Event{ISO: o.Withdrawn.String(), When: locale.Date(ctx, o.Withdrawn), Act: locale.T(ctx, "indicator.story.withdrawn", "Issuer", o.issuer(ctx, v.book))}})
		}
	}
	for _, ch := range v.choices {
		for i := range v.past {
			if o := &v.past[i]; o.ID == ch.ObservationID {
				all = append(all, dated{ch.Known.String() + "~", ui.Event{ISO: ch.Known.String(), When: locale.Date(ctx, ch.Known), Reason: ch.Reason,
					Act: locale.T(ctx, "indicator.story.used", "Issuer", o.issuer(ctx, v.book), "Value", o.valueWords(ctx, v.hidden[o.ID]))}})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b dated) int { return cmp.Compare(b.at, a.at) })
	out := make([]ui.Event, len(all))
	for i := range all {
		out[i] = all[i].Event
	}
	return out
}

// questions are what the checks ask of the statements.
func (v figureView) questions(ctx context.Context) ui.Table {
	t := ui.Table{Caption: locale.T(ctx, "indicator.questions"), Columns: []ui.Column{{Label: locale.T(ctx, "indicator.question"), Main: true}, {Label: locale.T(ctx, "indicator.first")}, {Label: locale.T(ctx, "indicator.second")}}}
	for i := range v.findings {
		f := &v.findings[i]
		t.Rows = append(t.Rows, ui.Row{Cells: []templ.Component{ui.Text(f.Title(ctx)), ui.Lines(f.First.Shown(ctx), f.First.Name(ctx)), ui.Lines(f.Second.Shown(ctx), f.Second.Name(ctx))}})
	}
	return t
}
