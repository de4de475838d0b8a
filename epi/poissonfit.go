package epi

import "math"

// most is the largest number of parameters: one, those of the lists and of their pairs.
const most = 1 + MostLists + MostLists*(MostLists-1)/2

// poissonFit is a log-linear fit to the cells of a table.
type poissonFit struct {
	beta     []float64 // by column; ±Inf and NaN never: at the boundary those that the kept cells determine, others 0
	mu       []float64 // by cell; 0 where the limit is 0
	variance float64   // of beta[0]
	boundary bool      // some parameter is infinite
	reason   Reason    // OK, or why beta[0] is not determined
}

// fitPoisson maximises Σ y η − exp η, with η the sum of the parameters of the columns whose sets a cell includes; column 0 is the intercept. y need not be
// whole. start is nil or the parameters to begin with.
//
// Newton's method, halving steps that go too far. Where empty cells let the likelihood grow for ever along some direction, the estimate lies at
// infinity in that direction: the cells that vanish along it are taken out and the rest, which has a finite maximum in fewer parameters,
// is fitted (Fienberg and Rinaldo 2012). Whether the intercept is one of those that the rest determines is asked by linear algebra on zeros and ones.
func fitPoisson(cells []int, y []float64, columns []int, start []float64) poissonFit {
	n := newton{cells: cells, y: y, columns: columns}
	kept, free := n.independent(nil)
	if !free {
		return poissonFit{beta: make([]float64, len(columns)), reason: NotIdentified}
	}
	f := poissonFit{beta: make([]float64, len(columns)), mu: make([]float64, len(cells)), boundary: len(kept) < len(columns)}
	if f.boundary {
		start = nil
	}
	n.use(kept, start)
	for {
		vanishing, direction, ok := n.climb()
		if !ok {
			n.flat()
			vanishing, direction, ok = n.climb()
		}
		switch {
		case !ok:
			f.reason = NoConvergence
			return f
		case vanishing == nil:
			for j, k := range n.kept {
				f.beta[k] = n.beta[j]
			}
			copy(f.mu, n.mu[:len(cells)])
			if f.reason == OK {
				f.variance = n.variance()
			}
			return f
		}
		f.boundary = true
		kept, free = n.independent(vanishing)
		if !free && f.reason == OK {
			switch {
			case direction > 0.1:
				f.reason = Unbounded
			case direction < -0.1:
				f.reason = LowerBound
			default:
				f.reason = NotIdentified
			}
		}
		n.gone = vanishing
		n.use(kept, nil)
	}
}

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
	var right [most]float64
	for i, y := range n.y {
		n.mu[i] = 0
		if !n.out(i) {
			n.mu[i] = y + 0.1
		}
	}
	n.information()
	for i, y := range n.y {
		if n.out(i) {
			continue
		}
		z := n.mu[i]*math.Log(n.mu[i]) + y - n.mu[i]
		for j, k := range kept {
			if n.has(i, n.columns[k]) {
				right[j] += z
			}
		}
	}
	n.solve(&right)
	n.beta = right
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
		var step [most]float64
		for i, y := range n.y {
			if n.out(i) {
				continue
			}
			for j, k := range n.kept {
				if n.has(i, n.columns[k]) {
					step[j] += y - n.mu[i]
				}
			}
		}
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

// information sets info to the Cholesky factor of Σ μ x xᵀ.
func (n *newton) information() {
	p := len(n.kept)
	for a := range p {
		for b := range a + 1 {
			both, sum := n.columns[n.kept[a]]|n.columns[n.kept[b]], 0.0
			for i := range n.cells {
				if n.has(i, both) {
					sum += n.mu[i]
				}
			}
			n.info[a][b] = sum
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
			if (gone == nil || !gone[i]) && n.has(i, n.columns[j]) {
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
