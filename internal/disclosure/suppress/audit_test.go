package suppress

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// narrow gives the primary cells of a table that a reader of its answer can narrow down, by programs over all that is hidden.
func narrow(t Table, a Answer) (cells [][]string) {
	r := Releases{Tables: []Table{t}}
	b, err := newBundle(&r)
	if err != nil {
		panic(err)
	}
	s := newSystem(b.counts, b.need, b.sums)
	for i := range s.classes {
		for _, c := range s.classes[i].cells {
			k := slices.Index(b.grids[0].placeOf, c)
			if a[k].Why != Shown {
				s.classes[i].state = hidden
			}
		}
		for _, c := range s.classes[i].cells { // equal cells of which one is shown are all known
			if k := slices.Index(b.grids[0].placeOf, c); a[k].Why == Shown && s.classes[i].state == hidden {
				s.classes[i].state = known
			}
		}
	}
	g := newGuard(s)
	for i := range s.classes {
		c := &s.classes[i]
		if c.need == 0 {
			continue
		}
		if _, ok := g.prove(int32(i), true); !ok || c.state == known {
			cells = append(cells, b.grids[0].key(int(c.cells[0])))
		}
	}
	return cells
}

// Of any table: small counts are hidden, zeros are not, shown counts are what they are, nothing small can be narrowed down, and the same table gets the same answer.
func TestNoTableGivesASmallCountAway(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := newGen(rapid.Uint64Range(0, 1<<40).Draw(t, "seed"))
		kinds := []Dimension{flat("a", 2), flat("b", 3), flat("c", 5), tree("d", 2, 2), tree("e", 2, 2, 2), {Name: "f", Codes: []string{"x", "y"}}, tree("g", 3, 1)}
		var dims []Dimension
		for range rapid.IntRange(1, 3).Draw(t, "dimensions") {
			d := kinds[g.IntN(len(kinds))]
			dims = append(dims, d)
		}
		table := g.table([]float64{0.5, 2, 6, 15}[g.IntN(4)], 0.8, []int{2, 3, 5, 10}[g.IntN(4)], dims...)
		a, err := Protect(table, Page)
		if err != nil {
			t.Fatal(err)
		}
		for i, c := range table.Cells {
			small := c.N > 0 && c.N < table.Rule.Threshold
			if small != (a[i].Why == Primary) || c.N == 0 && a[i].Why != Shown || a[i].Why == Shown && a[i].N != c.N || a[i].Why != Shown && a[i].N != 0 {
				t.Fatalf("cell %v of %d: %+v", c.Key, c.N, a[i])
			}
		}
		if cells := narrow(table, a); len(cells) > 0 {
			t.Fatalf("narrowed down: %v", cells)
		}
		if again, _ := Protect(table, Page); !slices.Equal(a, again) {
			t.Fatal("another answer to the same table")
		}
	})
}

// By hand: of 9 = 4 + 5 the first is small. With the second hidden too it may be from 1 to 8; with the total hidden as well, of any size.
func TestAProgramFindsTheEndsOfAnInterval(t *testing.T) {
	s := newSystem([]int{9, 4, 5}, []int{0, 4, 0}, []sum{{0, []int32{1, 2}}})
	g := newGuard(s)
	g.hide(2)
	r := g.newRegion([]int32{0, 1, 2})
	r.attack()
	if up, down := r.push(&g.scratch, 1, 1, 100), r.push(&g.scratch, 1, -1, 100); up != 4 || down != 3 {
		t.Errorf("up %g, down %g", up, down)
	}
	g.hide(0)
	r.attack()
	if up, down := r.push(&g.scratch, 1, 1, 100), r.push(&g.scratch, 1, -1, 100); up != 100 || down != 3 {
		t.Errorf("without the total: up %g, down %g", up, down)
	}
	r.prog.cost[0] = 1 // the second cell moves for nothing down to 1, from there on the total has to
	if up := r.push(&g.scratch, 1, 1, 6); up != 6 || r.prog.val[0] != 2 || r.prog.val[2] != -4 {
		t.Errorf("at a price: up %g, deviations %v", up, r.prog.val)
	}
}

func TestRounded(t *testing.T) {
	for _, c := range [][3]int{{0, 5, 0}, {1, 5, 5}, {7, 5, 5}, {8, 5, 10}, {12, 10, 10}, {15, 10, 20}, {17, 0, 17}, {17, 1, 17}, {7, 20, 20}} {
		if got := Rounded(c[0], c[1]); got != c[2] {
			t.Errorf("%d to %d: %d", c[0], c[1], got)
		}
	}
}
