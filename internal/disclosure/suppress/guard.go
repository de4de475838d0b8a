package suppress

import (
	"cmp"
	"math"
	"slices"
)

// guard hides cells of a system until every primary class has a proof.
type guard struct {
	*system
	prim    []int32 // classes with a need, in order
	proof   []proof // by class
	whole   *region // everything that may move; nil in a large system
	inner   []*region
	seen    []int32
	epoch   int32
	scratch scratch
	plan    planner // how to choose what to hide
	hints   []hint  // by class, while nothing is shown again; nil otherwise
}

// planner says what to hide in a region to protect a class.
type planner func(r *region, c int32, prices []float64) (plan, bool)

// proof shows that a primary class is safe: two ways in which the hidden counts may differ from the true ones, with all sums kept, one that raises it by up and one that lowers it by
// down, together at least its need. It holds as long as its cells stay hidden.
type proof struct {
	up, down int
	cells    []int32 // classes that move in either, sorted
}

func (p proof) holds(need int) bool { return p.up+p.down >= need }

func newGuard(s *system) *guard {
	g := &guard{system: s, proof: make([]proof, len(s.classes)), seen: make([]int32, len(s.classes)), inner: make([]*region, len(s.classes))}
	g.plan = g.cheapest
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
	if len(all) <= mostAround {
		g.whole = g.newRegion(all)
	}
	return g
}

// hide hides a class, which may join what was apart.
func (g *guard) hide(c int32) {
	g.classes[c].state = hidden
	clear(g.inner)
}

// loss is what readers lose: hidden cells, and of equally many the larger counts, which are the totals.
type loss struct{ cells, persons int }

func (g *guard) loss() (l loss) {
	for i := range g.classes {
		if c := &g.classes[i]; c.state == hidden {
			l.cells += c.weight
			l.persons += c.weight * c.n
		}
	}
	return l
}

func (l loss) less(m loss) bool {
	return l.cells < m.cells || l.cells == m.cells && l.persons < m.persons
}

// prove looks for a proof for class c with what is hidden: near it, and with far also in all that hangs together with it.
func (g *guard) prove(c int32, far bool) (proof, bool) {
	if r := g.inner[c]; r != nil {
		return g.proveIn(r, c)
	}
	list, all := g.within(c, mostWithin)
	r := g.newRegion(list)
	if all {
		for _, v := range list {
			g.inner[v] = r
		}
	}
	p, ok := g.proveIn(r, c)
	if !ok && !all && far {
		list, _ = g.within(c, len(g.classes))
		return g.proveIn(g.newRegion(list), c)
	}
	return p, ok
}

func (g *guard) proveIn(r *region, c int32) (proof, bool) {
	r.attack()
	need := g.classes[c].need
	var p proof
	p.up = int(math.Floor(r.push(&g.scratch, c, 1, need) + drift))
	if p.up > 0 {
		p.cells = r.moved(p.cells)
		g.note(r)
	}
	if p.up < need {
		p.down = int(math.Floor(r.push(&g.scratch, c, -1, need-p.up) + drift))
		if p.down > 0 {
			p.cells = r.moved(p.cells)
			g.note(r)
		}
	}
	return p, p.holds(need)
}

// plan is a set of classes to hide, and the proof that it gives.
type plan struct {
	hide  []int32
	price float64
	proof proof
}

// extend hides what makes class c safe at the least price it finds.
func (g *guard) extend(c int32, prices []float64) bool {
	r := g.whole
	if r == nil {
		r = g.newRegion(g.around(c, prices))
	}
	best, ok := g.plan(r, c, prices)
	if !ok && g.whole == nil {
		all := make([]int32, 0, len(g.classes))
		for i := range g.classes {
			if g.classes[i].state != known {
				all = append(all, int32(i))
			}
		}
		best, ok = g.plan(g.newRegion(all), c, prices)
	}
	if !ok {
		return false
	}
	for _, h := range best.hide {
		g.hide(h)
	}
	g.proof[c] = best.proof
	return true
}

// cheapest tries each way to divide the need of c between a higher and a lower value.
func (g *guard) cheapest(r *region, c int32, prices []float64) (best plan, ok bool) {
	best.price = inf
	need := g.classes[c].need
	most := min(need, g.classes[c].n-1)
	for _, step := range [...]int{max(1, most/4), 1} { // a few ways, and all only if none of them is one
		for down := 0; down <= most && best.price > 0; down += step {
			if p, ok := g.split(r, c, need-down, down, prices); ok && p.price < best.price-dust {
				best = p
			}
		}
		if best.price < inf {
			return best, true
		}
	}
	return best, false
}

