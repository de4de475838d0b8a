package suppress

import (
	"math/rand/v2"
	"slices"
)

// Effort is how long to look for a smaller set of hidden cells, counted in steps of the linear programs, so that it is the same on every machine.
type Effort int

const (
	Page        Effort = 0          // what is shown at once: a safe set, found in about a millisecond
	Publication Effort = 50_000_000 // what is printed or handed on: about half a second, two in a large table, for a few hidden cells in a hundred less
)

// run hides cells until every primary class has a proof, and then looks for a smaller set.
func (g *guard) run(effort Effort) {
	prices := make([]float64, len(g.classes))
	for i, c := range g.classes {
		prices[i] = float64(c.weight) + float64(c.n)/1000
	}
	if effort == Page {
		g.plan = g.plain
	}
	if !g.cover(g.prim, prices) {
		g.prim = slices.DeleteFunc(g.prim, func(c int32) bool { return !g.cover([]int32{c}, prices) }) // without those that nothing can make safe: they stay hidden
	}
	g.clean(g.secondaries())
	if effort == Page {
		return
	}
	if len(g.classes) <= mostTwice {
		g.second(prices)
	}
	g.improve(int(effort) * min(12, 1+len(g.classes)/mostAround))
}

// mostTwice is the largest system, in classes, that is protected in two ways.
const mostTwice = 2000

// second protects everything by the plain way, and keeps that if it is better.
func (g *guard) second(prices []float64) {
	var first snapshot
	loss := g.loss()
	g.save(&first)
	for _, c := range g.secondaries() {
		g.classes[c].state = open
	}
	clear(g.proof)
	g.plan = g.plain
	ok := g.cover(g.prim, prices)
	g.plan = g.cheapest
	if ok {
		g.clean(g.secondaries())
	}
	if !ok || !g.loss().less(loss) {
		g.restore(&first)
	}
}

// secondaries are the hidden classes that are no primary ones and may be shown again, the largest counts first.
func (g *guard) secondaries() (list []int32) {
	for i := range g.classes {
		if c := &g.classes[i]; c.state == hidden && c.need == 0 && c.weight > 0 {
			list = append(list, int32(i))
		}
	}
	slices.SortStableFunc(list, func(a, b int32) int { return g.classes[b].n - g.classes[a].n })
	return list
}

// snapshot is a state of decisions to come back to.
type snapshot struct {
	states []state
	proofs []proof
}

func (g *guard) save(s *snapshot) {
	s.states = s.states[:0]
	for i := range g.classes {
		s.states = append(s.states, g.classes[i].state)
	}
	s.proofs = append(s.proofs[:0], g.proof...)
}

func (g *guard) restore(s *snapshot) {
	for i := range g.classes {
		g.classes[i].state = s.states[i]
	}
	copy(g.proof, s.proofs)
	clear(g.inner)
}

// improve takes a few secondary cells away, forbids one of them, protects again what has lost its proof, and goes on from
// the result if it hides no more cells than before. The best that was met is kept.
func (g *guard) improve(effort int) {
	rng := rand.New(rand.NewPCG(1, uint64(len(g.classes)))) //nolint:gosec // no secret: the same table is to have the same answer
	prices := make([]float64, len(g.classes))
	var at, best snapshot
	g.save(&at)
	g.save(&best)
	now, least := g.loss(), g.loss()
	for end := g.scratch.work + effort; g.scratch.work < end; {
		list := g.secondaries()
		if len(list) == 0 {
			break
		}
		for i, c := range g.classes {
			prices[i] = float64(c.weight) * (1 + 0.5*rng.Float64())
		}
		first := list[rng.IntN(len(list))]
		prices[first] = banned
		lost := g.without(first, nil)
		around := g.near(lost)
		for range rng.IntN(4) {
			if len(around) == 0 {
				break
			}
			if c := around[rng.IntN(len(around))]; g.classes[c].state == hidden {
				lost = g.without(c, lost)
			}
		}
		for _, p := range lost {
			g.proof[p] = proof{}
		}
		rng.Shuffle(len(lost), func(i, j int) { lost[i], lost[j] = lost[j], lost[i] })
		if !g.cover(lost, prices) {
			g.restore(&at)
			continue
		}
		again := g.near(lost)
		rng.Shuffle(len(again), func(i, j int) { again[i], again[j] = again[j], again[i] })
		g.clean(again)
		l := g.loss()
		if l.cells > now.cells {
			g.restore(&at)
			continue
		}
		now = l
		g.save(&at)
		if l.less(least) {
			least = l
			g.save(&best)
		}
	}
	g.restore(&best)
}

// without shows a class and takes the proofs away that use it; their primary classes are added to lost.
func (g *guard) without(c int32, lost []int32) []int32 {
	g.classes[c].state = open
	for _, p := range g.prim {
		if _, uses := slices.BinarySearch(g.proof[p].cells, c); uses && !slices.Contains(lost, p) {
			lost = append(lost, p)
		}
	}
	return lost
}

// near gives the secondary classes that stand in a sum with a cell of the proofs of some primary ones.
func (g *guard) near(primaries []int32) (list []int32) {
	g.epoch++
	for _, p := range primaries {
		for _, c := range g.proof[p].cells {
			for _, k := range g.classes[c].rels {
				for _, v := range g.rels[k].vars {
					if x := &g.classes[v]; g.seen[v] != g.epoch && x.state == hidden && x.need == 0 && x.weight > 0 {
						g.seen[v] = g.epoch
						list = append(list, v)
					}
				}
			}
		}
	}
	return list
}
