package epi

import "math"

// newton is the state of the climb.
type newton struct {
	cells, columns []int
	y              []float64
	gone           []bool // cells that were taken out
	kept           []int  // columns in use; column 0 stands first where it is among them
	beta           [most]float64
	mu             [1 << MostLists]float64
	info           [most][most]float64 // Σ μ x xᵀ, then its Cholesky factor
}

func (n *newton) has(cell, column int) bool { return n.cells[cell]&column == column }

// use takes the columns into use; start is nil or as long as all columns.
func (n *newton) use(kept []int, start []float64) {
	n.kept = kept
	if start != nil {
		copy(n.beta[:], start)
		n.means(&n.beta)
		return
	}
	// One step of weighted least squares from the means y + 0.1.
	var z [1 << MostLists]float64
	for i, y := range n.y {
		n.mu[i] = 0
		if !n.out(i) {
			n.mu[i] = y + 0.1
			z[n.cells[i]] = n.mu[i]*math.Log(n.mu[i]) + y - n.mu[i]
		}
	}
	n.information()
	n.beta = n.project(&z)
	n.solve(&n.beta)
	n.means(&n.beta)
}

// flat begins instead where all cells have the same mean: slower, and safe for counts of which some are millions of times others.
func (n *newton) flat() {
	sum, cells := 0.0, 0.0
	for i, y := range n.y {
		if !n.out(i) {
			sum, cells = sum+y, cells+1
		}
	}
	n.beta = [most]float64{}
	if n.kept[0] == 0 {
		n.beta[0] = math.Log(sum / cells)
	}
	n.means(&n.beta)
}

func (n *newton) out(cell int) bool { return n.gone != nil && n.gone[cell] }

// means sets μ by the parameters and returns what is to be made small, Σ μ − y η.
func (n *newton) means(beta *[most]float64) (loss float64) {
	for i, y := range n.y {
		if n.out(i) {
			n.mu[i] = 0
			continue
		}
		eta := n.predictor(i, beta)
		n.mu[i] = math.Exp(eta)
		loss += n.mu[i] - y*eta
	}
	return loss
}

func (n *newton) predictor(cell int, beta *[most]float64) (eta float64) {
	for j, k := range n.kept {
		if n.has(cell, n.columns[k]) {
			eta += beta[j]
		}
	}
	return eta
}

// climb goes to the maximum. Instead it returns the cells that vanish, and how the intercept moves while they do, once it finds that the maximum is at infinity.
func (n *newton) climb() (vanishing []bool, direction float64, ok bool) {
	total := 1.0
	for _, y := range n.y {
		total += y
	}
	loss := n.means(&n.beta)
	for range 200 {
		n.information()
		var left [1 << MostLists]float64
		for i, y := range n.y {
			if !n.out(i) {
				left[n.cells[i]] = y - n.mu[i]
			}
		}
		step := n.project(&left)
		gradient := step
		n.solve(&step)
		gain, longest, falling := 0.0, 0.0, 0
		for j := range n.kept {
			gain += gradient[j] * step[j]
		}
		fall := make([]bool, len(n.cells))
		for i, y := range n.y {
			move := n.predictor(i, &step)
			if n.out(i) {
				fall[i] = true
				continue
			}
			longest = max(longest, math.Abs(move))
			if y == 0 && n.mu[i] < 1e-8*total && move < -0.3 {
				fall[i] = true
				falling++
			}
		}
		if falling > 0 {
			if kept, _ := n.independent(fall); len(kept) < len(n.kept) {
				if n.kept[0] == 0 {
					direction = step[0]
				}
				return fall, direction, true
			}
		}
		done := longest < 1e-8 || gain < 1e-22*total
		next := n.beta
		for size := 1.0; ; size /= 2 { // the loss is known up to its rounding only
			for j := range n.kept {
				next[j] = n.beta[j] + size*step[j]
			}
			l := n.means(&next)
			if l <= loss+1e-13*(math.Abs(loss)+total) || done && !math.IsNaN(l) {
				loss = l
				break
			}
			if size < 1e-9 { // no way up is left that rounding does not hide
				n.means(&n.beta)
				return nil, 0, gain < 1e-10*total
			}
		}
		n.beta = next
		if done {
			return nil, 0, true
		}
	}
	return nil, 0, false
}
