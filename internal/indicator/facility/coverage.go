package facility

import (
	"context"
	"math"
	"slices"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/epi"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/indicator"
)

// Coverage is what a service reached in a year of those in need.
type Coverage struct {
	Year      int
	Service   string // nsp, oat, naloxone
	Served    float64
	Reporting int // facilities that the count adds up; 0: a figure of the country that was stated as such
	InNeed    float64
	Low, High float64 // limits of InNeed; NaN none
	EstimateY int     // year of the estimate
	Issuer    string
	Synthetic bool
	Hidden    bool // from this reader: Served, and what is computed from it, are 0
	epi.Coverage
}

// services are what coverage is computed of, and the indicator that counts it.
var services = []struct {
	service, indicator string
	cover              func(served, need float64, limits epi.Interval) (epi.Coverage, error)
}{{"nsp", "nsp_syringes", epi.SyringeCoverage}, {"oat", "oat_clients", epi.OpioidAgonistCoverage}, {"naloxone", "naloxone_kits", epi.NaloxoneCoverage}}

// CoverageOf is the coverage of a country as of a day as an actor may see it, latest year first. The count is the sum over facilities, or where none reported the country's own figure; those in need are the people who
// inject drugs by the latest estimate of the year or before it. A service with no count or no estimate has no line.
func (s *Service) CoverageOf(ctx context.Context, actor access.Actor, country string, asOf baqylau.Date) (out []Coverage, err error) {
	defer baqylau.Wrap(&err, "facility.CoverageOf(%s)", country)
	if err := access.Check(actor, access.IndicatorRead); err != nil {
		return nil, err
	}
	codes := []string{"pwid_estimate"}
	for _, x := range services {
		codes = append(codes, x.indicator)
	}
	all, err := indicator.Find(ctx, s.W.DB.Read, indicator.Question{Indicators: codes, Country: country, Places: nil, AsOf: asOf, Sexes: []string{indicator.AllSexes}})
	if err != nil {
		return nil, err
	}
	cells := map[string][]indicator.Observation{}
	var figures, estimates []indicator.Observation
	stated := map[string]map[int]indicator.Observation{}
	for _, o := range all {
		switch {
		case o.Value == nil || o.Age != indicator.AllAges && o.Indicator != "pwid_estimate":
		case o.FacilityID != "":
			figures = append(figures, o)
		case o.Place != country || len(o.Breakdown) > 0:
		case o.Indicator == "pwid_estimate":
			estimates = append(estimates, o)
			cells[o.Cell()] = append(cells[o.Cell()], o)
		default:
			if stated[o.Indicator] == nil {
				stated[o.Indicator] = map[int]indicator.Observation{}
			}
			stated[o.Indicator][o.End.Time().Year()] = o
		}
	}
	keys := make([]string, 0, len(cells))
	for k := range cells {
		keys = append(keys, k)
	}
	chosen, err := indicator.Choices(ctx, s.W.DB.Read, keys, asOf)
	if err != nil {
		return nil, err
	}
	hidden, err := s.Hidden(ctx, actor, country, asOf, codes...)
	if err != nil {
		return nil, err
	}
	sums := Sums(figures, "")
	for _, x := range services {
		years := map[int]bool{}
		for y := range stated[x.indicator] {
			years[y] = true
		}
		for y, by := range sums {
			if by[x.indicator].Facilities > 0 {
				years[y] = true
			}
		}
		for y := range years {
			e := estimateFor(estimates, chosen, y)
			if e == nil {
				continue
			}
			c := Coverage{Year: y, Service: x.service, InNeed: *e.Value, Low: math.NaN(), High: math.NaN(), EstimateY: e.End.Time().Year(), Issuer: e.Issuer, Synthetic: e.Synthetic}
			if sum := sums[y][x.indicator]; sum.Facilities > 0 {
				c.Served, c.Reporting, c.Synthetic = sum.Value, sum.Facilities, c.Synthetic || sum.Synthetic
				c.Hidden = hidden[indicator.FacilitySum(x.indicator, y, country)]
			} else {
				o := stated[x.indicator][y]
				c.Served, c.Synthetic, c.Hidden = *o.Value, c.Synthetic || o.Synthetic, hidden[o.ID]
			}
			limits := epi.Undefined()
			if e.Low != nil && e.High != nil && *e.Low <= c.InNeed && c.InNeed <= *e.High && *e.Low > 0 {
				c.Low, c.High = *e.Low, *e.High
				limits = epi.Interval{Lower: c.Low, Upper: c.High}
			}
			if c.Coverage, err = x.cover(c.Served, c.InNeed, limits); err != nil {
				continue // an estimate of nobody
			}
			if c.Hidden {
				c.Served, c.Coverage = 0, epi.Coverage{}
			}
			out = append(out, c)
		}
	}
	slices.SortStableFunc(out, func(a, b Coverage) int { return b.Year - a.Year })
	return out, nil
}

// estimateFor is the latest estimate of a year or before it: the one that people chose where sources differ, else the one that was known last.
func estimateFor(all []indicator.Observation, chosen map[string]indicator.Choice, year int) (best *indicator.Observation) {
	for i := range all {
		e := &all[i]
		if *e.Value <= 0 || e.End.Time().Year() > year {
			continue
		}
		if pick, ok := chosen[e.Cell()]; ok && pick.ObservationID != e.ID {
			continue
		}
		if best == nil || e.End.After(best.End) || !best.End.After(e.End) && e.Known.After(best.Known) {
			best = e
		}
	}
	return best
}
