package intake

import (
	"context"
	"encoding/json"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/registry"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/uptrace/bun"
)

// A report keeps its row, its number and all that hangs on it (thread, files, person, laboratory, links to its page) for life. When its source sends it
// again, the row takes the new content, and the row that had brought it keeps the earlier content behind: superseded, with its findings and questions.

// contentColumns are what a version of a report consists of; all else belongs to the report itself.
const contentColumns = "kind, channel, state, org_id, account_id, lab_org_id, domain, tlp, content_hash, batch_id, country, region, place_type, occurred_on, occurred_precision, " +
	"known_on, recorded_at, sex, age_band, fatal, text, text_fold, detail, lang"

// Supersede gives report the content of version, hidden until now, and keeps the earlier content, with its findings, in the place of version; it moves
// the occurrence to where and when the report now says. What a laboratory found stays. It returns the day from which the change is known: the
// stated one or, where that would contradict what has been known meanwhile, a later one. The caller has held the occurrence and recounts it on that day.
// Code: Conflict when the report is not in force.
func Supersede(ctx context.Context, tx *change.Tx, book *registry.Book, reportID, versionID string, stated baqylau.Date) (known baqylau.Date, err error) {
	defer baqylau.Wrap(&err, "intake.Supersede(%s)", reportID)
	if known, err = since(ctx, tx, reportID, stated); err != nil {
		return known, err
	}
	if err := changeOne(ctx, tx, "report.moved_on", `UPDATE report SET superseded_on = ?, hidden = FALSE, occurrence_id = (SELECT x.occurrence_id FROM report x WHERE x.id = report.supersedes_id),
		supersedes_id = (SELECT x.supersedes_id FROM report x WHERE x.id = report.supersedes_id) WHERE id = ? AND supersedes_id = ?`, known.String(), versionID, reportID); err != nil {
		return known, err
	}
	if err := changeOne(ctx, tx, "report.moved_on", "UPDATE report SET supersedes_id = ? WHERE id = ? AND superseded_on IS NULL AND NOT hidden", versionID, reportID); err != nil {
		return known, err
	}
	if err := exchange(ctx, tx, reportID, versionID); err != nil {
		return known, err
	}
	if _, err := tx.NewRaw("UPDATE report SET known_on = ? WHERE id = ?", known.String(), reportID).Exec(ctx); err != nil {
		return known, err
	}
	if _, err := tx.NewRaw("UPDATE finding SET known_on = ?, occurrence_id = (SELECT x.occurrence_id FROM report x WHERE x.id = finding.report_id) WHERE report_id = ?",
		known.String(), reportID).Exec(ctx); err != nil {
		return known, err
	}
	if err := carry(ctx, tx, book, reportID, versionID, known); err != nil {
		return known, err
	}
	if err := keepCorrections(ctx, tx, versionID, reportID); err != nil {
		return known, err
	}
	if err := keepLab(ctx, tx, versionID, reportID, known); err != nil {
		return known, err
	}
	if _, err := tx.NewRaw("UPDATE finding SET superseded_on = ? WHERE report_id = ? AND superseded_on IS NULL", known.String(), versionID).Exec(ctx); err != nil {
		return known, err
	}
	return known, locate(ctx, tx, reportID)
}

// inForce is the report of which a row is an earlier version, or that row itself.
func inForce(ctx context.Context, db bun.IDB, id string) (now string, err error) {
	err = db.NewRaw(`WITH RECURSIVE v(id) AS (SELECT CAST(? AS TEXT) UNION SELECT x.id FROM report x JOIN v ON x.supersedes_id = v.id WHERE `+Visible("x")+`)
		SELECT COALESCE((SELECT r.id FROM report r JOIN v ON v.id = r.id WHERE r.superseded_on IS NULL), ?)`, id, id).Scan(ctx, &now)
	return now, err
}

// restore takes a version back: the report has its earlier content again, as if the later one had never been sent; that one stays behind, hidden by the
// caller. What a laboratory found meanwhile stays with the report, and what it had retired stays retired.
func restore(ctx context.Context, tx *change.Tx, book *registry.Book, reportID, versionID string) error {
	var day string
	if err := tx.NewRaw("SELECT superseded_on FROM report WHERE id = ?", versionID).Scan(ctx, &day); err != nil {
		return store.One(err)
	}
	if err := exchange(ctx, tx, reportID, versionID); err != nil {
		return err
	}
	for _, sql := range []string{"UPDATE finding SET report_id = ? WHERE report_id = ? AND lab_result_id IS NOT NULL AND superseded_on IS NULL",
		"UPDATE report SET supersedes_id = (SELECT x.supersedes_id FROM report x WHERE x.id = report.supersedes_id) WHERE id = ? AND supersedes_id = ?"} {
		if _, err := tx.NewRaw(sql, reportID, versionID).Exec(ctx); err != nil {
			return err
		}
	}
	if _, err := tx.NewRaw(`UPDATE finding SET superseded_on = NULL WHERE report_id = ? AND lab_result_id IS NULL AND superseded_on = ?
		AND NOT EXISTS (SELECT 1 FROM finding l WHERE l.report_id = finding.report_id AND l.lab_result_id IS NOT NULL AND l.superseded_on IS NULL)`, reportID, day).Exec(ctx); err != nil {
		return err
	}
	if _, err := tx.NewRaw("UPDATE report SET supersedes_id = NULL WHERE id = ?", versionID).Exec(ctx); err != nil {
		return err
	}
	if err := keepCorrections(ctx, tx, versionID, reportID); err != nil {
		return err
	}
	if err := carry(ctx, tx, book, reportID, versionID, tx.Today()); err != nil {
		return err
	}
	return locate(ctx, tx, reportID)
}

