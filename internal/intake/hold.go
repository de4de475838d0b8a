package intake

import (
	"context"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/uptrace/bun"
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
	return `(EXISTS (SELECT 1 FROM report_event we JOIN report wr ON wr.id = we.report_id WHERE wr.occurrence_id = ` + id + ` AND we.act <> 'submitted')
		OR EXISTS (SELECT 1 FROM match_proposal wp WHERE wp.a_id = ` + id + ` AND wp.decided_at > 0) OR EXISTS (SELECT 1 FROM match_proposal wp WHERE wp.b_id = ` + id + ` AND wp.decided_at > 0))`
}

// since is the day on which a correction that states day stated becomes known: never before the report that it corrects, and today when people have worked
// on the occurrence, for on a day between the two the series would then count what was found later as taken away already.
func since(ctx context.Context, tx *change.Tx, oldReportID string, stated baqylau.Date) (known baqylau.Date, worked bool, err error) {
	var before string
	var n int
	if err := tx.NewRaw("SELECT r.known_on, CASE WHEN "+workedOn("r.occurrence_id")+" THEN 1 ELSE 0 END FROM report r WHERE r.id = ?", oldReportID).Scan(ctx, &before, &n); err != nil {
		return known, false, store.One(err)
	}
	known = stated
	if d := baqylau.MustDate(before); d.After(known) {
		known = d
	}
	if n > 0 && tx.Today().After(known) {
		known = tx.Today()
	}
	return known, n > 0, nil
}

// keepLab lets what a laboratory found outlive the report it was found for: findings and analyses go over to the newer report, whose own findings give way
// to them as the earlier one's did. The caller then retires the earlier findings.
func keepLab(ctx context.Context, tx *change.Tx, oldReportID, newReportID string, known baqylau.Date) error {
	var analyses int
	if err := tx.NewRaw("SELECT count(*) FROM lab_result WHERE report_id = ?", oldReportID).Scan(ctx, &analyses); err != nil || analyses == 0 {
		return err
	}
	var found []string
	if err := tx.NewRaw("SELECT id FROM finding WHERE report_id = ? AND superseded_on IS NULL AND lab_result_id IS NOT NULL ORDER BY id", oldReportID).Scan(ctx, &found); err != nil {
		return err
	}
	if len(found) > 0 {
		if _, err := tx.NewRaw("UPDATE finding SET superseded_on = ? WHERE report_id = ? AND superseded_on IS NULL", known.String(), newReportID).Exec(ctx); err != nil {
			return err
		}
	}
	for _, id := range found {
		if _, err := tx.NewRaw(`INSERT INTO finding (id, report_id, occurrence_id, substance_id, family, unidentified, matched, role, level, confidence, techniques,
			reference_standard, purity_pct, lab_result_id, known_on) SELECT ?, ?, occurrence_id, substance_id, family, unidentified, matched, role, level, confidence, techniques,
			reference_standard, purity_pct, lab_result_id, ? FROM finding WHERE id = ?`, store.NewID(), newReportID, known.String(), id).Exec(ctx); err != nil {
			return err
		}
	}
	return execAll(ctx, tx, []string{"UPDATE lab_result SET report_id = ? WHERE report_id = ?",
		`UPDATE report SET lab_org_id = COALESCE(lab_org_id, (SELECT x.lab_org_id FROM report x WHERE x.id = report.supersedes_id)),
			text_fold = text_fold || ' ' || (SELECT x.text_fold FROM report x WHERE x.id = report.supersedes_id) WHERE id = ? AND supersedes_id = ?`}, newReportID, oldReportID)
}

func execAll(ctx context.Context, tx bun.IDB, statements []string, args ...any) error {
	for _, sql := range statements {
		if _, err := tx.NewRaw(sql, args...).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}
