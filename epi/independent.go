package epi

import "math"

// independent are columns that the cells not gone can tell apart, as many as there are, and whether the intercept is free of the others: only
// then do the cells determine it. Gram and Schmidt's way, the intercept last.
func (n *newton) independent(gone []bool) (kept []int, intercept bool) {
	var basis [most][1 << MostLists]float64
	found := 0
	for j := len(n.columns) - 1; j >= 0; j-- {
		v := &basis[found]
		size := 0.0
		for i := range n.cells {
			v[i] = 0
			if !gone[i] && n.has(i, n.columns[j]) {
				v[i] = 1
				size++
			}
		}
		for range 2 { // twice is enough
			for k := range found {
				dot := 0.0
				for i := range n.cells {
					dot += v[i] * basis[k][i]
				}
				for i := range n.cells {
					v[i] -= dot * basis[k][i]
				}
			}
		}
		left := 0.0
		for i := range n.cells {
			left += v[i] * v[i]
		}
		if left <= 1e-9*size || size == 0 {
			continue
		}
		for i := range n.cells {
			v[i] /= math.Sqrt(left)
		}
		found++
		kept = append(kept, j)
		intercept = intercept || j == 0
		if found == most {
			break
		}
	}
	for a, b := 0, len(kept)-1; a < b; a, b = a+1, b-1 {
		kept[a], kept[b] = kept[b], kept[a]
	}
	return kept, intercept
}
