package aberration

import (
	"cmp"
	"math"
	"slices"
)

// BenjaminiHochberg holds the false discovery rate, the expected share of false rejections among all, when the tests are independent
// or positively dependent: q(i) = min over j >= i of p(j) m/j, with p(1) <= p(2) <= …
//
// The result are adjusted p-values in the order of p: rejecting every one that is at most level holds the rate at level. m is the number
// of tests made, when some with p = 1 were left out of p; 0, as any number below that of the values in p, stands for the latter. What is
// no probability, NaN or outside 0..1, becomes NaN and does not count as a test. All this holds for the other procedures too.
//
// Source: Benjamini and Hochberg (1995), J R Stat Soc B 57, 289–300.
func BenjaminiHochberg(p []float64, m int) []float64 {
	q, order := ranked(p)
	stepUp(q, order, func(rank, tests float64) float64 { return tests / rank }, m)
	return q
}

// BenjaminiYekutieli holds the false discovery rate whatever the dependence between the tests: the values of BenjaminiHochberg
// times 1 + 1/2 + … + 1/m, at most 1. See there for p and m.
//
// Source: Benjamini and Yekutieli (2001), Ann Stat 29, 1165–1188, theorem 1.3.
func BenjaminiYekutieli(p []float64, m int) []float64 {
	q, order := ranked(p)
	h := harmonic(max(m, len(order)))
	stepUp(q, order, func(rank, tests float64) float64 { return h * tests / rank }, m)
	return q
}

// Hochberg holds the family-wise error rate, the probability of any false rejection, when the tests are independent or positively
// dependent: q(i) = min over j >= i of p(j) (m-j+1). See BenjaminiHochberg for p and m.
//
// Source: Hochberg (1988), Biometrika 75, 800–802.
func Hochberg(p []float64, m int) []float64 {
	q, order := ranked(p)
	stepUp(q, order, func(rank, tests float64) float64 { return tests - rank + 1 }, m)
	return q
}

// Holm holds the family-wise error rate, the probability of any false rejection, whatever the dependence between the tests:
// q(i) = max over j <= i of p(j) (m-j+1), at most 1. See BenjaminiHochberg for p and m.
//
// Source: Holm (1979), Scand J Stat 6, 65–70.
func Holm(p []float64, m int) []float64 {
	q, order := ranked(p)
	stepDown(q, order, m)
	return q
}

// ranked copies p, with NaN for what is no probability, and lists the places of the others from the smallest value up.
func ranked(p []float64) (q []float64, order []int) {
	q = slices.Clone(p)
	return q, rank(q, make([]int, 0, len(p)))
}

// rank does the same in place, with the order in a slice that is reused.
func rank(q []float64, order []int) []int {
	order = order[:0]
	for i, v := range q {
		if v >= 0 && v <= 1 {
			order = append(order, i)
		} else {
			q[i] = math.NaN()
		}
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(q[a], q[b]) }) // equal values are adjusted alike in any order
	return order
}

// stepUp goes from the largest p-value down and keeps the smallest product so far.
func stepUp(q []float64, order []int, factor func(rank, tests float64) float64, m int) {
	tests, least := float64(max(m, len(order))), 1.0
	for r := len(order); r >= 1; r-- {
		i := order[r-1]
		least = min(least, q[i]*factor(float64(r), tests))
		q[i] = least
	}
}

// stepDown goes from the smallest p-value up and keeps the largest product so far.
func stepDown(q []float64, order []int, m int) {
	tests, most := max(m, len(order)), 0.0
	for r, i := range order {
		most = min(1, max(most, q[i]*float64(tests-r)))
		q[i] = most
	}
}

// harmonic is 1 + 1/2 + … + 1/m, summed from the smallest term; beyond a million terms by its asymptotic series.
func harmonic(m int) float64 {
	if m > 1e6 {
		x := float64(m)
		return math.Log(x) + 0.57721566490153286061 + 1/(2*x) - 1/(12*x*x)
	}
	sum := 0.0
	for i := m; i >= 1; i-- {
		sum += 1 / float64(i)
	}
	return sum
}
