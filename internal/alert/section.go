package alert

import (
	"context"
	"slices"

	"github.com/a-h/templ"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/web/list"
	"github.com/baqylau/baqylau/internal/web/ui"
	"github.com/uptrace/bun"
)

// Section is the part of a substance's page that lists what was said about it; nil when there is nothing for this reader.
func (s *Service) Section(ctx context.Context, actor access.Actor, substanceID string) (templ.Component, error) {
	found, err := ForSubstance(ctx, s.W.DB.Read, actor, substanceID)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return section(s.Rows(ctx, actor, found)), nil
}

// SignalSection is the part of a signal's page that lists the communications drafted from it; nil when there are none.
func (s *Service) SignalSection(ctx context.Context, actor access.Actor, signalID string) (templ.Component, error) {
	found, err := ForSignal(ctx, s.W.DB.Read, actor, signalID)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return section(s.Rows(ctx, actor, found)), nil
}

// Live returns the communications drafted from a signal that have not ended and that the actor may see, newest first.
func Live(ctx context.Context, db bun.IDB, a access.Actor, signalID string) ([]Communication, error) {
	found, err := ForSignal(ctx, db, a, signalID)
	return slices.DeleteFunc(found, func(c Communication) bool { return !c.live() }), err
}

// live reports whether a communication is in force or may still come to be.
func (c Communication) live() bool {
	return slices.Contains([]State{Drafted, InReview, Cleared, Refused, Issued}, c.State)
}

// Hits answers the command palette: communications whose number or title hold the words.
func (s *Service) Hits(ctx context.Context, actor access.Actor, q string) ([]ui.Hit, error) {
	scope, args := Scope(actor)
	found, err := query(ctx, s.W.DB.Read, scope+" AND "+Newest+` AND c.text_fold LIKE ? ESCAPE '\' ORDER BY c.created_at DESC, c.id LIMIT 6`, append(args, list.Pattern(q))...)
	if err != nil {
		return nil, err
	}
	hits := make([]ui.Hit, len(found))
	for i, m := range found {
		hits[i] = ui.Hit{Href: Href(actor, m), Label: m.Content[Title].In(locale.Lang(ctx)), Kind: locale.Code(ctx, "communication", string(m.Type)), Hint: m.Ref}
	}
	return hits, nil
}

// Href is the page on which the actor reads a communication.
func Href(a access.Actor, m Communication) string {
	switch {
	case access.May(a, access.AlertRead):
		return "/alerts/" + m.ID
	case access.May(a, access.CommsReceive):
		return "/warnings/" + m.Ref
	}
	return "/public/" + m.Ref
}

// Rows is a short table of communications for other rooms' pages.
func (s *Service) Rows(ctx context.Context, actor access.Actor, found []Communication) ui.Table {
	t := ui.Table{Caption: locale.T(ctx, "alert.list"), Empty: ui.Empty{Title: locale.T(ctx, "alert.section.none"), Text: locale.T(ctx, "alert.section.none.text")},
		Columns: []ui.Column{{Label: locale.T(ctx, "alert.col.severity"), Bare: true}, {Label: locale.T(ctx, "alert.block.title"), Main: true}, {Label: locale.T(ctx, "alert.col.state"), Bare: true}, {Label: locale.T(ctx, "alert.col.issued"), NoWrap: true}}}
	for _, m := range found {
		issued := ui.Text("")
		if !m.IssuedAt.IsZero() {
			issued = ui.Moment(m.IssuedAt.Format("2006-01-02T15:04Z"), locale.DateTime(ctx, m.IssuedAt))
		}
		note := locale.Code(ctx, "communication", string(m.Type))
		if m.Ref != "" {
			note = m.Ref + " · " + note
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []templ.Component{ui.Severity(m.Severity), ui.Link(Href(actor, m), m.Content[Title].In(locale.Lang(ctx)), note), stateOf(ctx, m), issued}})
	}
	return t
}
