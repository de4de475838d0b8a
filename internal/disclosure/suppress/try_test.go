package suppress

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

type jt struct {
	ID string
	Dimensions []struct{ Name string; Codes []string; Total *string; Parents map[string]string }
	Cells []struct{ Key []string; N int }
	Rule struct{ Threshold int; Round *int }
	Releases []jt
	Links []struct{ Total []any; Parts [][]any }
}

func sumsOf(t jt) (counts []int, sums []sum, pos func([]string) int32) {
	sz := 1
	idx := make([]map[string]int, len(t.Dimensions))
	strides := make([]int, len(t.Dimensions))
	for d := len(t.Dimensions) - 1; d >= 0; d-- {
		idx[d] = map[string]int{}
		for i, c := range t.Dimensions[d].Codes { idx[d][c] = i }
		strides[d] = sz
		sz *= len(t.Dimensions[d].Codes)
	}
	pos = func(k []string) int32 { p := 0; for d := range k { p += idx[d][k[d]] * strides[d] }; return int32(p) }
	counts = make([]int, sz)
	for _, c := range t.Cells { counts[pos(c.Key)] = c.N }
	for d, dim := range t.Dimensions {
		kids := map[int][]int{}
		for i, c := range dim.Codes {
			if p, ok := dim.Parents[c]; ok { kids[idx[d][p]] = append(kids[idx[d][p]], i) } else if dim.Total != nil && c != *dim.Total { kids[idx[d][*dim.Total]] = append(kids[idx[d][*dim.Total]], i) }
		}
		for s, ks := range kids {
			for base := 0; base < sz; base++ {
				if (base/strides[d])%len(dim.Codes) != 0 { continue }
				q := sum{total: int32(base + s*strides[d])}
				for _, k := range ks { q.parts = append(q.parts, int32(base+k*strides[d])) }
				sums = append(sums, q)
			}
		}
	}
	return
}

func load(name string) (counts, need []int, sums []sum) {
	b, _ := os.ReadFile(name)
	var t jt
	if err := json.Unmarshal(b, &t); err != nil { panic(err) }
	rel := t.Releases
	if rel == nil { rel = []jt{t} }
	offs := []int32{}
	var poss []func([]string) int32
	for _, r := range rel {
		off := int32(len(counts))
		offs = append(offs, off)
		c, ss, pos := sumsOf(r)
		poss = append(poss, pos)
		for _, n := range c { k := 0; if n > 0 && n < r.Rule.Threshold { k = r.Rule.Threshold - 1 }; need = append(need, k) }
		counts = append(counts, c...)
		for _, s := range ss { s.total += off; for i := range s.parts { s.parts[i] += off }; sums = append(sums, s) }
	}
	ref := func(x []any) int32 { r := int(x[0].(float64)); var k []string; for _, s := range x[1].([]any) { k = append(k, s.(string)) }; return offs[r] + poss[r](k) }
	for _, l := range t.Links { q := sum{total: ref(l.Total)}; for _, p := range l.Parts { q.parts = append(q.parts, ref(p)) }; sums = append(sums, q) }
	return
}

func TestTry(t *testing.T) {
	fs, _ := filepath.Glob("/work/shared/golden/disclosure/d_p*.json")
	for _, f := range fs {
		counts, need, sums := load(f)
		t0 := time.Now()
		s := newSystem(counts, need, sums)
		g := newGuard(s)
		prices := make([]float64, len(s.classes))
		for i, c := range s.classes { prices[i] = float64(c.weight) + float64(c.n)/1000 }
		ok := g.cover(g.prim, prices)
		a := g.hiddenWeight()
		var order []int32
		for i := range s.classes { order = append(order, int32(i)) }
		slices.SortStableFunc(order, func(a, b int32) int { return s.classes[b].n - s.classes[a].n })
		g.clean(order)
		el := time.Since(t0)
		_ = rand.Int
		fmt.Println(filepath.Base(f), ok, "prim", len(g.prim), "greedy", a, "cleaned", g.hiddenWeight(), el, g.whole.prog.pivots)
	}
}
