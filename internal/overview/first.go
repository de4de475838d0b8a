package overview

import (
	"context"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/disclosure"
	"github.com/baqylau/baqylau/internal/intake"
	"github.com/baqylau/baqylau/internal/registry"
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
		rows, err := db.Read.QueryContext(ctx, `SELECT o.country, COALESCE(o.region,''), MIN(o.occurred_on), COUNT(DISTINCT o.id) FROM finding f JOIN report r ON r.id = f.report_id
			JOIN occurrence o ON o.id = r.occurrence_id WHERE f.substance_id = ? AND f.superseded_on IS NULL AND f.level <> 'not_identified' 
			AND `+intake.Current("r")+` AND `+intake.Visible("o")+` AND o.merged_into IS NULL AND o.occurred_on IS NOT NULL GROUP BY o.country, o.region`, id)
		if err != nil {
			return nil, err
		}
		defer rows.Close()
		first := map[string]baqylau.Date{}
		note := func(place string, d baqylau.Date) {
			if old, ok := first[place]; !ok || d.Before(old) {
				first[place] = d
			}
		}
		var regions []string
		for rows.Next() {
			var country, region, day string
			var n int
			if err := rows.Scan(&country, &region, &day, &n); err != nil {
				return nil, err
			}
			if disclosure.Hides(n, disclosure.Figure{Persons: true, Outside: country != home}, disclosure.AudienceOf(a)) {
				continue // the day of a few cases tells of them as their number would
			}
			d := baqylau.MustDate(day)
			note("", d)
			if country == home {
				note(home, d)
				if region != "" {
					note(region, d)
					regions = append(regions, region)
				}
			}
		}
		var out []registry.Sighting
		for _, place := range append([]string{"", home}, regions...) {
			if d, ok := first[place]; ok {
				out = append(out, registry.Sighting{Place: place, On: d, Precision: baqylau.Day})
			}
		}
		return out, rows.Err()
	}
}
