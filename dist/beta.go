package dist

import "math"

// BetaTails are P(X <= x) and P(X > x) for X ~ Beta(a, b), a, b > 0, 0 <= x <= 1, rest = 1-x: the regularised incomplete beta function I_x(a, b) and its
// complement, by the continued fraction on the side where it converges quickly (Abramowitz and Stegun 26.5.8) times betaTerm. It is given both x and 1-x, so that the
// smaller one has all its digits. The tail on the far side of the mean is good to a relative 1e-14 or so; the other one is 1 minus it.
func BetaTails(x, rest, a, b float64) (below, above float64) {
	switch {
	case x <= 0:
		return 0, 1
	case rest <= 0:
		return 1, 0
	case x < (a+1)/(a+b+2):
		below = min(1, betaTerm(a, b, x, rest)*betaFraction(a, b, x, rest))
		return below, 1 - below
	}
	above = min(1, betaTerm(b, a, rest, x)*betaFraction(b, a, rest, x))
	return 1 - above, above
}

// betaTerm is x^a (1-x)^b/(a B(a,b)), in Loader's form: b/(a+b) times a binomial probability where a and b are whole numbers.
func betaTerm(a, b, x, rest float64) float64 {
	return math.Exp(BinomialLogMass(a, a+b, x, rest)) * (b / (a + b))
}

// BetaQuantile is the x with P(X <= x) = p for X ~ Beta(a, b); 0 <= p <= 1, a, b > 0; NaN for anything else. It is good to a few units in the last place of the smaller
// one of x and 1-x, and 0 where it underflows.
func BetaQuantile(p, a, b float64) float64 {
	switch {
	case !(p >= 0 && p <= 1 && a > 0 && b > 0) || math.IsInf(a, 1) || math.IsInf(b, 1):
		return math.NaN()
	case p == 0 || p == 1:
		return p
	}
	if below, _ := BetaTails(0.5, 0.5, a, b); below < p {
		return 1 - lowerBetaQuantile(1-p, p, b, a)
	}
	return lowerBetaQuantile(p, 1-p, a, b)
}

// lowerBetaQuantile is BetaQuantile where it is at most 1/2; above = 1-p.
func lowerBetaQuantile(p, above, a, b float64) float64 {
	la, _ := math.Lgamma(a + 1)
	lb, _ := math.Lgamma(b)
	lab, _ := math.Lgamma(a + b)
	bound := math.Log(p) + la + lb - lab // x^a/(a B(a,b)), times 2^(1-b) for b < 1, bounds the distribution function from above
	low := math.Exp((bound-max(0, 1-b)*math.Ln2)/a) * (1 - 1e-9)
	if low == 0 {
		return 0
	}
	return invert(func(x float64) (below, above, density float64) {
		below, above = BetaTails(x, 1-x, a, b)
		return below, above, betaTerm(a, b, x, 1-x) * a / (x * (1 - x))
	}, p, above, min(low, 0.5), 0.5)
}

// betaFraction is the incomplete beta function over x^a (1-x)^b / (a B(a,b)), rest = 1-x, for x < (a+1)/(a+b+2): the even part of its continued fraction (A. R. DiDonato
// and A. H. Morris 1992, ACM TOMS 18, 360–373, equation 9), which does not subtract what is nearly equal where a is large and x near 1, evaluated as Lentz proposed
// (W. J. Lentz 1976, Applied Optics 15, 668–671).
func betaFraction(a, b, x, rest float64) float64 {
	off := a - (a+b)*x
	if x > rest {
		off = (a+b)*rest - b
	}
	f := nonzero(a / (a + 1) * (off + 1))
	c, d := f, 0.0
	for n := 1.0; n < 1e5; n++ {
		k := a + 2*n - 1
		up := (a + n - 1) / k * ((a + b + n - 1) / k) * n * (b - n) * x * x
		down := n + n*(b-n)*x/k + (a+n)/(k+2)*(off+1+n*(1+rest))
		d = 1 / nonzero(down+up*d)
		c = nonzero(down + up/c)
		f *= c * d
		if math.Abs(c*d-1) < 2e-16 {
			break
		}
	}
	return a / f
}

// nonzero keeps Lentz's method from dividing by zero.
func nonzero(v float64) float64 {
	if math.Abs(v) < 1e-300 {
		return 1e-300
	}
	return v
}
