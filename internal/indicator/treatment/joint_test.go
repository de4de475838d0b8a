package treatment

import (
	"testing"
	"time"

	"github.com/baqylau/baqylau/internal/disclosure"
)

// TestAllTablesOfAYearTogetherGiveNobodyAway takes the 70 tables of a small and of a middling year apart, as a reader does who has them all: no small count may be narrowed
// down, and what several tables hold is hidden in all of them or in none. Beside that each table keeps what its own proof needs, see package suppress.
func TestAllTablesOfAYearTogetherGiveNobodyAway(t *testing.T) {
	for seed, n := range []int{60, 400, 2000} {
		c := counted(uint64(seed), n)
		begin := time.Now()
		hides, err := hide(c)
		if err != nil {
			t.Fatal(err)
		}
		took := time.Since(begin)
		j := newJoint(c)
		for i, name := range j.names { // what is shown anywhere is known
			for k, number := range j.cells[i] {
				j.hidden[number] = j.hidden[number] || hides[name][k]
			}
		}
		small, hidden, all := 0, 0, 0
		for i, name := range j.names {
			for k, number := range j.cells[i] {
				if j.hidden[number] != hides[name][k] {
					t.Fatalf("%s: a number is hidden in one table and shown in another", name)
				}
			}
		}
		r := newReader(j)
		r.read()
		for what, i := range j.numbers {
			x := float64(j.n[i])
			if x < r.low[i] || x > r.high[i] {
				t.Fatalf("the reader is wrong: %q is %v, not %v to %v", what, x, r.low[i], r.high[i])
			}
			if x > 0 {
				all++
			}
			if j.hidden[i] {
				hidden++
			}
			if x > 0 && x < disclosure.Threshold {
				small++
			}
		}
		for _, i := range r.narrow() {
			t.Errorf("%d people: a count of %d is known to be %v to %v", n, j.n[i], r.low[i], r.high[i])
		}
		t.Logf("%d people: %d numbers, %d small, %d hidden, in %s", n, all, small, hidden, took)
	}
}
