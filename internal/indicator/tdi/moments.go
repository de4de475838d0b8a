package tdi

import "math"

// Moments are the sums of a number over the people who have it, kept whole so that means can be added up without loss.
type Moments struct{ N, Sum, Squares int64 }

func (m *Moments) add(x int64) { m.N, m.Sum, m.Squares = m.N+1, m.Sum+x, m.Squares+x*x }

// Plus adds the people of o.
func (m Moments) Plus(o Moments) Moments {
	return Moments{m.N + o.N, m.Sum + o.Sum, m.Squares + o.Squares}
}

// Mean is the arithmetic mean; NaN of nobody.
func (m Moments) Mean() float64 {
	if m.N == 0 {
		return math.NaN()
	}
	return float64(m.Sum) / float64(m.N)
}

// SD is the standard deviation of a sample (divided by n-1), as R's sd; NaN of fewer than two people. The numerator is a whole number, so nothing cancels.
func (m Moments) SD() float64 {
	if m.N < 2 {
		return math.NaN()
	}
	return math.Sqrt(float64(m.N*m.Squares-m.Sum*m.Sum) / float64(m.N) / float64(m.N-1))
}
