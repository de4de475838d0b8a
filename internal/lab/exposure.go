package lab

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/intake"
)

// confirmExposure raises the exposure of adverse events to confirmed when a substance was confirmed in body material: those of the same
// occurrence on the report's own side of the wall (domain text, W4). The sender's earlier word stays in the report's text and history.
// It returns how many reports it raised. A later correction does not lower it by itself: officers are reminded and decide.
func confirmExposure(ctx context.Context, tx *change.Tx, a Analysis, q request) (n int, err error) {
	if !slices.ContainsFunc(a.Results, func(r Result) bool {
		return r.Level == baqylau.ConfirmedID && (r.Matrix != "" || q.kind == intake.BiologicalSample)
	}) {
		return 0, nil
	}
	var events []struct{ ID, Detail string }
	if err := tx.NewRaw(`SELECT id, detail FROM report WHERE occurrence_id = ? AND kind IN ('acute_intoxication', 'death') AND domain = ? AND `+intake.Visible("report")+` AND superseded_on IS NULL
		AND state NOT IN ('retracted', 'duplicate', 'out_of_scope') ORDER BY id`, q.occurrence, string(q.row.Domain)).Scan(ctx, &events); err != nil {
		return 0, err
	}
	for _, e := range events {
		var d intake.Detail
		if err := json.Unmarshal([]byte(e.Detail), &d); err != nil {
			return n, err
		}
		if d.Exposure == string(baqylau.Confirmed) {
			continue
		}
		d.Exposure = string(baqylau.Confirmed)
		b, err := json.Marshal(d)
		if err != nil {
			return n, err
		}
		if _, err := tx.NewRaw("UPDATE report SET detail = ? WHERE id = ?", string(b), e.ID).Exec(ctx); err != nil {
			return n, err
		}
		if err := note(ctx, tx, e.ID, "exposure_confirmed", ""); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}
