package overview

import (
	"github.com/a-h/templ"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/signal"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/ui"
)

// shownSignals is how many waiting signals the overview lists.
const shownSignals = 6

// signals lists what waits for a decision and writes the opening sentence from it.
func (s *Service) signals(c *web.Ctx, f frame, v *view) error {
	ctx := c.Context()
	if !v.mayAct {
		return nil
	}
	now := c.Now()
	tally, err := signal.Counts(ctx, s.DB.Read, c.Actor, now.UnixMicro())
	if err != nil {
		return err
	}
	list, err := signal.Open(ctx, s.DB.Read, c.Actor, shownSignals)
	if err != nil {
		return err
	}
	book := s.Shelf.Book()
	v.signals = ui.Table{Caption: c.T("overview.waiting"), Empty: ui.Empty{Title: c.T("overview.waiting.none"), Text: c.T("overview.waiting.none.text")},
		Columns: []ui.Column{{Label: c.T("overview.col.level"), Bare: true, NoWrap: true}, {Label: c.T("overview.col.signal"), Main: true},
			{Label: c.T("overview.col.confidence"), NoWrap: true}, {Label: c.T("overview.col.deadline"), NoWrap: true}}}
	v.shown = map[string]bool{}
	for _, x := range list {
		v.shown["/signals/"+x.ID] = true
		due := c.T("overview.no_clock")
		if !x.DueAt.IsZero() {
			due = locale.Left(ctx, x.DueAt, now)
		}
		place := x.Region
		if place == "" {
			place = x.Country
		}
		v.signals.Rows = append(v.signals.Rows, ui.Row{Cells: []templ.Component{ui.Severity(x.Priority), ui.Link("/signals/"+x.ID, x.Title.Say(ctx, book), s.placeName(ctx, place)),
			ui.Confidence(x.Confidence), ui.Text(due)}})
	}
	if len(list) == 0 {
		v.lead = lead{before: c.T("overview.lead.quiet")}
		return nil
	}
	first := list[0]
	v.lead = lead{before: locale.N(ctx, "overview.lead.open", tally.Open), link: first.Title.Say(ctx, book), href: "/signals/" + first.ID}
	if tally.Red > 0 {
		v.lead.before = locale.N(ctx, "overview.lead.red", tally.Red)
	}
	if tally.Overdue > 0 {
		v.lead.after = locale.N(ctx, "overview.lead.overdue", tally.Overdue)
	}
	return nil
}
