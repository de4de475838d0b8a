package lab

import (
	"context"
	"slices"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/store"
)

// closed are the states of a report on which no new work begins.
var closed = []string{"retracted", "duplicate", "out_of_scope"}

// Receive records that the sample of a report is in the laboratory, under the laboratory's own number, and returns the analysis. A
// report may bring several samples. Codes: NotFound when the report was not sent to the actor's laboratory, Invalid without number or
// when the laboratory has used it, Conflict when the report was withdrawn.
func (s *Service) Receive(ctx context.Context, actor access.Actor, reportID, sampleRef string) (id string, err error) {
	defer baqylau.Wrap(&err, "lab.Receive(%s)", reportID)
	if sampleRef == "" {
		return "", baqylau.E(baqylau.Invalid, "error.required").On("sample_ref")
	}
	err = s.W.Do(ctx, actor, access.LabWrite, func(ctx context.Context, tx *change.Tx) error {
		id, err = receive(ctx, tx, reportID, sampleRef)
		return err
	})
	return id, err
}

func receive(ctx context.Context, tx *change.Tx, reportID, sampleRef string) (id string, err error) {
	q, err := requestOf(ctx, tx, tx.Actor, access.LabWrite, reportID)
	if err != nil {
		return "", err
	}
	if slices.Contains(closed, q.state) {
		return "", moved()
	}
	if err := numberFree(ctx, tx, q.row.OrgID, sampleRef); err != nil {
		return "", err
	}
	id = store.NewID()
	if _, err := tx.NewRaw("INSERT INTO lab_result (id, report_id, sample_ref, org_id, account_id, lab_org_id, domain, state, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
		id, reportID, sampleRef, q.row.OrgID, tx.Actor.ID, q.row.OrgID, string(q.row.Domain), string(Received), tx.Now.UnixMicro()).Exec(ctx); err != nil {
		return "", err
	}
	if err := findable(ctx, tx, reportID, locale.Fold(sampleRef)); err != nil {
		return "", err
	}
	tx.Subject("lab_result", id, q.org, map[string]any{"report": reportID, "state": string(Received)})
	return id, note(ctx, tx, reportID, "lab_received", "")
}

// numberFree refuses a sample number that the laboratory has given before.
func numberFree(ctx context.Context, tx *change.Tx, org, ref string) error {
	var n int
	if err := tx.NewRaw("SELECT count(*) FROM lab_result WHERE org_id = ? AND sample_ref = ?", org, ref).Scan(ctx, &n); err != nil {
		return err
	}
	if n > 0 {
		return baqylau.E(baqylau.Invalid, "lab.error.number_taken", "Number", ref).On("sample_ref")
	}
	return nil
}

// Begin records that the analysis is under way.
func (s *Service) Begin(ctx context.Context, actor access.Actor, id string) (err error) {
	defer baqylau.Wrap(&err, "lab.Begin(%s)", id)
	return s.W.Do(ctx, actor, access.LabWrite, func(ctx context.Context, tx *change.Tx) error {
		a, q, err := load(ctx, tx, access.LabWrite, id)
		if err != nil {
			return err
		}
		if a.State != Received && a.State != Returned {
			return moved()
		}
		tx.Subject("lab_result", id, q.org, map[string]any{"from": string(a.State), "to": string(InAnalysis)})
		return update(ctx, tx, a, "state = ?", string(InAnalysis))
	})
}
