package intake

import (
	"context"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/registry"
	"github.com/baqylau/baqylau/internal/series"
)

// Record writes reports with their occurrences, findings and questions and moves the series, all inside tx. It is the only way a
// report comes into being; forms bring one, imports a chunk. A report whose source number is already known is skipped when its content is the
// same and supersedes the earlier one otherwise; it is refused when it would
// then be read by another organisation or on the other side of the wall. The caller has authorised and validated, and sets the audit subject. Code: Conflict.
func Record(ctx context.Context, tx *change.Tx, book *registry.Book, in []Incoming) (_ []Recorded, err error) {
	defer baqylau.Wrap(&err, "intake.Record(%d)", len(in))
	known, err := held(ctx, tx, in)
	if err != nil {
		return nil, err
	}
	return record(ctx, tx, book, in, known, nil)
}

// record is Record for who knows the earlier reports of these numbers already, and maybe what the reports contribute to the series if all are new.
func record(ctx context.Context, tx *change.Tx, book *registry.Book, in []Incoming, known earlierReports, asNew []series.Change) (_ []Recorded, err error) {
	out := make([]Recorded, len(in))
	w := &writer{tx: tx, book: book, index: indexed{words: map[string]struct{}{}}, moved: tally{}, fresh: known.fresh(in)}
	if int(w.fresh) == len(in) {
		w.movedAll = asNew
	}
	w.room(in)
	for i := range in {
		r := &in[i]
		hash := r.hash()
		old, seen := known.of(r)
		if err := known.conflict(r); err != nil {
			return nil, err
		}
		switch {
		case seen && old.hash == hash:
			out[i] = Recorded{old.id, old.occurrence, old.receipt, Same}
			continue
		case seen && r.BatchID != "" && old.batch == r.BatchID: // twice in one file: the importer numbers them apart
			return nil, baqylau.E(baqylau.Conflict, "import.key_twice", "Key", r.SourceRef)
		case seen:
			out[i].Outcome = Changed
		default:
			out[i].Outcome = New
		}
		if err := w.add(ctx, r, old, &out[i]); err != nil {
			return nil, err
		}
		if r.SourceRef != "" {
			known[refKey(r.SourceID, r.SourceRef)] = earlierReport{out[i].ReportID, out[i].OccurrenceID, out[i].Receipt, hash, r.BatchID, r.OrgID, r.Domain, r.BatchID != ""}
		}
	}
	if err := w.flush(ctx); err != nil {
		return nil, err
	}
	return out, nil
}
