package aberration

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// A range says of each period what the detector says of it alone, also before the series is long enough and past its end.
func TestRangeIsEveryPeriod(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSeries(t, 130)
		if rapid.Bool().Draw(t, "fractions") {
			for i := range s.Counts {
				s.Counts[i] *= 0.3
			}
		}
		reference := NewBayes(1, 0, true, 0.05)
		reference.Mode = Reference
		c3 := C3()
		c3.Mode = Reference
		for _, d := range append(closedCharts(20), C1(), C2(), C3(), c3, Bayes1(), Bayes2(), reference, RKI2(), EARS{Method: 1, Baseline: 3, Alpha: 0.1}, Bayes{HalfWidth: 2, CurrentYear: true, Alpha: 0.3}) {
			out := Range(make([]Result, 1, 2), d, s, -1, 131, nil)
			if len(out) != 134 {
				t.Fatalf("%d results", len(out))
			}
			for i, r := range out[1:] {
				if want := d.Evaluate(s, i-1, nil); !equal(r, want, 0) {
					t.Fatalf("%#v at %d: %+v in a range, %+v alone", d, i-1, r, want)
				}
			}
		}
		if out := Range(nil, C1(), s, 5, 4, nil); out != nil {
			t.Fatalf("an empty range has %d results", len(out))
		}
	})
}

// Sums of squares and the second pass give the same spread.
func TestMomentsInOnePassAndTwo(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		base := drawCounts(t, rapid.IntRange(2, 30).Draw(t, "n"), rapid.SampledFrom([]int{1, 9, 5000, 1 << 30}).Draw(t, "most"))
		m, sd := moments(base, 0)
		var sum, ss float64
		for _, y := range base {
			sum += y
		}
		mean := sum / float64(len(base))
		for _, y := range base {
			ss += (y - mean) * (y - mean)
		}
		if want := math.Sqrt(ss / float64(len(base)-1)); m != mean || !same(sd, want, 1e-13) && math.Abs(sd-want) > 1e-12*mean {
			t.Fatalf("%v: %v and %v, want %v and %v", base, m, sd, mean, want)
		}
	})
}

// The kept tails are shared by all goroutines; each sees what it would have computed itself.
func TestTailsAreShared(t *testing.T) {
	const series = 400
	bounds, alone := make([]float64, series), make([]float64, series)
	counts := func(i int) []float64 {
		c := make([]float64, 7)
		for j := range c {
			c[j] = float64(i * (j + 1) % 37)
		}
		return c
	}
	Batch(series, 8, func(i int, w *Worker) {
		bounds[i] = Bayes1().Evaluate(&Series{Counts: counts(i)}, 6, nil).Bound
	})
	for i := range alone {
		sum := 0.0
		for _, y := range counts(i)[:6] {
			sum += y
		}
		p := nextCount{size: sum + 0.5, n: 6, logProb: -math.Log1p(1.0 / 6), alpha: 0.05}
		if alone[i], _ = p.fromGuess(0); alone[i] != bounds[i] {
			t.Fatalf("sum %v: %v, alone %v", sum, bounds[i], alone[i])
		}
	}
}
