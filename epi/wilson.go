package epi

import "math"

// The four intervals Wilson, ClopperPearson, Jeffreys and AgrestiCoull are for a share x/n where each of n independent persons has the same probability; for a sample with weights,
// strata or clusters use Design. x and n are whole numbers, n > 0, x ≤ n; level is between 0 and 1. Limits are shares, from 0 to 1.

// Wilson inverts the score test: with z the normal quantile,
//
//	[p + z²/2n ± z √(p(1−p)/n + z²/4n²)] / (1 + z²/n),  p = x/n
//
// and exactly 0 or 1 at x = 0 or n. Its coverage is near the level on average; it is the one to publish for ordinary sizes.
//
// Source: E. B. Wilson (1927), Probable inference, the law of succession, and statistical inference, J. Am. Statist. Ass. 22, 209–212.
func Wilson(x, n, level float64) (Interval, error) {
	z, err := normalQuantile(level)
	if err != nil {
		return Undefined(), err
	}
	if err := share(x, n); err != nil {
		return Undefined(), err
	}
	return wilson(x, n, z), nil
}

func wilson(x, n, z float64) Interval {
	p, d := x/n, 1+z*z/n
	centre, half := (p+z*z/(2*n))/d, z/d*math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	i := Interval{centre - half, centre + half}
	if x == 0 {
		i.Lower = 0
	}
	if x == n {
		i.Upper = 1
	}
	return i
}
