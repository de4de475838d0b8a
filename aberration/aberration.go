// Package aberration finds unusual rises in series of counts, as R's surveillance package does and beyond: the Farrington methods,
// EARS, Bayes, RKI and CDC bounds, CUSUM and likelihood-ratio charts, exact tests and bounds for what is rare or new,
// nowcasting, control of false discoveries, and disproportionality of reports. Package scan looks
// for clusters in space and time. It is pure: no input or output, no clock.
//
// A detector is a small value that holds its settings. It judges one period of a Series at a time:
//
//	d := aberration.C2()
//	r := d.Evaluate(&aberration.Series{Counts: counts, Frequency: 52}, len(counts)-1, nil)
//	if r.Alarm { … }
//
// A Memory given as the last argument is reused from call to call, which makes evaluation free of allocations and lets charts go
// on from the period before. Stream does this for one series that grows, Batch for thousands at once.
//
// Nothing panics, whatever the numbers and settings: what cannot be computed comes back with a Reason, which stands in results of
// several numbers, and is the error of functions that return one or two.
package aberration

import "math"

// Detector judges one period of a series. Implementations are small values, safe for concurrent use as long as each goroutine has
// its own Memory.
type Detector interface {
	// Name is a short stable identifier, for example "ears_c1"; it is stored with signals.
	Name() string
	// Lookback is the number of periods that must lie before the first one judged, in a series of weeks. Methods that look back whole years
	// need as many years of any other series, and say TooShort until they have them.
	Lookback() int
	// Evaluate judges s.Counts[at]; later periods are not read. The result depends on s, at and the settings alone. The memory may
	// be nil; see Memory for what reusing one asks.
	Evaluate(s *Series, at int, m *Memory) Result
}

// Mode says what a detector does at its fragile points: baselines that are all zero or constant, or where a fit runs off to infinity.
type Mode uint8

// The modes.
const (
	// Guarded replaces a bound that rests on nothing by the Gamma–Poisson bound of the baseline and says so in Result.Guarded.
	Guarded Mode = iota
	// Reference follows R surveillance step by step.
	Reference
)

// Result is the verdict on one period. Numbers that a method does not have are NaN.
type Result struct {
	// Expected is the count expected without a rise, in cases.
	Expected float64
	// Bound is the largest count that is still no alarm, in cases. For a chart (CUSUM and its kin) it is the count from which on it would
	// have alarmed, where the chart gives one.
	Bound float64
	// Score is the exceedance (y-Expected)/(Bound-Expected) of Farrington et al. (1996): above 1 lies beyond the bound. It is cut
	// to ±MaxScore, which also stands for a bound that leaves no room, and is 0 when there is no result. Charts give their
	// statistic as a share of its limit.
	Score float64
	// PValue is the one-sided probability of a count at least as large when nothing has changed.
	PValue float64
	// Dispersion is the estimated ratio of variance to mean, 1 for Poisson.
	Dispersion float64
	// Slope is the trend that was kept, as change of the log of the mean per period; 0 when it was tested and dropped.
	Slope float64
	// Statistic is the value of a chart (CUSUM, likelihood ratio, odds).
	Statistic float64
	// Trend reports that the model kept a trend.
	Trend bool
	// Alarm reports that the count lies above the bound, or the statistic above its limit. It is false whenever Reason is not OK.
	Alarm bool
	// Guarded reports that the bound is the Gamma–Poisson bound, because the method's own rests on nothing here.
	Guarded bool
	// Reason says why there is no verdict, or OK. Where only the count itself is missing, Expected and Bound are still given.
	Reason Reason
}

// MaxScore caps Result.Score, so that it stays a finite number that can be stored and sorted.
const MaxScore = 1000

// blank is a result whose numbers are all still undefined.
func blank() Result {
	nan := math.NaN()
	return Result{Expected: nan, Bound: nan, PValue: nan, Dispersion: nan, Slope: nan, Statistic: nan}
}

func none(r Reason) Result {
	b := blank()
	b.Reason = r
	return b
}

func exceedance(y, expected, bound float64) float64 {
	switch {
	case y == expected && y <= bound:
		return 0
	case bound <= expected && y > bound: // of a rare event, or at a large error rate
		return MaxScore
	case bound <= expected:
		return -MaxScore
	}
	return max(-MaxScore, min(MaxScore, (y-expected)/(bound-expected)))
}
