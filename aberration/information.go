package aberration

import (
	"math"

	"github.com/baqylau/baqylau/dist"
)

// InformationComponent is IC = log₂((n+½)/(expected+½)), for n reports of a substance with an event where expected would come about
// by chance, with its 95 % interval by the approximation
//
//	IC - 3.3 (n+½)^-½ - 2 (n+½)^-3/2   to   IC + 2.4 (n+½)^-½ - 0.5 (n+½)^-3/2.
//
// The halves shrink it towards 0, so that few reports do not make a signal: a lower limit above 0 is the usual threshold. Reasons
// are MissingValue and NegativeValue.
//
// Source: Norén, Hopstadius and Bate (2013), Stat Methods Med Res 22, 57–69.
func InformationComponent(n, expected float64) Ratio {
	if r := check([]float64{n, expected}); r != OK {
		return undefined(r)
	}
	ic := math.Log2((n + 0.5) / (expected + 0.5))
	s := 1 / math.Sqrt(n+0.5)
	return ratio(ic, ic-3.3*s-2*s*s*s, ic+2.4*s-0.5*s*s*s)
}

// InformationInterval is InformationComponent with the exact interval of the given coverage that the approximation stands for: log₂
// of the quantiles of the rate's posterior Gamma(n+½, expected+½). Reasons are as there, and InvalidSettings for a level outside 0..1.
func InformationInterval(n, expected, level float64) Ratio {
	if !(level > 0 && level < 1) {
		return undefined(InvalidSettings)
	}
	if r := check([]float64{n, expected}); r != OK {
		return undefined(r)
	}
	quantile := func(p float64) float64 { return math.Log2(dist.GammaQuantile(p, n+0.5) / (expected + 0.5)) }
	return ratio(math.Log2((n+0.5)/(expected+0.5)), quantile((1-level)/2), quantile((1+level)/2))
}
