package treatment

import (
	"context"
	"math"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/indicator/tdi"
	"github.com/baqylau/baqylau/internal/store"
)

// Coverage is how much of a kind of treatment centre a year's figures cover (collection template of 2022, table 3.1.1).
type Coverage struct {
	Centre    string
	Reporting int      // units with an episode in force
	Units     *int64   // existing in the country; nil not known
	Clients   *float64 // estimated share of the entrants whom the reporting units cover, percent; nil not known
	Note      string
}

// CoverageOf is the coverage of a year as of a day, for each kind of centre in the order of the protocol.
func (s *Service) CoverageOf(ctx context.Context, country string, year int, day baqylau.Date) (out []Coverage, err error) {
	defer baqylau.Wrap(&err, "treatment.CoverageOf(%s, %d)", country, year)
	by := map[string]*Coverage{}
	out = make([]Coverage, len(tdi.Centres.Codes))
	for i, code := range tdi.Centres.Codes {
		out[i].Centre = code
		by[code] = &out[i]
	}
	where, args := inForce("e", day)
	rows, err := s.W.DB.Read.QueryContext(ctx, "SELECT u.centre_type, count(*) FROM (SELECT DISTINCT e.centre_type, e.org_id, e.facility FROM episode e WHERE "+where+" AND e.country = ? AND e.year = ?) u GROUP BY u.centre_type",
		append(args, country, year)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var code string
		var n int
		if err := rows.Scan(&code, &n); err != nil {
			return nil, err
		}
		if c := by[code]; c != nil {
			c.Reporting = n
		}
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	return out, s.stated(ctx, by, country, year, day)
}

// stated fills what people have said of the year; the last word known by the day counts.
func (s *Service) stated(ctx context.Context, by map[string]*Coverage, country string, year int, day baqylau.Date) error {
	rows, err := s.W.DB.Read.QueryContext(ctx, "SELECT centre_type, units, clients, note FROM episode_coverage WHERE country = ? AND year = ? AND known_on <= ? ORDER BY recorded_at, id", country, year, day.String())
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var x Coverage
		if err := rows.Scan(&x.Centre, &x.Units, &x.Clients, &x.Note); err != nil {
			return err
		}
		if c := by[x.Centre]; c != nil {
			c.Units, c.Clients, c.Note = x.Units, x.Clients, x.Note
		}
	}
	return rows.Err()
}

// SetCoverage records what is known of a year; Reporting is counted and not taken. Codes: Invalid, Forbidden.
func (s *Service) SetCoverage(ctx context.Context, actor access.Actor, country string, year int, cs []Coverage) (err error) {
	defer baqylau.Wrap(&err, "treatment.SetCoverage(%s, %d)", country, year)
	var errs baqylau.Errors
	for _, c := range cs {
		if _, ok := tdi.Centres.Parse(c.Centre); !ok {
			errs = append(errs, baqylau.E(baqylau.Invalid, "error.choice").On("centre_type"))
		}
		if c.Units != nil && (*c.Units < 0 || *c.Units > 100_000) {
			errs = append(errs, baqylau.E(baqylau.Invalid, "error.range", "Low", 0, "High", 100_000).On("units_"+c.Centre))
		}
		if c.Clients != nil && !(*c.Clients >= 0 && *c.Clients <= 100) || c.Clients != nil && math.IsNaN(*c.Clients) {
			errs = append(errs, baqylau.E(baqylau.Invalid, "error.range", "Low", 0, "High", 100).On("clients_"+c.Centre))
		}
	}
	if err := errs.OrNil(); err != nil {
		return err
	}
	return s.W.Do(ctx, actor, access.CatalogueEdit, func(ctx context.Context, tx *change.Tx) error {
		tx.Subject("episode_coverage", country, "", map[string]any{"tdi_year": year})
		var values []any
		for _, c := range cs {
			var units, clients any
			if c.Units != nil {
				units = *c.Units
			}
			if c.Clients != nil {
				clients = *c.Clients
			}
			values = append(values, store.NewID(), country, int64(year), c.Centre, units, clients, c.Note, actor.ID, tx.Today().String(), store.Micros(tx.Now))
		}
		return tx.Insert(ctx, "episode_coverage", []string{"id", "country", "year", "centre_type", "units", "clients", "note", "account_id", "known_on", "recorded_at"}, values)
	})
}
