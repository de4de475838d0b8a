package suppress

import (
	"maps"
	"math"
	"slices"
)

// question is what is asked of a program: a way that moves a class.
type question struct {
	aim    int32
	dir    float64   // 1 or −1
	target int       // how far, at most
	free   bool      // shared classes may move too
	prices []float64 // of what may be hidden for it, and then it must reach the target; nil: by what is hidden alone
}

// How large the programs of blocks may be, in classes.
const (
	mostFree   = 900 // around a class, where usual ones do not do
	mostAlong  = 200 // of a block that goes along with what is shared,
	mostAlong2 = 500 // and where that does not do
	mostAgain  = 10  // how often another way through what is shared is looked for,
	mostApart  = 5   // and from when on the blocks that did not go along become part of the program
)

// ask looks for a way; nil where there is none.
func (b *blocks) ask(q question) *way {
	h := b.home[q.aim]
	if !q.free {
		return b.push(b.inBlock(q), q)
	}
	defer clear(b.surplus)
	in := []int32{shared, h}
	list := b.withShared(q, mostAround)
	r := b.programIn(list, in)
	for again := range mostAgain {
		w := b.push(r, q)
		if w == nil && again == 0 && q.prices != nil && h != shared {
			list = b.withShared(q, mostFree)
			r = b.programIn(list, in)
			w = b.push(r, q)
		}
		if w == nil {
			return nil
		}
		whole, stuck := b.complete(w, in, q.prices)
		if whole != nil || q.prices == nil {
			return whole
		}
		if again >= mostApart {
			in = append(in, stuck)
			list = b.joined(list, in, w, stuck, q.prices)
			r = b.programIn(list, in)
			continue
		}
		for _, c := range w.classes {
			if b.home[c] == shared && slices.ContainsFunc(b.classes[c].rels, func(k int32) bool { return b.blockOf[k] == stuck }) {
				b.surplus[c] += 10
			}
		}
	}
	return nil
}

// push asks a program.
func (b *blocks) push(r *region, q question) *way {
	b.open(r, q.prices)
	far := r.push(&b.scratch, q.aim, q.dir, q.target)
	if far < 1-drift || q.prices != nil && far < float64(q.target)-drift {
		return nil
	}
	return r.way()
}

// open sets the bounds and prices of a program.
func (b *blocks) open(r *region, prices []float64) {
	if prices == nil {
		r.attack()
	} else {
		r.price(prices)
	}
	for j, c := range r.classes {
		if r.prog.lo[j] < 0 {
			r.prog.lo[j] = max(-float64(b.classes[c].n-b.least[c]), -slackest)
		}
		if prices != nil && b.home[c] == shared {
			r.prog.cost[j] += 1 + b.surplus[c] // in every block that it stands in others must move along
		}
	}
}

// may reports whether a class may move.
func (b *blocks) may(v int32, prices []float64) bool {
	k := &b.classes[v]
	return k.state == hidden || prices != nil && k.state == open
}

// inBlock is the program of a class's own block, or of what is near the class there.
func (b *blocks) inBlock(q question) *region {
	h := b.home[q.aim]
	if b.region[h] == nil && len(b.own[h]) <= mostAround {
		b.region[h] = b.newRegion(slices.Clone(b.own[h]))
	}
	if b.region[h] != nil {
		return b.region[h]
	}
	if q.prices == nil {
		return b.newRegion(b.hiddenNear(q.aim))
	}
	in := func(v int32) bool { return b.home[v] == h }
	return b.newRegion(b.aroundIn(q.aim, q.prices, mostAround, in, func(int32) bool { return true }))
}

// hiddenNear are the hidden classes of its block that are joined to c, the nearest first.
func (b *blocks) hiddenNear(c int32) []int32 {
	b.epoch++
	b.seen[c] = b.epoch
	list := []int32{c}
	for i := 0; i < len(list); i++ {
		for _, k := range b.classes[list[i]].rels {
			for _, v := range b.rels[k].vars {
				if b.seen[v] == b.epoch || b.classes[v].state != hidden || b.home[v] != b.home[c] {
					continue
				}
				if len(list) == mostWithin {
					return list
				}
				b.seen[v] = b.epoch
				list = append(list, v)
			}
		}
	}
	return list
}

// withShared are classes around the one that is asked about, in its block and among the shared ones.
func (b *blocks) withShared(q question, most int) []int32 {
	h := b.home[q.aim]
	if h == shared {
		return slices.DeleteFunc(slices.Clone(b.spine), func(c int32) bool { return !b.may(c, q.prices) })
	}
	in := func(block int32) bool { return block == h || block == shared }
	return b.aroundIn(q.aim, q.prices, most, func(v int32) bool { return in(b.home[v]) }, func(k int32) bool { return in(b.blockOf[k]) })
}

// programIn is the program of some classes with the relations of some blocks.
func (b *blocks) programIn(list, blocks []int32) *region {
	r := &region{sys: b.system, classes: slices.Sorted(slices.Values(list)), only: func(k int32) bool { return slices.Contains(blocks, b.blockOf[k]) }}
	r.build(&b.scratch)
	return r
}

