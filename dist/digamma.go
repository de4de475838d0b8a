package dist

import "math"

// Digamma is the derivative of ln Γ for x > 0, by its recurrence up to 10 and the asymptotic series from there (Abramowitz and Stegun
// 6.3.5, 6.3.18). Its error is below 1e-14 max(1, |ψ(x)|).
func Digamma(x float64) float64 {
	s := 0.0
	for ; x < 10; x++ {
		s -= 1 / x
	}
	v := 1 / (x * x)
	return s + math.Log(x) - 1/(2*x) - v*(1.0/12-v*(1.0/120-v*(1.0/252-v*(1.0/240-v*(1.0/132-v*(691.0/32760-v/12))))))
}

// Trigamma is the derivative of Digamma for x > 0 (Abramowitz and Stegun 6.4.6, 6.4.12). Relative error below 1e-14.
func Trigamma(x float64) float64 {
	s := 0.0
	for ; x < 12; x++ {
		s += 1 / (x * x)
	}
	v := 1 / (x * x)
	return s + 1/x + v/2 + v/x*(1.0/6-v*(1.0/30-v*(1.0/42-v*(1.0/30-v*(5.0/66-v*(691.0/2730-v*7.0/6))))))
}
