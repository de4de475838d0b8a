package aberration

import (
	"math"
	"testing"

	"github.com/baqylau/baqylau/dist"
)

type worked struct {
	First struct {
		N   []float64
		Ge1 []float64 `json:"p_ge1"`
		Ge2 []float64 `json:"p_ge2"`
	} `json:"first_detection"`
	Exact struct {
		C, B, WC, WB, P []float64
		MidP            []float64 `json:"midp"`
	} `json:"exact_conditional_poisson"`
	BH struct{ P, BH []float64 } `json:"multiplicity_bh1995"`
}

func TestExactTestAgreesWithR(t *testing.T) {
	var w worked
	load(t, "worked_examples.json", &w)
	for i, c := range w.Exact.C {
		p, mid, err := ConditionalPoisson(c, w.Exact.WC[i], w.Exact.B[i], w.Exact.WB[i])
		if err != nil || !same(p, w.Exact.P[i], 1e-12) || !same(mid, w.Exact.MidP[i], 1e-12) {
			t.Errorf("example %d: p=%v mid=%v %v, R has %v %v", i, p, mid, err, w.Exact.P[i], w.Exact.MidP[i])
		}
	}
}

func TestFirstDetectionAgreesWithR(t *testing.T) {
	var w worked
	load(t, "worked_examples.json", &w)
	for i, n := range w.First.N {
		if got := FirstDetection(n, 1); !same(got, w.First.Ge1[i], 1e-12) {
			t.Errorf("n=%v: P(Y>=1) %v, R has %v", n, got, w.First.Ge1[i])
		}
		// R's own figure is 1 minus a sum, so its relative precision is that of the difference.
		if got := FirstDetection(n, 2); math.Abs(got-w.First.Ge2[i]) > 1e-15 {
			t.Errorf("n=%v: P(Y>=2) %v, R has %v", n, got, w.First.Ge2[i])
		}
		series := make([]float64, int(n)+1)
		series[int(n)] = 2
		g := GammaPoisson{Window: 1, Baseline: int(n), Shape: 0.5, Alpha: 0.001}
		if r := g.Evaluate(&Series{Counts: series}, int(n), nil); math.Abs(r.PValue-w.First.Ge2[i]) > 1e-15 || r.Alarm != (w.First.Ge2[i] <= 0.001) {
			t.Errorf("n=%v: %+v", n, r)
		}
	}
}

func TestBenjaminiHochbergAgreesWithR(t *testing.T) {
	var w worked
	load(t, "worked_examples.json", &w)
	rejected := 0
	for i, q := range BenjaminiHochberg(w.BH.P, 0) {
		if !same(q, w.BH.BH[i], 1e-12) {
			t.Errorf("p=%v: %v, R has %v", w.BH.P[i], q, w.BH.BH[i])
		}
		if q <= 0.05 {
			rejected++
		}
	}
	if rejected != 4 {
		t.Errorf("%d rejected at 0.05, the paper has 4", rejected)
	}
	if q := BenjaminiHochberg([]float64{0.01, math.NaN(), 7}, 10); !same(q[0], 0.1, 1e-12) || !math.IsNaN(q[1]) || !math.IsNaN(q[2]) {
		t.Errorf("with tests left out: %v", q)
	}
}

func TestExactWindows(t *testing.T) {
	// Two cases in 52 weeks, then three in four: the first worked example as a series.
	series := make([]float64, 56)
	series[3], series[40] = 1, 1
	series[52], series[54], series[55] = 1, 1, 1
	r := Exact{Window: 4, Baseline: 52, Alpha: 0.01}.Evaluate(&Series{Counts: series}, 55, nil)
	if !same(r.PValue, 0.0032650086273576452, 1e-12) || !r.Alarm || r.Bound != 2 || !same(r.Expected, 2.0/52*4, 1e-12) {
		t.Errorf("%+v", r)
	}
	if r := (Exact{Window: 4, Baseline: 52, Alpha: 0.001}).Evaluate(&Series{Counts: series}, 55, nil); r.Alarm || r.Bound < 3 {
		t.Errorf("at 0.001: %+v", r)
	}
}

// Far out, where probabilities are smaller than floats can be, the tail ends and is 0.
func TestNextCountEndsBelowTheSmallestNumber(t *testing.T) {
	p := nextCount{size: 6.65, n: 0.2127, logProb: math.Log(0.2127 / 1.2127), alpha: 0.01, z: dist.NormalQuantile(0.99)}
	if _, tail := p.judge(4000); !(tail < 1e-290) {
		t.Errorf("next count: %v", tail)
	}
}

// The tails of the next count after many periods, to all digits (mpmath's incomplete beta function with 60 digits): the probability of
// failure 1/(n+1) must not be taken as 1 less that of success.
func TestTailsAfterManyPeriods(t *testing.T) {
	for _, c := range []struct {
		n    float64
		k    int
		want float64
	}{
		{52, 10, 1.01624242347333654e-18}, {520, 10, 1.19674229307475227e-28}, {5000, 2, 1.49950013121850722e-8}, {5000, 10, 1.80081694858996752e-38},
		{1e6, 3, 3.1249917968897656e-19}, {1e9, 2, 3.74999999375000001e-19}, {1e9, 10, 1.76197050320072183e-91},
	} {
		if got := FirstDetection(c.n, c.k); !same(got, c.want, 1e-13) {
			t.Errorf("n=%v k=%v: %v, want %v", c.n, c.k, got, c.want)
		}
		if got := ReemergenceProbability(c.k, 0, 0, c.n, 1); !same(got, c.want, 1e-13) {
			t.Errorf("n=%v k=%v: %v, want %v, as re-emergence", c.n, c.k, got, c.want)
		}
	}
	// All 5 of 5 cases in the smaller exposure.
	if p, _, _ := ConditionalPoisson(5, 1, 0, 1e12); !same(p, 1e-60, 1e-11) {
		t.Errorf("%v", p)
	}
}

// Hardly any exposure before makes a distribution of nearly as many counts as there are: they are not added one by one.
func TestBoundAfterHardlyAnyExposure(t *testing.T) {
	r := guard(1e7, 0, 5e-10, 0.01)
	if r.Reason != OK || r.Alarm {
		t.Errorf("%+v", r)
	}
	size, success, fail := 0.5, 5e-10/(1+5e-10), 1/(1+5e-10)
	over, under := dist.NegativeBinomialTail(r.Bound+1, size, success, fail), dist.NegativeBinomialTail(r.Bound, size, success, fail)
	if over > 0.01*(1+1e-8) || under < 0.01*(1-1e-8) {
		t.Errorf("bound %v has P(Y > u) = %v, P(Y >= u) = %v", r.Bound, over, under)
	}
}
