package aberration

import (
	"math"

	"github.com/baqylau/baqylau/dist"
)

// GoodTuring is the probability that the next sample is of a substance never seen before, after n samples in which once substances
// were seen exactly once and twice exactly twice: once/n (Good 1953, who owes it to Turing; Robbins' once/(n+1) differs by less than
// 1/n). The interval of the given coverage is
//
//	once/n ± z √((once/n + 2 twice/n - (once/n)²)/n),   within 0..1   (Esty 1983).
//
// At its ends this rests on nothing. With once = 0 the upper limit is at least -ln((1-level)/2)/n: a larger expected probability of
// the unseen would have left some substance seen once. With once = n the lower limit is 1 - 1/√((n+1)(1-level)), by Chebyshev's
// inequality from Robbins' bound 1/(n+1) on the mean squared error. The samples are taken as independent draws from what circulates:
// seizures of one case count once.
//
// Reasons are MissingValue, NegativeValue, NotACount, and InvalidSettings when n is 0, once + 2 twice is more than n, or the level is
// not between 0 and 1.
//
// Sources: Good (1953), Biometrika 40, 237–264; Robbins (1968), Ann Math Stat 39, 256–257; Esty (1983), Ann Stat 11, 905–912.
func GoodTuring(once, twice, n, level float64) Ratio {
	for _, v := range [...]float64{once, twice, n} {
		switch {
		case math.IsNaN(v) || math.IsInf(v, 0):
			return undefined(MissingValue)
		case v < 0:
			return undefined(NegativeValue)
		case v != math.Trunc(v) || v > maxCount:
			return undefined(NotACount)
		}
	}
	if n == 0 || once+2*twice > n || !(level > 0 && level < 1) {
		return undefined(InvalidSettings)
	}
	p := once / n
	half := dist.NormalQuantile((1+level)/2) * math.Sqrt((p+2*twice/n-p*p)/n)
	lower, upper := max(0, p-half), min(1, p+half)
	switch once {
	case 0:
		upper = min(1, max(upper, -math.Log((1-level)/2)/n))
	case n:
		lower = max(0, 1-1/math.Sqrt((n+1)*(1-level)))
	}
	return Ratio{p, lower, upper, OK}
}

// GoodTuringCounts is GoodTuring on the number of samples of each substance; zeros are passed over.
func GoodTuringCounts(samples []float64, level float64) Ratio {
	var once, twice, n float64
	for _, v := range samples {
		switch v {
		case 1:
			once++
		case 2:
			twice++
		}
		if !(v >= 0) || v != math.Trunc(v) || v > maxCount {
			switch {
			case math.IsNaN(v) || math.IsInf(v, 0):
				return undefined(MissingValue)
			case v < 0:
				return undefined(NegativeValue)
			}
			return undefined(NotACount)
		}
		n += v
	}
	return GoodTuring(once, twice, n, level)
}
