// Package series keeps the weekly counts of occurrences by substance, family, region and kind as an append-only list of deltas,
// moved in the transaction that writes the facts. Because every delta carries known_on, any count can be answered as of any past day;
// undo and corrections append negatives and never rewrite.
package series

import (
	"context"

	"github.com/baqylau/baqylau"
	"github.com/uptrace/bun"
)

// Dim is what a count is about.
type Dim string

// The dimensions. Total counts occurrences whatever was found.
const (
	Substance Dim = "substance"
	Family    Dim = "family"
	Total     Dim = "total"
)

// Subject is a substance or a family.
type Subject struct {
	Dim Dim
	ID  string
}

// Revealed is the condition under which rows of the series' tables are seen: those of an import that is still being written are not. It is a matter of the
// batch and of nothing else, so that revealing a million rows touches one.
const Revealed = "batch NOT IN (SELECT no FROM batch WHERE state = 'applying')"

// Mark changes when deltas known up to day on have come, or corrections of any day.
func Mark(ctx context.Context, db bun.IDB, country string, on baqylau.Date) (n int64, err error) {
	err = db.NewRaw("SELECT CAST(COALESCE(SUM(CASE WHEN known_on <= ? THEN deltas ELSE negatives END), 0) AS BIGINT) FROM series_day WHERE country = ? AND "+Revealed, on.String(), country).Scan(ctx, &n)
	return n, err
}

// LastKnown is the last day on which something became known of a country; the zero date when nothing did.
func LastKnown(ctx context.Context, db bun.IDB, country string) (baqylau.Date, error) {
	var last string
	if err := db.NewRaw("SELECT COALESCE(MAX(known_on),'') FROM series_day WHERE country = ? AND "+Revealed, country).Scan(ctx, &last); err != nil {
		return baqylau.Date{}, err
	}
	d, _, err := baqylau.ParseDate(last)
	return d, err
}

// Countries lists the countries that have counts.
func Countries(ctx context.Context, db bun.IDB) ([]string, error) {
	var cs []string
	err := db.NewRaw("SELECT DISTINCT country FROM series_day WHERE "+Revealed+" ORDER BY country").Scan(ctx, &cs)
	return cs, err
}

// Moved is the job that tells the detectors that counts of a country changed. Package signal works it.
type Moved struct {
	Country string `json:"country"`
}

// Kind names the job.
func (Moved) Kind() string { return "series_moved" }
