package suppress

import (
	"math/rand/v2"
	"slices"
)

// effort bounds the search for a smaller set, in entries of tableaus gone through.
const effort = 5_000_000

// run hides cells until every primary class has a proof, and then looks for a smaller set.
func (g *guard) run() {
	prices := make([]float64, len(g.classes))
	for i, c := range g.classes {
		prices[i] = float64(c.weight) + float64(c.n)/1000
	}
	g.prim = slices.DeleteFunc(g.prim, func(c int32) bool { return !g.cover([]int32{c}, prices) }) // without those that nothing can make safe: they stay hidden
	g.clean(g.secondaries())
	g.improve(effort)
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

// improve takes a few secondary cells away, forbids one of them, protects again what has lost its proof, and keeps the result if it hides no more than before.
func (g *guard) improve(effort int) {
	rng := rand.New(rand.NewPCG(1, uint64(len(g.classes))))
	prices := make([]float64, len(g.classes))
	var at snapshot
	g.save(&at)
	weight := g.hiddenWeight()
	for end := g.scratch.work + effort; g.scratch.work < end; {
		list := g.secondaries()
		if len(list) == 0 {
			return
		}
		for i, c := range g.classes {
			prices[i] = float64(c.weight) * (1 + 0.5*rng.Float64())
		}
		first := list[rng.IntN(len(list))]
		prices[first] = banned
		out := []int32{first}
		for range rng.IntN(4) {
			c := list[rng.IntN(len(list))]
			if !slices.Contains(out, c) {
				out = append(out, c)
			}
		}
		for _, c := range out {
			g.classes[c].state = open
		}
		var lost []int32
		for _, p := range g.prim {
			for _, c := range out {
				if _, uses := slices.BinarySearch(g.proof[p].cells, c); uses {
					g.proof[p] = proof{}
					lost = append(lost, p)
					break
				}
			}
		}
		rng.Shuffle(len(lost), func(i, j int) { lost[i], lost[j] = lost[j], lost[i] })
		if !g.cover(lost, prices) {
			g.restore(&at)
			continue
		}
		again := g.secondaries()
		rng.Shuffle(len(again), func(i, j int) { again[i], again[j] = again[j], again[i] })
		g.clean(again)
		if w := g.hiddenWeight(); w <= weight {
			weight = w
			g.save(&at)
		} else {
			g.restore(&at)
		}
	}
}
