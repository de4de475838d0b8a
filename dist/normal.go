package dist

import "math"

// NormalTail is the probability that a normal variable with mean 0 exceeds the excess; with a spread of 0 it is a step, 1/2 at 0. Otherwise it is
// erfc(excess/(sigma √2))/2, to the digits of math.Erfc.
func NormalTail(excess, sigma float64) float64 {
	if sigma == 0 {
		switch {
		case excess > 0:
			return 0
		case excess < 0:
			return 1
		}
		return 0.5
	}
	return math.Erfc(excess/sigma/math.Sqrt2) / 2
}

// NormalQuantile is the inverse of the standard normal distribution function, to full double precision in both tails; NaN unless
// 0 < p <= 1. 1 is what 1-alpha becomes for an alpha below 1e-16, and stands for the largest number below it.
func NormalQuantile(p float64) float64 {
	switch {
	case !(p > 0 && p <= 1):
		return math.NaN()
	case p == 1:
		return -lowerQuantile(0x1p-53)
	case p > 0.5:
		return -lowerQuantile(1 - p)
	}
	return lowerQuantile(p)
}

// lowerQuantile is NormalQuantile for 0 < p <= 1/2. It takes Newton's steps on the logarithm of p, which do not overshoot in the tail.
func lowerQuantile(p float64) float64 {
	x := math.Sqrt2 * math.Erfinv(2*p-1)
	if p < 1e-10 { // where that has lost its digits: φ(x)/|x| as the tail
		s := -2 * math.Log(p)
		x = -math.Sqrt(s - math.Log(2*math.Pi*s))
	}
	for range 4 {
		below, density := math.Erfc(-x/math.Sqrt2)/2, math.Exp(-x*x/2)/math.Sqrt(2*math.Pi)
		step := below / density * math.Log(below/p)
		if !(math.Abs(step) > 1e-17*math.Abs(x)) || math.IsInf(step, 0) { // also where the tail underflows
			break
		}
		x -= step
	}
	return x
}
