package aberration

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestChainLadderOfTaylorAndAshe(t *testing.T) {
	var w struct {
		C struct {
			Rows     map[string][]float64 `json:"triangle_rows"`
			Factors  []float64            `json:"development_factors"`
			Hazard   []float64            `json:"reverse_hazard"`
			Ultimate []float64            `json:"ultimate"`
			Reserve  []float64            `json:"reserve"`
			Total    float64              `json:"total_reserve"`
		} `json:"chain_ladder_taylor_ashe"`
	}
	load(t, "worked_examples.json", &w)
	tr := new(Triangle)
	for i := range 10 {
		tr.Counts = append(tr.Counts, w.C.Rows[fmt.Sprintf("r%d", i+1)])
	}
	r, err := ChainLadder(tr, 9)
	if err != nil {
		t.Fatal(err)
	}
	var d Delays
	nowcast, err := Lawless{MaxDelay: 9}.Nowcast(nil, tr, &d)
	if err != nil {
		t.Fatal(err)
	}
	for k := range 9 {
		if !same(r.Factors[k], w.C.Factors[k], 1e-12) || !same(d.Hazard[k+1], w.C.Hazard[k], 1e-12) {
			t.Errorf("step %d: factor %v, want %v; hazard %v, want %v", k, r.Factors[k], w.C.Factors[k], d.Hazard[k+1], w.C.Hazard[k])
		}
	}
	// Mack (1993), table 3: the standard errors of the reserves, in units, by accident year and in total.
	published := []float64{0, 75535, 121699, 133549, 261406, 411010, 558317, 875328, 971258, 1363155}
	for i := range 10 {
		if !same(r.Ultimate[i], w.C.Ultimate[i], 1e-12) || !same(nowcast[i].Expected, w.C.Ultimate[i], 1e-12) {
			t.Errorf("period %d: ultimate %v, nowcast %v, want %v", i, r.Ultimate[i], nowcast[i].Expected, w.C.Ultimate[i])
		}
		// The reserve is a difference: its precision is that of the ultimate.
		if math.Abs(r.Outstanding[i]-w.C.Reserve[i]) > 1e-12*w.C.Ultimate[i] || math.Round(r.StandardError[i]) != published[i] {
			t.Errorf("period %d: reserve %v ± %v, want %v ± %v", i, r.Outstanding[i], r.StandardError[i], w.C.Reserve[i], published[i])
		}
	}
	if !same(r.TotalOutstanding, w.C.Total, 1e-12) || math.Round(r.TotalStandardError) != 2447095 {
		t.Errorf("total %v ± %v, want %v ± 2447095", r.TotalOutstanding, r.TotalStandardError, w.C.Total)
	}
}

func TestChainLadderReasons(t *testing.T) {
	for _, c := range []struct {
		rows [][]float64
		d    int
		want Reason
	}{
		{[][]float64{{1}}, -1, InvalidSettings}, {nil, 0, TooShort}, {[][]float64{{1, 2}, {1}}, 2, TooShort}, {[][]float64{{1}, {1}}, 1, InvalidSeries},
		{[][]float64{{1, -2}, {1}}, 1, NegativeValue}, {[][]float64{{1, math.Inf(1)}, {1}}, 1, MissingValue}, {[][]float64{{0, 2}, {1}}, 1, NoFit},
	} {
		if r, err := ChainLadder(&Triangle{Counts: c.rows}, c.d); r != nil || !errors.Is(err, c.want) {
			t.Errorf("%v: %v, want %v", c.rows, err, c.want)
		}
	}
	quiet, err := ChainLadder(&Triangle{Counts: [][]float64{{4, 2}, {5, 3}, {0}}}, 1)
	if err != nil || quiet.Outstanding[2] != 0 || quiet.TotalStandardError != 0 {
		t.Errorf("nothing known yet: %+v %v", quiet, err)
	}
	r, err := ChainLadder(&Triangle{Counts: [][]float64{{4, 2}, {6}}}, 1)
	if err != nil || r.Ultimate[1] != 9 || !math.IsNaN(r.StandardError[1]) || r.StandardError[0] != 0 {
		t.Errorf("one step seen once: %+v %v", r, err)
	}
}

// Scaling all amounts by s scales the totals and their standard errors by s.
func TestChainLadderScales(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(3, 8).Draw(t, "n")
		s := rapid.Float64Range(0.1, 1000).Draw(t, "s")
		a, b := new(Triangle), new(Triangle)
		for i := range n {
			var row, scaled []float64
			for range n - i {
				y := rapid.Float64Range(1, 50).Draw(t, "y")
				row, scaled = append(row, y), append(scaled, s*y)
			}
			a.Counts, b.Counts = append(a.Counts, row), append(b.Counts, scaled)
		}
		ra, err1 := ChainLadder(a, n-1)
		rb, err2 := ChainLadder(b, n-1)
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		near := func(x, y float64) bool {
			return math.IsNaN(x) && math.IsNaN(y) || math.Abs(y-s*x) <= 1e-9*math.Abs(y)+1e-9*s*ra.Ultimate[n-1]
		}
		for i := range n {
			if !same(rb.Ultimate[i], s*ra.Ultimate[i], 1e-12) || !near(ra.StandardError[i], rb.StandardError[i]) {
				t.Fatalf("%+v\n%+v", ra, rb)
			}
		}
		if !near(ra.TotalStandardError, rb.TotalStandardError) {
			t.Fatalf("%v %v", ra.TotalStandardError, rb.TotalStandardError)
		}
	})
}

// Each period leaps from nearly nothing to the largest count at the last delay that it has seen.
func TestChainLadderBeyondAnyNumber(t *testing.T) {
	rows := make([][]float64, 6)
	for i := range rows {
		rows[i] = []float64{1e-100, 1e-100, 1e-100, 1e-100, 1e-100, 1e-100}
		rows[i][5-i] = 1e100
	}
	if r, err := ChainLadder(&Triangle{Counts: rows}, 5); !errors.Is(err, NoFit) || r != nil {
		t.Errorf("%+v %v", r, err)
	}
}

func FuzzChainLadder(f *testing.F) {
	f.Add([]byte{1, 2, 3, 4, 5, 6, 7, 8, 9}, 2)
	f.Add([]byte{0, 1, 0, 0, 0, 3, 251, 251}, 1)
	f.Add([]byte{}, -1)
	f.Fuzz(func(t *testing.T, cells []byte, maxDelay int) {
		tr := &Triangle{}
		for ; len(cells) >= 3; cells = cells[3:] {
			tr.Counts = append(tr.Counts, []float64{oddValue(cells[0]), oddValue(cells[1]), oddValue(cells[2])})
		}
		r, err := ChainLadder(tr, maxDelay)
		if (r == nil) != (err != nil) {
			t.Errorf("%v %v", r, err)
		}
		if r != nil && (len(r.Ultimate) != len(tr.Counts) || r.TotalOutstanding < -1e-9*r.Ultimate[0] && r.TotalOutstanding < -1) {
			t.Errorf("%+v", r)
		}
	})
}

func ExampleChainLadder() {
	tr := &Triangle{Counts: [][]float64{{100, 50, 10}, {120, 54, 13}, {80, 45}, {110}}}
	r, err := ChainLadder(tr, 2)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("factors %.3f\n", r.Factors)
	fmt.Printf("newest period: %.0f still to come, standard error %.1f\n", r.Outstanding[3], r.StandardError[3])
	// Output:
	// factors [1.497 1.071]
	// newest period: 66 still to come, standard error 7.3
}
