package app

import (
	"context"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/alert"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/disclosure"
	"github.com/baqylau/baqylau/internal/intake"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/registry"
	"github.com/baqylau/baqylau/internal/signal"
	"github.com/baqylau/baqylau/internal/store"
)

// The seams are where one room hands something to another without importing it; each is a few lines of translation.

// ownSource is the source of what an organisation enters by itself; reports and records share it.
func (a *App) ownSource(ctx context.Context, tx *change.Tx, orgID string) (string, error) {
	return intake.SourceOfOrg(ctx, tx, orgID, a.home)
}

// signalFacts gives the alert room what a signal says.
type signalFacts struct {
	db    *store.DB
	shelf *registry.Shelf
}

// Facts implements alert.SignalSource. A draft is read by people from whom small counts are hidden, so none is put into it: who drafts may write the number,
// and who clears the alert answers for it.
func (f signalFacts) Facts(ctx context.Context, a access.Actor, id string) (alert.Facts, error) {
	s, err := signal.Get(ctx, f.db.Read, a, id)
	if err != nil {
		return alert.Facts{}, err
	}
	book := f.shelf.Book()
	say := func(l baqylau.Lang) string { return s.Title.Say(locale.With(ctx, l), book) }
	n, err := signal.SinceCounted(ctx, f.db.Read, book, a, s)
	if err != nil {
		return alert.Facts{}, err
	}
	events := disclosure.Show(n.Left(s.Events), disclosure.Figure{Persons: s.Persons, Outside: s.Outside}, disclosure.Crossing)
	out := alert.Facts{ID: s.ID, Ref: s.Ref, Title: baqylau.Text{KK: say(baqylau.Kazakh), RU: say(baqylau.Russian), EN: say(baqylau.English)},
		SubstanceID: s.SubstanceID, Family: s.Family, Country: s.Country, Severity: s.Priority, Confidence: s.Confidence, TLP: s.TLP, Events: events.N,
		First: s.FirstEvent, Last: s.Evidence.LastEvent, Fatal: s.Evidence.Fatal, Public: s.Decision == signal.PublicWarning}
	if out.Named, out.Measured, err = signal.Described(ctx, f.db.Read, book, s); err != nil {
		return alert.Facts{}, err
	}
	if s.Region != "" {
		out.Regions = []string{s.Region}
	}
	return out, nil
}

// Ground implements alert.SignalSource.
func (f signalFacts) Ground(ctx context.Context, a access.Actor, id string) (alert.Ground, error) {
	s, err := signal.Get(ctx, f.db.Read, a, id)
	if err != nil {
		return alert.Ground{}, err
	}
	n, err := signal.SinceCounted(ctx, f.db.Read, f.shelf.Book(), a, s)
	return alert.Ground{Lost: n.Say(ctx), Duplicates: n.SayUndecided(ctx), Decide: n.Decide}, err
}

// drafted gives the signal room what the alert room wrote from a signal.
func drafted(db *store.DB) func(context.Context, access.Actor, string) ([]signal.Drafted, error) {
	return func(ctx context.Context, a access.Actor, id string) ([]signal.Drafted, error) {
		found, err := alert.Live(ctx, db.Read, a, id)
		var out []signal.Drafted
		for _, c := range found {
			out = append(out, signal.Drafted{Title: c.Content[alert.Title].In(locale.Lang(ctx)), Path: alert.Href(a, c), Issued: c.State == alert.Issued})
		}
		return out, err
	}
}

// foreignSignals turns foreign alerts into signals.
type foreignSignals struct {
	signals *signal.Service
	home    string
}

// RaiseForeign implements alert.Raiser.
func (f foreignSignals) RaiseForeign(ctx context.Context, a access.Actor, x alert.Foreign) (string, error) {
	s, err := f.signals.Create(ctx, a, signal.Draft{Type: "foreign_alert", Title: x.Title, Explanation: x.Summary + "\n" + x.Link, Country: f.home,
		Confidence: baqylau.Suspected, Outside: true, Key: x.Identifier})
	return s.ID, err
}

// signalLetters lets the alert room send the letters of the signal room.
type signalLetters struct{ alerts *alert.Service }

// Queue implements signal.Mailer.
func (m signalLetters) Queue(ctx context.Context, tx *change.Tx, l signal.Letter) error {
	return m.alerts.Queue(ctx, tx, l.Purpose, l.ObjectID, l.Address, l.Lang, l.Subject, l.Body)
}
