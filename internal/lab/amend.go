package lab

import (
	"context"
	"encoding/json"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/due"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/store"
)

// Amend opens a new version of a released analysis, with its results as a start, and returns it. The released version holds until
// the new one has been reviewed and released. Codes: Conflict unless it is released and no correction is under way, NotFound.
func (s *Service) Amend(ctx context.Context, actor access.Actor, id string) (next string, err error) {
	defer baqylau.Wrap(&err, "lab.Amend(%s)", id)
	err = s.W.Do(ctx, actor, access.LabWrite, func(ctx context.Context, tx *change.Tx) error {
		a, q, err := load(ctx, tx, access.LabWrite, id)
		if err != nil {
			return err
		}
		if err := update(ctx, tx, a, "state = state"); err != nil { // on PostgreSQL the second of two corrections at once waits here
			return err
		}
		var under int
		if err := tx.NewRaw("SELECT count(*) FROM lab_result WHERE amends_id = ?", id).Scan(ctx, &under); err != nil {
			return err
		}
		if a.State != Released || under > 0 {
			return moved()
		}
		results, err := json.Marshal(a.Results)
		if err != nil {
			return err
		}
		next = store.NewID()
		tx.Subject("lab_result", next, q.org, map[string]any{"amends": id, "state": string(InAnalysis)})
		_, err = tx.NewRaw(`INSERT INTO lab_result (id, report_id, sample_ref, org_id, account_id, lab_org_id, domain, state, results, analysed_on, amends_id, created_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, next, a.ReportID, a.SampleRef, a.OrgID, actor.ID, a.OrgID, string(q.row.Domain), string(InAnalysis), string(results),
			store.NullDate(a.AnalysedOn), id, tx.Now.UnixMicro()).Exec(ctx)
		return err
	})
	return next, err
}

// amended ends the release of a correction: the earlier version gives way, the sender reads it in the history, the rooms above reopen
// what rested on it, and the officers have a day to see to the rest.
func (s *Service) amended(ctx context.Context, tx *change.Tx, a Analysis, q request) error {
	if _, err := tx.NewRaw("UPDATE lab_result SET state = ? WHERE id = ?", string(Amended), a.AmendsID).Exec(ctx); err != nil {
		return err
	}
	if err := note(ctx, tx, q.id, "lab_amended", a.SampleRef); err != nil {
		return err
	}
	title := baqylau.Text{KK: locale.TIn(baqylau.Kazakh, "lab.due.amended", "Receipt", q.receipt), RU: locale.TIn(baqylau.Russian, "lab.due.amended", "Receipt", q.receipt),
		EN: locale.TIn(baqylau.English, "lab.due.amended", "Receipt", q.receipt)}
	if err := due.Open(ctx, tx, due.Item{ObjectType: "report", ObjectID: q.id, Kind: "lab_amended", Title: title, Path: "/reports/" + q.id, Role: access.Officer,
		DueAt: tx.Now.Add(24 * time.Hour)}); err != nil {
		return err
	}
	for _, hook := range s.OnAmend {
		if err := hook(ctx, tx, q.id); err != nil {
			return err
		}
	}
	return nil
}
