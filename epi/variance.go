package epi

import "math"

// space is the working space of one estimate.
type space struct {
	influence []float64
	sums      [][]float64 // by stage and unit
	kept      [][]bool    // by stage and unit: whether any of its rows is left
	seen      []bool      // by unit of the first stage: whether any row of weight is left
}

// grown is a slice of the given length, zeroed.
func grown[T float64 | bool](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	s = s[:n]
	clear(s)
	return s
}

// variance is that of a sum over the sample of influences u, given as their sums by unit of the last stage in w.sums, which are those of rows outside a domain too (0):
//
//	V = Σ_h (1−f_h) n_h/(n_h−1) Σ_i (u_hi − ū_h)²,  f_h = n_h/N_h
//
// over the strata h and units i of the first stage, and the same within each unit of a stage for the stage after it, times the n/N of the stages before (Särndal,
// Swensson and Wretman 1992, Model Assisted Survey Sampling, section 4.3; without N only the first stage, as in Lumley 2004).
func (d *Design) variance(w *space) (v float64) {
	for s := len(d.stages) - 1; s >= 0; s-- {
		v += d.stage(s, w)
		if s > 0 {
			w.raise(s, d.stages[s].up, len(d.stages[s-1].stratum), d.lonely == Average)
		}
	}
	return v
}

// raise adds the sums of a stage up to those of the one before.
func (w *space) raise(s int, up []int32, units int, kept bool) {
	w.sums[s-1] = grown(w.sums[s-1], units)
	for u, x := range w.sums[s] {
		w.sums[s-1][up[u]] += x
	}
	if kept {
		w.kept[s-1] = grown(w.kept[s-1], units)
		for u, k := range w.kept[s] {
			w.kept[s-1][up[u]] = w.kept[s-1][up[u]] || k
		}
	}
}

// stage is what one stage adds to the variance.
func (d *Design) stage(s int, w *space) (v float64) {
	strata := d.stages[s].strata
	for from := 0; from < len(strata); {
		to, group := from, 0.0
		some, told := 0, 0 // strata with rows left, and those of them that tell their variance
		for ; to < len(strata) && strata[to].within == strata[from].within; to++ {
			t := &strata[to]
			x, ok := d.one(t, w.sums[s][t.from:t.to])
			group += x
			if d.lonely == Average && anyOf(w.kept[s][t.from:t.to]) {
				if some++; ok {
					told++
				}
			}
		}
		if some > told { // R's answer where none tells is undefined
			group *= float64(some) / float64(told)
		}
		v += strata[from].factor * group
		from = to
	}
	return v
}

// one is the variance of one stratum, and whether it tells one.
func (d *Design) one(t *stratum, sums []float64) (v float64, ok bool) {
	switch {
	case t.whole():
		return 0, true
	case len(sums) == 1 && d.lonely == Adjust:
		return t.left * sums[0] * sums[0], true
	case len(sums) == 1:
		return 0, d.lonely != Average
	}
	n, mean := t.n(), 0.0
	for _, x := range sums {
		mean += x
	}
	mean /= n
	for _, x := range sums {
		v += (x - mean) * (x - mean)
	}
	return t.left * n / (n - 1) * v, true
}

func anyOf(bs []bool) bool {
	for _, b := range bs {
		if b {
			return true
		}
	}
	return false
}

// freedom is the degrees of freedom of the rows that were seen: units less strata.
func (d *Design) freedom(w *space) int {
	first := &d.stages[0]
	df := 0
	for i := range first.strata {
		t := &first.strata[i]
		some := 0
		for _, s := range w.seen[t.from:t.to] {
			if s {
				some++
			}
		}
		if some > 0 {
			df += some - 1
		}
	}
	return df
}

// root is a standard error; what is below zero by rounding is zero.
func root(v float64) float64 {
	if v < 0 {
		return 0
	}
	return math.Sqrt(v)
}
