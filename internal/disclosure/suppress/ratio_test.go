package suppress

import (
	"math"
	"slices"
	"testing"
)

// greedy is the simple method that answers are measured against: for each unprotected primary class one linear program that hides the cheapest cells, at 1 + n/1000 a cell, and then
// showing again what is not needed, the largest counts first.
func greedy(g *guard) {
	prices := make([]float64, len(g.classes))
	all := []int32{}
	for i, c := range g.classes {
		prices[i] = float64(c.weight) * (1 + float64(c.n)/1000)
		if c.state != known {
			all = append(all, int32(i))
		}
	}
	r := g.newRegion(all)
	for _, c := range g.prim {
		p, ok := g.proveIn(r, c)
		if !ok {
			r.price(prices)
			r.push(&g.scratch, c, 1, g.classes[c].need-p.down)
			for j, v := range r.prog.val {
				if math.Abs(v) > drift {
					g.classes[r.classes[j]].state = hidden
				}
			}
			if p, ok = g.proveIn(r, c); !ok {
				continue // excused
			}
		}
		g.proof[c] = p
	}
	g.prim = slices.DeleteFunc(g.prim, func(c int32) bool { return !g.proof[c].holds(g.classes[c].need) })
	clear(g.inner)
	g.clean(g.secondaries())
}

// Over tables of all kinds together no more is hidden than by the simple greedy method.
func TestNoMoreIsHiddenThanByTheGreedyMethod(t *testing.T) {
	ours, theirs := 0, 0
	kinds := make([][2]int, 10)
	for i := range 40 {
		if i%10 == 8 && i > 10 {
			continue // large
		}
		r := newGen(uint64(1000 + i)).like(i)
		as, err := ProtectAll(r, Publication)
		if err != nil {
			t.Fatal(err)
		}
		a := 0
		for _, one := range as {
			a += one.Hidden()
		}
		b, err := newBundle(&r)
		if err != nil {
			t.Fatal(err)
		}
		hide := make([]bool, len(b.counts))
		if r.Sequence {
			for k := range b.grids {
				b.protect(k, k+1, hide, greedy)
			}
		} else {
			b.protect(0, len(b.grids), hide, greedy)
		}
		n := 0
		for _, h := range hide {
			if h {
				n++
			}
		}
		kinds[i%10][0] += a
		kinds[i%10][1] += n
		ours, theirs = ours+a, theirs+n
	}
	t.Logf("by kind, ours and the greedy method's: %v", kinds)
	t.Logf("%d hidden, %d by the greedy method: %.3f", ours, theirs, float64(ours)/float64(theirs))
	if ours > theirs {
		t.Errorf("%d hidden, %d by the greedy method", ours, theirs)
	}
}
