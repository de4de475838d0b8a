// Package aberration finds unusual rises in series of counts: EARS C1, C2 and C3, an exact conditional test for sparse series, and
// a Gamma–Poisson bound for what has been absent or nearly so. It is pure: no input or output, no clock, no state.
//
// A series is a slice of counts per period of equal length, oldest first; NaN marks a period without data. A detector looks at
// one point and a fixed stretch before it, so a caller that streams needs to keep only the last Lookback()+1 values.
// Evaluate allocates nothing and never panics: what cannot be computed comes back with a Reason.
package aberration

import "math"

// Detector judges one point of a series. Implementations are small values, safe for concurrent use.
type Detector interface {
	// Name is a short stable identifier, for example "ears_c1"; it is stored with signals.
	Name() string
	// Lookback is the number of periods before the evaluated one that Evaluate reads.
	Lookback() int
	// Evaluate judges series[at]. Only series[at-Lookback() : at+1] is read.
	Evaluate(series []float64, at int) Result
}

// Result is the verdict on one point.
type Result struct {
	// Expected is the count expected without a rise, in cases; NaN when not OK.
	Expected float64
	// Bound is the largest count that is still no alarm; NaN when not OK.
	Bound float64
	// Score is the exceedance (y-Expected)/(Bound-Expected) of Farrington et al. (1996): above 1 lies beyond the bound. It is cut
	// to ±MaxScore, which also stands for a bound that leaves no room, and is 0 when there is no result.
	Score float64
	// PValue is the one-sided probability of a count at least as large when nothing has changed; NaN where the method has none.
	PValue float64
	// Alarm reports that the count lies above the bound. It is false whenever Reason is not OK.
	Alarm bool
	// Reason says why there is no result, or OK.
	Reason Reason
}

// MaxScore caps Result.Score, so that it stays a finite number that can be stored and sorted.
const MaxScore = 1000

// Reason is a closed list of causes for a missing result. The zero value is OK.
type Reason uint8

// The reasons.
const (
	OK              Reason = iota // the result is valid
	OutOfRange                    // the evaluated index is outside the series
	TooShort                      // fewer periods before the point than Lookback()
	MissingValue                  // NaN, or no finite number of cases (beyond 1e100), at the point or in its baseline
	NegativeValue                 // a count below zero
	NotACount                     // a count that is not a whole number, where the method needs one
	ZeroVariance                  // the baseline is constant and the method divides by its standard deviation
	InvalidSettings               // a parameter of the detector is outside its range
)

var reasons = [...]string{"ok", "out_of_range", "too_short", "missing_value", "negative_value", "not_a_count", "zero_variance", "invalid_settings"}

// String is a stable code such as "too_short"; it serves as the last part of a message key.
func (r Reason) String() string {
	if int(r) < len(reasons) {
		return reasons[r]
	}
	return "unknown"
}

func none(r Reason) Result {
	return Result{Expected: math.NaN(), Bound: math.NaN(), PValue: math.NaN(), Reason: r}
}

// window checks the point and the lookback periods before it.
func window(series []float64, at, lookback int) Reason {
	switch {
	case at < 0 || at >= len(series):
		return OutOfRange
	case at < lookback:
		return TooShort
	}
	return check(series[at-lookback : at+1])
}

func check(values []float64) Reason {
	for _, y := range values {
		switch {
		case math.IsNaN(y) || math.Abs(y) > 1e100: // squares of larger values would overflow
			return MissingValue
		case y < 0:
			return NegativeValue
		}
	}
	return OK
}

func exceedance(y, expected, bound float64) float64 {
	switch {
	case y == expected:
		return 0
	case bound <= expected:
		return math.Copysign(MaxScore, y-expected)
	}
	return max(-MaxScore, min(MaxScore, (y-expected)/(bound-expected)))
}
