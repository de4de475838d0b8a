package aberration

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"
)

// slow is a triangle of weeks with the given totals, of which 20 % are known at once, half after one week and the rest after two.
func slow(totals ...float64) *Triangle {
	tr := blankTriangle(len(totals), 2)
	for t, n := range totals {
		for d, part := range []float64{n / 5, n * 3 / 10, n / 2} {
			_ = tr.Add(t, d, part) // fails for what lies in the future
		}
	}
	return tr
}

// Sixty weeks of ten cases. A week of 60 shows as 12 reports at first: usual for a complete week, but six times what is usual at once.
func TestEqualDelaySeesThroughIncompleteReports(t *testing.T) {
	totals := make([]float64, 60)
	for i := range totals {
		totals[i] = 10
	}
	e := EqualDelay{MaxDelay: 2, Detector: Exact{Window: 1, Baseline: 52, Alpha: 0.01}, Alpha: 0.01}
	tests, err := e.Evaluate(nil, slow(totals...), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for d, known := range []float64{2, 5, 10} {
		if x := tests[d]; x.Alarm || x.Known != known || x.Delay != d || x.Period != 59-d || x.Result.Expected != known {
			t.Errorf("quiet weeks: %+v", x)
		}
	}
	totals[59] = 60
	tests, _ = e.Evaluate(nil, slow(totals...), nil, nil)
	if x := tests[0]; !x.Alarm || x.Known != 12 || tests[1].Alarm || tests[2].Alarm {
		t.Errorf("outbreak: %+v", tests)
	}
	// The plain series, complete weeks and the newest as it stands, sees nothing.
	totals[59] = 12
	if r := e.Detector.Evaluate(&Series{Counts: totals}, 59, nil); r.Alarm {
		t.Errorf("plain: %+v", r)
	}
	// A week later the same outbreak is judged by what is known of it at delay 1.
	totals[59] = 60
	tests, _ = e.Evaluate(nil, slow(append(totals, 10)...), nil, nil)
	if x := tests[1]; tests[0].Alarm || !x.Alarm || x.Known != 30 || x.Period != 59 {
		t.Errorf("a week later: %+v", tests)
	}
}

// One level for the set: among simulated triangles without any change, the share with any alarm stays at or below Alpha, and comes
// near it for a continuous detector.
func TestEqualDelayHoldsItsLevel(t *testing.T) {
	rng := newLCG(3)
	e := EqualDelay{MaxDelay: 3, Detector: GammaPoisson{Window: 1, Baseline: 40, Shape: 0.5, Alpha: 0.05}, Alpha: 0.05}
	alarms := 0
	const runs, periods = 3000, 48
	var space DelaySpace
	var out []DelayTest
	tr := blankTriangle(periods, 3)
	for range runs {
		for i := range periods {
			for d := 0; d <= min(3, periods-1-i); d++ {
				tr.Counts[i][d] = float64(rng.poisson(12))
			}
		}
		out, _ = e.Evaluate(out[:0], tr, nil, &space)
		for _, x := range out {
			if x.Alarm {
				alarms++
				break
			}
		}
	}
	if share := float64(alarms) / runs; share > 0.055 || share < 0.02 {
		t.Errorf("share with an alarm: %v", share)
	}
}

func TestEqualDelayReasons(t *testing.T) {
	g := GammaPoisson{Window: 1, Baseline: 2, Shape: 0.5, Alpha: 0.05}
	ok := slow(1, 2, 3, 4, 5)
	for _, c := range []struct {
		name string
		e    EqualDelay
		tr   *Triangle
		want Reason
	}{
		{"negative delay", EqualDelay{MaxDelay: -1, Detector: g, Alpha: 0.1}, ok, InvalidSettings},
		{"no detector", EqualDelay{MaxDelay: 1, Alpha: 0.1}, ok, InvalidSettings},
		{"no level", EqualDelay{MaxDelay: 1, Detector: g, Alpha: math.NaN()}, ok, InvalidSettings},
		{"no p-value", EqualDelay{MaxDelay: 0, Detector: NewEARS(3, 2, 0.1, 1), Alpha: 0.1}, slow(1, 2, 3, 4, 5, 6, 7, 8), InvalidSettings},
		{"short", EqualDelay{MaxDelay: 5, Detector: g, Alpha: 0.1}, ok, TooShort},
		{"empty", EqualDelay{MaxDelay: 0, Detector: g, Alpha: 0.1}, &Triangle{}, TooShort},
		{"narrow", EqualDelay{MaxDelay: 3, Detector: g, Alpha: 0.1}, ok, InvalidSeries},
	} {
		if out, err := c.e.Evaluate(nil, c.tr, nil, nil); !errors.Is(err, c.want) || len(out) != 0 {
			t.Errorf("%s: %v %v", c.name, out, err)
		}
	}
	// A missing period stands in the result of the tests that need it, and leaves the others alone.
	tr := blankTriangle(5, 1)
	for i := range 5 {
		tr.Counts[i][0], tr.Counts[i][1] = 3, 1
	}
	tr.Counts[4][0] = math.NaN()
	out, err := EqualDelay{MaxDelay: 1, Detector: g, Alpha: 0.1}.Evaluate(nil, tr, &Series{Frequency: 12}, nil)
	if err != nil || out[0].Result.Reason != MissingValue || !math.IsNaN(out[0].Adjusted) || out[0].Alarm || out[1].Result.Reason != OK || out[1].Adjusted != out[1].Result.PValue {
		t.Errorf("%+v %v", out, err)
	}
	if _, err := ok.SeriesAt(nil, 5); !errors.Is(err, OutOfRange) {
		t.Error(err)
	}
	// A report that was taken back lowers what was known from then on.
	tr.Counts[0][1] = -1
	if s, err := tr.SeriesAt(nil, 1); err != nil || s[0] != 2 {
		t.Error(s, err)
	}
}

// The adjusted values are those of Holm, and the frame reaches the detector.
func TestEqualDelayAdjustsByHolm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		maxDelay := rapid.IntRange(0, 3).Draw(t, "D")
		n := rapid.IntRange(maxDelay+6, 20).Draw(t, "n")
		tr := blankTriangle(n, maxDelay)
		for i := range n {
			for d := 0; d <= min(maxDelay, n-1-i); d++ {
				tr.Counts[i][d] = float64(rapid.IntRange(0, 6).Draw(t, "y"))
			}
		}
		e := EqualDelay{MaxDelay: maxDelay, Detector: Exact{Window: 1, Baseline: 5, Alpha: 0.01}, Alpha: 0.2}
		out, err := e.Evaluate(nil, tr, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		var p []float64
		for d, x := range out {
			p = append(p, x.Result.PValue)
			if known, _ := tr.KnownAt(n-1-d, d); known != x.Known {
				t.Fatalf("%+v", x)
			}
		}
		for d, q := range Holm(p, 0) {
			if out[d].Adjusted != q || out[d].Alarm != (q <= 0.2) {
				t.Fatalf("%+v, Holm has %v", out[d], q)
			}
		}
	})
}

