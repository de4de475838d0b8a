package overview

import (
	"context"
	"maps"
	"slices"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/disclosure"
	"github.com/baqylau/baqylau/internal/intake"
	"github.com/baqylau/baqylau/internal/registry"
	"github.com/baqylau/baqylau/internal/series"
	"github.com/baqylau/baqylau/internal/store"
)

// FirstSeen tells when a substance was first seen in any record here, in the own country, and in each of its regions. People who may not see
// series see nothing, and others than those who work on the cases nothing of a place with a few of them.
func FirstSeen(db *store.DB, home string) func(context.Context, access.Actor, string) ([]registry.Sighting, error) {
	return func(ctx context.Context, a access.Actor, id string) (_ []registry.Sighting, err error) {
		defer baqylau.Wrap(&err, "overview.FirstSeen(%s)", id)
		if !access.May(a, access.SeriesRead) {
			return nil, nil
		}
		first := map[string]baqylau.Date{}
		note := func(place string, d baqylau.Date) {
			if old, ok := first[place]; !ok || d.Before(old) {
				first[place] = d
			}
		}
		var regions []string
		countries, err := series.Countries(ctx, db.Read)
		if err != nil {
			return nil, err
		}
		for _, country := range countries {
			places, err := series.Places(ctx, db.Read, series.Query{Country: country, Subject: series.Subject{Dim: series.Substance, ID: id}})
			if err != nil {
				return nil, err
			}
			for _, region := range slices.Sorted(maps.Keys(places)) {
				p := places[region]
				if disclosure.Hides(p.N, disclosure.Figure{Persons: true, Outside: country != home}, disclosure.AudienceOf(a)) {
					continue // the day of a few cases tells of them as their number would
				}
				d, err := firstDay(ctx, db, id, country, region, p.First)
				if err != nil {
					return nil, err
				}
				note("", d)
				if country == home {
					note(home, d)
					if region != "" {
						note(region, d)
						regions = append(regions, region)
					}
				}
			}
		}
		var out []registry.Sighting
		for _, place := range append([]string{"", home}, regions...) {
			if d, ok := first[place]; ok {
				out = append(out, registry.Sighting{Place: place, On: d, Precision: baqylau.Day})
			}
		}
		return out, nil
	}
}

// firstDay is the first day on which a substance was found in a region, within the first week in which the series count it there. Reports that know the year
// only count in the week they became known, and give its Monday.
func firstDay(ctx context.Context, db *store.DB, id, country, region string, week baqylau.Week) (baqylau.Date, error) {
	where, args := "o.region = ?", []any{region}
	if region == "" {
		where, args = "o.region IS NULL", nil
	}
	var day string
	err := db.Read.NewRaw(`SELECT COALESCE(MIN(o.occurred_on),'') FROM occurrence o JOIN report r ON r.occurrence_id = o.id JOIN finding f ON f.report_id = r.id WHERE `+where+`
		AND o.country = ? AND o.occurred_on BETWEEN ? AND ? AND f.substance_id = ? AND f.superseded_on IS NULL AND f.level <> 'not_identified'
		AND `+intake.Current("r")+` AND `+intake.Visible("o")+" AND o.merged_into IS NULL", append(args, country, week.Monday().String(), week.Sunday().String(), id)...).Scan(ctx, &day)
	if err != nil || day == "" {
		return week.Monday(), err
	}
	return baqylau.MustDate(day), nil
}
