package dist

import "math"

// Digamma is the derivative of ln Γ for x > 0, by recurrence up to 10 and the asymptotic series there (Abramowitz and Stegun 6.3.18).
func Digamma(x float64) float64 {
	shift := 0.0
	for x < 10 {
		shift += 1 / x
		x++
	}
	z := 1 / (x * x)
	return math.Log(x) - 1/(2*x) - z*(1.0/12-z*(1.0/120-z*(1.0/252-z*(1.0/240-z*(1.0/132-z*(691.0/32760-z/12)))))) - shift
}
