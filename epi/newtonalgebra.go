package epi

import "math"

// supersets replaces the value of each set by the sum over all sets that include it, one list after the other (Yates' way). That is what a column of
// zeros and ones makes of values by cell, and two of them together.
func supersets(v *[1 << MostLists]float64) {
	for bit := 1; bit < len(v); bit *= 2 {
		for s := range v {
			if s&bit == 0 {
				v[s] += v[s|bit]
			}
		}
	}
}

// project is Σ v x over the cells, by column in use; v is by set, and lost.
func (n *newton) project(v *[1 << MostLists]float64) (out [most]float64) {
	supersets(v)
	for j, k := range n.kept {
		out[j] = v[n.columns[k]]
	}
	return out
}

// information sets info to the Cholesky factor of Σ μ x xᵀ.
func (n *newton) information() {
	p := len(n.kept)
	var v [1 << MostLists]float64
	for i, s := range n.cells {
		v[s] = n.mu[i]
	}
	supersets(&v)
	for a := range p {
		for b := range a + 1 {
			n.info[a][b] = v[n.columns[n.kept[a]]|n.columns[n.kept[b]]]
		}
	}
	for a := range p {
		for b := range a + 1 {
			s := n.info[a][b]
			for k := range b {
				s -= n.info[a][k] * n.info[b][k]
			}
			if a > b {
				n.info[a][b] = s / n.info[b][b]
				continue
			}
			n.info[a][a] = math.Sqrt(max(s, 1e-18*n.info[a][a], 1e-300))
		}
	}
}

// solve replaces v by the solution of the information times it.
func (n *newton) solve(v *[most]float64) {
	p := len(n.kept)
	for a := range p {
		for k := range a {
			v[a] -= n.info[a][k] * v[k]
		}
		v[a] /= n.info[a][a]
	}
	for a := p - 1; a >= 0; a-- {
		for k := a + 1; k < p; k++ {
			v[a] -= n.info[k][a] * v[k]
		}
		v[a] /= n.info[a][a]
	}
}

// variance is that of the intercept at the maximum.
func (n *newton) variance() float64 {
	n.information()
	v := [most]float64{1}
	n.solve(&v)
	return v[0]
}
