package aberration

import "math"

func upperNormal(excess, sigma float64) float64 {
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

// normalQuantile is the inverse of the standard normal distribution function, refined by one Newton step on the tail to full
// double precision, since Erfinv near 1 loses digits.
func normalQuantile(p float64) float64 {
	if !(p > 0 && p < 1) {
		return math.NaN()
	}
	x := math.Sqrt2 * math.Erfinv(2*p-1)
	for range 2 {
		d := (math.Erfc(x/math.Sqrt2)/2 - (1 - p)) / (math.Exp(-x*x/2) / math.Sqrt(2*math.Pi))
		x += d
	}
	return x
}
