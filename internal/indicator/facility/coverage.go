package facility

import (
	"context"
	"maps"
	"math"
	"slices"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/epi"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/indicator"
	"github.com/baqylau/baqylau/internal/indicator/define"
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

// CoverageOf is the coverage of a country as of a day as an actor may see it, latest year first. The count is the sum over facilities, or where none reported the country's own figure of the whole year; those in need
// are the people who inject drugs, of all ages or of 15 to 64, by the latest estimate of the year or before it. A service with no count or no estimate has no line.
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
	cells := map[string]bool{}
	var figures, estimates, own []indicator.Observation
	for _, o := range all {
		switch {
		case o.Value == nil || o.Drug != indicator.AllDrugs || o.Age != indicator.AllAges && (o.Indicator != "pwid_estimate" || o.Age != "15-64"):
		case o.FacilityID != "":
			figures = append(figures, o)
		case o.Place != country || len(o.Breakdown) > 0 || o.Coverage != "":
		case o.Indicator == "pwid_estimate":
			estimates = append(estimates, o)
			cells[o.Cell()] = true
		case wholeYear(&o):
			own = append(own, o)
			cells[o.Cell()] = true
		}
	}
	chosen, err := indicator.Choices(ctx, s.W.DB.Read, slices.Sorted(maps.Keys(cells)), asOf)
	if err != nil {
		return nil, err
	}
	stated := map[string]map[int]indicator.Observation{}
	for _, o := range own {
		year := o.End.Time().Year()
		if stated[o.Indicator] == nil {
			stated[o.Indicator] = map[int]indicator.Observation{}
		}
		if before, ok := stated[o.Indicator][year]; !ok || rank(&o, chosen) > rank(&before, chosen) || rank(&o, chosen) == rank(&before, chosen) && (o.End.After(before.End) || !before.End.After(o.End) && o.Known.After(before.Known)) {
			stated[o.Indicator][year] = o
		}
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

// wholeYear reports whether a figure counts a calendar year; one of a day stands for its year.
func wholeYear(o *indicator.Observation) bool {
	if def, ok := define.Current().Indicator(o.Indicator); ok && def.Span == define.Stock {
		return true
	}
	year := o.End.Time().Year()
	return o.Start == baqylau.NewDate(year, 1, 1) && o.End == baqylau.NewDate(year, 12, 31)
}

// rank puts what a person chose before the rest, and the usual definition before others.
func rank(o *indicator.Observation, chosen map[string]indicator.Choice) int {
	switch {
	case chosen[o.Cell()].ObservationID == o.ID:
		return 2
	case o.Definition == "":
		return 1
	}
	return 0
}

// estimateFor is the latest estimate of a year or before it: of those that end on one day the one that people chose, else that of the usual definition, else the one that was known last.
func estimateFor(all []indicator.Observation, chosen map[string]indicator.Choice, year int) (best *indicator.Observation) {
	for i := range all {
		e := &all[i]
		if *e.Value <= 0 || e.End.Time().Year() > year {
			continue
		}
		if best == nil || e.End.After(best.End) || !best.End.After(e.End) && (rank(e, chosen) > rank(best, chosen) || rank(e, chosen) == rank(best, chosen) && e.Known.After(best.Known)) {
			best = e
		}
	}
	return best
}
