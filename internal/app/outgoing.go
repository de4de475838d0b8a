package app

import (
	"context"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/disclosure"
	"github.com/baqylau/baqylau/internal/disclosure/suppress"
	"github.com/baqylau/baqylau/internal/indicator/outgoing"
	"github.com/baqylau/baqylau/internal/indicator/release"
	"github.com/baqylau/baqylau/internal/indicator/treatment"
)

// outgoing builds the room of outgoing tables on the rooms that know the facts.
func (a *App) outgoing() (err error) {
	if a.Outgoing, err = outgoing.NewService(a.Writer, a.Shelf, a.home, a.cfg.DataDir); err != nil {
		return err
	}
	a.Outgoing.Figures, a.Outgoing.Harm, a.Outgoing.TreatmentTitle = a.Figures, a.Harm, treatment.Title
	a.Outgoing.Hidden, a.Outgoing.Treatment, a.Outgoing.Release = a.Figures.Hidden, a.entrants, a.release
	return nil
}

// ledger asks the release ledger.
func (a *App) ledger(ctx context.Context, dataset, mark, title string, t suppress.Table, leaves bool) (suppress.Answer, error) {
	return a.Releases.Answer(ctx, release.Publication{Dataset: dataset, Mark: mark, Title: title, Table: t}, leaves)
}

// release lets the release ledger answer an outgoing table.
func (a *App) release(ctx context.Context, dataset, mark, title string, t *disclosure.Tally, leaves bool) (*disclosure.Shown, error) {
	answer, err := a.ledger(ctx, dataset, mark, title, t.Table(), leaves)
	if err != nil {
		return nil, err
	}
	return t.Told(answer), nil
}

// allEntrants is the table of the treatment demand indicator that everybody is in.
const allEntrants = "8.1.1"

// entrants gives the outgoing tables what the treatment register counts.
func (a *App) entrants(ctx context.Context, reader access.Actor, country string, year int, day baqylau.Date) (outgoing.Entrants, error) {
	t, err := a.Treatment.TablesOf(ctx, reader, treatment.Set{Country: country, From: year, To: year, AsOf: day})
	if err != nil {
		return outgoing.Entrants{}, err
	}
	table := func(id string) ([][]outgoing.Count, error) {
		_, figures, err := t.Table(id)
		out := make([][]outgoing.Count, len(figures))
		for i, row := range figures {
			for _, f := range row {
				out[i] = append(out[i], outgoing.Count{Text: f.Text, Hidden: f.Hidden})
			}
		}
		return out, err
	}
	all, err := table(allEntrants)
	if err != nil {
		return outgoing.Entrants{}, err
	}
	last := all[len(all)-1]
	return outgoing.Entrants{Synthetic: t.Synthetic, None: last[len(last)-1].Text == "0", Table: table}, nil
}
