package suppress

import (
	"fmt"
	"strings"
)

// grid is a checked table: counts by place, a place being the codes of a cell written as one number.
type grid struct {
	table   *Table
	number  int // of the table, from 1, for messages
	dims    []axis
	size    int
	counts  []int
	placeOf []int32 // of each cell of the table, in its order
}

// axis is a dimension with its codes as numbers.
type axis struct {
	*Dimension
	index  map[string]int
	stride int
	sums   []line
}

// line says that one code is the sum of others.
type line struct {
	total int
	parts []int
}

func newGrid(t *Table, number int) (*grid, error) {
	g := &grid{table: t, number: number, size: 1}
	if r := t.Rule; r.Threshold < 1 || r.Threshold > MaxThreshold {
		return nil, g.fault("rule", "the threshold is %d; give a whole number from 1 to %d", r.Threshold, MaxThreshold)
	} else if r.Round < 0 || r.Round > MaxCount {
		return nil, g.fault("rule", "the rounding base is %d; give a positive whole number, or none", r.Round)
	}
	if len(t.Dimensions) == 0 {
		return nil, g.fault("", "it has no dimension; give at least one")
	}
	for i := range t.Dimensions {
		a, err := g.axis(&t.Dimensions[i])
		if err != nil {
			return nil, err
		}
		g.dims = append(g.dims, a)
		if g.size *= len(a.Codes); g.size > MaxCells {
			return nil, g.fault("", "it has more than %d cells; divide it", MaxCells)
		}
	}
	stride := 1
	for i := len(g.dims) - 1; i >= 0; i-- {
		g.dims[i].stride = stride
		stride *= len(g.dims[i].Codes)
	}
	if err := g.fill(); err != nil {
		return nil, err
	}
	return g, g.balance()
}

// fault says where in which table.
func (g *grid) fault(in, format string, args ...any) error {
	where := fmt.Sprintf("table %d", g.number)
	if in != "" {
		where += ", " + in
	}
	return fault(where, format, args...)
}

// axis checks a dimension and finds its sums: the total of the codes without a parent, each parent of its children.
func (g *grid) axis(d *Dimension) (axis, error) {
	in := "dimension " + d.Name
	a := axis{Dimension: d, index: make(map[string]int, len(d.Codes))}
	if len(d.Codes) == 0 {
		return a, g.fault(in, "it has no codes; give at least one")
	}
	for i, c := range d.Codes {
		if _, twice := a.index[c]; twice {
			return a, g.fault(in, "the code %q is there twice; give each code once", c)
		}
		a.index[c] = i
	}
	total := -1
	if d.Total != "" {
		i, ok := a.index[d.Total]
		if !ok {
			return a, g.fault(in, "the total %q is not among its codes; add it, or give no total", d.Total)
		}
		total = i
	}
	children := make([][]int, len(d.Codes))
	for i, c := range d.Codes {
		p, has := d.Parents[c]
		switch j, ok := a.index[p]; {
		case !has && i == total:
		case i == total:
			return a, g.fault(in, "the total %q has the parent %q; a total has none", c, p)
		case !has && total >= 0:
			children[total] = append(children[total], i)
		case !has:
		case !ok:
			return a, g.fault(in, "%q has the parent %q, which is not among the codes; add it, or mend the parent", c, p)
		default: // a code right below the total is one without a parent
			children[j] = append(children[j], i)
		}
	}
	for c, p := range d.Parents {
		if _, ok := a.index[c]; !ok {
			return a, g.fault(in, "%q has the parent %q but is not among the codes; add it, or leave its parent out", c, p)
		}
	}
	for i, c := range d.Codes {
		at, steps := c, 0
		for p, ok := d.Parents[at]; ok; p, ok = d.Parents[at] {
			if at = p; steps > len(d.Codes) {
				return a, g.fault(in, "the parents of %q lead back in a circle; a code stands below another only once", c)
			}
			steps++
		}
		if len(children[i]) > 0 {
			a.sums = append(a.sums, line{i, children[i]})
		}
	}
	return a, nil
}

// fill puts every cell in its place; each place is filled once.
func (g *grid) fill() error {
	g.counts, g.placeOf = make([]int, g.size), make([]int32, len(g.table.Cells))
	filled := make([]bool, g.size)
	for i, c := range g.table.Cells {
		p, err := g.place(c.Key)
		if err != nil {
			return err
		}
		switch {
		case filled[p]:
			return g.fault(cellName(c.Key), "it is there twice; give each combination of codes once")
		case c.N < 0 || c.N > MaxCount:
			return g.fault(cellName(c.Key), "its count is %d; give a whole number from 0 to %d", c.N, MaxCount)
		}
		g.counts[p], g.placeOf[i], filled[p] = c.N, p, true
	}
	for p, ok := range filled {
		if !ok {
			return g.fault(cellName(g.key(p)), "it is missing; give every combination of codes, zeros too")
		}
	}
	return nil
}

// place is the number of a key.
func (g *grid) place(key []string) (int32, error) {
	if len(key) != len(g.dims) {
		return 0, g.fault(cellName(key), "its key has %d codes; give one for each of the %d dimensions", len(key), len(g.dims))
	}
	p := 0
	for d, c := range key {
		i, ok := g.dims[d].index[c]
		if !ok {
			return 0, g.fault(cellName(key), "%q is not a code of the dimension %s; mend the key, or add the code", c, g.dims[d].Name)
		}
		p += i * g.dims[d].stride
	}
	return int32(p), nil
}

func (g *grid) key(place int) []string {
	key := make([]string, len(g.dims))
	for d := range g.dims {
		key[d] = g.dims[d].Codes[place/g.dims[d].stride%len(g.dims[d].Codes)]
	}
	return key
}

// cellName names a cell in a message.
func cellName(key []string) string { return "cell " + strings.Join(key, "/") }

// balance checks that every sum holds.
func (g *grid) balance() error {
	for s := range g.sums {
		n := 0
		for _, p := range s.parts {
			n += g.counts[p]
		}
		if n != g.counts[s.total] {
			return g.fault(cellName(g.key(int(s.total))), "it is %d, but its parts (%s and on) add up to %d; mend the counts, or the parents and the total", g.counts[s.total], strings.Join(g.key(int(s.parts[0])), "/"), n)
		}
	}
	return nil
}

// sums are all sums of the table: each line of each dimension, for every combination of the other codes. The parts of one are overwritten by the next.
func (g *grid) sums(yield func(sum) bool) {
	var parts []int32
	for _, a := range g.dims {
		for _, l := range a.sums {
			for base := 0; base < g.size; base++ {
				if base/a.stride%len(a.Codes) != 0 {
					base += a.stride*len(a.Codes) - a.stride - 1 // past the other codes of this dimension
					continue
				}
				parts = parts[:0]
				for _, p := range l.parts {
					parts = append(parts, int32(base+p*a.stride))
				}
				if !yield(sum{int32(base + l.total*a.stride), parts}) {
					return
				}
			}
		}
	}
}
