package disclosure

import (
	"fmt"

	"github.com/baqylau/baqylau/internal/disclosure/suppress"
)

// Tally counts into a table with its totals, and shows what may be shown of it. It is how a page, a chart, a file or an answer of the API gets its counts: one tally, one answer, the same
// on every way out.
type Tally struct {
	dims   []tallied
	counts []int
}

// tallied is a dimension with the codes that each code counts in, itself first.
type tallied struct {
	suppress.Dimension
	index map[string]int
	up    [][]int
}

// NewTally begins a table of nothing but zeros. It panics on a dimension that names a total or parent which is not among its codes: the dimensions of a page are its own.
func NewTally(dims ...suppress.Dimension) *Tally {
	t, size := &Tally{}, 1
	for _, d := range dims {
		x := tallied{Dimension: d, index: map[string]int{}, up: make([][]int, len(d.Codes))}
		for i, c := range d.Codes {
			x.index[c] = i
		}
		at := func(c string) int {
			i, ok := x.index[c]
			if !ok {
				panic(fmt.Sprintf("disclosure: %q is no code of %s", c, d.Name))
			}
			return i
		}
		for i, c := range d.Codes {
			x.up[i] = []int{i}
			p, ok := d.Parents[c]
			for ; ok && p != d.Total && len(x.up[i]) <= len(d.Codes); p, ok = d.Parents[p] {
				x.up[i] = append(x.up[i], at(p))
			}
			if d.Total != "" && c != d.Total {
				x.up[i] = append(x.up[i], at(d.Total))
			}
		}
		t.dims = append(t.dims, x)
		size *= len(d.Codes)
	}
	t.counts = make([]int, size)
	return t
}

// Add counts n more in a cell, one code for each dimension, and in all that it is part of. Codes must be innermost ones: a parent or total gets its count from them.
func (t *Tally) Add(n int, codes ...string) { t.add(n, 0, 0, codes) }

func (t *Tally) add(n, d, place int, codes []string) {
	if d == len(t.dims) {
		t.counts[place] += n
		return
	}
	x := &t.dims[d]
	i, ok := x.index[codes[d]]
	if !ok {
		panic(fmt.Sprintf("disclosure: %q is no code of %s", codes[d], x.Name))
	}
	for _, u := range x.up[i] {
		t.add(n, d+1, place*len(x.Codes)+u, codes)
	}
}

// Table is the tally as a table, for the release ledger or a publication.
func (t *Tally) Table() suppress.Table {
	out := suppress.Table{Rule: suppress.Rule{Threshold: Threshold}, Cells: make([]suppress.Cell, len(t.counts))}
	for _, d := range t.dims {
		out.Dimensions = append(out.Dimensions, d.Dimension)
	}
	keys := make([]string, len(t.counts)*len(t.dims))
	for p := range t.counts {
		key, rest := keys[p*len(t.dims):(p+1)*len(t.dims):(p+1)*len(t.dims)], p
		for d := len(t.dims) - 1; d >= 0; d-- {
			n := len(t.dims[d].Codes)
			key[d], rest = t.dims[d].Codes[rest%n], rest/n
		}
		out.Cells[p] = suppress.Cell{Key: key, N: t.counts[p]}
	}
	return out
}

// Shown is what may be seen of a tally.
type Shown struct {
	tally  *Tally
	counts []Count
}

// Show applies the rule to the whole table. The error is a *suppress.Fault: a count that was added to a parent or total, or one below zero.
func (t *Tally) Show(f Figure, a Audience) (*Shown, error) {
	s := &Shown{tally: t, counts: make([]Count, len(t.counts))}
	small := false
	for i, n := range t.counts {
		s.counts[i] = Count{N: n}
		small = small || Hides(n, f, a)
	}
	if !small {
		return s, nil
	}
	answer, err := suppress.Protect(t.Table(), suppress.Page)
	if err != nil {
		return nil, err
	}
	for i, o := range answer {
		s.counts[i] = Count{N: o.N, Hidden: o.Why != suppress.Shown}
	}
	return s, nil
}

// Told is the tally as it may be seen by an answer to its table that was given elsewhere, as the release ledger does.
func (t *Tally) Told(answer suppress.Answer) *Shown {
	s := &Shown{tally: t, counts: make([]Count, len(t.counts))}
	for i := range s.counts {
		s.counts[i].Hidden = true
		if i < len(answer) {
			s.counts[i] = Count{N: answer[i].N, Hidden: answer[i].Why != suppress.Shown}
		}
	}
	return s
}

// At is one cell.
func (s *Shown) At(codes ...string) Count {
	place := 0
	for d, x := range s.tally.dims {
		i, ok := x.index[codes[d]]
		if !ok {
			panic(fmt.Sprintf("disclosure: %q is no code of %s", codes[d], x.Name))
		}
		place = place*len(x.Codes) + i
	}
	return s.counts[place]
}
