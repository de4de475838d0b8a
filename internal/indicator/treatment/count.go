package treatment

import (
	"context"
	"database/sql"
	"encoding/base64"
	"fmt"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/indicator/tdi"
)

// Question asks for counted episodes.
type Question struct {
	Country  string
	From, To int          // years, inclusive
	AsOf     baqylau.Date // what was known by that day
	Rule     tdi.Rule
	Centre   string // one kind of treatment centre; "" all
	Region   string // one region; "" all
	OrgID    string // of one sender; "" all
}

// Years are the entrants of a question, year by year, and of all its years.
type Years struct {
	ByYear    map[int]*tdi.Counts
	Whole     *tdi.Counts
	Selected  map[int]tdi.Selection // without Kept
	Synthetic int                   // episodes read that were made up
	Episodes  int
}

// records reads what counting needs of the episodes in force, year by year. Where an actor is given, those whose rows they may see.
func (s *Service) records(ctx context.Context, q Question, whose *access.Actor) (years map[int][]tdi.Record, synthetic int, err error) {
	defer baqylau.Wrap(&err, "treatment.records")
	where, args := inForce("e", q.AsOf)
	and := func(cond string, more ...any) { where, args = where+" AND "+cond, append(args, more...) }
	and("e.country = ? AND e.year >= ? AND e.year <= ?", q.Country, q.From, q.To)
	if q.OrgID != "" {
		and("e.org_id = ?", q.OrgID)
	}
	if whose != nil {
		scope, more := access.Where(*whose, access.EpisodeRead, "e")
		and(scope, more...)
	}
	region, centre := tdi.Number(q.Region), tdi.Centres.NotKnown()
	if q.Centre != "" {
		var ok bool
		if centre, ok = tdi.Centres.Parse(q.Centre); !ok {
			return nil, 0, baqylau.E(baqylau.Invalid, "error.choice").On("centre")
		}
	}
	// The engine strings the packed records of a year together: a row for each episode took five times as long to hand over as to count.
	rows, err := s.W.DB.Read.QueryContext(ctx, "SELECT e.year, string_agg(e.packed, '') FROM episode e WHERE "+where+" GROUP BY e.year", args...)
	if err != nil {
		return nil, 0, err
	}
	defer rows.Close()
	years = map[int][]tdi.Record{}
	for rows.Next() {
		var year int
		var packed sql.RawBytes
		if err := rows.Scan(&year, &packed); err != nil {
			return nil, 0, err
		}
		all, err := unpack(packed)
		if err != nil {
			return nil, 0, err
		}
		kept := all[:0]
		for _, r := range all {
			if q.Region != "" && r.Region != region || q.Centre != "" && r.Codes[tdi.Centre] != centre {
				continue
			}
			if r.Synthetic {
				synthetic++
			}
			kept = append(kept, r)
		}
		years[year] = kept
	}
	return years, synthetic, rows.Err()
}

// unpack reads packed records that stand one after the other.
func unpack(packed []byte) ([]tdi.Record, error) {
	raw := make([]byte, base64.StdEncoding.DecodedLen(len(packed)))
	n, err := base64.StdEncoding.Decode(raw, packed)
	if err != nil || n%tdi.PackedSize != 0 {
		return nil, fmt.Errorf("packed episodes of %d bytes: %w", n, err)
	}
	rs := make([]tdi.Record, n/tdi.PackedSize)
	for i := range rs {
		if err := rs[i].Unpack(raw[i*tdi.PackedSize : (i+1)*tdi.PackedSize]); err != nil {
			return nil, err
		}
	}
	return rs, nil
}

// Count reads and counts the entrants of a question.
func (s *Service) count(ctx context.Context, q Question, whose *access.Actor) (y Years, err error) {
	records, synthetic, err := s.records(ctx, q, whose)
	if err != nil {
		return y, err
	}
	y = Years{ByYear: map[int]*tdi.Counts{}, Whole: tdi.NewCounts(), Selected: map[int]tdi.Selection{}, Synthetic: synthetic}
	for year, rs := range records {
		sel := q.Rule.Select(rs)
		y.ByYear[year] = tdi.Count(sel.Kept)
		y.Whole.Plus(y.ByYear[year])
		sel.Kept = nil
		y.Selected[year] = sel
		y.Episodes += sel.Episodes
	}
	return y, nil
}
