package epi

import "github.com/baqylau/baqylau/dist"

// Garwood is the exact interval for the mean of a Poisson count of which one value was seen, from the gamma quantiles
//
//	lower = Γ⁻¹(α/2; count),  upper = Γ⁻¹(1−α/2; count + 1),  α = 1 − level
//
// with lower 0 for a count of 0. Its coverage is at least the level, and larger for few events. Errors: count is not a whole number of 0 or more,
// level is not between 0 and 1.
//
// Source: F. Garwood (1936), Fiducial limits for the Poisson distribution, Biometrika 28, 437–442.
func Garwood(count, level float64) (Interval, error) {
	if _, err := normalQuantile(level); err != nil {
		return Undefined(), err
	}
	if err := whole(count, "count", -1); err != nil {
		return Undefined(), err
	}
	return garwood(count, level), nil
}

func garwood(count, level float64) Interval {
	tail := (1 - level) / 2
	i := Interval{0, dist.GammaQuantile(1-tail, count+1)}
	if count > 0 {
		i.Lower = dist.GammaQuantile(tail, count)
	}
	return i
}
