package dist

import "math"

// incompleteBeta is the regularised incomplete beta function I_x(a, b) for 0 <= x < (a+1)/(a+b+2), where its continued fraction
// converges quickly (Abramowitz and Stegun 26.5.8). Its leading factor is made of log gammas: relative error about 1e-16 times these.
func incompleteBeta(a, b, x float64) float64 {
	if x <= 0 {
		return 0
	}
	la, _ := math.Lgamma(a)
	lb, _ := math.Lgamma(b)
	lab, _ := math.Lgamma(a + b)
	return math.Exp(lab-la-lb+a*math.Log(x)+b*math.Log1p(-x)) / a * betaFraction(a, b, x)
}

// betaFraction is the incomplete beta function over x^a (1-x)^b / (a B(a,b)), by its continued fraction as Lentz proposed to evaluate it
// (W. J. Lentz 1976, Applied Optics 15, 668–671).
func betaFraction(a, b, x float64) float64 {
	c, d := 1.0, 1/nonzero(1-(a+b)*x/(a+1))
	f := d
	for m := 1.0; m < 1e5; m++ {
		for _, n := range [2]float64{m * (b - m) * x / ((a + 2*m - 1) * (a + 2*m)), -(a + m) * (a + b + m) * x / ((a + 2*m) * (a + 2*m + 1))} {
			d = 1 / nonzero(1+n*d)
			c = nonzero(1 + n/c)
			f *= c * d
		}
		if math.Abs(c*d-1) < 1e-16 {
			break
		}
	}
	return f
}

// nonzero keeps Lentz's method from dividing by zero.
func nonzero(v float64) float64 {
	if math.Abs(v) < 1e-300 {
		return 1e-300
	}
	return v
}
