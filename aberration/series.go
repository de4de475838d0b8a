package aberration

import "math"

// Series is a series of counts per period of equal length, oldest first.
type Series struct {
	// Counts are the cases per period, 0 or more; NaN marks a period without data.
	Counts []float64
	// Population is the number at risk, tested or asked in each period, 0 or more; nil when it does not matter.
	Population []float64
	// Days are the first days of the periods as days since 1970-01-01, strictly rising; nil when periods are found by index. With
	// days, years of 53 weeks and leap years are seen.
	Days []int
	// Frequency is the number of periods in a year: 365 for days, 52 for weeks, 26 for fortnights, 12 for months; 0 stands for 52.
	Frequency int
}

// perYear is Frequency with its default.
func (s *Series) perYear() int {
	if s.Frequency == 0 {
		return 52
	}
	return s.Frequency
}

// fits reports whether the parts of the series belong together.
func (s *Series) fits() bool {
	n := len(s.Counts)
	return s.Frequency >= 0 && (s.Population == nil || len(s.Population) >= n) && (s.Days == nil || len(s.Days) >= n)
}

// check looks at the point and the lookback periods before it.
func (s *Series) check(at, lookback int) Reason {
	switch {
	case at < 0 || at >= len(s.Counts):
		return OutOfRange
	case !s.fits():
		return InvalidSeries
	case at < lookback || lookback < 0: // a sum that overflowed
		return TooShort
	}
	return check(s.Counts[at-lookback : at+1])
}

func check(values []float64) Reason {
	for _, y := range values {
		if !known(y) {
			if r := classify(y); r != OK { // it is OK for -0
				return r
			}
		}
	}
	return OK
}

// known reports whether y is a count, from 0 to 1e100: squares of larger values would overflow. As bits, all else is larger: negative
// numbers have the first bit set, infinity and NaN the largest exponent. (So has -0, which classify puts right.)
func known(y float64) bool { return math.Float64bits(y) <= largestCount }

const largestCount = 0x54b249ad2594c37d // 1e100

func classify(y float64) Reason {
	switch {
	case y >= 0 && y <= 1e100:
		return OK
	case y < 0 && y >= -1e100:
		return NegativeValue
	}
	return MissingValue
}
