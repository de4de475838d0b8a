package intake

import (
	"context"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/registry"
	"github.com/baqylau/baqylau/internal/series"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/uptrace/bun"
)

// activeStates are the states of a report in which it counts.
const activeStates = "'submitted','received','clarification','accepted','linked'"

// Visible is the SQL condition under which rows of report, finding or occurrence (alias a) exist for readers: those of an import
// that is still being written, or was undone, do not. Every query of these tables carries it.
func Visible(a string) string { return "NOT " + a + ".hidden" }

// Current is the SQL condition under which report a counts: visible, not replaced, in a state in which it counts.
func Current(a string) string {
	return Visible(a) + " AND " + a + ".superseded_on IS NULL AND " + a + ".state IN (" + activeStates + ")"
}

// Contribution is what an occurrence counts for now, by its active reports and findings; nothing when it is
// merged away. Take it before and after a change; Recount appends the difference.
func Contribution(ctx context.Context, tx bun.IDB, book *registry.Book, occurrenceID string) (Counted, error) {
	m, err := Contributions(ctx, tx, book, []string{occurrenceID})
	return m[occurrenceID], err
}

// Contributions is Contribution for many occurrences in one query.
func Contributions(ctx context.Context, tx bun.IDB, book *registry.Book, ids []string) (_ map[string]Counted, err error) {
	defer baqylau.Wrap(&err, "intake.Contributions(%d)", len(ids))
	marks, args := store.In(ids)
	rows, err := tx.QueryContext(ctx, `SELECT o.id, o.country, COALESCE(o.region,''), COALESCE(o.occurred_on,''), o.occurred_precision, o.known_on,
		r.kind, COALESCE(f.id,''), COALESCE(f.since_on, f.known_on, ''), COALESCE(f.substance_id,''), COALESCE(f.family,'') FROM occurrence o
		JOIN report r ON r.occurrence_id = o.id AND r.superseded_on IS NULL AND r.state IN (`+activeStates+`) AND NOT r.hidden
		LEFT JOIN finding f ON f.report_id = r.id AND f.superseded_on IS NULL AND f.level <> 'not_identified'
		WHERE o.id IN (`+marks+`) AND o.merged_into IS NULL`, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	found, stand := map[string]*series.Occurrence{}, map[string]map[string]standing{}
	for rows.Next() {
		var id, country, region, occurred, precision, known, kind, finding, since, substance, family string
		if err := rows.Scan(&id, &country, &region, &occurred, &precision, &known, &kind, &finding, &since, &substance, &family); err != nil {
			return nil, err
		}
		if !Kind(kind).Counted() {
			continue
		}
		o := found[id]
		if o == nil {
			day, _, err := baqylau.ParseDate(occurred)
			if err != nil {
				return nil, err
			}
			o = &series.Occurrence{Country: country, Region: region, Week: series.Week(day, baqylau.Precision(precision), baqylau.MustDate(known)),
				Kinds: map[string]bool{}, Found: map[series.Subject]map[string]bool{}}
			found[id], stand[id] = o, map[string]standing{}
		}
		o.Kinds[kind] = true
		note(book, o.Found, substance, family, kind)
		if finding != "" {
			stand[id][finding] = standing{place{id, country, region, occurred, precision}, since}
		}
	}
	out := make(map[string]Counted, len(ids))
	for _, id := range ids {
		out[id] = Counted{Cells: series.Cells{}}
		if o := found[id]; o != nil {
			out[id] = Counted{o.Cells(), stand[id]}
		}
	}
	return out, rows.Err()
}

// Recount appends the difference that a change of an occurrence made, as known on day known, keeps what counted until then, and wakes the detectors.
func Recount(ctx context.Context, tx *change.Tx, book *registry.Book, occurrenceID string, before Counted, known baqylau.Date) (err error) {
	defer baqylau.Wrap(&err, "intake.Recount(%s)", occurrenceID)
	after, err := Contribution(ctx, tx, book, occurrenceID)
	if err != nil {
		return err
	}
	if err := turn(ctx, tx, known, before.findings, after.findings); err != nil {
		return err
	}
	return appendChange(ctx, tx, series.Change{Known: known, Cells: after.Cells.Minus(before.Cells)})
}

func appendChange(ctx context.Context, tx *change.Tx, ch series.Change) error {
	if err := series.Append(ctx, tx, ch); err != nil {
		return err
	}
	seen := map[string]bool{}
	for k, n := range ch.Cells {
		if n != 0 && !seen[k.Country] {
			seen[k.Country] = true
			if err := Moved(ctx, tx, k.Country); err != nil {
				return err
			}
		}
	}
	return nil
}

// Supersede retires an earlier report of the same source number and its findings, when a newer one takes its place, and moves the occurrence to where
// and when the newer report says. What a laboratory found stays, and speaks for the newer report. It returns the day from which the change is known: the
// stated one or, where that would contradict what has been known meanwhile, a later one. The caller has held the occurrence and recounts it on that day.
// Code: Conflict when the earlier report has been replaced already.
func Supersede(ctx context.Context, tx *change.Tx, oldReportID, newReportID string, stated baqylau.Date) (known baqylau.Date, err error) {
	defer baqylau.Wrap(&err, "intake.Supersede(%s)", oldReportID)
	known, worked, err := since(ctx, tx, oldReportID, stated)
	if err != nil {
		return known, err
	}
	if known != stated {
		if err := execAll(ctx, tx, []string{"UPDATE report SET known_on = ? WHERE id = ?", "UPDATE finding SET known_on = ? WHERE report_id = ?"}, known.String(), newReportID); err != nil {
			return known, err
		}
	}
	if worked {
		if err := keepLab(ctx, tx, oldReportID, newReportID, known); err != nil {
			return known, err
		}
		// what the centre has set aside stays so until the centre takes it up again
		if _, err := tx.NewRaw(`UPDATE report SET state = (SELECT x.state FROM report x WHERE x.id = ?) WHERE id = ?
			AND EXISTS (SELECT 1 FROM report x WHERE x.id = ? AND x.state IN ('duplicate','out_of_scope'))`, oldReportID, newReportID, oldReportID).Exec(ctx); err != nil {
			return known, err
		}
	}
	if err := changeOne(ctx, tx, "report.moved_on", "UPDATE report SET superseded_on = ? WHERE id = ? AND superseded_on IS NULL", known.String(), oldReportID); err != nil {
		return known, err
	}
	if _, err := tx.NewRaw("UPDATE finding SET superseded_on = ? WHERE report_id = ? AND superseded_on IS NULL", known.String(), oldReportID).Exec(ctx); err != nil {
		return known, err
	}
	_, err = tx.NewRaw(`UPDATE occurrence SET (region, country, occurred_on, occurred_precision) =
		(SELECT region, country, occurred_on, occurred_precision FROM report WHERE id = ?) WHERE id = (SELECT occurrence_id FROM report WHERE id = ?)`,
		newReportID, newReportID).Exec(ctx)
	return known, err
}

// replace does at once what a revealed batch does later: the new report takes the place of the old one.
func (w *writer) replace(ctx context.Context, r *Incoming, oldID string, rec *Recorded) error {
	if err := Hold(ctx, w.tx, rec.OccurrenceID); err != nil {
		return err
	}
	before, err := Contribution(ctx, w.tx, w.book, rec.OccurrenceID)
	if err != nil {
		return err
	}
	// before holds the new report too if it was flushed; it is not: flush comes now.
	if err := w.flush(ctx); err != nil {
		return err
	}
	known, err := Supersede(ctx, w.tx, oldID, rec.ReportID, r.Known)
	if err != nil {
		return err
	}
	return Recount(ctx, w.tx, w.book, rec.OccurrenceID, before, known)
}
