package intake

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/jobs"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/registry"
	"github.com/baqylau/baqylau/internal/series"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/riverqueue/river"
)

// writer gathers the rows of one Record call, so that a chunk of an import is a handful of statements.
type writer struct {
	tx                                        *change.Tx
	book                                      *registry.Book
	occurrences, reports, findings, questions bulk
	events                                    bulk
	index                                     indexed
	moved                                     tally
	movedAll                                  []series.Change // when it is known beforehand; nil: moved has it
	countries                                 []string
	numbers                                   int64 // next receipt number
	fresh                                     int64 // how many reports still need one, when none is left
	left                                      int64
}

// room makes place for the rows of reports.
func (w *writer) room(in []Incoming) {
	found := 0
	for i := range in {
		found += len(in[i].Findings)
	}
	w.occurrences.room(len(in), occurrenceColumns)
	w.reports.room(len(in), reportColumnsNew)
	w.findings.room(found, findingColumns)
}

func (w *writer) add(ctx context.Context, r *Incoming, old earlierReport, out *Recorded) (err error) {
	at := w.tx.Now.UnixMicro()
	out.OccurrenceID, out.Receipt = old.occurrence, old.receipt
	if out.Outcome == New {
		if err := w.number(ctx); err != nil {
			return err
		}
		year := w.tx.Now.In(change.Zone).Year()
		out.Receipt = fmt.Sprintf("R-%d-%06d", year, w.numbers-1)
		if r.Kind == Tip {
			out.Receipt = fmt.Sprintf("T-%d-%06d-%s", year, w.numbers-1, secretSuffix())
		}
	}
	d := r.drafted
	if r.drafted = nil; d == nil { // no import, or tried again
		if d, err = r.draft(w.book); err != nil {
			return err
		}
	}
	hidden := out.Outcome == Changed
	out.ReportID = d.id
	if hidden {
		if err := w.flush(ctx); err != nil { // the earlier report may be in this very chunk
			return err
		}
	} else if r.Kind.Counted() {
		out.OccurrenceID = d.occurrenceID
		w.occurrences.row(fmt.Sprintf("C-%d-%06d", w.tx.Now.In(change.Zone).Year(), w.numbers-1), at, hidden)
		w.occurrences.more(d.occurrence)
	}
	w.report(r, d, old.id, *out)
	w.found(d, out.OccurrenceID)
	switch {
	case out.Outcome == Changed && r.BatchID != "": // readers still see the earlier content, until the batch is revealed
		return nil
	case out.Outcome == Changed:
		out.ReportID = old.id
		w.events.row(store.NewID(), out.ReportID, at, r.AccountID, "resent", "", true)
		return w.replace(ctx, r, d.id, out)
	case r.BatchID == "":
		w.events.row(store.NewID(), d.id, at, r.AccountID, "submitted", "", true)
	}
	if !r.Kind.Counted() {
		return nil
	}
	if w.movedAll == nil {
		w.moved.add(r.Known, r.BatchNo, r.contribution(w.book))
	}
	if r.BatchID == "" && !slices.Contains(w.countries, r.Country) { // readers and detectors see a batch when it is revealed
		w.countries = append(w.countries, r.Country)
	}
	return nil
}

// report adds the row of a report or, when it was sent again, of the version that waits hidden to be exchanged with earlierID.
func (w *writer) report(r *Incoming, d *draft, earlierID string, out Recorded) {
	hidden := out.Outcome == Changed
	receipt, supersedes := out.Receipt, any(nil)
	if hidden {
		supersedes, receipt = earlierID, out.Receipt+"/"+d.id // the number stays with the report, see version.go
	}
	fold := locale.Fold(out.Receipt) + " " + r.folded(w.book)
	w.index.add(d.id, r.BatchID, fold)
	w.reports.row(receipt, hidden, store.Null(out.OccurrenceID), w.tx.Now.UnixMicro(), fold, supersedes)
	w.reports.more(d.report)
}

// found adds the findings and questions of a report.
func (w *writer) found(d *draft, occurrenceID string) {
	for _, f := range d.findings {
		if occurrenceID == "" {
			break
		}
		w.findings.row(occurrenceID)
		w.findings.more(f)
	}
	for _, q := range d.questions {
		w.questions.row(w.tx.Now.UnixMicro())
		w.questions.more(q)
	}
}

// number takes the receipt numbers of all new reports from the counter when the first is needed.
func (w *writer) number(ctx context.Context) error {
	if w.left == 0 {
		first, err := w.tx.Count(ctx, fmt.Sprintf("R-%d", w.tx.Now.In(change.Zone).Year()), w.fresh)
		if err != nil {
			return err
		}
		w.numbers, w.left = first, w.fresh
	}
	w.left--
	w.numbers++
	return nil
}

// note marks a finding's substance and all its families as found by a kind of report.
func note(book *registry.Book, found map[series.Subject]map[string]bool, substanceID, family, kind string) {
	subjects(book, substanceID, family, func(s series.Subject) {
		if found[s] == nil {
			found[s] = map[string]bool{}
		}
		found[s][kind] = true
	})
}

// subjects names what a finding counts for: its substance and all families. One may be named twice.
func subjects(book *registry.Book, substanceID, family string, name func(series.Subject)) {
	if substanceID != "" {
		name(series.Subject{Dim: series.Substance, ID: substanceID})
		for _, f := range book.Families(substanceID) {
			name(series.Subject{Dim: series.Family, ID: f})
		}
	}
	if family != "" {
		for _, f := range book.Ancestors(family) {
			name(series.Subject{Dim: series.Family, ID: f})
		}
	}
}

func split(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, ",")
}

func join(codes []string) string { return strings.Join(codes, ",") }

func (w *writer) flush(ctx context.Context) error {
	for _, b := range []struct {
		rows    *bulk
		table   string
		columns []string
	}{
		{&w.occurrences, "occurrence", occurrenceColumns}, {&w.reports, "report", reportColumnsNew}, {&w.findings, "finding", findingColumns},
		{&w.questions, "question", questionColumns}, {&w.events, "report_event", eventColumns},
	} {
		if err := b.rows.insert(ctx, w.tx, b.table, b.columns); err != nil {
			return err
		}
	}
	if err := series.Append(ctx, w.tx.Tx, append(w.moved.changes(), w.movedAll...)...); err != nil {
		return err
	}
	clear(w.moved)
	w.movedAll = nil
	if err := w.index.insert(ctx, w.tx); err != nil { // last: on SQLite every later statement would make the index write what it still holds in memory
		return err
	}
	for _, c := range w.countries {
		if err := Moved(ctx, w.tx, c); err != nil {
			return err
		}
	}
	w.countries = nil
	return nil
}

// settle is how long acts are gathered before the detectors look at a country again.
const settle = 5 * time.Second

// Moved enqueues the detectors for a country, to run when the acts of a few seconds have passed. Every act brings a job of its own: one that leaned on another
// act's job would be missed when that job runs before the act commits. Package signal lets one run do for all that wait.
func Moved(ctx context.Context, tx *change.Tx, country string) error {
	return tx.Enqueue(ctx, series.Moved{Country: country}, &river.InsertOpts{Priority: jobs.Detect, ScheduledAt: time.Now().Truncate(settle).Add(settle)})
}
