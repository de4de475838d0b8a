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

// R multiplies period by period. With counts in the hundreds the product of the first periods is less than a double can hold: R then has 0,
// which no later factor mends, or no value at all. Guarded it is a sum of logarithms. The values are those of R.
func TestOutbreakPOfLargeCounts(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range []struct{ counts, statistic, needed []float64 }{
		{[]float64{1, 500, 600, 5000, 5, 7}, []float64{1, 4.8120411902901370e+147, 4.7688718993648619e+192, nan, nan, inf}, []float64{nan, 11, nan, nan, nan, nan}},
		{[]float64{0, 0, 1, 300, 400, 2000, 3000}, []float64{1, 1, 3, 2.0319762701975537e+178, 1.2303123740347243e+279, inf, inf}, []float64{nan, 7, 5, 5, nan, nan, nan}},
	} {
		s := &Series{Counts: c.counts}
		reference := OutbreakP{K: 100, Mode: Reference}
		for at, want := range c.statistic {
			r := reference.Evaluate(s, at, nil)
			if !same(r.Statistic, want, 1e-12) || r.Alarm != (want > 100) || (r.Reason == OK) == math.IsNaN(want) || !same(r.Bound, c.needed[at], 0) {
				t.Errorf("%v, period %d: %+v, R has %v and %v", c.counts, at, r, want, c.needed[at])
			}
			if g := (OutbreakP{K: 100}).Evaluate(s, at, nil); g.Reason != OK || g.Alarm != (at > 2 || c.counts[0] == 1 && at > 0) {
				t.Errorf("%v, period %d, guarded: %+v", c.counts, at, g)
			}
		}
	}
	rise := &Series{Counts: []float64{125, 222, 141, 158, 117, 125, 127, 150, 155, 150, 150, 117, 137, 139, 141, 159, 189, 186, 186, 216, 206, 239, 207, 255, 287, 339, 326, 311, 336, 377}}
	if r := (OutbreakP{K: 100, Mode: Reference}).Evaluate(rise, 29, nil); r.Statistic != 0 || r.Alarm || r.Reason != OK {
		t.Errorf("lost: %+v, R has 0", r)
	}
	if r := (OutbreakP{K: 100}).Evaluate(rise, 29, nil); !r.Alarm || !(r.Statistic > 1e130) {
		t.Errorf("guarded: %+v", r)
	}
}
