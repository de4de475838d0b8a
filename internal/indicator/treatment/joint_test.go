package treatment

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"testing"

	"github.com/baqylau/baqylau/internal/disclosure"
	"github.com/baqylau/baqylau/internal/disclosure/suppress"
)

// alone counts the numbers that stay hidden where each cross table is protected by itself.
func (j *joint) alone(t *testing.T, cubes []cube) (n int) {
	t.Helper()
	hidden := make([]bool, len(j.n))
	for i, q := range cubes {
		table := suppress.Table{Dimensions: q.dims[:], Rule: suppress.Rule{Threshold: disclosure.Threshold}}
		for key := range q.keys() {
			table.Cells = append(table.Cells, suppress.Cell{Key: key[:], N: q.n[len(table.Cells)]})
		}
		answer, err := suppress.Protect(table, suppress.Page)
		if err != nil {
			t.Fatal(err)
		}
		for k, o := range answer {
			if number := j.cells[i][k]; o.Why != suppress.Shown && !hidden[number] {
				hidden[number] = true
				n++
			}
		}
	}
	return n
}

// The 70 tables of a small and of a middling year, as a reader has them who has them all: what several tables hold is hidden in all of them or in none, every small count is hidden and no zero, and the
// linear programs of another library do not narrow one down to fewer than five values. For that hardly more is hidden than where each table is looked at alone, which is not safe.
// BAQYLAU_ATTACKS is how many small counts of each year are attacked.
func TestAllTablesOfAYearTogetherGiveNobodyAway(t *testing.T) {
	attacks := 15
	if s := os.Getenv("BAQYLAU_ATTACKS"); s != "" {
		if err := json.Unmarshal([]byte(s), &attacks); err != nil {
			t.Fatal(err)
		}
	}
	for seed, n := range []int{60, 400} {
		c := counted(uint64(seed), n)
		j := newJoint(c)
		hides := j.cross(j.hide(nil))
		hidden := make([]bool, len(j.n))
		for i, name := range j.names {
			for k, number := range j.cells[i] {
				hidden[number] = hidden[number] || hides[name][k]
			}
		}
		var cubes []cube
		for i, name := range j.names {
			for k, number := range j.cells[i] {
				if hidden[number] != hides[name][k] {
					t.Fatalf("%s: a number is hidden in one table and shown in another", name)
				}
			}
			cubes = append(cubes, cubeNamed(c, name))
		}
		var small []int
		all, together := 0, 0
		for i, x := range j.n {
			if x > 0 {
				all++
			}
			if hidden[i] {
				together++
			}
			if x > 0 && x < disclosure.Threshold {
				small = append(small, i)
			}
			if x == 0 && hidden[i] || x > 0 && x < disclosure.Threshold && !hidden[i] {
				t.Errorf("%d people: a count of %d, hidden: %v", n, x, hidden[i])
			}
		}
		alone := j.alone(t, cubes)
		t.Logf("%d people: %d numbers, %d small, %d hidden together, %d each table alone", n, all, len(small), together, alone)
		if 4*together > 5*alone {
			t.Errorf("%d people: %d hidden together, %d each table alone", n, together, alone)
		}
		rand.New(rand.NewPCG(1, 1)).Shuffle(len(small), func(a, b int) { small[a], small[b] = small[b], small[a] })
		for _, x := range attacked(t, j, hidden, small[:min(attacks, len(small))]) {
			if place, low, high := x[0], x[1], x[2]; j.n[place] < low || j.n[place] > high || high-low < disclosure.Threshold-1 {
				t.Errorf("%d people: a count of %d is known to be %d to %d", n, j.n[place], low, high)
			}
		}
	}
}

// attacked runs another library's linear programs over the numbers of all tables.
func attacked(t *testing.T, j *joint, hidden []bool, ask []int) (ends [][3]int) {
	t.Helper()
	if err := exec.Command("/usr/bin/python3", "-c", "import scipy.optimize").Run(); err != nil {
		t.Log("no scipy (Debian: python3-scipy) to attack the tables with:", err)
		return nil
	}
	var sums [][]int
	for _, s := range j.sums {
		sums = append(sums, slices.Concat([]int{s.Whole}, s.Parts))
	}
	in, err := json.Marshal(map[string]any{"n": j.n, "hidden": hidden, "sums": sums, "ask": ask})
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("/usr/bin/python3", "testdata/attack.py")
	cmd.Stdin, cmd.Stderr = bytes.NewReader(in), os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(out, &ends); err != nil || len(ends) != len(ask) {
		t.Fatalf("%d of %d attacked: %v", len(ends), len(ask), err)
	}
	return ends
}
