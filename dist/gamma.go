package dist

import "math"

// GammaTails are P(X <= x) and P(X > x) for X ~ Gamma(shape, rate 1): the series below the mean, the continued fraction (by Lentz)
// above it (Abramowitz and Stegun 6.5.29, 6.5.31), both times gammaTerm. The smaller one keeps its digits, up to shapes of 1e7; beyond,
// both are within 1e-9.
func GammaTails(x, shape float64) (below, above float64) {
	switch {
	case !(x > 0):
		return 0, 1
	case math.IsInf(x, 1):
		return 1, 0
	case shape > 1e7: // Wilson and Hilferty's cube root, as the sums would be long
		z, sd := math.Cbrt(x/shape)-(1-1/(9*shape)), 1/(3*math.Sqrt(shape))
		return NormalTail(-z, sd), NormalTail(z, sd)
	}
	at := gammaTerm(x, shape)
	if x < shape+1 {
		sum, term := 1.0, 1.0
		for k := shape + 1; term > sum*1e-17; k++ {
			term *= x / k
			sum += term
		}
		below = min(1, at*sum)
		return below, 1 - below
	}
	b := x + 1 - shape
	c, d := 1/Tiny, 1/b
	h := d
	for i := 1.0; i < 1e5; i++ {
		a := -i * (i - shape)
		b += 2
		d = 1 / nonzero(a*d+b)
		c = nonzero(b + a/c)
		step := d * c
		h *= step
		if math.Abs(step-1) < 1e-16 {
			break
		}
	}
	above = min(1, at*shape*h)
	return 1 - above, above
}

// gammaTerm is x^shape e^-x/Γ(shape+1) for x > 0, in Loader's form: a Poisson probability where shape is a whole number.
func gammaTerm(x, shape float64) float64 {
	return math.Exp(-stirling(shape)-deviance(shape, x)) / math.Sqrt(2*math.Pi*shape)
}

// GammaDensity is the density of Gamma(shape, rate 1) at x > 0.
func GammaDensity(x, shape float64) float64 { return gammaTerm(x, shape) * shape / x }

// GammaQuantile is the x with P(X <= x) = p for X ~ Gamma(shape, rate 1); 0 < p < 1, shape > 0. It is 0 where it underflows.
func GammaQuantile(p, shape float64) float64 {
	lg, _ := math.Lgamma(shape + 1)
	low := math.Exp((math.Log(p) + lg) / shape) // x^shape/Γ(shape+1) bounds the distribution function from above
	if low == 0 {
		return 0
	}
	high := max(2*low, shape, 1)
	for high < 1e300 {
		if _, above := GammaTails(high, shape); above <= 1-p {
			break
		}
		high *= 2
	}
	return Invert(func(x float64) (below, above, density float64) {
		below, above = GammaTails(x, shape)
		return below, above, GammaDensity(x, shape)
	}, p, low, high)
}

// ChiSquareQuantile is the x with P(X <= x) = p for chi-square with df degrees of freedom; 0 < p < 1, df > 0.
func ChiSquareQuantile(p, df float64) float64 { return 2 * GammaQuantile(p, df/2) }

// Invert finds the x between low and high, both above 0, with probability p below it, by Newton's steps on ln x, and by halving where
// these leave the bracket. It works on the smaller tail.
func Invert(tails func(x float64) (below, above, density float64), p, low, high float64) float64 {
	return invert(tails, p, 1-p, low, high)
}

// invert is Invert for callers that know 1-p better than from p.
func invert(tails func(x float64) (below, above, density float64), p, rest, low, high float64) float64 {
	x := math.Sqrt(low) * math.Sqrt(high)
	for range 400 {
		if !(high > low*(1+2e-16)) {
			break
		}
		below, above, density := tails(x)
		f := below - p
		if p > rest {
			f = rest - above
		}
		switch {
		case f == 0:
			return x
		case f < 0:
			low = x
		default:
			high = x
		}
		next := x * math.Exp(-f/(x*density))
		if !(next > low && next < high) {
			next = math.Sqrt(low) * math.Sqrt(high)
		} else if math.Abs(next-x) <= 4e-16*x { // from here on it would follow the rounding of the tails
			return next
		}
		x = next
	}
	return x
}
