package intake

import (
	"context"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/registry"
	"github.com/baqylau/baqylau/internal/series"
	"github.com/baqylau/baqylau/internal/store"
)

// stretch is the time in which a version of the batch was in force before another way of sending replaced it: from one day to the day before another.
type stretch struct {
	ID, BeforeID, OccurrenceID string // the version, the one before it ("" if none), and their occurrence
	KnownOn, SupersededOn      string
}

// retell takes out of the past what versions of a batch counted as until something else replaced them: on those days the content before them counts, or nothing.
// It returns the change of the series by the day it is known on. Where people have worked on the occurrence the past stays. To be called before withdraw.
func retell(ctx context.Context, tx *change.Tx, book *registry.Book, batchID string) (map[baqylau.Date]series.Cells, error) {
	var list []stretch
	if err := tx.NewRaw(`SELECT v.id, COALESCE(p.id,'') AS before_id, v.occurrence_id, v.known_on, v.superseded_on FROM report v LEFT JOIN report p ON p.id = v.supersedes_id
		WHERE v.batch_id = ? AND v.superseded_on > v.known_on AND v.occurrence_id IS NOT NULL AND NOT `+workedOn("v.occurrence_id")+` ORDER BY v.id`, batchID).Scan(ctx, &list); err != nil {
		return nil, err
	}
	moved := map[baqylau.Date]series.Cells{}
	for at := 0; at < len(list); at += chunkRows {
		part := list[at:min(at+chunkRows, len(list))]
		var ids []string
		for _, v := range part {
			ids = append(ids, v.ID)
			if v.BeforeID != "" {
				ids = append(ids, v.BeforeID)
			}
		}
		counted, err := versions(ctx, tx, book, ids)
		if err != nil {
			return nil, err
		}
		for _, v := range part {
			from, until := baqylau.MustDate(v.KnownOn), baqylau.MustDate(v.SupersededOn)
			lost := counted[v.BeforeID].Minus(counted[v.ID])
			for _, day := range []baqylau.Date{from, until} {
				if moved[day] == nil {
					moved[day] = series.Cells{}
				}
			}
			for k, n := range lost {
				moved[from][k] += n
				moved[until][k] -= n
			}
			if err := v.retellFindings(ctx, tx); err != nil {
				return nil, err
			}
		}
	}
	return moved, nil
}

// retellFindings does the same for what the detectors count.
func (v stretch) retellFindings(ctx context.Context, tx *change.Tx) error {
	if _, err := tx.NewRaw("DELETE FROM finding_past WHERE finding_id IN (SELECT id FROM finding WHERE report_id IN (?, ?))", v.ID, v.BeforeID).Exec(ctx); err != nil || v.BeforeID == "" {
		return err
	}
	_, err := tx.NewRaw(`INSERT INTO finding_past (finding_id, occurrence_id, country, region, occurred_on, occurred_precision, from_on, until_on)
		SELECT f.id, r.occurrence_id, r.country, r.region, r.occurred_on, r.occurred_precision, r.known_on, ? FROM report r JOIN finding f ON f.report_id = r.id
		WHERE r.id = ? AND r.known_on < ? AND `+inForceAs("r", "f"), v.SupersededOn, v.BeforeID, v.SupersededOn).Exec(ctx)
	return err
}

// inForceAs is the condition that replaced version r counted, with finding f.
func inForceAs(r, f string) string {
	return f + ".superseded_on = " + r + ".superseded_on AND " + f + ".level <> 'not_identified' AND " + r + ".state IN (" + activeStates + ") AND " + r + ".kind NOT IN ('tip','foreign_alert')"
}

// versions is what replaced versions counted as while each was the only report of its occurrence, by identifier.
func versions(ctx context.Context, tx *change.Tx, book *registry.Book, ids []string) (map[string]series.Cells, error) {
	marks, args := store.In(ids)
	rows, err := tx.QueryContext(ctx, `SELECT r.id, r.country, COALESCE(r.region,''), COALESCE(r.occurred_on,''), r.occurred_precision, o.known_on, r.kind, COALESCE(f.substance_id,''), COALESCE(f.family,'')
		FROM report r JOIN occurrence o ON o.id = r.occurrence_id LEFT JOIN finding f ON f.report_id = r.id AND `+inForceAs("r", "f")+`
		WHERE r.id IN (`+marks+") AND r.state IN ("+activeStates+")", args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	found := counting{book: book, of: map[string]*series.Occurrence{}}
	for rows.Next() {
		var id string
		var r countedRow
		if err := rows.Scan(&id, &r.country, &r.region, &r.occurred, &r.precision, &r.known, &r.kind, &r.substance, &r.family); err != nil {
			return nil, err
		}
		if _, err := found.add(id, r); err != nil {
			return nil, err
		}
	}
	out := make(map[string]series.Cells, len(found.of))
	for id, o := range found.of {
		out[id] = o.Cells()
	}
	return out, rows.Err()
}
