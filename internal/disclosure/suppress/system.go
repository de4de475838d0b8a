package suppress

import (
	"cmp"
	"slices"
)

// system is what a reader can compute with: the non-zero cells of all tables and the sums and links between them. Cells that must be equal, since one is the only non-zero part of the
// other, are one class: whoever knows one knows the other.
type system struct {
	classes []class
	rels    []relation
	of      []int32 // class of each cell of all tables in turn; -1 for a zero
}

// class is a set of cells with one count.
type class struct {
	n      int
	need   int     // by how much the ends of its interval must differ; 0 unless it has a primary cell
	weight int     // how many cells are hidden with it
	cells  []int32 // of all tables in turn
	rels   []int32 // where it stands,
	coef   []int32 // and how often in each; −1 as a total
	state  state
}

// state is what has been decided of a class.
type state uint8

const (
	open   state = iota // shown so far, may be hidden
	hidden              // hidden
	known               // out already in an earlier release: hiding it is of no use
)

// relation is Σ coef · count = 0 over its classes.
type relation struct {
	vars []int32
	coef []int32
}

// sum is a relation between cells before equal ones are joined.
type sum struct {
	total int32
	parts []int32
}

// newSystem joins equal cells. Needs of cells come from their tables' thresholds.
func newSystem(counts []int, need []int, sums []sum) *system {
	root := make([]int32, len(counts))
	for i := range root {
		root[i] = int32(i)
	}
	find := func(i int32) int32 {
		for root[i] != i {
			root[i] = root[root[i]]
			i = root[i]
		}
		return i
	}
	kept := sums[:0:0]
	for _, s := range sums {
		if counts[s.total] == 0 {
			continue
		}
		parts := make([]int32, 0, len(s.parts))
		for _, c := range s.parts {
			if counts[c] > 0 {
				parts = append(parts, c)
			}
		}
		if len(parts) > 1 {
			kept = append(kept, sum{s.total, parts})
		} else if a, b := find(s.total), find(parts[0]); a != b {
			root[max(a, b)] = min(a, b)
		}
	}
	s := &system{of: make([]int32, len(counts))}
	for i, n := range counts {
		if s.of[i] = -1; n == 0 {
			continue
		}
		r := find(int32(i)) // never after i
		if r == int32(i) {
			s.of[i] = int32(len(s.classes))
			s.classes = append(s.classes, class{n: n})
		} else {
			s.of[i] = s.of[r]
		}
		c := &s.classes[s.of[i]]
		c.cells, c.weight, c.need = append(c.cells, int32(i)), c.weight+1, max(c.need, need[i])
	}
	s.relate(kept)
	return s
}

// relate writes the sums as relations between classes, each once.
func (s *system) relate(sums []sum) {
	rels := make([]relation, 0, len(sums))
	for _, q := range sums {
		r := relation{vars: make([]int32, 0, len(q.parts)+1), coef: make([]int32, 0, len(q.parts)+1)}
		ids := make([]int32, 0, len(q.parts)+1)
		for _, c := range q.parts {
			ids = append(ids, s.of[c])
		}
		slices.Sort(ids)
		for i := 0; i < len(ids); {
			j := i
			for j < len(ids) && ids[j] == ids[i] {
				j++
			}
			r.vars, r.coef = append(r.vars, ids[i]), append(r.coef, int32(j-i))
			i = j
		}
		r.vars, r.coef = append(r.vars, s.of[q.total]), append(r.coef, -1) // the total is more than any part, so in no part's class
		rels = append(rels, r)
	}
	slices.SortStableFunc(rels, func(a, b relation) int {
		return cmp.Or(slices.Compare(a.vars, b.vars), slices.Compare(a.coef, b.coef))
	})
	s.rels = slices.CompactFunc(rels, func(a, b relation) bool { return slices.Equal(a.vars, b.vars) && slices.Equal(a.coef, b.coef) })
	for i, r := range s.rels {
		for j, v := range r.vars {
			c := &s.classes[v]
			c.rels, c.coef = append(c.rels, int32(i)), append(c.coef, r.coef[j])
		}
	}
}
