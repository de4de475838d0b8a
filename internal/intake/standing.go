package intake

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/series"
	"github.com/baqylau/baqylau/internal/store"
)

// Counted is what occurrences count for: their part of the series, and the findings that make it.
type Counted struct {
	Cells    series.Cells
	findings map[string]standing // by identifier of the finding
}

// standing is what a finding counts as, and since when.
type standing struct {
	place
	since string
}

// place is the occurrence to which a finding belongs, and where and when that was.
type place struct{ occurrence, country, region, occurred, precision string }

// turn keeps what findings counted as before a change that is known from a day, and from when they count as they do now, so that a past day can be counted as it was
// known then (signal.Events). It goes with every change of the series, and by the same day.
func turn(ctx context.Context, tx *change.Tx, known baqylau.Date, before, after map[string]standing) error {
	day := known.String()
	var past bulk
	var gone, anew []string
	touched := map[string]bool{} // countries
	for id, b := range before {
		a, stays := after[id]
		if stays && a.place == b.place {
			continue
		}
		touched[b.country] = true
		if b.since < day {
			past.row(id, b.occurrence, b.country, store.Null(b.region), store.Null(b.occurred), b.precision, b.since, day)
		}
		if !stays {
			gone = append(gone, id)
		} else if b.since < day {
			anew = append(anew, id)
		}
	}
	for id, a := range after {
		b, stood := before[id]
		if stood && a.place == b.place {
			continue
		}
		touched[a.country] = true
		if !stood && a.since < day {
			anew = append(anew, id)
		}
	}
	for _, country := range slices.Sorted(maps.Keys(touched)) { // a second turn of a day leaves no other trace: the day from which it counts is the same
		if err := series.Corrected(ctx, tx.Tx, country, known); err != nil {
			return err
		}
	}
	if err := forget(ctx, tx, day, gone); err != nil {
		return err
	}
	if err := past.insert(ctx, tx, "finding_past", pastColumns); err != nil {
		return err
	}
	return inChunks(anew, func(marks string, args []any) error {
		_, err := tx.NewRaw("UPDATE finding SET since_on = ? WHERE id IN ("+marks+")", append([]any{day}, args...)...).Exec(ctx)
		return err
	})
}

// forget takes back what findings counted as on day and after it: an undone import was never known.
func forget(ctx context.Context, tx *change.Tx, day string, gone []string) error {
	return inChunks(gone, func(marks string, args []any) error {
		var later int
		if err := tx.NewRaw("SELECT count(*) FROM finding_past WHERE finding_id IN ("+marks+") AND until_on > ?", append(args[:len(args):len(args)], day)...).Scan(ctx, &later); err != nil || later == 0 {
			return err
		}
		if _, err := tx.NewRaw("DELETE FROM finding_past WHERE finding_id IN ("+marks+") AND from_on >= ?", append(args[:len(args):len(args)], day)...).Exec(ctx); err != nil {
			return err
		}
		_, err := tx.NewRaw("UPDATE finding_past SET until_on = ? WHERE finding_id IN ("+marks+") AND until_on > ?", append(append([]any{day}, args...), day)...).Exec(ctx)
		return err
	})
}

// inChunks gives identifiers to fn in lists that a statement can hold.
func inChunks(ids []string, fn func(marks string, args []any) error) error {
	for at := 0; at < len(ids); at += chunkRows {
		if err := fn(store.In(ids[at:min(at+chunkRows, len(ids))])); err != nil {
			return err
		}
	}
	return nil
}

var pastColumns = strings.Fields("finding_id occurrence_id country region occurred_on occurred_precision from_on until_on")