// plain makes up in one go, by a higher value, for what c still lacks, and hides all that moves then: more for c alone, which may serve others too.
func (g *guard) plain(r *region, c int32, prices []float64) (p plan, ok bool) {
	now, ok := g.proveIn(r, c)
	if ok {
		return plan{proof: now}, true
	}
	r.price(prices)
	lack := g.classes[c].need - now.down
	if r.push(&g.scratch, c, 1, lack) < float64(lack)-drift {
		return g.cheapest(r, c, prices)
	}
	for j, v := range r.prog.val {
		if k := r.classes[j]; math.Abs(v) > drift && g.classes[k].state == open {
			p.hide = append(p.hide, k)
			g.classes[k].state = hidden
		}
	}
	was := g.hints
	g.hints = nil // what is tried is not hidden yet
	p.proof, ok = g.proveIn(r, c)
	g.hints = was
	for _, h := range p.hide {
		g.classes[h].state = open
	}
	if !ok {
		return g.cheapest(r, c, prices)
	}
	return p, true
}

// split plans what to hide so that c may be higher by up and lower by down. It leaves everything as it was.
func (g *guard) split(r *region, c int32, up, down int, prices []float64) (p plan, ok bool) {
	was := g.hints
	g.hints = nil // what is tried is not hidden yet
	defer func() {
		g.hints = was
		for _, h := range p.hide {
			g.classes[h].state = open
		}
		p.hide = slices.DeleteFunc(p.hide, func(h int32) bool { _, uses := slices.BinarySearch(p.proof.cells, h); return !uses })
		for _, h := range p.hide {
			p.price += prices[h]
		}
	}()
	for _, way := range [...]struct {
		dir float64
		by  int
	}{{1, up}, {-1, down}} {
		if way.by == 0 {
			continue
		}
		r.price(prices)
		if r.push(&g.scratch, c, way.dir, way.by) < float64(way.by)-drift {
			return p, false
		}
		for j, v := range r.prog.val {
			if k := r.classes[j]; math.Abs(v) > drift && g.classes[k].state == open {
				g.classes[k].state = hidden
				p.hide = append(p.hide, k)
			}
		}
	}
	if p.proof, ok = g.proveIn(r, c); !ok {
		return p, false
	}
	slices.SortFunc(p.hide, func(a, b int32) int { return cmp.Or(cmp.Compare(prices[b], prices[a]), cmp.Compare(a, b)) })
	for _, h := range p.hide {
		if _, uses := slices.BinarySearch(p.proof.cells, h); !uses {
			g.classes[h].state = open
			continue
		}
		g.classes[h].state = open
		if q, still := g.proveIn(r, c); still {
			p.proof = q
		} else {
			g.classes[h].state = hidden
		}
	}
	return p, true
}

// cover gives every primary class of the list a proof.
func (g *guard) cover(list []int32, prices []float64) bool {
	if g.hints == nil {
		g.hints = make([]hint, len(g.classes))
		defer func() { g.hints = nil }()
	}
	var rest []int32
	for _, c := range list { // first by what is hidden already, since each further cell changes the regions
		if !g.have(c) && !g.find(c) {
			rest = append(rest, c)
		}
	}
	for _, c := range rest {
		if !g.have(c) && (g.whole != nil || !g.find(c)) && !g.extend(c, prices) {
			return false
		}
	}
	return true
}

// have tells whether c has a proof, or takes one from a hint.
func (g *guard) have(c int32) bool {
	need := g.classes[c].need
	if g.proof[c].holds(need) {
		return true
	}
	p, ok := g.hints[c].proof(need)
	if ok {
		g.proof[c] = p
	}
	return ok
}

// find looks for a proof of c and keeps it.
func (g *guard) find(c int32) bool {
	p, ok := g.prove(c, false)
	if ok {
		g.proof[c] = p
	}
	return ok
}

// clean shows again what no proof needs, in the order given.
func (g *guard) clean(order []int32) {
	for _, c := range order {
		g.show(c)
	}
}

// show shows class c again if every proof that uses it can be made without.
func (g *guard) show(c int32) bool {
	g.classes[c].state = open
	type change struct {
		class int32
		old   proof
	}
	var done []change
	for _, p := range g.prim {
		if _, uses := slices.BinarySearch(g.proof[p].cells, c); !uses {
			continue
		}
		q, ok := g.prove(p, false)
		if !ok {
			for _, d := range done {
				g.proof[d.class] = d.old
			}
			g.classes[c].state = hidden
			return false
		}
		done = append(done, change{p, g.proof[p]})
		g.proof[p] = q
	}
	return true
}
