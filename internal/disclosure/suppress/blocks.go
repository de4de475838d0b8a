package suppress

import "slices"

// blocks protects a system that falls into blocks which share few classes. Most proofs move nothing that is shared and are found in one block. One that does is continued into every
// other block that the shared classes stand in, a block at a time, with what they move by given.
type blocks struct {
	*guard
	home    []int32   // by class the one block that it stands in, or shared
	blockOf []int32   // by relation the same; shared where all its classes are
	own     [][]int32 // by block its own classes
	spine   []int32   // the shared classes
	least   []int     // by class the least count that it can have, since no part of it is zero
	region  []*region // by block, where it is small
	up      []*way    // by class the way that raises it farthest, and for primary ones together with down its proof
	down    []*way
	surplus []float64 // by class what moving it costs besides while a question is open
}

// dear is how many persons cost as much as a number: a reader of a year misses its totals more than one of many small splits.
const dear = 10

// shared stands for no block of its own.
const shared = -1

func newBlocks(s *system, sums []Sum) *blocks {
	n := len(s.classes)
	b := &blocks{guard: &guard{system: s, seen: make([]int32, n)}, blockOf: slices.Repeat([]int32{shared}, len(s.rels)), surplus: make([]float64, n), up: make([]*way, n), down: make([]*way, n)}
	b.settle(sums)
	for i, h := range b.home {
		c := int32(i)
		if s.classes[i].need > 0 && s.classes[i].state != known {
			b.prim = append(b.prim, c)
			s.classes[i].state = hidden
		}
		if h == shared {
			b.spine = append(b.spine, c)
		} else {
			b.own[h] = append(b.own[h], c)
		}
	}
	for k, r := range s.rels {
		for _, v := range r.vars {
			if h := b.home[v]; h != shared {
				b.blockOf[k] = h
			}
		}
	}
	b.findLeast()
	return b
}

// settle finds the blocks of classes. A class that stands in no sum may have any.
func (b *blocks) settle(sums []Sum) {
	const nowhere = -2
	b.home = slices.Repeat([]int32{nowhere}, len(b.classes))
	last := 0
	for _, s := range sums {
		last = max(last, s.Block)
		var classes []int32
		for _, p := range s.Parts {
			if c := b.of[p]; c >= 0 {
				classes = append(classes, c)
			}
		}
		if len(classes) < 2 {
			continue // a number that equals its only part is of one class with it
		}
		for _, c := range append(classes, b.of[s.Whole]) {
			switch b.home[c] {
			case nowhere:
				b.home[c] = int32(s.Block)
			case int32(s.Block):
			default:
				b.home[c] = shared
			}
		}
	}
	b.own, b.region = make([][]int32, last+1), make([]*region, last+1)
	for i, h := range b.home {
		if h == nowhere {
			b.home[i] = 0
		}
	}
}

// findLeast finds the least counts: a reader knows that no hidden count is zero, so a sum of three is at least three.
func (b *blocks) findLeast() {
	b.least = slices.Repeat([]int{1}, len(b.classes))
	for more := true; more; {
		more = false
		for _, r := range b.rels {
			last, n := len(r.vars)-1, 0
			for i, v := range r.vars[:last] {
				n += int(r.coef[i]) * b.least[v]
			}
			if whole := r.vars[last]; n > b.least[whole] {
				b.least[whole], more = n, true
			}
		}
	}
}

// run hides until every primary class has a proof, those that are shared first, and shows again what no proof needs. A class for which nothing cheaper is found grows with one more person. One for which that fails
// too is excused where something left before; where nothing did everything is hidden.
func (b *blocks) run() {
	prices := make([]float64, len(b.classes))
	for i, c := range b.classes {
		prices[i] = float64(c.weight) + float64(c.n)/dear
	}
	var first, rest []int32
	for _, c := range b.prim {
		if b.home[c] == shared {
			first = append(first, c)
		} else {
			rest = append(rest, c)
		}
	}
	b.cover(first, prices)
	b.cover(rest, prices)
	for _, c := range b.prim {
		if !b.has(c) {
			b.hideWithPerson(c)
		}
	}
	without := func(c int32) bool { return !b.has(c) }
	if slices.ContainsFunc(b.prim, without) && !slices.ContainsFunc(b.classes, func(c class) bool { return c.state == known }) {
		for i := range b.classes {
			b.classes[i].state = hidden
		}
		return
	}
	b.prim = slices.DeleteFunc(b.prim, without)
	b.clean()
}

// cover gives every primary class of a list a proof, where it finds one.
func (b *blocks) cover(list []int32, prices []float64) {
	var rest []int32
	for _, c := range list { // first by what is hidden already, since each further class may change a program
		if !b.has(c) && !b.find(c, b.note) {
			rest = append(rest, c)
		}
	}
	for _, c := range rest {
		if !b.has(c) && !b.find(c, b.note) {
			b.hideFor(c, prices)
		}
	}
}

// has reports whether the ways that were found, for this class or for others, make a proof.
func (b *blocks) has(c int32) bool { return b.up[c].up(c)+b.down[c].down(c) >= b.classes[c].need }

// find looks for a proof by what is hidden, and notes the ways that it finds.
func (b *blocks) find(c int32, note func(*way)) bool {
	q := question{aim: c, dir: 1, target: b.classes[c].need, free: b.home[c] == shared}
	note(b.ask(q))
	if b.has(c) {
		return true
	}
	q.dir, q.target = -1, q.target-b.up[c].up(c)
	note(b.ask(q))
	return b.has(c)
}

// note remembers a way for all primary classes that it moves.
func (b *blocks) note(w *way) {
	if w == nil {
		return
	}
	for _, c := range w.classes {
		if b.classes[c].need > 0 {
			b.noteFor(c, w)
		}
	}
}

func (b *blocks) noteFor(c int32, w *way) {
	if w.up(c) > b.up[c].up(c) {
		b.up[c] = w
	}
	if w.down(c) > b.down[c].down(c) {
		b.down[c] = w
	}
}

// hideFor hides what lets a class be as much higher as its proof lacks, at the least price that is found: in its own block, or along with what is shared.
func (b *blocks) hideFor(c int32, prices []float64) {
	q := question{aim: c, dir: 1, target: b.classes[c].need - b.down[c].down(c), prices: prices}
	var best *way
	for _, q.free = range []bool{false, true} {
		if !q.free && b.home[c] == shared {
			continue
		}
		if w := b.ask(q); w != nil && (best == nil || b.cost(w, prices) < b.cost(best, prices)) {
			best = w
		}
	}
	if best == nil {
		return
	}
	for _, v := range best.classes {
		b.classes[v].state = hidden
	}
	b.note(best)
}

// cost is what it costs to hide what a way moves.
func (b *blocks) cost(w *way, prices []float64) (sum float64) {
	for _, c := range w.classes {
		if b.classes[c].state == open {
			sum += prices[c]
		}
	}
	return sum
}

// hideWithPerson hides all that counts one more person of a class: where going from block to block finds nothing else, it can always grow by him.
func (b *blocks) hideWithPerson(c int32) {
	who := b.personOf(c)
	if who == nil {
		return
	}
	w := &way{classes: who, by: slices.Repeat([]float64{float64(b.classes[c].need - b.down[c].down(c))}, len(who))}
	for _, v := range who {
		b.classes[v].state = hidden
	}
	b.note(w)
}
