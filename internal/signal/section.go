package signal

import (
	"context"

	"github.com/a-h/templ"

	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/web/list"
	"github.com/baqylau/baqylau/internal/web/ui"
)

// Section is the part of a substance's page that lists the signals about it; nil when there are none for this reader.
func (s *Service) Section(ctx context.Context, actor access.Actor, substanceID string) (templ.Component, error) {
	found, err := ForSubstance(ctx, s.W.DB.Read, actor, substanceID)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return listed(s.Rows(ctx, found)), nil
}

// Rows is a short table of signals for other rooms' pages.
func (s *Service) Rows(ctx context.Context, found []Signal) ui.Table {
	book := s.Shelf.Book()
	t := ui.Table{Caption: locale.T(ctx, "signal.inbox"), Columns: []ui.Column{{Label: locale.T(ctx, "signal.col.priority"), Bare: true}, {Label: locale.T(ctx, "signal.col.title"), Main: true},
		{Label: locale.T(ctx, "signal.col.place")}, {Label: locale.T(ctx, "signal.col.raised"), NoWrap: true}, {Label: locale.T(ctx, "signal.col.state"), Bare: true}}}
	for _, sig := range found {
		t.Rows = append(t.Rows, ui.Row{Cells: []templ.Component{ui.Severity(sig.Priority), ui.Link(room+"/"+sig.ID, sig.Title.Say(ctx, book), sig.Ref),
			ui.Text(book.PlaceName(sig.place(), locale.Lang(ctx))), ui.Moment(sig.RaisedOn.String(), locale.Date(ctx, sig.RaisedOn)),
			ui.State(progress(sig.State), locale.Code(ctx, "signal_state", string(sig.State)))}})
	}
	return t
}

// Hits answers the command palette: signals whose number, title or place hold the words.
func (s *Service) Hits(ctx context.Context, actor access.Actor, q string) ([]ui.Hit, error) {
	scope, args := Scope(actor)
	found, err := shown(ctx, s.W.DB.Read, actor, scope+` AND s.text_fold LIKE ? ESCAPE '\' ORDER BY s.raised_on DESC, s.id LIMIT 6`, append(args, list.Pattern(q))...)
	if err != nil {
		return nil, err
	}
	var hits []ui.Hit
	for _, sig := range found {
		hits = append(hits, ui.Hit{Href: room + "/" + sig.ID, Label: sig.Title.Say(ctx, s.Shelf.Book()), Kind: locale.T(ctx, "signal.one"), Hint: sig.Ref})
	}
	return hits, nil
}
