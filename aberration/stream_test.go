package aberration

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"
)

// A stream, a range and a batch say of every period what the detector says of it alone, and so does a stream after a late report.
func TestStreamRangeAndBatchAgree(t *testing.T) {
	detectors := append(closedCharts(9), C1(), C3(), Bayes1(), Exact{Window: 1, Baseline: 8, Alpha: 0.01}, GammaPoisson{Window: 1, Baseline: 8, Shape: 0.5, Alpha: 0.01})
	rapid.Check(t, func(t *rapid.T) {
		s := drawSeries(t, 40)
		begin := rapid.IntRange(0, 20).Draw(t, "begin")
		for _, d := range detectors {
			past := Series{Counts: append([]float64(nil), s.Counts[:begin]...), Population: append([]float64{}, s.Population[:begin]...)}
			st := NewStream(d, past)
			results := Range(nil, d, s, begin, 39, nil)
			for at := begin; at < 40; at++ {
				want := d.Evaluate(s, at, nil)
				if r := st.FeedPeriod(s.Counts[at], s.Population[at], 0); !equal(r, want, 0) || !equal(results[at-begin], want, 0) {
					t.Fatalf("%#v at %d: stream %+v, range %+v, alone %+v", d, at, r, results[at-begin], want)
				}
			}
			changed := Series{Counts: append([]float64(nil), s.Counts...), Population: s.Population}
			changed.Counts[begin] += 3
			if r, err := st.Revise(begin, changed.Counts[begin]); err != nil || !equal(r, d.Evaluate(&changed, 39, nil), 0) {
				t.Fatalf("%#v revised: %+v %v", d, r, err)
			}
		}
		all := make([][]Result, 40)
		Batch(40, rapid.IntRange(-1, 5).Draw(t, "workers"), func(i int, w *Worker) { all[i] = w.Evaluate(nil, s, i, detectors...) })
		for i, row := range all {
			for j, d := range detectors {
				if want := d.Evaluate(s, i, nil); !equal(row[j], want, 0) {
					t.Fatalf("%#v at %d: batch %+v, alone %+v", d, i, row[j], want)
				}
			}
		}
	})
}

func TestBatchVisitsEachOnce(t *testing.T) {
	for _, n := range []int{-3, 0, 1, 7, 1000} {
		for _, workers := range []int{-1, 1, 3, 64} {
			seen := make([]int, max(0, n))
			Batch(n, workers, func(i int, _ *Worker) { seen[i]++ })
			for i, k := range seen {
				if k != 1 {
					t.Fatalf("%d of %d on %d workers: %d times", i, n, workers, k)
				}
			}
		}
	}
}

// A population or days that the past knew ahead do not shift those that are fed.
func TestStreamDropsWhatLiesAhead(t *testing.T) {
	past := Series{Counts: []float64{1, 2}, Population: []float64{10, 20, 999, 999}, Days: []int{0, 7, 999}}
	st := NewStream(C1(), past)
	st.FeedPeriod(3, 30, 14)
	if n := len(st.s.Counts); n != 3 || st.s.Population[2] != 30 || st.s.Days[2] != 14 || len(st.s.Population) != n || len(st.s.Days) != n {
		t.Errorf("%+v", st.s)
	}
	if r := st.Feed(4); r.Reason != InvalidSeries {
		t.Errorf("fed without its population: %+v", r)
	}
	for _, period := range []int{-1, 9, math.MaxInt, math.MinInt} {
		if r, err := st.Revise(period, 1); !errors.Is(err, OutOfRange) || r.Reason != OutOfRange {
			t.Errorf("%d: %+v %v", period, r, err)
		}
	}
}

func FuzzStream(f *testing.F) {
	f.Add([]byte{1, 2, 3, 0, 0, 9, 255, 1, 4, 5}, 3, -1, 99)
	f.Add([]byte{}, 0, -3, 2)
	f.Fuzz(func(t *testing.T, b []byte, begin, first, last int) {
		s := &Series{Counts: make([]float64, len(b))}
		for i, c := range b {
			s.Counts[i] = oddValue(c)
		}
		begin = max(0, min(begin, len(b)))
		for _, d := range []Detector{NewEARS(1, 3, 0.01, 0), CUSUM{First: 2, K: 1, H: 2}} {
			st := NewStream(d, Series{Counts: append([]float64(nil), s.Counts[:begin]...)})
			for at := begin; at < len(b); at++ {
				if r, want := st.Feed(s.Counts[at]), d.Evaluate(s, at, nil); !equal(r, want, 0) {
					t.Fatalf("%#v at %d: %+v, alone %+v", d, at, r, want)
				}
			}
			first, last := first%1000, last%1000
			if n := len(Range(nil, d, s, first, last, nil)); n != max(0, last-first+1) {
				t.Fatalf("%d results from %d to %d", n, first, last)
			}
		}
	})
}

func ExampleStream() {
	st := NewStream(C1(), Series{Counts: []float64{2, 3, 2, 4, 3, 2, 3}})
	for _, week := range []float64{3, 4, 12} {
		r := st.Feed(week)
		fmt.Printf("%v cases, at most %.1f: alarm %v\n", week, r.Bound, r.Alarm)
	}
	// Output:
	// 3 cases, at most 5.1: alarm false
	// 4 cases, at most 5.0: alarm false
	// 12 cases, at most 5.5: alarm true
}

func ExampleBatch() {
	series := [][]float64{{2, 3, 2, 4, 3, 2, 3, 3}, {0, 1, 0, 0, 1, 0, 0, 7}}
	results := make([]Result, len(series))
	Batch(len(series), 0, func(i int, w *Worker) {
		w.Series.Counts = append(w.Series.Counts[:0], series[i]...)
		results[i] = w.Evaluate(nil, &w.Series, 7, C1())[0]
	})
	for i, r := range results {
		fmt.Printf("series %d: alarm %v\n", i, r.Alarm)
	}
	// Output:
	// series 0: alarm false
	// series 1: alarm true
}
