package rules

import (
	"cmp"
	"math"
	"slices"

	"github.com/baqylau/baqylau"
)

// bases rank the rules against each other; a country stands above a region, news above more of the same.
var bases = map[Type]float64{FirstCountry: 0.65, FirstFatal: 0.60, ReEmergence: 0.45, FirstRegion: 0.35, RiseExact: 0.45, RiseC1: 0.40, RiseC2: 0.40, RiseC3: 0.30}

// rank is Candidate.Score: the base of its type, +0.2 for a substance marked New, +0.1 for a death, up to +0.05 for several
// occurrences, up to +0.2 for how far a rise stands out, -0.1 for a rise in a region, -0.05 for a family, -0.1 for what is only suspected.
func rank(c Candidate) float64 {
	r := bases[c.Type]
	if c.Substance.New {
		r += 0.2
	}
	if c.Fatal {
		r += 0.1
	}
	r += 0.05 * min(1, float64(c.Events-1)/4)
	if c.Type.Rise() {
		r += 0.2 * strength(c)
		if c.Region != "" {
			r -= 0.1
		}
	}
	if c.Family != "" {
		r -= 0.05
	}
	if c.Confidence == baqylau.Suspected {
		r -= 0.1
	}
	return math.Round(1000*max(0, min(1, r))) / 1000
}

// strength is 0..1: ten powers of ten of the p-value, or ten times the expected count, are full marks.
func strength(c Candidate) float64 {
	if c.Type == RiseExact && c.PValue > 0 {
		return min(1, -math.Log10(c.PValue)/10)
	}
	return min(1, max(0, c.Observed/max(c.Expected, 1)-1)/9)
}

// budget ranks what was found together with what waits, raises as many as the week still allows and keeps first detections waiting.
func (s *State) budget(found []Candidate) (raised, held []Candidate) {
	line := make([]waiter, 0, len(found)+len(s.waiting))
	for _, w := range s.waiting {
		if int(s.week-w.since) <= s.opt.Carry {
			w.RaisedOn = s.on
			line = append(line, w)
		}
	}
	for _, c := range found {
		line = append(line, waiter{c, s.week})
	}
	slices.SortStableFunc(line, func(a, b waiter) int {
		return cmp.Or(cmp.Compare(s.first(a.Candidate), s.first(b.Candidate)), cmp.Compare(b.Score, a.Score), cmp.Compare(slices.Index(Types, a.Type), slices.Index(Types, b.Type)), cmp.Compare(a.since, b.since),
			cmp.Compare(a.Country, b.Country), cmp.Compare(a.Region, b.Region), cmp.Compare(a.Family, b.Family), cmp.Compare(a.Subject(), b.Subject()))
	})
	s.waiting = s.waiting[:0]
	for _, w := range line {
		k := sighting{place: place{w.Country, w.Region}, subject: w.Subject(), family: w.Family != ""}
		rise := w.Type.Rise()
		switch {
		case rise && s.running(k): // raised a moment ago for the whole country
			continue
		case s.spent >= s.opt.Budget || rise && s.rises >= s.opt.RiseBudget:
			held = append(held, w.Candidate)
			if !rise {
				s.waiting = append(s.waiting, w)
			}
			continue
		}
		s.spent++
		r := s.raised[k]
		if rise {
			s.rises++
			r.rise = s.on
		} else {
			r.event = s.on
		}
		s.raised[k] = r
		raised = append(raised, w.Candidate)
	}
	return raised, held
}
