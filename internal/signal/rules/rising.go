package rules

import (
	"cmp"
	"math"
	"slices"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/aberration"
)

// all is the subject under which every occurrence of a place is counted.
const all = "\x00all"

// rising counts the events and tests every series that moved. A series without a new event this week cannot rise.
func (s *State) rising(events []Event) []Candidate {
	touched := map[sighting]bool{}
	members := map[sighting][]sighting{} // substances of a family that were counted in the same place
	for _, e := range events {
		if s.on.Sub(e.OccurredOn) > s.opt.Stale {
			continue
		}
		id := e.Substance.id()
		places := []place{{e.Country, ""}}
		if e.Region != "" {
			places = append(places, place{e.Country, e.Region})
		}
		for _, p := range places {
			s.count(sighting{place: p, subject: all}, &e, nil)
			if id != "" {
				s.count(sighting{place: p, subject: id}, &e, touched)
			}
			for _, f := range e.Families {
				k := sighting{place: p, subject: f, family: true}
				s.count(k, &e, touched)
				if id != "" {
					members[k] = append(members[k], sighting{place: p, subject: id})
				}
			}
		}
	}
	order := make([]sighting, 0, len(touched))
	for k := range touched {
		order = append(order, k)
	}
	slices.SortFunc(order, func(a, b sighting) int {
		return cmp.Or(cmp.Compare(a.country, b.country), cmp.Compare(a.region, b.region), cmp.Compare(a.subject, b.subject), compareBool(a.family, b.family))
	})
	var alarms []alarm
	for _, k := range order {
		if a, ok := s.test(k); ok {
			alarms = append(alarms, a)
		}
	}
	return s.worth(s.control(alarms), members)
}

// count books the occurrence in a series, once.
func (s *State) count(k sighting, e *Event, touched map[sighting]bool) {
	if !s.fresh(e.OccurrenceID, k) {
		return
	}
	x := s.series[k]
	if x == nil {
		x = &series{}
		s.series[k] = x
	}
	if !k.family {
		x.name = e.Substance
	}
	if k.subject == all {
		x.add(s.week, e, s.opt.Baseline+s.opt.Window, 0)
		return
	}
	x.add(s.week, e, s.opt.Baseline+s.opt.Window, s.opt.Window)
	touched[k] = true
}

// alarm is a series above a bound this week.
type alarm struct {
	key      sighting
	kind     Type
	observed float64
	weeks    int // that observed and expected cover
	aberration.Result
}

// test judges one series at the current week: by the exact test where it is sparse, by EARS where it is dense.
func (s *State) test(k sighting) (alarm, bool) {
	o := s.opt
	start := s.started[k.place].Week()
	from := max(start, s.week-baqylau.Week(o.Window+o.Baseline-1))
	s.scratch = s.series[k].fill(s.scratch, from, s.week)
	y := s.scratch
	last := len(y) - 1
	baseline := len(y) - o.Window
	if baseline < o.MinHistory {
		return alarm{}, false
	}
	now, before := sum(y[baseline:]), sum(y[:baseline])
	volume := s.volume(k, from, baseline, now, before)
	best := alarm{key: k}
	if before/float64(baseline) < o.Dense {
		best.kind, best.weeks, best.observed = RiseExact, o.Window, now
		best.Result = aberration.Exact{Alpha: o.Alpha}.Compare(now, float64(o.Window)*volume, before, float64(baseline))
		return best, best.Alarm && best.worthwhile(o, 1)
	}
	best.observed, best.weeks = y[last], 1
	dense := aberration.Series{Counts: y, Frequency: 52}
	for i, d := range s.ears {
		r := d.Evaluate(&dense, last, nil)
		if r.Alarm && (best.kind == "" || r.Score > best.Score) && r.Expected < best.observed {
			best.kind, best.Result = []Type{RiseC1, RiseC2, RiseC3}[i], r
		}
	}
	return best, best.kind != "" && best.worthwhile(o, volume)
}

// volume is how much more is being reported from the place than before, leaving out the subject itself so that its own rise does not
// hide it; at least 1. When a region's reporting improves, everything seems to rise at once, and nothing has.
func (s *State) volume(k sighting, from baqylau.Week, baseline int, now, before float64) float64 {
	s.totals = s.series[sighting{place: k.place, subject: all}].fill(s.totals, from, s.week)
	othersNow, othersBefore := sum(s.totals[baseline:])-now, sum(s.totals[:baseline])-before
	rate := float64(baseline) / float64(s.opt.Window)
	return max(1, othersNow*rate/max(1, othersBefore))
}

func sum(y []float64) (total float64) {
	for _, v := range y {
		total += v
	}
	return total
}

// worthwhile leaves out what is significant and too small to act on.
func (a alarm) worthwhile(o Options, volume float64) bool {
	return a.observed >= float64(o.MinEvents) && a.observed >= o.MinRatio*a.Expected*volume
}

// control keeps the false discovery rate of the exact test over all series of the State. Series that did not move have p = 1.
func (s *State) control(alarms []alarm) []alarm {
	var p []float64
	for _, a := range alarms {
		if a.kind == RiseExact {
			p = append(p, a.PValue)
		}
	}
	q := aberration.BenjaminiHochberg(p, len(s.series))
	i := -1
	return slices.DeleteFunc(alarms, func(a alarm) bool {
		if a.kind != RiseExact {
			return false
		}
		i++
		return q[i] > s.opt.FDR
	})
}

// worth turns alarms into candidates: a family's rise that one of its substances already tells is left out, and so is what is part of
// a running signal.
func (s *State) worth(alarms []alarm, members map[sighting][]sighting) []Candidate {
	rising := map[sighting]bool{}
	for _, a := range alarms {
		rising[a.key] = true
	}
	var out []Candidate
	for _, a := range alarms {
		explained := a.key.family && slices.ContainsFunc(members[a.key], func(m sighting) bool { return rising[m] })
		if !explained && !s.running(a.key) {
			out = append(out, s.candidate(a))
		}
	}
	return out
}

// running reports whether a raised signal still covers a rise: a rise of the same subject there or in the whole country, or a recent
// first detection there.
func (s *State) running(k sighting) bool {
	within := func(d baqylau.Date, days int) bool { return !d.IsZero() && s.on.Sub(d) < days }
	here := s.raised[k]
	whole := s.raised[sighting{place: place{k.country, ""}, subject: k.subject, family: k.family}]
	return within(here.rise, s.opt.CoolOff) || within(whole.rise, s.opt.CoolOff) || within(here.event, s.opt.Settle) || within(whole.event, s.opt.Settle)
}

func (s *State) candidate(a alarm) Candidate {
	x := s.series[a.key]
	c := Candidate{Type: a.kind, RaisedOn: s.on, Country: a.key.country, Region: a.key.region, Observed: a.observed, Expected: a.Expected, Bound: a.Bound, PValue: a.PValue}
	if math.IsNaN(c.PValue) {
		c.PValue = -1
	}
	if a.key.family {
		c.Family = a.key.subject
	} else {
		c.Substance = x.name
	}
	for _, w := range x.recent {
		if int(s.week-w.week) < a.weeks {
			c.witness(*w.Event)
		}
	}
	c.Score = rank(c)
	c.Explanation = explainRise(c, a.weeks)
	return c
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}
