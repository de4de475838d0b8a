package suppress

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// gen makes random tables of the kinds that a drug monitoring centre publishes: regions, districts, substances, ages, sexes, with few and many small counts.
type gen struct{ *rand.Rand }

func newGen(seed uint64) gen { return gen{rand.New(rand.NewPCG(seed, 6))} }

// flat is a dimension of n codes and their total.
func flat(name string, n int) Dimension {
	d := Dimension{Name: name, Total: "T", Codes: []string{"T"}}
	for i := range n {
		d.Codes = append(d.Codes, fmt.Sprintf("%s%02d", name, i+1))
	}
	return d
}

// tree is a dimension of several levels below a total: fan[0] codes, each with fan[1] below it, and so on.
func tree(name string, fan ...int) Dimension {
	d := Dimension{Name: name, Total: "T", Codes: []string{"T"}, Parents: map[string]string{}}
	var grow func(parent string, fan []int)
	grow = func(parent string, fan []int) {
		if len(fan) == 0 {
			return
		}
		for i := range fan[0] {
			code := fmt.Sprintf("%s-%d", parent, i+1)
			if parent == "T" {
				code = fmt.Sprintf("%s%d", name, i+1)
			} else {
				d.Parents[code] = parent
			}
			d.Codes = append(d.Codes, code)
			grow(code, fan[1:])
		}
	}
	grow("T", fan)
	return d
}

// poisson draws a count.
func (g gen) poisson(mean float64) int {
	if mean > 50 {
		return max(0, int(math.Round(mean+math.Sqrt(mean)*g.NormFloat64())))
	}
	n, p, limit := 0, g.Float64(), math.Exp(-mean)
	for p > limit {
		p *= g.Float64()
		n++
	}
	return n
}

// table fills the dimensions with counts around mean that differ by row and column, and adds them up.
func (g gen) table(mean, spread float64, threshold int, dims ...Dimension) Table {
	effects := make([][]float64, len(dims))
	for d := range dims {
		effects[d] = make([]float64, len(dims[d].Codes))
		for i := range effects[d] {
			effects[d][i] = spread * g.NormFloat64()
		}
	}
	return sumUp(threshold, dims, func(codes []int) int {
		e := math.Log(mean)
		for d, c := range codes {
			e += effects[d][c]
		}
		return g.poisson(math.Exp(e))
	})
}

// sumUp makes a table of the counts of its innermost cells.
func sumUp(threshold int, dims []Dimension, leaf func(codes []int) int) Table {
	t := Table{Dimensions: dims, Rule: Rule{Threshold: threshold}}
	size := 1
	for _, d := range dims {
		size *= len(d.Codes)
	}
	counts := make([]int, size)
	above := make([][][]int, len(dims)) // of each code that has none below: itself and all it counts in
	for d, dim := range dims {
		at := map[string]int{}
		inner := map[string]bool{}
		for i, c := range dim.Codes {
			at[c] = i
		}
		for _, p := range dim.Parents {
			inner[p] = true
		}
		above[d] = make([][]int, len(dim.Codes))
		for i, c := range dim.Codes {
			if inner[c] || c == dim.Total && len(dim.Codes) > 1 {
				continue
			}
			above[d][i] = []int{i}
			for p, ok := dim.Parents[c]; ok; p, ok = dim.Parents[p] {
				above[d][i] = append(above[d][i], at[p])
			}
			if dim.Total != "" && c != dim.Total {
				above[d][i] = append(above[d][i], at[dim.Total])
			}
		}
	}
	codes := make([]int, len(dims))
	var add func(d, place, n int)
	add = func(d, place, n int) {
		if d == len(dims) {
			counts[place] += n
			return
		}
		for _, c := range above[d][codes[d]] {
			add(d+1, place*len(dims[d].Codes)+c, n)
		}
	}
	for p := range size {
		rest, isLeaf := p, true
		for d := len(dims) - 1; d >= 0; d-- {
			codes[d] = rest % len(dims[d].Codes)
			rest /= len(dims[d].Codes)
			isLeaf = isLeaf && above[d][codes[d]] != nil
		}
		if isLeaf {
			add(0, 0, leaf(codes))
		}
	}
	for p, n := range counts {
		key := make([]string, len(dims))
		rest := p
		for d := len(dims) - 1; d >= 0; d-- {
			key[d] = dims[d].Codes[rest%len(dims[d].Codes)]
			rest /= len(dims[d].Codes)
		}
		t.Cells = append(t.Cells, Cell{key, n})
	}
	return t
}

