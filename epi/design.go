package epi

import (
	"slices"
	"sync"
)

// Design is a sample made ready for estimation: built once, it estimates many variables over many domains. It can be used by several goroutines at a time and does not
// change; PostStratify and Rake give new ones.
//
// All variances are those of the with-replacement or stagewise estimator of first-order influences (see Estimate). Missing values and domains leave rows without weight
// but never without a place in the design: the numbers of units of a stratum are those of the whole sample.
type Design struct {
	weights []float64
	lonely  Lonely
	stages  []selection   // those that count for the variance
	leaf    []int32       // by row: its unit of the last of these stages
	psu     []int32       // by row: its unit of the first stage
	steps   []calibration // in the order in which they were made
	spaces  sync.Pool     // of *space
}

// selection is one stage: its units in the order of their strata, so that those of a stratum stand together, and the strata in the order of the units of the stage before.
type selection struct {
	up      []int32 // by unit: that of the stage before
	stratum []int32 // by unit
	strata  []stratum
}

type stratum struct {
	from, to int32   // its units
	within   int32   // the unit of the stage before, 0 at the first
	row      int     // one of its rows, to name it by
	left     float64 // 1 - n/N, 1 where N is not given
	factor   float64 // product of n/N over the stages before
	size     float64 // N
}

func (s *stratum) n() float64 { return float64(s.to - s.from) }

// whole reports that all units of the stratum were drawn, so that it has no variance.
func (s *stratum) whole() bool { return s.left < 1e-7 }

// NewDesign makes a sample ready. Errors: columns that differ in length (UnequalLengths) or that hold what they cannot (MissingValue, NegativeValue, NotPositive), more
// units drawn than there were (TooLarge), a Population that is not the same all over a stratum (Varies), a stratum of which a single unit was drawn where the policy is
// Refuse, or a single unit in all and no strata (SingleUnit). At is then the row, or one of the rows.
func NewDesign(s Sample) (*Design, error) {
	n := s.rows()
	if err := s.check(n); err != nil {
		return nil, err
	}
	stages := s.Stages
	if len(stages) == 0 {
		stages = make([]Stage, 1)
	}
	if stages[0].Population == nil {
		stages = stages[:1]
	}
	d := &Design{lonely: s.Lonely, weights: s.Weights}
	d.spaces.New = func() any { return &space{} }
	if s.Weights == nil {
		d.weights = slices.Repeat([]float64{1}, n)
	}
	var before []int32 // units of the stage before, by row; nil for the first
	for i, g := range stages {
		sel, unit, err := selectUnits(g, n, before)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			d.carry(&sel, &d.stages[i-1])
		}
		d.stages = append(d.stages, sel)
		if i == 0 {
			d.psu = unit
		}
		d.leaf, before = unit, unit
		if s.Weights == nil && g.Population != nil {
			for row, u := range unit {
				t := &sel.strata[sel.stratum[u]]
				d.weights[row] *= t.size / t.n()
			}
		}
		if err := d.single(&sel, i == 0 && g.Stratum == nil); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// single refuses strata with a single unit, where that is not what the sample allows for. One unit in all, without strata, is no sample of anything.
func (d *Design) single(s *selection, unstratified bool) error {
	for i := range s.strata {
		t := &s.strata[i]
		if t.n() == 1 && (unstratified || d.lonely == Refuse && !t.whole()) {
			return &Error{SingleUnit, "Stratum", t.row}
		}
	}
	return nil
}

// carry works out the units above and the factors of a stage from the one before.
func (d *Design) carry(s, before *selection) {
	for i := range s.strata {
		t := &s.strata[i]
		above := &before.strata[before.stratum[t.within]]
		t.factor = above.factor * (above.n() / above.size)
	}
}

// selectUnits finds the units and strata of a stage: a unit is its code in its stratum, a stratum its code in the unit of the stage before.
func selectUnits(g Stage, n int, before []int32) (selection, []int32, error) {
	var s selection
	stratumOf := keys(n, before, g.Stratum, func(row, _ int) {
		t := stratum{row: row, left: 1, factor: 1}
		if before != nil {
			t.within = before[row]
		}
		s.strata = append(s.strata, t)
	})
	unit := make([]int32, n)
	var in []int32 // by unit: its stratum, in the order in which they were met
	if g.Cluster == nil {
		for row := range unit {
			unit[row] = int32(row)
		}
		in = stratumOf
	} else {
		unit = keys(n, stratumOf, g.Cluster, func(row, _ int) { in = append(in, stratumOf[row]) })
	}
	for _, t := range in {
		s.strata[t].to++
	}
	// Strata are put in the order of the units before, and units in that of their strata.
	order := make([]int32, len(s.strata))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortStableFunc(order, func(a, b int32) int { return int(s.strata[a].within) - int(s.strata[b].within) })
	sorted, place := make([]stratum, len(order)), make([]int32, len(order))
	end := int32(0)
	for i, t := range order {
		sorted[i], place[t] = s.strata[t], int32(i)
		sorted[i].from, sorted[i].to, end = end, end+s.strata[t].to, end+s.strata[t].to
	}
	s.strata = sorted
	next := make([]int32, len(sorted))
	for i := range next {
		next[i] = sorted[i].from
	}
	moved := make([]int32, len(in))
	s.stratum, s.up = make([]int32, len(in)), make([]int32, len(in))
	for u, t := range in {
		p := place[t]
		moved[u], s.stratum[next[p]], s.up[next[p]] = next[p], p, sorted[p].within
		next[p]++
	}
	for row, u := range unit {
		unit[row] = moved[u]
	}
	return s, unit, s.populations(g.Population, unit)
}

// populations takes over the numbers of units to draw from.
func (s *selection) populations(of []float64, unit []int32) error {
	for row, size := range of {
		t := &s.strata[s.stratum[unit[row]]]
		switch {
		case t.size == 0:
			t.size = size
			if size < t.n() {
				return &Error{TooLarge, "Population", row}
			}
			t.left = 1 - t.n()/size
		case t.size != size:
			return &Error{Varies, "Population", row}
		}
	}
	return nil
}

// keys numbers the pairs of a group and a code in the order in which they are met, and tells of each new one. Either may be nil, for all the same.
func keys(n int, group []int32, code []int, met func(row, key int)) []int32 {
	type pair struct {
		group int32
		code  int
	}
	out := make([]int32, n)
	known := map[pair]int32{}
	var last pair
	for row := range out {
		var p pair
		if group != nil {
			p.group = group[row]
		}
		if code != nil {
			p.code = code[row]
		}
		if row > 0 && p == last { // rows mostly come by cluster
			out[row] = out[row-1]
			continue
		}
		last = p
		k, there := known[p]
		if !there {
			k = int32(len(known))
			known[p] = k
			met(row, int(k))
		}
		out[row] = k
	}
	return out
}

// Rows is the number of respondents.
func (d *Design) Rows() int { return len(d.weights) }

// Weights are the weights of the rows after all calibration. They are not to be changed.
func (d *Design) Weights() []float64 { return d.weights }

// Units is how many units were drawn at the first stage, and from how many strata.
func (d *Design) Units() (units, strata int) {
	return len(d.stages[0].stratum), len(d.stages[0].strata)
}

// Calibrated reports whether the weights were made to agree with known totals.
func (d *Design) Calibrated() bool { return d.steps != nil }
