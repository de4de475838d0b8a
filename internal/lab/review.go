package lab

import (
	"context"
	"slices"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
)

// wrote reports whether a person entered any of the results or sent them to review.
func (a *Analysis) wrote(account string) bool {
	return a.AnalystID == account || slices.ContainsFunc(a.Results, func(r Result) bool { return r.By == account })
}

// Release makes a reviewed analysis count: see release. Codes: Forbidden without the role and for whoever worked on the analysis, which
// the database refuses as well; NotFound, Conflict when it is not in review, Invalid when a result breaks a rule.
func (s *Service) Release(ctx context.Context, actor access.Actor, id string) (err error) {
	defer baqylau.Wrap(&err, "lab.Release(%s)", id)
	return s.review(ctx, actor, id, func(ctx context.Context, tx *change.Tx, a Analysis, q request) error {
		return s.release(ctx, tx, a, q)
	})
}

// Return sends an analysis back to the analyst with a reason. Codes as Release; Invalid without reason.
func (s *Service) Return(ctx context.Context, actor access.Actor, id, reason string) (err error) {
	defer baqylau.Wrap(&err, "lab.Return(%s)", id)
	if reason == "" {
		return baqylau.E(baqylau.Invalid, "lab.error.reason").On("reason")
	}
	return s.review(ctx, actor, id, func(ctx context.Context, tx *change.Tx, a Analysis, q request) error {
		tx.Subject("lab_result", a.ID, q.org, map[string]any{"from": string(a.State), "to": string(Returned)})
		return update(ctx, tx, a, "state = ?, reviewer_id = ?, comment = ?", string(Returned), actor.ID, reason)
	})
}

// review is what both decisions of the second person have in common.
func (s *Service) review(ctx context.Context, actor access.Actor, id string, decide func(ctx context.Context, tx *change.Tx, a Analysis, q request) error) error {
	return s.W.Do(ctx, actor, access.LabRelease, func(ctx context.Context, tx *change.Tx) error {
		a, q, err := load(ctx, tx, access.LabRelease, id)
		if err != nil {
			return err
		}
		if a.State != InReview {
			return moved()
		}
		if a.wrote(actor.ID) {
			return baqylau.E(baqylau.Forbidden, "lab.error.second_person")
		}
		return decide(ctx, tx, a, q)
	})
}
