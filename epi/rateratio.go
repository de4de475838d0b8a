package epi

import (
	"math"

	"github.com/baqylau/baqylau/dist"
)

// RateRatio compares two rates. The first is the one of interest, the second the one compared with.
type RateRatio struct {
	// Rates are those of the two groups, per unit of person-time.
	Rates [2]float64
	// Ratio is the first rate over the second: +Inf where only the second is 0.
	Ratio float64
	// Log is Ratio exp(± z √(1/a + 1/b)) for a and b events; undefined where one of them is 0.
	Log Interval
	// Exact holds at any size: the limits of Clopper and Pearson for the share p of a in a+b, as p/(1−p) · T₂/T₁.
	Exact Interval
	// Difference is the first rate less the second, with its standard error √(a/T₁² + b/T₂²).
	Difference, DifferenceSE float64
}

// CompareRates gives ratio and difference of two rates from the events and person-time of each. It assumes independent Poisson counts. Errors:
// events that are no counts, or 0 in both groups (there is nothing to compare); person-time that is not above 0.
//
// Source: K. J. Rothman, S. Greenland (1998), Modern Epidemiology, 2nd ed., ch. 14; the exact interval conditions on the sum of the
// counts: J. Przyborowski, H. Wilenski (1940), Homogeneity of results in testing samples from Poisson series, Biometrika 31, 313–323.
func CompareRates(events, personTime [2]float64, level float64) (RateRatio, error) {
	z, err := normalQuantile(level)
	if err != nil {
		return RateRatio{}, err
	}
	if err := bands(events[:], personTime[:], "personTime"); err != nil {
		return RateRatio{}, err
	}
	a, b := events[0], events[1]
	if a+b == 0 {
		return RateRatio{}, refuse(Empty, "events")
	}
	t1, t2 := personTime[0], personTime[1]
	out := RateRatio{Rates: [2]float64{a / t1, b / t2}, Log: Undefined(), Difference: a/t1 - b/t2, DifferenceSE: math.Sqrt(a/(t1*t1) + b/(t2*t2))}
	out.Ratio = out.Rates[0] / out.Rates[1]
	if a > 0 && b > 0 {
		out.Log = aroundLog(out.Ratio, z, math.Sqrt(1/a+1/b))
	}
	out.Exact = oddsLimits(a, b, level).Times(t2 / t1)
	return out, nil
}

// oddsLimits are the exact limits of p/(1−p) where a of a+b were counted. The lower beta quantile of p is b₁/(1−b₁); the odds are taken
// from both tails of it, so that none of their digits are lost near 1.
func oddsLimits(a, b, level float64) Interval {
	tail := (1 - level) / 2
	i := Interval{0, math.Inf(1)}
	if a > 0 {
		i.Lower = dist.BetaQuantile(tail, a, b+1) / dist.BetaQuantile(1-tail, b+1, a)
	}
	if b > 0 {
		i.Upper = dist.BetaQuantile(1-tail, a+1, b) / dist.BetaQuantile(tail, b, a+1)
	}
	return i
}
