package epi

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
	f := poissonFit{beta: make([]float64, len(columns)), reason: NotIdentified}
	if len(columns) > len(cells) { // two lists and their dependence: nothing else is short of cells while none is gone
		return f
	}
	f.mu, f.reason = make([]float64, len(cells)), OK
	kept := make([]int, len(columns))
	for k := range kept {
		kept[k] = k
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
		kept, free := n.independent(vanishing)
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