func TestEqualDelayAllocatesNothing(t *testing.T) {
	tr, _, _ := hus(t)
	e := EqualDelay{MaxDelay: 7, Detector: GammaPoisson{Window: 1, Baseline: 14, Shape: 0.5, Alpha: 0.001}, Alpha: 0.01}
	var space DelaySpace
	out := make([]DelayTest, 0, 8)
	if n := testing.AllocsPerRun(50, func() { out, _ = e.Evaluate(out[:0], tr, nil, &space) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func FuzzEqualDelay(f *testing.F) {
	f.Add([]byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, 1, 2, 0.05)
	f.Add([]byte{255, 0, 254, 253, 252, 251}, 0, 1, 0.5)
	f.Add([]byte{}, -1, -1, math.NaN())
	f.Fuzz(func(t *testing.T, cells []byte, maxDelay, baseline int, alpha float64) {
		tr := &Triangle{}
		for ; len(cells) >= 2; cells = cells[2:] {
			tr.Counts = append(tr.Counts, []float64{oddValue(cells[0]), oddValue(cells[1])})
		}
		for _, d := range []Detector{Exact{Window: 1, Baseline: baseline, Alpha: 0.05}, GammaPoisson{Window: 1, Baseline: baseline, Shape: 0.5, Alpha: 0.05}, C1()} {
			out, err := EqualDelay{MaxDelay: maxDelay, Detector: d, Alpha: alpha}.Evaluate(nil, tr, nil, nil)
			if err == nil && len(out) != maxDelay+1 {
				t.Errorf("%v", out)
			}
			for _, x := range out {
				if x.Alarm != (x.Adjusted <= alpha) || x.Alarm && x.Result.Reason != OK {
					t.Errorf("%+v", x)
				}
			}
		}
	})
}

func BenchmarkEqualDelay(b *testing.B) {
	tr, _, _ := hus(b)
	e := EqualDelay{MaxDelay: 7, Detector: GammaPoisson{Window: 1, Baseline: 14, Shape: 0.5, Alpha: 0.001}, Alpha: 0.01}
	var space DelaySpace
	var out []DelayTest
	b.ReportAllocs()
	for b.Loop() {
		out, _ = e.Evaluate(out[:0], tr, nil, &space)
	}
}

func ExampleEqualDelay() {
	// Twenty weeks of ten cases, two of which are known at once and the rest a week later; then a week with nine known at once.
	tr, _ := NewTriangle(21, 1)
	for week := range 20 {
		_ = tr.Add(week, 0, 2)
		_ = tr.Add(week, 1, 8) // refused where it lies in the future
	}
	_ = tr.Add(20, 0, 9)
	e := EqualDelay{MaxDelay: 1, Detector: Exact{Window: 1, Baseline: 16, Alpha: 0.01}, Alpha: 0.01}
	tests, err := e.Evaluate(nil, tr, nil, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, x := range tests {
		fmt.Printf("%d weeks old: %v known, %v expected, p %.4f, alarm %v\n", x.Delay, x.Known, x.Result.Expected, x.Adjusted, x.Alarm)
	}
	// Output:
	// 0 weeks old: 9 known, 2 expected, p 0.0011, alarm true
	// 1 weeks old: 10 known, 10 expected, p 0.5459, alarm false
}

// Ten years of months by the improved Farrington method: the frame tells it that twelve periods are a year.
func TestEqualDelayWithFarrington(t *testing.T) {
	rng := newLCG(13)
	totals := make([]float64, 120)
	for i := range totals {
		totals[i] = float64(10 * rng.poisson(9))
	}
	totals[118] = 300
	e := EqualDelay{MaxDelay: 2, Detector: NewNoufaily(0.01), Alpha: 0.01}
	tests, err := e.Evaluate(nil, slow(totals...), &Series{Frequency: 12}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for d, x := range tests {
		if x.Result.Reason != OK || x.Alarm != (d == 1) {
			t.Errorf("%+v", x)
		}
	}
	tests, err = e.Evaluate(nil, slow(totals...), nil, nil) // ten years of weeks are more than there is
	if err != nil || tests[1].Result.Reason != TooShort || tests[1].Alarm {
		t.Errorf("%+v %v", tests, err)
	}
}
