package lab

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/store"
)

// Enter adds one result to an analysis, or corrects the earlier one on the same substance and material; the analysis is then under way.
// Codes: Invalid with the field of each mistake, NotFound, Conflict once the analysis is in review or released.
func (s *Service) Enter(ctx context.Context, actor access.Actor, id string, r Result, analysed baqylau.Date) (err error) {
	defer baqylau.Wrap(&err, "lab.Enter(%s)", id)
	es := r.Check(s.Shelf.Book())
	switch today := change.Today(s.W.Now()); {
	case analysed.IsZero():
		es = append(es, baqylau.E(baqylau.Invalid, "error.required").On("analysed_on"))
	case analysed.After(today):
		es = append(es, baqylau.E(baqylau.Invalid, "error.date_future").On("analysed_on"))
	}
	if err := es.OrNil(); err != nil {
		return err
	}
	return s.W.Do(ctx, actor, access.LabWrite, func(ctx context.Context, tx *change.Tx) error {
		a, q, err := load(ctx, tx, access.LabWrite, id)
		if err != nil {
			return err
		}
		r.By = actor.ID
		tx.Subject("lab_result", id, q.org, map[string]any{"level": string(r.Level), "results": len(a.Results)})
		return save(ctx, tx, a, add(a.Results, r), analysed)
	})
}

// Remove takes the result with number n (0-based) out of an analysis that is under way.
func (s *Service) Remove(ctx context.Context, actor access.Actor, id string, n int) (err error) {
	defer baqylau.Wrap(&err, "lab.Remove(%s)", id)
	return s.W.Do(ctx, actor, access.LabWrite, func(ctx context.Context, tx *change.Tx) error {
		a, q, err := load(ctx, tx, access.LabWrite, id)
		if err != nil {
			return err
		}
		if n < 0 || n >= len(a.Results) {
			return baqylau.E(baqylau.NotFound, "error.not_found")
		}
		tx.Subject("lab_result", id, q.org, map[string]any{"removed": n})
		return save(ctx, tx, a, slices.Delete(a.Results, n, n+1), a.AnalysedOn)
	})
}

// save writes the results of an open analysis; whoever saves is its analyst.
func save(ctx context.Context, tx *change.Tx, a Analysis, results []Result, analysed baqylau.Date) error {
	if !a.State.open() {
		return moved()
	}
	b, err := json.Marshal(results)
	if err != nil {
		return err
	}
	return update(ctx, tx, a, "results = ?, analysed_on = ?, account_id = ?, reviewer_id = NULL, state = ?", string(b), store.NullDate(analysed), tx.Actor.ID, string(InAnalysis))
}

// Submit sends an analysis to a second person. Codes: Invalid when a result is missing or faulty, Conflict, NotFound.
func (s *Service) Submit(ctx context.Context, actor access.Actor, id string) (err error) {
	defer baqylau.Wrap(&err, "lab.Submit(%s)", id)
	return s.W.Do(ctx, actor, access.LabWrite, func(ctx context.Context, tx *change.Tx) error {
		a, q, err := load(ctx, tx, access.LabWrite, id)
		if err != nil {
			return err
		}
		tx.Subject("lab_result", id, q.org, map[string]any{"from": string(a.State), "to": string(InReview), "results": len(a.Results)})
		return s.submit(ctx, tx, a)
	})
}

func (s *Service) submit(ctx context.Context, tx *change.Tx, a Analysis) error {
	if !a.State.open() {
		return moved()
	}
	if err := checkAll(a.Results, s.Shelf.Book()); err != nil {
		return err
	}
	return update(ctx, tx, a, "state = ?, account_id = ?, reviewer_id = NULL, comment = ''", string(InReview), tx.Actor.ID)
}
