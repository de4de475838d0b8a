package suppress

import (
	"cmp"
	"slices"
)

// How large the regions may be that are looked at around a class. In smaller systems a region is all that can matter.
const (
	mostWithin = 160 // hidden classes, for a proof
	mostAround = 300 // classes, for what to hide
	perSum     = 7   // of each sum, the classes most useful
)

// within gives the hidden classes that a proof for c may move: those joined to it by sums, the nearest first, and whether that is all of them.
func (g *guard) within(c int32, most int) (list []int32, all bool) {
	g.epoch++
	g.seen[c] = g.epoch
	list = append(list, c)
	for i := 0; i < len(list); i++ {
		for _, k := range g.classes[list[i]].rels {
			for _, v := range g.rels[k].vars {
				if g.seen[v] != g.epoch && g.classes[v].state == hidden {
					if len(list) == most {
						return list, false
					}
					g.seen[v] = g.epoch
					list = append(list, v)
				}
			}
		}
	}
	return list, true
}

// around gives classes that may be hidden to protect c: a way up to the totals, by which every count can grow; of its sums the most useful ones; and what stands where the sums of those
// cross.
func (g *guard) around(c int32, prices []float64) []int32 {
	g.epoch++
	may := func(v int32) bool {
		k := &g.classes[v]
		return g.seen[v] != g.epoch && (k.state == hidden || k.state == open && prices[v] != banned)
	}
	list := []int32{c}
	g.seen[c] = g.epoch
	list = g.upwards(g.leafIn(c, func(int32) bool { return true }), list, may)
	for _, k := range g.classes[c].rels {
		list = g.useful(k, perSum, list, may)
	}
	return g.crossings(list, mostAround, may, func(int32) bool { return true })
}

// useful adds the most useful classes of a relation to a list: what is hidden already, and the largest counts.
func (g *guard) useful(k int32, most int, list []int32, may func(int32) bool) []int32 {
	vars := slices.Clone(g.rels[k].vars)
	slices.SortStableFunc(vars, func(a, b int32) int {
		x, y := &g.classes[a], &g.classes[b]
		return cmp.Or(cmp.Compare(y.state, x.state), cmp.Compare(y.n, x.n))
	})
	for _, v := range vars {
		if !may(v) {
			continue
		}
		if most--; most < 0 {
			break
		}
		g.seen[v] = g.epoch
		list = append(list, v)
	}
	return list
}

// crossings adds what stands where the sums of the classes of a list cross, until there are most of them.
func (g *guard) crossings(list []int32, most int, may func(int32) bool, of func(rel int32) bool) []int32 {
	for begin, times := 0, map[int32]int{}; begin < len(list) && len(list) < most; {
		end := len(list)
		for _, v := range list[begin:end] { // sums seen for the first time
			for _, k := range g.classes[v].rels {
				if of(k) {
					times[k]++
				}
			}
		}
		begin = end
		var next []int32
		count := map[int32]int{}
		for k := range times {
			for _, v := range g.rels[k].vars {
				if may(v) {
					if count[v]++; count[v] == 2 {
						next = append(next, v)
					}
				}
			}
		}
		slices.SortFunc(next, func(a, b int32) int {
			x, y := &g.classes[a], &g.classes[b]
			return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(y.state, x.state), cmp.Compare(y.n, x.n), cmp.Compare(a, b))
		})
		for _, v := range next[:min(len(next), most-len(list))] {
			g.seen[v] = g.epoch
			list = append(list, v)
		}
	}
	return list
}

// leafIn is an innermost class that c counts, the largest part each time of those in some part of the system.
func (g *guard) leafIn(c int32, in func(int32) bool) int32 {
	for {
		next := int32(-1)
		for i, k := range g.classes[c].rels {
			if g.classes[c].coef[i] > 0 {
				continue
			}
			for _, v := range g.rels[k].vars {
				if v != c && in(v) && (next < 0 || g.classes[v].n > g.classes[next].n) {
					next = v
				}
			}
		}
		if next < 0 {
			return c
		}
		c = next
	}
}

// upwards adds c and everything that it counts in. Within a table all of these can grow together by any amount.
func (g *guard) upwards(c int32, list []int32, may func(int32) bool) []int32 {
	from := len(list)
	if may(c) {
		g.seen[c] = g.epoch
		list = append(list, c)
	} else {
		from--
	}
	for i := from; i < len(list); i++ {
		k := &g.classes[list[i]]
		for j, rel := range k.rels {
			if k.coef[j] < 0 {
				continue
			}
			vars := g.rels[rel].vars
			if total := vars[len(vars)-1]; may(total) {
				g.seen[total] = g.epoch
				list = append(list, total)
			}
		}
	}
	return list
}
