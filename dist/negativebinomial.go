package dist

import "math"

// NegativeBinomialTail is P(Y >= y) for the number of failures Y before so many successes as size says, with the probabilities of success
// and failure; y >= 0. Both are given, so that the smaller one has all its digits.
func NegativeBinomialTail(y, size, success, fail float64) float64 {
	mean := size * fail / success
	if y > 0 && max(y, mean) > 1e4 { // the sums would be long
		return betaTail(y, size, success, fail)
	}
	if y > mean {
		mass := math.Exp(NegativeBinomialLogMass(y, size, success, fail))
		return min(1, sum(mass, func(k float64) float64 { return (k + size) / (k + 1) * fail }, y, 1, math.Inf(1)))
	}
	if y == 0 {
		return 1
	}
	below := math.Exp(NegativeBinomialLogMass(y-1, size, success, fail))
	return max(0, 1-sum(below, func(k float64) float64 { return k / (k + size - 1) / fail }, y-1, -1, 0))
}

// betaTail is the same for y >= 1 as the incomplete beta function I_fail(y, size), by its continued fraction (betaFraction). Its cost grows
// with the root of the counts, where that of summing grows with the counts.
func betaTail(y, size, success, fail float64) float64 {
	mass := math.Exp(NegativeBinomialLogMass(y, size, success, fail)) // fail^y success^size/(y B(y, size))
	if fail < (y+1)/(y+size+2) {
		return min(1, mass*betaFraction(y, size, fail, success))
	}
	return max(0, 1-mass*(y/size)*betaFraction(size, y, success, fail))
}

// NegativeBinomialLogMass is ln P(Y = y), with the parameters of NegativeBinomialTail: ln [Γ(y+size)/(Γ(size) y!) success^size fail^y].
func NegativeBinomialLogMass(y, size, success, fail float64) float64 {
	if y == 0 {
		return BinomialLogMass(size, size, success, fail)
	}
	n := size + y // mass = size/(size+y) × binomial mass of size in n, which Loader's form extends to non-integer size
	return math.Log(size/n) + BinomialLogMass(size, n, success, fail)
}

// NegativeBinomialQuantile is the smallest k with P(Y <= k) >= p, 0 < p < 1, for the given size and probability of success. Beyond a mean of a million the limiting gamma distribution is taken.
func NegativeBinomialQuantile(p, size, prob float64) float64 {
	if mean := size * (1 - prob) / prob; mean > 1e6 {
		return math.Floor(GammaQuantile(p, size) * (1 - prob) / prob)
	}
	return LastQuiet(func(k float64) bool { return NegativeBinomialTail(k, size, prob, 1-prob) <= 1-p })
}
