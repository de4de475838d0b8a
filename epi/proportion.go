package epi

import (
	"math"

	"github.com/baqylau/baqylau/dist"
)

// ClopperPearson is the exact interval: beta quantiles at α/2 of (x, n−x+1) and at 1−α/2 of (x+1, n−x), 0 and 1 at the ends. Its coverage is never
// below the level, and often well above: for guarantees, and for few cases.
//
// Source: C. J. Clopper, E. S. Pearson (1934), The use of confidence or fiducial limits illustrated in the case of the binomial,
// Biometrika 26, 404–413.
func ClopperPearson(x, n, level float64) (Interval, error) { return betaLimits(x, n, level, 0) }

// Jeffreys is the equal-tailed posterior interval under the prior Beta(½, ½), that is the beta quantiles of (x+½, n−x+½), with 0 and 1 at the ends.
//
// Source: L. D. Brown, T. T. Cai, A. DasGupta (2001), Interval estimation for a binomial proportion, Statistical Science 16, 101–133.
func Jeffreys(x, n, level float64) (Interval, error) { return betaLimits(x, n, level, 0.5) }

// betaLimits are those of Clopper and Pearson (half 0) or of Jeffreys (half ½).
func betaLimits(x, n, level, half float64) (Interval, error) {
	if _, err := normalQuantile(level); err != nil {
		return Undefined(), err
	}
	if err := share(x, n); err != nil {
		return Undefined(), err
	}
	tail, rest := (1-level)/2, 1-half
	i := Interval{0, 1}
	if x > 0 {
		i.Lower = dist.BetaQuantile(tail, x+half, n-x+rest)
	}
	if x < n {
		i.Upper = dist.BetaQuantile(1-tail, x+rest, n-x+half)
	}
	return i, nil
}

// AgrestiCoull is the interval of Wald after z²/2 successes and as many failures are added, cut to 0..1. It contains Wilson's.
//
// Source: A. Agresti, B. A. Coull (1998), Approximate is better than "exact" for interval estimation of binomial proportions, The
// American Statistician 52, 119–126.
func AgrestiCoull(x, n, level float64) (Interval, error) {
	z, err := normalQuantile(level)
	if err != nil {
		return Undefined(), err
	}
	if err := share(x, n); err != nil {
		return Undefined(), err
	}
	m := n + z*z
	p := (x + z*z/2) / m
	i := around(p, z, math.Sqrt(p*(1-p)/m))
	return Interval{max(0, i.Lower), min(1, i.Upper)}, nil
}
