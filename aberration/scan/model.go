package scan

import (
	"math"

	"github.com/baqylau/baqylau/aberration"
)

// model is a data set made ready: the cases in the window, and what every cell, that is a zone over the last d+1 periods, expects.
// Lists by place or zone and duration have the index place*window + d.
type model struct {
	method         Method
	zones          *Zones
	places, window int
	minCases       float64
	total          float64   // N, all cases; for ExpectationPoisson 0
	seen           []float64 // cases of each place in the last d+1 periods
	expected       []float64 // of each cell; +Inf where the zone is left out
	curve          []float64 // of each cell, with (c-e)² curve >= its ratio for any c > e
	sums           []float64 // of each zone, after a row for the empty set
	best           []float64 // largest ratio of each zone
	long           []int32   // and its duration - 1
	silent         bool      // there is no case in the window, and nothing else was computed
	taken, marked  []bool    // zones and places of clusters already chosen

	placeCases, periodCases []float64 // SpaceTimePermutation: N of each place; of each of the last d+1 periods
	zoneCases               []float64
	mean                    []float64 // the others: expected cases of each place in the last d+1 periods
	single                  []float64 // and in that period alone; for PopulationPoisson its share of the population
	lots                    lots
}

func grown[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}

func zeroed[T any](s []T, n int) []T {
	s = grown(s, n)
	clear(s)
	return s
}

// prepare checks settings and data and computes everything that the null hypothesis does not change.
func (m *model) prepare(s *Scan, d *Data) aberration.Reason {
	if !s.valid() {
		return aberration.InvalidSettings
	}
	m.method, m.zones, m.places, m.window = s.Method, s.Zones, s.Zones.places, s.MaxDuration
	if r := d.check(s.Method, m.places, m.window); r != aberration.OK {
		return r
	}
	m.minCases, m.silent = float64(max(1, s.MinCases)), false
	n := m.zones.Len() * m.window
	m.expected, m.curve = grown(m.expected, n), grown(m.curve, n)
	m.sums = zeroed(m.sums, n+m.window)
	var r aberration.Reason
	switch s.Method {
	case SpaceTimePermutation:
		r = m.permutation(d, s.MaxShare)
	case ExpectationPoisson:
		r = m.expectation(d, s.MaxShare)
	case PopulationPoisson:
		r = m.population(d, s.MaxShare)
	}
	if r != aberration.OK || m.silent {
		return r
	}
	for i, e := range m.expected {
		m.curve[i] = m.curvature(e)
	}
	return aberration.OK
}

// recent loads the cases of the window, and those before it when all is true, and gives the sum of what it read.
func (m *model) recent(d *Data, all bool) (float64, aberration.Reason) {
	w, total := m.window, 0.0
	m.seen = grown(m.seen, m.places*w)
	m.placeCases = grown(m.placeCases, m.places)
	m.periodCases = zeroed(m.periodCases, w)
	for p, series := range d.Counts {
		sum := 0.0
		row := m.seen[p*w : (p+1)*w]
		for t := range row {
			y := series[len(series)-1-t]
			if r := count(y); r != aberration.OK {
				return 0, r
			}
			sum += y
			row[t] = sum
			m.periodCases[t] += sum
		}
		if all {
			for _, y := range series[:len(series)-w] {
				if r := count(y); r != aberration.OK {
					return 0, r
				}
				sum += y
			}
		}
		m.placeCases[p] = sum
		total += sum
	}
	if total > maxCases {
		return 0, aberration.NotACount
	}
	return total, aberration.OK
}

func (m *model) permutation(d *Data, maxShare float64) (r aberration.Reason) {
	if m.total, r = m.recent(d, true); r != aberration.OK {
		return r
	}
	z, w := m.zones, m.window
	if m.silent = m.periodCases[w-1] == 0; m.silent {
		return aberration.OK
	}
	m.zoneCases = grown(m.zoneCases, z.Len())
	for i, parent := range z.parent {
		sum := 0.0
		if parent >= 0 {
			sum = m.zoneCases[parent]
		}
		for _, p := range z.added[z.start[i]:z.start[i+1]] {
			sum += m.placeCases[p]
		}
		m.zoneCases[i] = sum
		row := m.expected[i*w : (i+1)*w]
		for t, period := range m.periodCases {
			switch {
			case tooLarge(sum, m.total, maxShare):
				row[t] = math.Inf(1)
			default:
				row[t] = sum * period / m.total
			}
		}
	}
	return aberration.OK
}

func tooLarge(part, whole, maxShare float64) bool {
	return maxShare > 0 && part > maxShare*whole*(1+1e-12)
}

func (m *model) expectation(d *Data, maxShare float64) aberration.Reason {
	if _, r := m.recent(d, false); r != aberration.OK {
		return r
	}
	w, total := m.window, 0.0
	m.total = 0
	m.mean, m.single = grown(m.mean, m.places*w), grown(m.single, m.places*w)
	for p, series := range d.Expected {
		sum := 0.0
		for t := range w {
			e := series[len(series)-1-t]
			if r := amount(e); r != aberration.OK {
				return r
			}
			if e > maxCases {
				return aberration.InvalidSeries
			}
			sum += e
			m.mean[p*w+t], m.single[p*w+t] = sum, e
		}
		total += sum
	}
	if total > maxCases {
		return aberration.InvalidSeries
	}
	m.spread(total, maxShare, nil)
	return aberration.OK
}

func (m *model) population(d *Data, maxShare float64) (r aberration.Reason) {
	if m.total, r = m.recent(d, true); r != aberration.OK {
		return r
	}
	w, total := m.window, 0.0
	m.mean, m.single = grown(m.mean, m.places*w), grown(m.single, m.places*w)
	periods := len(d.Counts[0])
	m.placeCases = grown(m.placeCases, m.places) // from here on the population of each place over the study period
	for p, series := range d.Population {
		sum := 0.0
		for t := range periods {
			y := series[max(0, len(series)-1-t)]
			if r := amount(y); r != aberration.OK {
				return r
			}
			sum += y
			if t < w {
				m.mean[p*w+t], m.single[p*w+t] = sum, y
			}
		}
		m.placeCases[p] = sum
		total += sum
	}
	if !(total > 0) || math.IsInf(total, 1) {
		return aberration.InvalidSeries
	}
	for i := range m.mean {
		m.mean[i] = m.total * (m.mean[i] / total)
		m.single[i] /= total
	}
	m.spread(total, maxShare, m.placeCases)
	return aberration.OK
}

// spread sums the expected cases of places to those of zones. The size of a place, for the largest share, is what size says, or its
// expected cases in the window.
func (m *model) spread(total, maxShare float64, size []float64) {
	z, w := m.zones, m.window
	m.zoneCases = grown(m.zoneCases, z.Len())
	for i, parent := range z.parent {
		row, sum := m.sums[(i+1)*w:(i+2)*w], 0.0 // sums is free until the search
		copy(row, m.sums[(int(parent)+1)*w:])
		if parent >= 0 {
			sum = m.zoneCases[parent]
		}
		for _, p := range z.added[z.start[i]:z.start[i+1]] {
			for t, e := range m.mean[int(p)*w : (int(p)+1)*w] {
				row[t] += e
			}
			if size != nil {
				sum += size[p]
			} else {
				sum += m.mean[int(p)*w+w-1]
			}
		}
		m.zoneCases[i] = sum
		copy(m.expected[i*w:(i+1)*w], row)
		if tooLarge(sum, total, maxShare) {
			for t := range row {
				m.expected[i*w+t] = math.Inf(1)
			}
		}
	}
}
