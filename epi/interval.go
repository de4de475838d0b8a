package epi

import (
	"math"

	"github.com/baqylau/baqylau/dist"
)

// Interval is a confidence interval with its two limits in the unit of the estimate. An undefined limit is NaN; an upper limit of +Inf says
// that the data put none.
type Interval struct{ Lower, Upper float64 }

// Undefined is the interval that a method does not have for these data.
func Undefined() Interval { return Interval{math.NaN(), math.NaN()} }

// Times is the interval in another unit, for example per 100,000; k > 0.
func (i Interval) Times(k float64) Interval { return Interval{i.Lower * k, i.Upper * k} }

// Contains reports whether v lies between the limits, these included.
func (i Interval) Contains(v float64) bool { return i.Lower <= v && v <= i.Upper }

// normalQuantile is the z with the given share of the standard normal distribution between -z and z; 0 < level < 1.
func normalQuantile(level float64) (float64, error) {
	if !(level > 0 && level < 1) {
		return 0, refuse(InvalidLevel, "level")
	}
	return dist.NormalQuantile(1 - (1-level)/2), nil
}

// around is estimate ± z se.
func around(estimate, z, se float64) Interval { return Interval{estimate - z*se, estimate + z*se} }

// aroundLog is estimate exp(± z se), for an estimate whose logarithm has the standard error se.
func aroundLog(estimate, z, se float64) Interval {
	return Interval{estimate * math.Exp(-z*se), estimate * math.Exp(z*se)}
}
