package tdi

import (
	"math/rand/v2"
	"testing"
)

func counted70(n int) []Table {
	rnd := rand.New(rand.NewPCG(9, 10))
	var rs []Record
	for range n {
		e := random(rnd, 2025)
		rs = append(rs, e.Record())
	}
	return Count(rs).Tables()
}

func TestCountedTablesFitEachOther(t *testing.T) {
	for _, n := range []int{0, 1, 7, 3000} {
		if ds := Between(counted70(n)); len(ds) > 0 {
			t.Errorf("%d people: %d differences, first %+v", n, len(ds), ds[0])
		}
	}
}

// TestEveryChangedFigureIsFound changes one figure after another and looks whether the tables still pass for a set.
func TestEveryChangedFigureIsFound(t *testing.T) {
	tables := counted70(400)
	for i := range tables {
		t70 := &tables[i]
		for k := 0; k < len(t70.N); k += 1 + len(t70.N)/40 {
			t70.N[k] += 900
			if len(Between(tables)) == 0 {
				t.Errorf("%s: cell %d can grow by 900 unseen", t70.ID(), k)
			}
			t70.N[k] -= 900
		}
	}
}

func TestDifferencesNameTheRule(t *testing.T) {
	for _, x := range []struct {
		table string
		cell  func(*Table)
		rule  string
	}{
		{"9.1.1", func(t *Table) { t.N[8]++ }, "sum"},
		{"23.1.1", func(t *Table) { clear(t.N) }, "injectors"},
		{"12.1.2", func(t *Table) { clear(t.N) }, "grand"},
		{"10.1.2", func(t *Table) {
			for i := range t.N {
				t.N[i] *= 9
			}
		}, "parts"},
		{"11.1.1", func(t *Table) { t.Stats[2].N += 5000 }, "lag_valid"},
		{"11.1.4", func(t *Table) { t.Stats[0].N += 5000 }, "valid"},
		{"11.1.1", func(t *Table) {
			t.Stats[0], t.Stats[1], t.Stats[2] = Moments{4, 120, 3700}, Moments{4, 80, 1700}, Moments{4, 44, 500}
		}, "lag_mean"},
	} {
		tables := counted70(500)
		for i := range tables {
			if tables[i].ID() == x.table {
				x.cell(&tables[i])
			}
		}
		found := false
		for _, d := range Between(tables) {
			found = found || d.Rule == x.rule
		}
		if !found {
			t.Errorf("%s: rule %s does not see its fault", x.table, x.rule)
		}
	}
}
