package suppress

import (
	"math"
	"slices"
)

var inf = math.Inf(1)

// guard hides cells of a system until every primary class has a proof.
type guard struct {
	*system
	prim  []int32 // classes with a need, in order
	proof []proof // by class
	whole *region
}

// proof shows that a primary class is safe: two ways in which the hidden counts may differ from the true ones, with all sums kept, one that raises it by up and one that lowers it by
// down, together at least its need. It holds as long as its cells stay hidden.
type proof struct {
	up, down int
	cells    []int32 // classes that move in either
}

func (p proof) holds(need int) bool { return p.cells != nil && p.up+p.down >= need }

func newGuard(s *system) *guard {
	g := &guard{system: s, proof: make([]proof, len(s.classes))}
	all := make([]int32, 0, len(s.classes))
	for i := range s.classes {
		if c := &s.classes[i]; c.state != known {
			all = append(all, int32(i))
			if c.need > 0 {
				g.prim = append(g.prim, int32(i))
				c.state = hidden
			}
		}
	}
	g.whole = newRegion(s, all)
	return g
}

// hiddenWeight is how many cells are hidden.
func (g *guard) hiddenWeight() (n int) {
	for i := range g.classes {
		if g.classes[i].state == hidden {
			n += g.classes[i].weight
		}
	}
	return n
}

// prove looks for a proof for class c with what is hidden.
func (g *guard) prove(r *region, c int32) (proof, bool) {
	r.attack()
	need := g.classes[c].need
	aim := int(r.col[c])
	var p proof
	p.up = int(math.Floor(r.prog.push(aim, 1, float64(need)) + 1e-7))
	if p.up > 0 {
		p.cells = r.moved(p.cells)
	}
	if p.up < need {
		p.down = int(math.Floor(r.prog.push(aim, -1, float64(need-p.up)) + 1e-7))
		if p.down > 0 {
			p.cells = r.moved(p.cells)
		}
	}
	return p, p.holds(need)
}

// moved adds the classes that deviate to a sorted set.
func (r *region) moved(set []int32) []int32 {
	for j, v := range r.prog.val {
		if math.Abs(v) > 1e-7 {
			if i, ok := slices.BinarySearch(set, r.classes[j]); !ok {
				set = slices.Insert(set, i, r.classes[j])
			}
		}
	}
	return set
}

// price prepares a program in which open cells may move for the price of hiding them.
func (r *region) price(prices []float64) {
	p := r.prog
	for j, c := range r.classes {
		k := &r.sys.classes[c]
		p.lo[j], p.hi[j], p.cost[j] = max(-float64(k.n-1), -slackest), inf, 0
		if k.state == open {
			p.cost[j] = prices[c]
		}
	}
}

// extend hides what makes class c safe at the least price it finds.
func (g *guard) extend(r *region, c int32, prices []float64) bool {
	need := g.classes[c].need
	aim := int(r.col[c])
	best, bestPrice := []int32(nil), inf
	found := false
	for d := 0; d <= min(need, g.classes[c].n-1); d++ {
		var hid []int32
		price := 0.0
		ok := true
		for _, side := range []struct {
			dir float64
			by  int
		}{{1, need - d}, {-1, d}} {
			if side.by == 0 || !ok {
				continue
			}
			r.price(prices)
			if r.prog.push(aim, side.dir, float64(side.by)) < float64(side.by)-1e-7 {
				ok = false
				continue
			}
			for j, v := range r.prog.val {
				if k := &g.classes[r.classes[j]]; math.Abs(v) > 1e-7 && k.state == open {
					k.state = hidden
					hid = append(hid, r.classes[j])
					price += prices[r.classes[j]]
				}
			}
		}
		for _, h := range hid {
			g.classes[h].state = open
		}
		if ok && price < bestPrice-1e-9 {
			best, bestPrice, found = hid, price, true
		}
		if ok && price == 0 {
			break
		}
	}
	if !found {
		return false
	}
	for _, h := range best {
		g.classes[h].state = hidden
	}
	p, ok := g.prove(r, c)
	if ok {
		g.proof[c] = p
	}
	return ok
}

// cover gives every primary class of the list a proof.
func (g *guard) cover(list []int32, prices []float64) bool {
	for _, c := range list {
		if g.proof[c].holds(g.classes[c].need) {
			continue
		}
		if p, ok := g.prove(g.whole, c); ok {
			g.proof[c] = p
			continue
		}
		if !g.extend(g.whole, c, prices) {
			return false
		}
	}
	return true
}

// clean shows again what no proof needs, in the order given.
func (g *guard) clean(order []int32) {
	for _, c := range order {
		if g.classes[c].state != hidden || g.classes[c].need > 0 {
			continue
		}
		g.tryShow(c)
	}
}

func (g *guard) tryShow(c int32) bool {
	g.classes[c].state = open
	type change struct {
		p   int32
		old proof
	}
	var done []change
	for _, p := range g.prim {
		if _, uses := slices.BinarySearch(g.proof[p].cells, c); !uses {
			continue
		}
		np, ok := g.prove(g.whole, p)
		if !ok {
			for _, d := range done {
				g.proof[d.p] = d.old
			}
			g.classes[c].state = hidden
			return false
		}
		done = append(done, change{p, g.proof[p]})
		g.proof[p] = np
	}
	return true
}

func (g *guard) run() {
	prices := make([]float64, len(g.classes))
	for i, c := range g.classes {
		prices[i] = float64(c.weight) + float64(c.n)/1000
	}
	g.cover(g.prim, prices)
	var order []int32
	for i := range g.classes {
		order = append(order, int32(i))
	}
	slices.SortStableFunc(order, func(a, b int32) int { return g.classes[b].n - g.classes[a].n })
	g.clean(order)
}
