package treatment

import (
	"math/rand/v2"
	"testing"

	"github.com/baqylau/baqylau/internal/disclosure"
	"github.com/baqylau/baqylau/internal/indicator/tdi"
	"github.com/baqylau/baqylau/internal/indicator/tdi/synthetic"
)

// TestNoSmallCountFollowsFromItsLine looks at every published table of many small years: nobody outside sees a count of 1 to 4, and none is the difference of a total and its parts.
func TestNoSmallCountFollowsFromItsLine(t *testing.T) {
	for seed := range uint64(12) {
		made := synthetic.Make(synthetic.Plan{Seed: seed, From: 2025, To: 2025, Episodes: 20 + int(seed)*60, Regions: []synthetic.Region{{Code: "KZ-75", Share: 1}}})
		var rs []tdi.Record
		for i := range made {
			rs = append(rs, made[i].Record())
		}
		c := tdi.Count(rs)
		for _, spec := range tdi.Specs {
			s := protect(c, spec, disclosure.Crossing)
			if open := protect(c, spec, disclosure.Working); open.hidden != nil {
				t.Fatalf("%s: something is hidden from the centre", spec.ID())
			}
			for i := range spec.Rows.Lines {
				for j := range spec.Cols.Lines {
					n := 0
					if spec.Means {
						n = int(s.Stats[i*3+j/3].N)
					} else {
						n = s.At(i, j)
					}
					if n > 0 && n < disclosure.Threshold && !s.Hidden(i, j) {
						t.Fatalf("seed %d, %s: %d people are shown in row %d, column %d", seed, spec.ID(), n, i, j)
					}
					if n == 0 && s.Hidden(i, j) {
						t.Fatalf("seed %d, %s: a zero is hidden in row %d, column %d", seed, spec.ID(), i, j)
					}
				}
			}
			if spec.Means {
				continue
			}
			q, at := cubeOf(c, spec)
			hidden := q.hide()
			if got := s.hidden; len(got) != len(spec.Rows.Lines)*len(spec.Cols.Lines) || at >= q.dims[0].size {
				t.Fatalf("%s: %d cells", spec.ID(), len(got))
			}
			q.each(func(sum []int) {
				out, alone := 0, -1
				for _, i := range sum {
					if hidden[i] {
						out, alone = out+1, i
					}
				}
				if out == 1 {
					t.Fatalf("seed %d, %s: a hidden count of %d follows from its line", seed, spec.ID(), q.n[alone])
				}
			})
		}
	}
}

func TestHidingEnds(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 1))
	for range 200 {
		q := cube{dims: [3]dim{{size: 3, sums: [][]int{{0, 1, 2}}}, {size: 3, sums: [][]int{{0, 1, 2}}}, {size: 3, sums: [][]int{{0, 1, 2}}}}, n: make([]int, 27)}
		for i := range 2 {
			for j := range 2 {
				for k := range 2 {
					n := rnd.IntN(9)
					for _, a := range []int{i, 2} {
						for _, b := range []int{j, 2} {
							for _, d := range []int{k, 2} {
								q.n[a*9+b*3+d] += n
							}
						}
					}
				}
			}
		}
		hidden := q.hide()
		for i, n := range q.n {
			if n > 0 && n < disclosure.Threshold && !hidden[i] {
				t.Fatal("a small count is shown")
			}
		}
	}
}
