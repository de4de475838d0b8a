package intake

import (
	"context"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/uptrace/bun"
)

func refKey(source, ref string) string { return source + "\x1f" + ref }

type earlierReport struct {
	id, occurrence, receipt, hash, batch, org string
	domain                                    baqylau.Domain
	hidden                                    bool // its batch is not revealed
}

// others reports whether r would be read by others than the earlier report is: by the other side of the wall, or by another organisation. What hangs on the
// report (files, thread, person) was never meant for them. The system itself, which imports from the command line, is no organisation.
func (e earlierReport) others(r *Incoming) bool {
	return e.domain != r.Domain || e.org != r.OrgID && e.org != "" && r.OrgID != ""
}

// earlierReports are the reports in force by their source and number, see refKey.
type earlierReports map[string]earlierReport

// held finds the earlier reports and keeps others from changing them until the transaction ends.
func held(ctx context.Context, tx *change.Tx, in []Incoming) (earlierReports, error) {
	if err := holdSources(ctx, tx, in); err != nil {
		return nil, err
	}
	return earlier(ctx, tx, in)
}

// earlier finds the current reports of the same source numbers, in one query per source. One that its sender withdrew is among them: the same row
// sent again does not bring it back, a corrected one does. Where an import that is not revealed holds the number, its row is the one found.
func earlier(ctx context.Context, tx bun.IDB, in []Incoming) (earlierReports, error) {
	refs := map[string][]string{}
	for _, r := range in {
		if r.SourceRef != "" {
			refs[r.SourceID] = append(refs[r.SourceID], r.SourceRef)
		}
	}
	found := earlierReports{}
	for source, list := range refs {
		marks, args := store.In(list)
		rows, err := tx.QueryContext(ctx, `SELECT id, COALESCE(occurrence_id,''), receipt, content_hash, COALESCE(batch_id,''), org_id, domain, hidden OR NOT `+Revealed("report")+` AS held, source_ref FROM report
			WHERE source_id = ? AND superseded_on IS NULL AND source_ref IN (`+marks+`) ORDER BY held`, append([]any{source}, args...)...)
		if err != nil {
			return nil, err
		}
		for rows.Next() {
			var e earlierReport
			var ref string
			if err := rows.Scan(&e.id, &e.occurrence, &e.receipt, &e.hash, &e.batch, &e.org, &e.domain, &e.hidden, &ref); err != nil {
				_ = rows.Close()
				return nil, err
			}
			found[refKey(source, ref)] = e
		}
		if err := rows.Close(); err != nil {
			return nil, err
		}
		if err := rows.Err(); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// ofOthers lists the reports, by their place in the list, whose number an earlier report of other readers holds.
func (known earlierReports) ofOthers(in []Incoming) (places []int) {
	for i := range in {
		if old, seen := known[refKey(in[i].SourceID, in[i].SourceRef)]; seen && in[i].SourceRef != "" && old.others(&in[i]) {
			places = append(places, i)
		}
	}
	return places
}
