package glm

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// The numbers are those of MASS::glm.nb in R 4.2.2, without and with weights; the second series varies far more than Poisson.
func TestNegativeBinomialTheta(t *testing.T) {
	wide := []float64{3, 0, 15, 2, 9, 0, 0, 22, 5, 1, 0, 14}
	var f NegativeBinomial
	for _, c := range []struct {
		q    Problem
		coef []float64
		size float64
	}{
		{Problem{X: design(12, inGroup), P: 3, Y: cases}, []float64{0.8066157338215072, 0.1645470309003278, 0.075560866287016443}, 18.381307076067134},
		{Problem{X: design(12, inGroup), P: 3, Y: cases, Weights: prior}, []float64{0.66858869125534415, 0.18281573973037135, -0.046136658023314452}, 10.055251398205687},
		{Problem{X: design(12), P: 2, Y: wide}, []float64{1.4534240276659252, 0.047905796411677762}, 0.45928216165351343},
		{Problem{X: design(12, inGroup), P: 3, Y: wide, Weights: prior}, []float64{1.2236993568521708, -0.0022153279554998932, 0.50893806843176437}, 0.48308914787599833},
	} {
		if !f.Solve(&c.q) || !f.Settled {
			t.Fatalf("%+v", f)
		}
		near(t, "coef", f.Coef, c.coef, 1e-12)
		near(t, "theta", []float64{f.Theta}, []float64{c.size}, 1e-11)
	}
}

// Counts that vary less than Poisson have no finite theta: it grows by half at each of the 24 steps that R allows.
func TestThetaRunsOff(t *testing.T) {
	var f NegativeBinomial
	if !f.Solve(&Problem{X: []float64{1, 1, 1, 1, 1, 1}, P: 1, Y: []float64{5, 5, 6, 5, 4, 5}}) || f.Settled || f.Theta < 1000 {
		t.Errorf("theta %v, settled %v", f.Theta, f.Settled)
	}
	for _, y := range [][]float64{nil, {5, 5, 5}, {math.NaN(), 1, 2}, {-1, 1, 2}} { // constant counts: the moment estimate divides by 0
		if f.Solve(&Problem{X: []float64{1, 1, 1}, P: 1, Y: y}) && math.IsInf(f.Theta, 0) {
			t.Errorf("%v: theta %v", y, f.Theta)
		}
	}
}

// Newton's method may jump to a theta near 0, where its absolute tolerance stops it. R 4.2.2 gives this number; the likelihood is far
// higher at the theta of a guarded fit.
func TestThetaNearZero(t *testing.T) {
	y, x := []float64{1, 1, 10, 30, 22, 0, 1, 16, 42, 0}, []float64{1, 1, 1, 1, 1, 1, 1, 1, 1, 1}
	q := Problem{X: x, P: 1, Y: y}
	var f NegativeBinomial
	if !f.Solve(&q) {
		t.Fatal("no fit")
	}
	near(t, "theta", []float64{f.Theta}, []float64{0.00012296622874}, 1e-10)
	low := likelihoodOf(&q, f.Theta, f.Mu)
	f.Guard = true
	if !f.Solve(&q) || !f.Settled || likelihoodOf(&q, f.Theta, f.Mu) < low+50 {
		t.Errorf("guarded %v", f.Theta)
	}
}

// At the guarded estimate no other theta near by has a higher likelihood for the same means.
func TestThetaIsTheMaximum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(8, 60).Draw(t, "n")
		y, x := make([]float64, n), make([]float64, n)
		for i := range y {
			y[i], x[i] = float64(rapid.IntRange(0, 3).Draw(t, "y")*rapid.IntRange(0, 20).Draw(t, "burst")), 1
		}
		q := Problem{X: x, P: 1, Y: y}
		f := NegativeBinomial{Guard: true}
		if !f.Solve(&q) || !f.Settled || f.Theta < 2*leastTheta {
			return
		}
		top := likelihoodOf(&q, f.Theta, f.Mu)
		for _, by := range []float64{0.98, 1.02} {
			if v := likelihoodOf(&q, f.Theta*by, f.Mu); v > top+1e-6*math.Abs(top) {
				t.Errorf("theta %v: %v, at %v %v", f.Theta, top, f.Theta*by, v)
			}
		}
	})
}

func TestNegativeBinomialAllocatesNothing(t *testing.T) {
	q := Problem{X: design(12, inGroup), P: 3, Y: cases}
	var f NegativeBinomial
	if n := testing.AllocsPerRun(10, func() { f.Solve(&q) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func FuzzNegativeBinomial(f *testing.F) {
	f.Add(3.0, 0.0, 1e6, 0.5, 1.0)
	f.Add(0.0, 0.0, 0.0, 1e300, math.Inf(1))
	f.Add(1e100, 1.0, -1.0, math.NaN(), 0.0)
	f.Fuzz(func(t *testing.T, a, b, c, x, w float64) {
		var fit NegativeBinomial
		q := Problem{X: []float64{1, x, 1, a, 1, 2, 1, 3}, P: 2, Y: []float64{a, b, c, 1}, Weights: []float64{w, 1, 1, 1}}
		if fit.Solve(&q) && !(fit.Theta > 0) {
			t.Errorf("solved with theta %v", fit.Theta)
		}
	})
}
