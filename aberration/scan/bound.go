package scan

import "math"

// cellLaw is the distribution of the cases of a cell under the null hypothesis.
func (m *model) cellLaw(cell int) law {
	switch m.method {
	case ExpectationPoisson:
		return poisson(m.expected[cell])
	case PopulationPoisson:
		return binomial(m.total, m.expected[cell]/m.total)
	}
	return hypergeometric(m.periodCases[cell%m.window], m.zoneCases[cell/m.window], m.total)
}

// bound is the sum over all cells of the probability that the ratio reaches the given one, or some number above limit if it is.
func (m *model) bound(llr, limit float64) float64 {
	floor, sum := reached(llr), 0.0
	for cell, e := range m.expected {
		if math.IsInf(e, 1) {
			continue
		}
		l := m.cellLaw(cell)
		if c, ok := m.least(e, m.curve[cell], floor, l.most); ok {
			if sum += l.tail(c); sum > limit {
				return min(1, sum)
			}
		}
	}
	return min(1, sum)
}

// least is the smallest number of cases, up to most, with which a cell that expects e reaches the floor.
func (m *model) least(e, curve, floor, most float64) (float64, bool) {
	reaches := func(c float64) bool { return c > e && m.ratio(c, e) >= floor }
	// No number below from can: the ratio is at most (c-e)² curve.
	from := max(math.Floor(e)+1, m.minCases, math.Ceil(e+math.Sqrt(max(0, floor)/curve)*(1-1e-9)))
	if from > most || from > 4*maxCases {
		return 0, false
	}
	if reaches(from) {
		return from, true
	}
	if from == most {
		return 0, false
	}
	// The ratio is convex in c, so that its tangent reaches the floor at a number that does too.
	slope := math.Log(from / e)
	if m.method != ExpectationPoisson {
		slope -= math.Log1p((e - from) / (m.total - e))
	}
	high := min(most, max(from+1, math.Ceil(from+(floor-m.ratio(from, e))/slope)))
	for step := 1.0; !reaches(high); step *= 2 {
		if high >= most || high > 4*maxCases {
			return 0, false
		}
		high = min(most, high+step)
	}
	low := from
	for high-low > 1 {
		if c := math.Floor((low + high) / 2); reaches(c) {
			high = c
		} else {
			low = c
		}
	}
	return high, true
}
