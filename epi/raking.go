package epi

// raking is what raking does to influences: ten times through the margins, u −= w⁽ᵐ⁾ × mean of u/w⁽ᵐ⁾ in the cell, with w⁽ᵐ⁾ the weights after that margin's step. In the end u has lost, for each
// margin, w⁽ᵐ⁾ times a number a for each cell; and what the cells' means are on the way follows from those at the beginning, the numbers so far, and how the cells of two margins share rows. So the
// rows are gone through twice only, and the ten cycles run over pairs of cells.
type raking struct {
	margins []Margin
	weights [][]float64 // by margin and row: w⁽ᵐ⁾
	n       [][]float64 // by margin and cell: rows of weight
	shared  [][][]overlap
}

// overlap is what cell here, of one margin, shares with cell there, of another: the sum over their common rows of the other's weight over the one's.
type overlap struct {
	here, there int
	weight      float64
}

func newRaking(margins []Margin, weights [][]float64) raking {
	r := raking{margins: margins, weights: weights, n: make([][]float64, len(margins)), shared: make([][][]overlap, len(margins))}
	for i, m := range margins {
		r.n[i], r.shared[i] = make([]float64, len(m.Total)), make([][]overlap, len(margins))
		for row, c := range m.Cell {
			if weights[i][row] > 0 {
				r.n[i][c]++
			}
		}
		for j, other := range margins {
			at := map[[2]int]int{}
			for row, here := range m.Cell {
				if !(weights[i][row] > 0) {
					continue
				}
				key := [2]int{here, other.Cell[row]}
				k, there := at[key]
				if !there {
					k = len(r.shared[i][j])
					at[key] = k
					r.shared[i][j] = append(r.shared[i][j], overlap{here: key[0], there: key[1]})
				}
				r.shared[i][j][k].weight += weights[j][row] / weights[i][row]
			}
		}
	}
	return r
}

func (r raking) residuals(u []float64) {
	sums, taken := make([][]float64, len(r.margins)), make([][]float64, len(r.margins))
	for i, m := range r.margins {
		sums[i], taken[i] = make([]float64, len(m.Total)), make([]float64, len(m.Total))
		for row, c := range m.Cell {
			if u[row] != 0 { // most are not, for a small domain
				sums[i][c] += u[row] / r.weights[i][row]
			}
		}
	}
	for range 10 {
		for i := range r.margins {
			left := append([]float64(nil), sums[i]...)
			for j, shared := range r.shared[i] {
				for _, o := range shared {
					left[o.here] -= o.weight * taken[j][o.there]
				}
			}
			for c, v := range left {
				if r.n[i][c] > 0 {
					taken[i][c] += v / r.n[i][c]
				}
			}
		}
	}
	for i, m := range r.margins {
		for row, c := range m.Cell {
			u[row] -= r.weights[i][row] * taken[i][c]
		}
	}
}
