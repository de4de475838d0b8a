package aberration

import (
	"fmt"
	"math"
	"sort"
	"testing"

	"pgregory.net/rapid"
)

// The reports that an early cut hides are what nowcasting must bring back: 400 simulated triangles with Poisson(40) cases a period
// and geometric delays; the 90 % interval for the newest period must cover at close to 90 %, and the mean must be right.
func TestNowcastCovers(t *testing.T) {
	rng := newLCG(7)
	covered, expected, truth := 0, 0.0, 0.0
	const runs, periods, maxDelay = 400, 30, 6
	var d Delays
	var out []Prediction
	for range runs {
		tr := blankTriangle(periods, maxDelay)
		last := 0.0
		for e := range periods {
			n := rng.poisson(40)
			for range n {
				delay := 0
				for delay < maxDelay && rng.float() > 0.45 {
					delay++
				}
				_ = tr.Add(e, delay, 1)
			}
			last = float64(n)
		}
		out, _ = Lawless{MaxDelay: maxDelay}.Nowcast(out[:0], tr, &d)
		p := out[periods-1]
		lo, hi := p.Interval(0.9)
		if lo <= last && last <= hi {
			covered++
		}
		expected, truth = expected+p.Expected, truth+last
	}
	if share := float64(covered) / runs; share < 0.87 || share > 0.95 || math.Abs(expected/truth-1) > 0.02 {
		t.Errorf("coverage %v, mean ratio %v", share, expected/truth)
	}
}

func blankTriangle(periods, maxDelay int) *Triangle {
	tr, err := NewTriangle(periods, maxDelay)
	if err != nil {
		panic(err)
	}
	return tr
}

// lcg is a small generator whose numbers do not change with the Go version.
type lcg uint64

func newLCG(seed uint64) *lcg { l := lcg(seed); return &l }

func (l *lcg) float() float64 {
	*l = *l*6364136223846793005 + 1442695040888963407
	return float64(*l>>11) / (1 << 53)
}

func (l *lcg) poisson(mean float64) int {
	k, p, stop := 0, l.float(), math.Exp(-mean)
	for p > stop {
		k++
		p *= l.float()
	}
	return k
}

// Scaling all counts scales the expected totals; quantiles rise with the probability and never fall below what is known.
func TestNowcastProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		maxDelay := rapid.IntRange(0, 4).Draw(t, "D")
		n := rapid.IntRange(maxDelay+1, 12).Draw(t, "n")
		tr, scaled := blankTriangle(n, maxDelay), blankTriangle(n, maxDelay)
		for i := range n {
			for d := 0; d <= min(maxDelay, n-1-i); d++ {
				y := float64(rapid.IntRange(0, 9).Draw(t, "y"))
				_ = tr.Add(i, d, y)
				_ = scaled.Add(i, d, 8*y)
			}
		}
		for _, mode := range []Mode{Guarded, Reference} {
			l := Lawless{MaxDelay: maxDelay, Window: rapid.SampledFrom([]int{0, maxDelay + 1, maxDelay + 3}).Draw(t, "window"), Mode: mode}
			a, err1 := l.Nowcast(nil, tr, nil)
			b, err2 := l.Nowcast(nil, scaled, nil)
			if err1 != nil || err2 != nil {
				t.Fatal(err1, err2)
			}
			for i, p := range a {
				if p.Reason != b[i].Reason || p.Guarded != b[i].Guarded {
					t.Fatalf("%+v %+v", p, b[i])
				}
				if p.Reason != OK {
					continue
				}
				if !p.Guarded && (!same(b[i].Expected, 8*p.Expected, 1e-12) || p.Expected < p.Known*(1-1e-12)) {
					t.Fatalf("%+v %+v", p, b[i])
				}
				qs := []float64{p.Quantile(0.01), p.Quantile(0.3), p.Quantile(0.5), p.Quantile(0.9), p.Quantile(0.999)}
				if !sort.Float64sAreSorted(qs) || qs[0] < p.Known || math.IsNaN(qs[4]) {
					t.Fatalf("%+v: %v", p, qs)
				}
			}
		}
	})
}

func TestNowcastAllocatesNothing(t *testing.T) {
	tr, _, _ := hus(t)
	var d Delays
	out := make([]Prediction, 0, 32)
	if n := testing.AllocsPerRun(50, func() {
		out, _ = Lawless{MaxDelay: 15}.Nowcast(out[:0], tr, &d)
		out[31].Interval(0.95)
		out[29].Interval(0.95)
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func FuzzNowcast(f *testing.F) {
	f.Add([]byte{1, 2, 3, 4, 5, 6, 7, 8, 9}, 2, 0, uint8(0), 0.95)
	f.Add([]byte{0, 0, 0, 0, 200, 250}, 1, 3, uint8(3), 0.5)
	f.Add([]byte{}, -1, -1, uint8(9), math.NaN())
	f.Fuzz(func(t *testing.T, cells []byte, maxDelay, window int, flags uint8, level float64) {
		const width = 3
		tr := &Triangle{}
		for len(cells) > 0 {
			row := make([]float64, 0, width)
			for _, c := range cells[:min(width, len(cells))] {
				row = append(row, oddValue(c))
			}
			tr.Counts, cells = append(tr.Counts, row), cells[min(width, len(cells)):]
		}
		out, err := Lawless{MaxDelay: maxDelay, Window: window, Cut: Cut(flags & 1), Mode: Mode(flags >> 1 & 1)}.Nowcast(nil, tr, nil)
		if err != nil {
			return
		}
		for _, p := range out {
			lo, hi := p.Interval(level)
			if p.Reason == OK && (math.IsNaN(p.Expected) || p.Variance < 0 || level > 0 && level < 1 && !(p.Known <= lo && lo <= hi)) {
				t.Errorf("%+v %v..%v", p, lo, hi)
			}
		}
	})
}

// oddValue turns a byte into a count, or into something that is none.
func oddValue(c byte) float64 {
	switch c {
	case 255:
		return math.NaN()
	case 254:
		return math.Inf(1)
	case 253:
		return -1
	case 252:
		return 1e300
	case 251:
		return 1e99
	case 250:
		return 0.5
	}
	return float64(c)
}

func BenchmarkNowcast(b *testing.B) {
	tr, _, _ := hus(b)
	var d Delays
	var out []Prediction
	b.ReportAllocs()
	for b.Loop() {
		out, _ = Lawless{MaxDelay: 15}.Nowcast(out[:0], tr, &d)
	}
}

func ExampleLawless() {
	// Cases of four weeks by reporting delay in weeks, as known at the end of the fourth.
	tr := &Triangle{Counts: [][]float64{{6, 2, 2}, {3, 1, 1}, {4, 1}, {5}}}
	week, err := Lawless{MaxDelay: 2}.Nowcast(nil, tr, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	newest := week[3]
	low, high := newest.Interval(0.9)
	fmt.Printf("%v known, %.1f expected, between %v and %v\n", newest.Known, newest.Expected, low, high)
	// Output: 5 known, 8.2 expected, between 5 and 13
}

func ExampleTriangle_KnownAt() {
	tr, _ := NewTriangle(3, 2)
	_ = tr.Add(0, 0, 4)
	_ = tr.Add(0, 1, 2)
	known, _ := tr.KnownAt(0, 1)
	fmt.Println(known)
	// Output: 6
}