// aroundIn are the classes most useful around c, of those in some part of the system. For a price, one more person is among them, so that all can grow.
func (b *blocks) aroundIn(c int32, prices []float64, most int, in, of func(int32) bool) []int32 {
	b.epoch++
	may := func(v int32) bool { return b.seen[v] != b.epoch && in(v) && b.may(v, prices) }
	b.seen[c] = b.epoch
	list := []int32{c}
	if prices != nil {
		list = b.upwards(b.leafIn(c, in), list, may)
		list = b.person(list, may, of)
	}
	for _, k := range b.classes[c].rels {
		if of(k) {
			list = b.useful(k, perSum, list, may)
		}
	}
	return b.crossings(list, most, may, of)
}

// person completes a list so that all of it can grow together: of every whole in it, a part is in it too.
func (b *blocks) person(list []int32, may, of func(int32) bool) []int32 {
	for i := 0; i < len(list); i++ {
		k := &b.classes[list[i]]
		for j, rel := range k.rels {
			if k.coef[j] > 0 || !of(rel) {
				continue
			}
			vars, best := b.rels[rel].vars, int32(-1)
			parts := vars[:len(vars)-1]
			if slices.ContainsFunc(parts, func(v int32) bool { return b.seen[v] == b.epoch }) {
				continue
			}
			for _, v := range parts {
				if may(v) && (best < 0 || b.classes[v].n > b.classes[best].n) {
					best = v
				}
			}
			if best >= 0 {
				list = b.upwards(best, list, may)
			}
		}
	}
	return list
}

// complete continues a way into all blocks that its shared classes stand in, but for those that it is complete in. It tells which block does not go along.
func (b *blocks) complete(w *way, done []int32, prices []float64) (whole *way, stuck int32) {
	var todo []int32
	for _, c := range w.classes {
		if b.home[c] != shared {
			continue
		}
		for _, k := range b.classes[c].rels {
			if h := b.blockOf[k]; !slices.Contains(done, h) && !slices.Contains(todo, h) {
				todo = append(todo, h)
			}
		}
	}
	slices.Sort(todo)
	whole = w
	for _, h := range todo {
		part := b.along(h, w, prices)
		if part == nil {
			return nil, h
		}
		whole = whole.with(part)
	}
	return whole, shared
}

// along finds how the own classes of a block go along with what is shared.
func (b *blocks) along(h int32, w *way, prices []float64) *way {
	want := b.wanted(h, w)
	if len(want) == 0 {
		return &way{}
	}
	for _, most := range []int{mostAlong, mostAlong2} {
		r := &region{sys: b.system, classes: slices.Sorted(slices.Values(b.goingAlong(h, want, prices, most))), extra: want}
		r.build(&b.scratch)
		b.open(r, prices)
		last := len(r.classes) // the column of what is wanted
		r.prog.lo[last], r.prog.hi[last], r.prog.cost[last] = 0, 1, 0
		if r.prog.push(last, 1, 1) > 1-zero && r.missing() <= drift {
			return r.way()
		}
		if prices == nil {
			break
		}
	}
	return nil
}

// wanted is by how much what is shared breaks the relations of a block.
func (b *blocks) wanted(h int32, w *way) map[int32]float64 {
	want := map[int32]float64{}
	for i, c := range w.classes {
		if b.home[c] != shared {
			continue
		}
		k := &b.classes[c]
		for j, rel := range k.rels {
			if b.blockOf[rel] == h {
				want[rel] += w.by[i] * float64(k.coef[j])
			}
		}
	}
	maps.DeleteFunc(want, func(_ int32, v float64) bool { return math.Abs(v) <= drift })
	return want
}

// goingAlong are the own classes of a block that may make up for what some of its relations want.
func (b *blocks) goingAlong(h int32, want map[int32]float64, prices []float64, most int) (list []int32) {
	if most > mostAlong && len(b.own[h]) <= most {
		return slices.DeleteFunc(slices.Clone(b.own[h]), func(v int32) bool { return !b.may(v, prices) })
	}
	b.epoch++
	may := func(v int32) bool { return b.seen[v] != b.epoch && b.home[v] == h && b.may(v, prices) }
	for _, k := range slices.Sorted(maps.Keys(want)) {
		list = b.useful(k, 40, list, may)
	}
	return b.crossings(list, max(len(list), most), may, func(int32) bool { return true })
}

// joined adds a block that did not go along to a list, so that the next program looks at both at once.
func (b *blocks) joined(list, in []int32, w *way, stuck int32, prices []float64) []int32 {
	list = append(slices.Clone(list), b.goingAlong(stuck, b.wanted(stuck, w), prices, mostAround)...)
	b.epoch++
	for _, v := range list {
		b.seen[v] = b.epoch
	}
	return b.person(list, func(v int32) bool { return b.seen[v] != b.epoch && slices.Contains(in, b.home[v]) && b.may(v, prices) },
		func(k int32) bool { return slices.Contains(in, b.blockOf[k]) })
}
