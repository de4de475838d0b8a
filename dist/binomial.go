package dist

import "math"

// BinomialTail is P(X >= c) for X ~ Binomial(n, q), and P(X = c); whole numbers 0 <= c <= n, 0 < q < 1, rest = 1-q. Relative error about
// 1e-13 above the mean.
func BinomialTail(c, n, q, rest float64) (tail, at float64) {
	at = math.Exp(BinomialLogMass(c, n, q, rest))
	if c > n*q {
		return min(1, sum(at, func(k float64) float64 { return (n - k) / (k + 1) * q / rest }, c, 1, n)), at
	}
	if c == 0 {
		return 1, at
	}
	below := math.Exp(BinomialLogMass(c-1, n, q, rest))
	return max(0, 1-sum(below, func(k float64) float64 { return k / (n - k + 1) * rest / q }, c-1, -1, 0)), at
}

// sum adds a first term and those that follow by the given ratios, from k in the given direction, until they no longer matter.
func sum(term float64, ratio func(k float64) float64, k, step, end float64) float64 {
	total := term
	for k != end && term > Tiny {
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

// BinomialLogMass is ln P(X = c), 0 <= c <= n, or its extension to numbers that are not whole, in Loader's saddle-point form, which does
// not lose digits by subtracting large log factorials. It is given both q and 1-q, so that the smaller one has all its digits.
func BinomialLogMass(c, n, q, rest float64) float64 {
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
