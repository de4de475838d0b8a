package aberration

import "math"

// The tails below are summed away from the mean, term by term, so that they keep full relative precision however small they are (down
// to tiny).

// binomialTail is P(X >= c) for X ~ Binomial(n, q) and P(X = c); 0 <= c <= n, 0 < q < 1, rest = 1-q.
func binomialTail(c, n, q, rest float64) (tail, at float64) {
	at = math.Exp(binomialLogMass(c, n, q, rest))
	if c > n*q {
		return min(1, sum(at, func(k float64) float64 { return (n - k) / (k + 1) * q / rest }, c, 1, n)), at
	}
	if c == 0 {
		return 1, at
	}
	below := math.Exp(binomialLogMass(c-1, n, q, rest))
	return max(0, 1-sum(below, func(k float64) float64 { return k / (n - k + 1) * rest / q }, c-1, -1, 0)), at
}

// negativeBinomialTail is P(Y >= y) for the number of failures Y before so many successes as size says, with the probabilities of success
// and failure; y >= 0. Both are given, so that the smaller one has all its digits.
func negativeBinomialTail(y, size, success, fail float64) float64 {
	mean := size * fail / success
	if y > 0 && max(y, mean) > 1e4 { // the sums would be long
		return betaTail(y, size, success, fail)
	}
	if y > mean {
		mass := math.Exp(negativeBinomialLogMass(y, size, success, fail))
		return min(1, sum(mass, func(k float64) float64 { return (k + size) / (k + 1) * fail }, y, 1, math.Inf(1)))
	}
	if y == 0 {
		return 1
	}
	below := math.Exp(negativeBinomialLogMass(y-1, size, success, fail))
	return max(0, 1-sum(below, func(k float64) float64 { return k / (k + size - 1) / fail }, y-1, -1, 0))
}

// betaTail is the same for y >= 1 as the incomplete beta function I_fail(y, size), by its continued fraction (betaFraction). Its cost grows
// with the root of the counts, where that of summing grows with the counts.
func betaTail(y, size, success, fail float64) float64 {
	mass := math.Exp(negativeBinomialLogMass(y, size, success, fail)) // fail^y success^size/(y B(y, size))
	if fail < (y+1)/(y+size+2) {
		return min(1, mass*betaFraction(y, size, fail))
	}
	return max(0, 1-mass*(y/size)*betaFraction(size, y, success))
}

// sum adds a first term and those that follow by the given ratios, from k in the given direction, until they no longer matter.
func sum(term float64, ratio func(k float64) float64, k, step, end float64) float64 {
	total := term
	for k != end && term > tiny {
		r := ratio(k)
		term *= r
		total += term
		if r < 1 && term/(1-r) < total*1e-17 {
			break
		}
		k += step
	}
	return total
}

// binomialLogMass is Loader's saddle-point form (C. Loader 2000, Fast and accurate computation of binomial probabilities), which does
// not lose digits by subtracting large log factorials. It is given both q and 1-q, so that the smaller one has all its digits.
func binomialLogMass(c, n, q, rest float64) float64 {
	switch c {
	case 0:
		if q < 0.5 {
			return n * math.Log1p(-q)
		}
		return n * math.Log(rest)
	case n:
		if rest < 0.5 {
			return n * math.Log1p(-rest)
		}
		return n * math.Log(q)
	}
	d := n - c
	return stirling(n) - stirling(c) - stirling(d) - deviance(c, n*q) - deviance(d, n*rest) + math.Log(n/(2*math.Pi*c*d))/2
}

func negativeBinomialLogMass(y, size, success, fail float64) float64 {
	if y == 0 {
		return binomialLogMass(size, size, success, fail)
	}
	n := size + y // mass = size/(size+y) × binomial mass of size in n, which Loader's form extends to non-integer size
	return math.Log(size/n) + binomialLogMass(size, n, success, fail)
}

// deviance is x ln(x/m) + m - x.
func deviance(x, m float64) float64 { return divergence(x, m, x-m) }

// stirlingOf are the values for whole numbers from 1 on, where the difference below would lose digits.
var stirlingOf = [16]float64{0, 0.08106146679532726, 0.0413406959554093, 0.02767792568499834, 0.020790672103765093, 0.016644691189821193, 0.013876128823070748, 0.01189670994589177, 0.010411265261972096, 0.009255462182712733, 0.00833056343336287, 0.007573675487951841, 0.00694284010720953, 0.006408994188004207, 0.0059513701127588475, 0.005554733551962801}

// stirling is ln Γ(n+1) - ln(sqrt(2πn) (n/e)^n).
func stirling(n float64) float64 {
	if n <= 15 {
		if whole := int(n); float64(whole) == n && whole > 0 {
			return stirlingOf[whole]
		}
		lg, _ := math.Lgamma(n + 1)
		return lg - (n+0.5)*math.Log(n) + n - math.Log(2*math.Pi)/2
	}
	n2 := n * n
	return (1.0/12 - (1.0/360-(1.0/1260-(1.0/1680-1.0/1188/n2)/n2)/n2)/n2) / n
}
