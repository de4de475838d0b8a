package indicator

import (
	"context"
	"slices"
	"strconv"

	"github.com/baqylau/baqylau"
	"github.com/uptrace/bun"
)

// facet is a combination of dimensions for which an indicator has figures, and the years that they span.
type facet struct {
	place, drug, sex, age, breakdown string
	keys                             Breakdown
	first, last                      int
}

// facets lists the combinations for which an indicator has figures in a country that were known by a day.
func facets(ctx context.Context, db bun.IDB, code, country string, day baqylau.Date) (out []facet, err error) {
	defer baqylau.Wrap(&err, "indicator.facets(%s)", code)
	rows, err := db.QueryContext(ctx, "SELECT o.place, o.drug, o.sex, o.age, o.breakdown, MIN(o.end_on), MAX(o.end_on) FROM observation o WHERE o.indicator = ? AND o.country = ? AND o.known_on <= ? AND "+
		revealed("o")+" GROUP BY o.place, o.sex, o.age, o.drug, o.breakdown ORDER BY o.place, o.sex, o.age, o.drug, o.breakdown", code, country, day.String())
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var f facet
		var first, last string
		if err := rows.Scan(&f.place, &f.drug, &f.sex, &f.age, &f.breakdown, &first, &last); err != nil {
			return nil, err
		}
		if f.keys, err = ParseBreakdown(f.breakdown); err != nil {
			return nil, err
		}
		f.first, f.last = yearOf(first), yearOf(last)
		out = append(out, f)
	}
	return out, rows.Err()
}

func yearOf(date string) int {
	y, err := strconv.Atoi(date[:min(4, len(date))])
	if err != nil {
		return 0
	}
	return y
}

// value is the facet's value along a dimension; "" where a breakdown is not there.
func (f *facet) value(dim string) string {
	switch dim {
	case dimPlace:
		return f.place
	case dimDrug:
		return f.drug
	case dimSex:
		return f.sex
	case dimAge:
		return f.age
	}
	return f.keys[dim]
}

// The dimensions that every observation has; further ones are named by their breakdown.
const (
	dimPlace = "place"
	dimDrug  = "drug"
	dimSex   = "sex"
	dimAge   = "age"
)

// dimensionsOf are the dimensions along which facets differ, breakdowns last.
func dimensionsOf(all []facet) []string {
	out := []string{dimPlace, dimDrug, dimSex, dimAge}
	var keys []string
	for i := range all {
		for k := range all[i].keys {
			if !slices.Contains(keys, k) {
				keys = append(keys, k)
			}
		}
	}
	slices.Sort(keys)
	return append(out, keys...)
}
