package aberration

import "math"

// Means supplies the in-control mean of every period of a chart.
type Means interface {
	// Fit learns what it needs from the periods before first and appends it to into, which the chart's Memory keeps. It is called
	// once, when the chart begins.
	Fit(s *Series, first int, into []float64) ([]float64, Reason)
	// At is the in-control mean of period at of a chart that began at first; fit is what Fit returned.
	At(fit []float64, s *Series, first, at int) float64
}

// BaselineMean takes the mean of all known periods before the chart begins as the in-control mean of every period.
type BaselineMean struct{}

// Fit gives OutOfRange when the chart begins outside the series, TooShort when it begins at period 0, MissingValue when no period
// before it is known, and NegativeValue.
func (BaselineMean) Fit(s *Series, first int, into []float64) ([]float64, Reason) {
	if first < 0 || first > len(s.Counts) {
		return into, OutOfRange
	}
	sum, n := 0.0, 0.0
	for _, y := range s.Counts[:first] {
		switch {
		case y < 0:
			return into, NegativeValue
		case y <= 1e100:
			sum += y
			n++
		}
	}
	switch {
	case first == 0:
		return into, TooShort
	case n == 0:
		return into, MissingValue
	}
	return append(into, sum/n), OK
}

// At is that mean; NaN without a fit.
func (BaselineMean) At(fit []float64, _ *Series, _, _ int) float64 {
	if len(fit) == 0 {
		return math.NaN()
	}
	return fit[0]
}

// GivenMeans are in-control means by period, from the one at which the chart begins, taken again from the start when the chart
// outlives them: one value stands for all periods, 52 for the weeks of a year.
type GivenMeans []float64

// Fit gives InvalidSettings when there are none.
func (g GivenMeans) Fit(_ *Series, _ int, into []float64) ([]float64, Reason) {
	if len(g) == 0 {
		return into, InvalidSettings
	}
	return into, OK
}

// At is the value for the period; NaN before the first, and when there are none.
func (g GivenMeans) At(_ []float64, _ *Series, first, at int) float64 {
	if len(g) == 0 || at < first {
		return math.NaN()
	}
	return g[(at-first)%len(g)]
}
