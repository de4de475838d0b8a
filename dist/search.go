package dist

import "math"

// MaxCount is where consecutive whole numbers still differ by far as float64; no series of cases comes near it.
const MaxCount = 1e9

// Tiny is where a probability no longer matters; below, numbers lose their digits and a product with a ratio near 1 does not shrink.
const Tiny = 1e-300

// LastQuiet is the largest k >= 0 for which alarm(k) is false, given that alarm changes from false to true once; 0 if alarm(0). It does not
// look beyond MaxCount by more than a factor of two.
func LastQuiet(alarm func(float64) bool) float64 { return LastQuietTo(MaxCount, alarm) }

// LastQuietTo is LastQuiet with another end.
func LastQuietTo(most float64, alarm func(float64) bool) float64 {
	hi := 1.0
	for hi < most && !alarm(hi) {
		hi *= 2
	}
	lo := 0.0
	for hi-lo > 1 {
		if mid := math.Floor((lo + hi) / 2); alarm(mid) {
			hi = mid
		} else {
			lo = mid
		}
	}
	return lo
}
