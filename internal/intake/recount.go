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

// activeStates are the states of a report in which it counts, inactiveStates the others.
const (
	activeStates   = "'submitted','received','clarification','accepted','linked'"
	inactiveStates = "'draft','duplicate','out_of_scope','retracted'"
)

// Visible is the SQL condition under which rows of report or occurrence (alias a) exist for readers: those of an import
// that is still being written, or was undone, do not. Every query of these tables carries it; findings follow their report.
func Visible(a string) string { return "NOT " + a + ".hidden AND " + Revealed(a) }

// Revealed is the condition that rows of report or occurrence do not belong to an import that is still being written. It asks the batch alone, so that
// revealing a million rows touches one.
func Revealed(a string) string {
	return "(" + a + ".batch_id IS NULL OR " + a + ".batch_id NOT IN (SELECT id FROM batch WHERE state = 'applying'))"
}

// Current is the SQL condition under which report a counts: visible, not replaced, in a state in which it counts. It names the states in which
// it does not: almost all reports count, and SQLite, which looks at a thousand of them to learn that, took the index of states to lead to few.
func Current(a string) string {
	return Visible(a) + " AND " + a + ".superseded_on IS NULL AND " + a + ".state NOT IN (" + inactiveStates + ")"
}

// Standing is the SQL expression of what has become of report a, as its sender is told: the state in which the centre has put it or, while it counts, how far a
// laboratory has come with it. Values are states of reports and in_lab, lab_released, lab_confirmed; texts are report.state.<value>.
func Standing(a string) string {
	analysis := "EXISTS (SELECT 1 FROM lab_result sl WHERE sl.report_id = " + a + ".id AND sl.state"
	return "CASE WHEN " + a + ".state NOT IN ('submitted','received','accepted','linked') THEN " + a + ".state WHEN EXISTS (SELECT 1 FROM finding sf WHERE sf.report_id = " + a +
		".id AND sf.lab_result_id IS NOT NULL AND sf.superseded_on IS NULL AND sf.confidence = 'confirmed') THEN 'lab_confirmed' WHEN " + analysis +
		" = 'released') THEN 'lab_released' WHEN " + analysis + " <> 'requested') THEN 'in_lab' ELSE " + a + ".state END"
}

// Standings lists the values of Standing in the order of the work.
var Standings = []string{"submitted", "received", "clarification", "accepted", "linked", "in_lab", "lab_released", "lab_confirmed", "duplicate", "out_of_scope", "retracted"}

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
		JOIN report r ON r.occurrence_id = o.id AND r.superseded_on IS NULL AND r.state IN (`+activeStates+`) AND `+Visible("r")+`
		LEFT JOIN finding f ON f.report_id = r.id AND f.superseded_on IS NULL AND f.level <> 'not_identified'
		WHERE o.id IN (`+marks+`) AND o.merged_into IS NULL`, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	found, stand := counting{book: book, of: map[string]*series.Occurrence{}}, map[string]map[string]standing{}
	for rows.Next() {
		var id, finding, since string
		var p place
		var r countedRow
		if err := rows.Scan(&id, &p.country, &p.region, &p.occurred, &p.precision, &r.known, &r.kind, &finding, &since, &r.substance, &r.family); err != nil {
			return nil, err
		}
		p.occurrence, r.place = id, p
		counts, err := found.add(id, r)
		if err != nil {
			return nil, err
		}
		if stand[id] == nil {
			stand[id] = map[string]standing{}
		}
		if counts && finding != "" {
			stand[id][finding] = standing{p, since}
		}
	}
	out := make(map[string]Counted, len(ids))
	for _, id := range ids {
		out[id] = Counted{Cells: series.Cells{}}
		if o := found.of[id]; o != nil {
			out[id] = Counted{o.Cells(), stand[id]}
		}
	}
	return out, rows.Err()
}

// counting gathers what occurrences count for from rows that each tell of a report and at most one finding of it.
type counting struct {
	book *registry.Book
	of   map[string]*series.Occurrence // by the identifier that add was given
}

// countedRow is what a row says: where and when, the kind of report, and what was found, "" for nothing.
type countedRow struct {
	place
	known, kind, substance, family string
}

// add takes in a row; counts is false for a kind of report that is never counted.
func (c counting) add(id string, r countedRow) (counts bool, err error) {
	if !Kind(r.kind).Counted() {
		return false, nil
	}
	o := c.of[id]
	if o == nil {
		day, _, err := baqylau.ParseDate(r.occurred)
		if err != nil {
			return false, err
		}
		o = &series.Occurrence{Country: r.country, Region: r.region, Week: series.Week(day, baqylau.Precision(r.precision), baqylau.MustDate(r.known)),
			Kinds: map[string]bool{}, Found: map[series.Subject]map[string]bool{}}
		c.of[id] = o
	}
	o.Kinds[r.kind] = true
	note(c.book, o.Found, r.substance, r.family, r.kind)
	return true, nil
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
	if err := series.Append(ctx, tx.Tx, ch); err != nil {
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

// replace does at once what a revealed batch does later: the report takes the content that was sent now.
func (w *writer) replace(ctx context.Context, r *Incoming, versionID string, rec *Recorded) error {
	if err := w.flush(ctx); err != nil {
		return err
	}
	if err := Hold(ctx, w.tx, rec.OccurrenceID); err != nil {
		return err
	}
	before, err := Contribution(ctx, w.tx, w.book, rec.OccurrenceID)
	if err != nil {
		return err
	}
	known, err := Supersede(ctx, w.tx, w.book, rec.ReportID, versionID, r.Known)
	if err != nil {
		return err
	}
	return Recount(ctx, w.tx, w.book, rec.OccurrenceID, before, known)
}
