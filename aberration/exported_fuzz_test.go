package aberration

import (
	"fmt"
	"math"
	"testing"
)

func FuzzConditionalPoisson(f *testing.F) {
	f.Add(3.0, 4.0, 2.0, 52.0, 0.01)
	f.Add(math.NaN(), 0.0, -1.0, math.Inf(1), 2.0)
	f.Add(1e9, 1e-300, 1e9, 1e300, 0.5)
	f.Fuzz(func(t *testing.T, c, wc, b, wb, alpha float64) {
		p, mid, err := ConditionalPoisson(c, wc, b, wb)
		if err == nil && !(p >= 0 && p <= 1 && mid >= 0 && mid <= p) || err != nil && !math.IsNaN(p) {
			t.Errorf("%v in %v against %v in %v: %v %v %v", c, wc, b, wb, p, mid, err)
		}
		if math.Abs(c)+math.Abs(b) < 1e4 {
			if r := (Exact{Alpha: alpha}).Compare(c, wc, b, wb); r.Reason == OK && r.Alarm != (r.PValue <= alpha) || r.Reason != OK && r.Alarm {
				t.Errorf("%+v", r)
			}
		}
	})
}

func FuzzFirstDetection(f *testing.F) {
	f.Add(52.0, 1)
	f.Add(math.NaN(), -1)
	f.Add(1e-300, 3)
	f.Add(1e300, 1000)
	f.Fuzz(func(t *testing.T, n float64, k int) {
		if p := FirstDetection(n, k%10000); !math.IsNaN(p) && !(p >= 0 && p <= 1) {
			t.Errorf("%v %v: %v", n, k, p)
		}
	})
}

func FuzzGammaPoisson(f *testing.F) {
	f.Add([]byte{0, 0, 1, 0, 0, 3}, 1, 4, 0, 0.5, 0.0, 0.01)
	f.Add([]byte{255, 250, 254}, 0, -1, 7, math.NaN(), 1e300, 2.0)
	f.Fuzz(func(t *testing.T, b []byte, window, baseline, gap int, shape, rate, alpha float64) {
		series := make([]float64, len(b))
		for i, c := range b {
			series[i] = oddValue(c)
		}
		g := GammaPoisson{Window: window, Baseline: baseline, Gap: gap, Shape: shape, Rate: rate, Alpha: alpha}
		if r := g.Evaluate(&Series{Counts: series}, len(series)-1, nil); r.Reason == OK && !(r.PValue >= 0 && r.PValue <= 1) || r.Reason != OK && r.Alarm {
			t.Errorf("%+v: %+v", g, r)
		}
	})
}

func FuzzTriangle(f *testing.F) {
	f.Add(5, 3, 2, 1, 4.0)
	f.Add(-1, -1, 0, 0, math.NaN())
	f.Add(3, math.MaxInt, math.MinInt, math.MaxInt, math.Inf(-1))
	f.Fuzz(func(t *testing.T, periods, maxDelay, at, delay int, n float64) {
		tr, err := NewTriangle(periods%1000, maxDelay)
		if err != nil {
			return
		}
		err = tr.Add(at, delay, n)
		known, err2 := tr.KnownAt(at, delay)
		if err == nil && delay < len(tr.Counts[at]) && (err2 != nil || known != n && !math.IsNaN(n)) {
			t.Errorf("added %v, known %v, %v", n, known, err2)
		}
		if s, err := tr.SeriesAt(nil, delay); err == nil && len(s) != len(tr.Counts)-delay {
			t.Errorf("%v", s)
		}
	})
}

func FuzzPredict(f *testing.F) {
	f.Add(5.0, 0, 0.95)
	f.Add(math.NaN(), -1, 2.0)
	f.Add(1e99, 1<<40, 0.5)
	tr := &Triangle{Counts: [][]float64{{6, 2, 2}, {3, 1, 1}, {4, 1}, {5}}}
	f.Fuzz(func(t *testing.T, known float64, delay int, level float64) {
		var d Delays
		if err := (Lawless{MaxDelay: 2}).Fit(tr, &d); err != nil {
			t.Fatal(err)
		}
		p := d.Predict(known, delay)
		lo, hi := p.Interval(level)
		if p.Reason == OK && level > 0 && level < 1 && !(known <= lo && lo <= hi) {
			t.Errorf("%+v: %v..%v", p, lo, hi)
		}
	})
}

func ExampleBenjaminiHochberg() {
	for _, q := range BenjaminiHochberg([]float64{0.01, 0.04, 0.03}, 0) {
		fmt.Printf("%.2f ", q)
	}
	// Output: 0.03 0.04 0.04
}

func ExampleFirstDetection() {
	fmt.Printf("%.4f\n", FirstDetection(52, 2)) // two cases at once after a silent year
	// Output: 0.0001
}

func ExampleConditionalPoisson() {
	p, mid, err := ConditionalPoisson(3, 4, 2, 52) // three in the last four weeks, two in the year before
	fmt.Printf("p %.4f, mid-p %.4f, %v\n", p, mid, err)
	// Output: p 0.0033, mid-p 0.0017, <nil>
}

func ExampleGammaPoisson() {
	weeks := make([]float64, 53)
	weeks[10], weeks[52] = 1, 4
	r := GammaPoisson{Window: 1, Baseline: 52, Shape: 0.5, Alpha: 0.001}.Evaluate(&Series{Counts: weeks}, 52, nil)
	fmt.Printf("%.3f expected, at most %v, p %.1e, alarm %v\n", r.Expected, r.Bound, r.PValue, r.Alarm)
	// Output: 0.029 expected, at most 1, p 3.1e-07, alarm true
}
