package aberration

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// The counts of Frisén's manual, with the values R gives.
func TestOutbreakPOfItsManual(t *testing.T) {
	s := &Series{Counts: []float64{1, 0, 3, 1, 2, 3, 5, 4, 7, 3, 5, 8, 16, 23, 33, 34, 48}}
	values := []float64{1, 1, 4.271484375, 2.62144, 3.03566419725503, 5.22427760640001, 29.2728817606869, 47.623104281656, 565.081181762885, 248.647713969741, 433.555347730881, 4718.87490667271, 131979614.979858, 2287918969370236, 6.43527001908665e+26, 2.00734965806317e+36, 7.5331648627659e+51}
	nan := math.NaN()
	needed := []float64{nan, 11, 7, 7, 7, 7, 7, 6, 5, 2, 2, nan, nan, nan, nan, nan, nan}
	o := OutbreakP{K: 100, Mode: Reference}
	var m Memory
	for at, want := range values {
		r := o.Evaluate(s, at, &m)
		if !same(r.Statistic, want, 2e-14) || !same(r.Bound, needed[at], 0) || r.Alarm != (want > 100) {
			t.Errorf("period %d: %+v, R has %v and %v", at, r, want, needed[at])
		}
	}
	// A single case after 99 empty weeks makes the ratio exactly 100, which is not above it; after 100 it is.
	for n, alarm := range map[int]bool{99: false, 100: true} {
		if r := o.Evaluate(&Series{Counts: append(make([]float64, n), 1)}, n, nil); r.Statistic != float64(n+1) || r.Alarm != alarm {
			t.Errorf("after %d: %+v", n, r)
		}
	}
	o.MaxBound = 6
	if r := o.Evaluate(s, 3, nil); !math.IsNaN(r.Bound) {
		t.Errorf("7 cases are beyond the largest bound of 6: %+v", r)
	}
}

// The statistic is that of the isotonic regression found by its max-min formula.
func TestOutbreakPIsIsotonic(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		counts := drawCounts(t, rapid.IntRange(1, 14).Draw(t, "n"), 12)
		n, total := len(counts), 0.0
		for _, y := range counts {
			total += y
		}
		log := 0.0
		for i, y := range counts {
			level := math.Inf(-1) // max over starts of the min over ends of the mean between
			for a := 0; a <= i; a++ {
				least := math.Inf(1)
				for b := i; b < n; b++ {
					sum := 0.0
					for _, v := range counts[a : b+1] {
						sum += v
					}
					least = min(least, sum/float64(b-a+1))
				}
				level = max(level, least)
			}
			if y > 0 {
				log += y * math.Log(level/(total/float64(n)))
			}
		}
		if r := (OutbreakP{K: 100}).Evaluate(&Series{Counts: counts}, n-1, nil); !same(r.Statistic, math.Exp(log), 1e-11) {
			t.Fatalf("%v: %v, want %v", counts, r.Statistic, math.Exp(log))
		}
	})
}
