package intake

import (
	"context"
	"slices"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/store"
)

// Hold makes other writers of these occurrences wait until the transaction ends, so that what an act reads before its change is what the change starts
// from; else two acts at once would both move the series by the same difference. SQLite has one writer and nothing to hold.
func Hold(ctx context.Context, tx *change.Tx, occurrenceIDs ...string) (err error) {
	defer baqylau.Wrap(&err, "intake.Hold(%d)", len(occurrenceIDs))
	if tx.Writer().DB.Engine == store.SQLite {
		return nil
	}
	marks, args := store.In(occurrenceIDs)
	_, err = tx.NewRaw("SELECT id FROM occurrence WHERE id IN ("+marks+") ORDER BY id FOR NO KEY UPDATE", args...).Exec(ctx)
	return err
}

// changeOne runs an UPDATE of one row that names the state it expects. Code: Conflict when somebody was faster.
func changeOne(ctx context.Context, tx *change.Tx, key, sql string, args ...any) error {
	res, err := tx.NewRaw(sql, args...).Exec(ctx)
	if err != nil {
		return err
	}
	n, err := res.RowsAffected()
	if err == nil && n != 1 {
		err = baqylau.E(baqylau.Conflict, key)
	}
	return err
}

// workedOn is the SQL condition that people, not only imports, have moved occurrence id since it was reported: a step, an answer, a laboratory, a merge.
func workedOn(id string) string {
	return `(EXISTS (SELECT 1 FROM report_event we JOIN report wr ON wr.id = we.report_id WHERE wr.occurrence_id = ` + id + ` AND we.act NOT IN ('submitted','resent'))
		OR EXISTS (SELECT 1 FROM match_proposal wp WHERE wp.a_id = ` + id + ` AND wp.decided_at > 0) OR EXISTS (SELECT 1 FROM match_proposal wp WHERE wp.b_id = ` + id + ` AND wp.decided_at > 0))`
}

// since is the day on which a correction that states day stated becomes known: never before the report that it corrects, and today when people have worked
// on the occurrence, for on a day between the two the series would then count what was found later as taken away already.
func since(ctx context.Context, tx *change.Tx, reportID string, stated baqylau.Date) (known baqylau.Date, err error) {
	var before string
	var worked int
	if err := tx.NewRaw("SELECT r.known_on, CASE WHEN "+workedOn("r.occurrence_id")+" THEN 1 ELSE 0 END FROM report r WHERE r.id = ?", reportID).Scan(ctx, &before, &worked); err != nil {
		return known, store.One(err)
	}
	known = stated
	if d := baqylau.MustDate(before); d.After(known) {
		known = d
	}
	if worked > 0 && tx.Today().After(known) {
		known = tx.Today()
	}
	return known, nil
}

// keepLab lets what a laboratory found outlive the version it was found for: its findings go over to the newer content, whose own findings give way
// to them as the earlier ones did. The caller then retires the findings of the earlier version.
func keepLab(ctx context.Context, tx *change.Tx, versionID, reportID string, known baqylau.Date) error {
	var found []string
	if err := tx.NewRaw("SELECT id FROM finding WHERE report_id = ? AND superseded_on IS NULL AND lab_result_id IS NOT NULL ORDER BY id", versionID).Scan(ctx, &found); err != nil || len(found) == 0 {
		return err
	}
	if _, err := tx.NewRaw("UPDATE finding SET superseded_on = ? WHERE report_id = ? AND superseded_on IS NULL", known.String(), reportID).Exec(ctx); err != nil {
		return err
	}
	for _, id := range found {
		if _, err := tx.NewRaw(`INSERT INTO finding (id, report_id, occurrence_id, substance_id, family, unidentified, matched, role, level, confidence, techniques,
			reference_standard, purity_pct, lab_result_id, known_on) SELECT ?, ?, occurrence_id, substance_id, family, unidentified, matched, role, level, confidence, techniques,
			reference_standard, purity_pct, lab_result_id, ? FROM finding WHERE id = ?`, store.NewID(), reportID, known.String(), id).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

// holdSources makes whoever sends the same numbers wait until the transaction ends, so that a number sent twice at once is one report: an import holds its whole
// source, single reports their own numbers. Locks are taken in one order, so that groups of reports never wait for each other in a circle. SQLite has one writer anyway.
func holdSources(ctx context.Context, tx *change.Tx, in []Incoming) error {
	if tx.Writer().DB.Engine == store.SQLite {
		return nil
	}
	var sources, numbers []string
	for i := range in {
		if in[i].SourceRef == "" {
			continue
		}
		numbers = append(numbers, refKey(in[i].SourceID, in[i].SourceRef))
		if !slices.Contains(sources, in[i].SourceID) {
			sources = append(sources, in[i].SourceID)
		}
	}
	if len(sources) == 0 {
		return nil
	}
	mode := "SHARE" // keeps imports of the source out; other numbers go on side by side
	if in[0].BatchID != "" {
		mode = "NO KEY UPDATE"
	}
	marks, args := store.In(sources)
	if _, err := tx.NewRaw("SELECT id FROM source WHERE id IN ("+marks+") ORDER BY id FOR "+mode, args...).Exec(ctx); err != nil || in[0].BatchID != "" {
		return err
	}
	marks, args = store.In(numbers)
	_, err := tx.NewRaw("SELECT pg_advisory_xact_lock(k) FROM (SELECT DISTINCT hashtextextended(n, 0) AS k FROM unnest(ARRAY["+marks+"]) AS n ORDER BY k) AS numbers", args...).Exec(ctx)
	return err
}
