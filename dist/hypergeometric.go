package dist

import "math"

// HypergeometricMass is the probability C(r, k) C(total-r, n-k)/C(total, n) of k marked ones among n drawn without replacement from a
// total of which r are marked; whole numbers, 0 < n < total, 0 < r < total and max(0, n+r-total) <= k <= min(n, r).
//
// The factorials of the four cells of the table and of its margins are written by Stirling's formula with its error. Their powers leave
// the deviances of the cells from what the margins let expect, as in Loader's form of the binomial probability. Relative error about
// 1e-14 times the logarithm of the result where that is large.
func HypergeometricMass(k, n, r, total float64) float64 {
	s, m := total-r, total-n
	off := k - n*(r/total) // all four cells are off by as much
	e := stirling(n) + stirling(m) + stirling(r) + stirling(s) - stirling(total)
	root := n / total * m * r * s * (2 * math.Pi) * (2 * math.Pi) * (2 * math.Pi)
	for _, c := range [...]struct{ count, expected, off float64 }{
		{k, n * (r / total), off}, {n - k, n * (s / total), -off}, {r - k, m * (r / total), -off}, {s - (n - k), m * (s / total), off},
	} {
		if c.count == 0 {
			e -= c.expected
			continue
		}
		e -= stirling(c.count) + divergence(c.count, c.expected, c.off)
		root /= 2 * math.Pi * c.count
	}
	return math.Exp(e) * math.Sqrt(root)
}