// exchange lets two rows of report change their content, findings and questions. The content waits in a row of its own meanwhile, since only one of the engines
// reads all rows before it writes any.
func exchange(ctx context.Context, tx *change.Tx, a, b string) error {
	wait := store.NewID()
	if _, err := tx.NewRaw("INSERT INTO report (id, receipt, source_id, "+contentColumns+") SELECT ?, ?, source_id, "+contentColumns+" FROM report WHERE id = ?",
		wait, wait, a).Exec(ctx); err != nil {
		return err
	}
	for _, c := range [][2]string{{b, a}, {wait, b}} {
		if _, err := tx.NewRaw("UPDATE report SET ("+contentColumns+") = (SELECT "+contentColumns+" FROM report x WHERE x.id = ?) WHERE id = ?", c[0], c[1]).Exec(ctx); err != nil {
			return err
		}
	}
	if _, err := tx.NewRaw("DELETE FROM report WHERE id = ?", wait).Exec(ctx); err != nil {
		return err
	}
	for _, table := range []string{"finding", "question"} {
		if _, err := tx.NewRaw("UPDATE "+table+" SET report_id = CASE WHEN report_id = ? THEN ? ELSE ? END WHERE report_id IN (?, ?)", a, b, a, a, b).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

// carry gives the content that a report has now what the one before had gained in the centre's hands: that it was set aside, which laboratory it was sent to and the
// words of its analyses, an exposure that a laboratory confirmed, and the answers to questions that the text asks again.
func carry(ctx context.Context, tx *change.Tx, book *registry.Book, reportID, beforeID string, known baqylau.Date) error {
	for _, c := range []struct{ set, when string }{
		{"state = b.state", "b.state IN ('duplicate','out_of_scope')"},
		{"lab_org_id = b.lab_org_id", "report.lab_org_id IS NULL"},
		{"text_fold = report.text_fold || ' ' || b.text_fold", "EXISTS (SELECT 1 FROM lab_result l WHERE l.report_id = report.id)"},
	} {
		if _, err := tx.NewRaw("UPDATE report SET "+c.set+" FROM report b WHERE b.id = ? AND report.id = ? AND "+c.when, beforeID, reportID).Exec(ctx); err != nil {
			return err
		}
	}
	if err := carryExposure(ctx, tx, reportID, beforeID); err != nil {
		return err
	}
	return carryAnswers(ctx, tx, book, reportID, beforeID, known)
}

// carryExposure keeps an exposure confirmed while a laboratory's finding confirms it.
func carryExposure(ctx context.Context, tx *change.Tx, reportID, beforeID string) error {
	var now, before string
	if err := tx.NewRaw("SELECT r.detail, b.detail FROM report r JOIN report b ON b.id = ? WHERE r.id = ? AND r.kind IN ('acute_intoxication','death')"+
		" AND EXISTS (SELECT 1 FROM finding f WHERE f.report_id IN (r.id, b.id) AND f.lab_result_id IS NOT NULL AND f.confidence = 'confirmed' AND f.superseded_on IS NULL)", beforeID, reportID).Scan(ctx, &now, &before); err != nil {
		if err = store.One(err); baqylau.CodeOf(err) == baqylau.NotFound {
			return nil
		}
		return err
	}
	var d, was Detail
	if err := json.Unmarshal([]byte(before), &was); err != nil {
		return err
	}
	if err := json.Unmarshal([]byte(now), &d); err != nil || was.Exposure != string(baqylau.Confirmed) || d.Exposure == was.Exposure {
		return err
	}
	d.Exposure = was.Exposure
	b, err := json.Marshal(d)
	if err != nil {
		return err
	}
	_, err = tx.NewRaw("UPDATE report SET detail = ? WHERE id = ?", string(b), reportID).Exec(ctx)
	return err
}

// carryAnswers settles the open questions of a report as the same questions were settled before.
func carryAnswers(ctx context.Context, tx *change.Tx, book *registry.Book, reportID, beforeID string, known baqylau.Date) error {
	var settled []struct{ ID, Matched, State, Answer, OccurrenceID string }
	if err := tx.NewRaw(`SELECT q.id, q.matched, b.state, COALESCE(b.answer_substance_id,'') AS answer, COALESCE(r.occurrence_id,'') AS occurrence_id FROM question q JOIN report r ON r.id = q.report_id
		JOIN question b ON b.id = (SELECT MAX(x.id) FROM question x WHERE x.report_id = ? AND x.matched = q.matched AND x.candidates = q.candidates AND x.state <> 'open')
		WHERE q.report_id = ? AND q.state = 'open' ORDER BY q.id`, beforeID, reportID).Scan(ctx, &settled); err != nil {
		return err
	}
	for _, q := range settled {
		if _, err := tx.NewRaw("UPDATE question SET state = ?, answer_substance_id = ? WHERE id = ?", q.State, store.Null(q.Answer), q.ID).Exec(ctx); err != nil {
			return err
		}
		if q.Answer == "" || q.OccurrenceID == "" {
			continue
		}
		if f, ok := answer(book, q.Matched, q.Answer); ok {
			if err := insertFinding(ctx, tx, reportID, q.OccurrenceID, f, known); err != nil {
				return err
			}
		}
	}
	return nil
}

// locate moves the occurrence of a report to where and when the report says.
func locate(ctx context.Context, tx *change.Tx, reportID string) error {
	_, err := tx.NewRaw(`UPDATE occurrence SET (region, country, occurred_on, occurred_precision) =
		(SELECT region, country, occurred_on, occurred_precision FROM report WHERE id = ?) WHERE id = (SELECT occurrence_id FROM report WHERE id = ?)`, reportID, reportID).Exec(ctx)
	return err
}