// joint is two tables of the same persons: by region and sex, and by region and substance.
func (g gen) joint(mean float64, regions, substances int) Releases {
	three := g.table(mean, 0.7, 5, flat("sex", 2), flat("sub", substances), flat("R", regions))
	a, b := project(three, 0, 2), project(three, 1, 2)
	r := Releases{Tables: []Table{a, b}}
	for _, c := range three.Dimensions[2].Codes {
		r.Links = append(r.Links, Link{Ref{0, []string{"T", c}}, []Ref{{1, []string{"T", c}}}})
	}
	return r
}

// project sums a table over all dimensions but those given.
func project(t Table, dims ...int) Table {
	out := Table{Rule: t.Rule}
	for _, d := range dims {
		out.Dimensions = append(out.Dimensions, t.Dimensions[d])
	}
next:
	for _, c := range t.Cells {
		for d, code := range c.Key {
			if code != t.Dimensions[d].Total && (d != dims[0] && d != dims[1]) {
				continue next
			}
		}
		out.Cells = append(out.Cells, Cell{[]string{c.Key[dims[0]], c.Key[dims[1]]}, c.N})
	}
	return out
}

// sequence is a table by region and sex for one age band, and later the same for the bands inside it.
func (g gen) sequence(mean float64, regions, bands int) Releases {
	young := Dimension{Name: "age"}
	for i := range bands {
		young.Codes = append(young.Codes, fmt.Sprintf("band%d", i+1))
	}
	later := g.table(mean, 0.8, 5, flat("R", regions), young, flat("sex", 2))
	earlier := Table{Rule: later.Rule, Dimensions: []Dimension{later.Dimensions[0], {Name: "age", Codes: []string{"all"}}, later.Dimensions[2]}}
	r := Releases{Sequence: true}
	for _, c := range later.Cells {
		if c.Key[1] != "band1" {
			continue
		}
		key := []string{c.Key[0], "all", c.Key[2]}
		l := Link{Total: Ref{0, key}}
		n := 0
		for _, k := range later.Cells {
			if k.Key[0] == c.Key[0] && k.Key[2] == c.Key[2] {
				l.Parts = append(l.Parts, Ref{1, k.Key})
				n += k.N
			}
		}
		earlier.Cells = append(earlier.Cells, Cell{key, n})
		r.Links = append(r.Links, l)
	}
	r.Tables = []Table{earlier, later}
	return r
}

// like makes tables and releases of the six kinds of the golden examples and some larger ones, by turns.
func (g gen) like(i int) Releases {
	one := func(t Table) Releases { return Releases{Tables: []Table{t}} }
	switch i % 10 {
	case 0:
		return one(g.table(10, 0.8, 5, flat("R", 6), flat("sub", 6)))
	case 1:
		return one(g.table(4, 0.7, 5, flat("R", 6), flat("sub", 6)))
	case 2:
		return one(g.table(9, 0.7, 5, flat("sex", 2), flat("age", 4), flat("R", 3)))
	case 3:
		return one(g.table(7, 0.7, 5, tree("R", 2, 4), flat("age", 4)))
	case 4:
		return g.joint(3, 4, 4)
	case 5:
		return g.sequence(20, 6, 2)
	case 6:
		return one(g.table(8, 0.8, 5, tree("R", 3, 3, 2), flat("sub", 5)))
	case 7:
		return one(g.table(6, 0.7, 5, tree("R", 3, 4), tree("sub", 3, 3)))
	case 8:
		return one(g.table(6, 0.6, 5, flat("sex", 2), flat("age", 4), flat("R", 5), flat("new", 2)))
	}
	return one(g.table(6, 0.8, 5+i%3*2, flat("R", 12), flat("sub", 10)))
}
