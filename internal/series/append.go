package series

import (
	"context"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/store"
)

// Change is a set of deltas that became known on one day. Those of an import carry its number and are seen once it is applied.
type Change struct {
	Known baqylau.Date
	Batch int64 // 0: no import
	Cells Cells
	keys  []Key // of Cells, in their order, when they are known
}

// Sorted is ch with its cells in order, which Append would do otherwise: an import has it done while others write.
func (ch Change) Sorted() Change {
	ch.keys = ch.Cells.sorted()
	return ch
}

var (
	deltaColumns = strings.Fields("subject country region kind week known_on n batch")
	dayColumns   = strings.Fields("country known_on batch deltas negatives")
)

// Append writes changes inside tx. Zero deltas are left out.
func Append(ctx context.Context, tx *store.Tx, changes ...Change) (err error) {
	defer baqylau.Wrap(&err, "series.Append")
	type day struct {
		country, known string
		batch          int64
	}
	no, err := numbers(ctx, tx, changes)
	if err != nil {
		return err
	}
	var most int
	for _, ch := range changes {
		most += len(ch.Cells)
	}
	deltas := make([]any, 0, most*len(deltaColumns))
	var counted []any
	days := map[day][2]int{}
	for _, ch := range changes {
		known := ch.Known.String()
		if ch.keys == nil {
			ch = ch.Sorted()
		}
		for _, k := range ch.keys {
			n := ch.Cells[k]
			deltas = append(deltas, no[Subject{k.Dim, k.ID}], k.Country, k.Region, k.Kind, int64(k.Week), known, int64(n), ch.Batch)
			d := days[day{k.Country, known, ch.Batch}]
			if d[0]++; n < 0 {
				d[1]++
			}
			days[day{k.Country, known, ch.Batch}] = d
		}
	}
	for d, n := range days {
		counted = append(counted, d.country, d.known, d.batch, int64(n[0]), int64(n[1]))
	}
	if err := tx.Insert(ctx, "series_delta", deltaColumns, deltas); err != nil {
		return err
	}
	return tx.Insert(ctx, "series_day", dayColumns, counted)
}

// Corrected tells that what was known of a country before a day counts otherwise since, whether or not a count moved: Mark never is again what it was.
func Corrected(ctx context.Context, tx *store.Tx, country string, day baqylau.Date) error {
	return tx.Insert(ctx, "series_day", dayColumns, []any{country, day.String(), int64(0), int64(1), int64(1)})
}
