package aberration

import (
	"math"
	"slices"
)

// BenjaminiHochberg returns the adjusted p-values q in the order of p: rejecting all q <= level keeps the expected share of false
// rejections at or below the level when the tests are independent or positively dependent. m is the number of tests made, at least
// len(p); give more than len(p) when tests with p = 1 were left out. Values that are NaN or outside 0..1 stay NaN and rank last.
//
// Source: Benjamini and Hochberg (1995), J R Stat Soc B 57, 289–300.
func BenjaminiHochberg(p []float64, m int) []float64 {
	order := make([]int, 0, len(p))
	q := make([]float64, len(p))
	for i, v := range p {
		q[i] = math.NaN()
		if v >= 0 && v <= 1 {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case p[a] < p[b]:
			return -1
		case p[a] > p[b]:
			return 1
		}
		return 0
	})
	n, least := float64(max(m, len(order))), 1.0
	for rank := len(order); rank >= 1; rank-- {
		i := order[rank-1]
		least = min(least, p[i]*n/float64(rank))
		q[i] = least
	}
	return q
}
