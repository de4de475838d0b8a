package dist

import "math"

// StudentTail is P(|T| >= t) for Student's t with df degrees of freedom, df > 0: the regularised incomplete beta function of df/2 and 1/2
// at df/(df+t²), by its continued fraction (Abramowitz and Stegun 26.5.8, evaluated as Lentz proposed). Relative error below 1e-9.
func StudentTail(t, df float64) float64 {
	t = math.Abs(t)
	if math.IsInf(t, 1) {
		return 0
	}
	x := df / (df + t*t)
	if x >= (df/2+1)/(df/2+2.5) { // the fraction converges quickly below this point only
		return 1 - incompleteBeta(0.5, df/2, t*t/(df+t*t))
	}
	return incompleteBeta(df/2, 0.5, x)
}
