package glm

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

var (
	cases  = []float64{3, 0, 5, 8, 2, 7, 12, 9, 4, 15, 11, 20}
	group  = []float64{0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 1, 1}
	people = []float64{10, 12, 9, 15, 11, 14, 16, 13, 12, 18, 15, 20}
	prior  = []float64{1, 1, .5, 1, 2, 1, 1, .25, 1, 1, 1.5, 1}
)

// design has the columns 1, time, and those given by more.
func design(n int, more ...func(i int) float64) []float64 {
	var x []float64
	for i := range n {
		x = append(x, 1, float64(i+1))
		for _, f := range more {
			x = append(x, f(i))
		}
	}
	return x
}

func inGroup(i int) float64 { return group[i] }

func near(t *testing.T, what string, got, want []float64, rel float64) {
	t.Helper()
	for i, w := range want {
		if !(math.Abs(got[i]-w) <= rel*math.Abs(w)) {
			t.Errorf("%s %d: %.17g, R has %.17g", what, i, got[i], w)
		}
	}
}

// The numbers are those of glm() in R 4.2.2 with family quasipoisson, prior weights and an offset.
func TestWeightedPoissonWithOffset(t *testing.T) {
	offset := make([]float64, len(people))
	for i, n := range people {
		offset[i] = math.Log(n)
	}
	var f Fit
	if !f.Solve(&Problem{X: design(12, inGroup), P: 3, Y: cases, Weights: prior, Offset: offset}) || !f.Converged || f.Steps != 5 || f.Rank != 3 {
		t.Fatalf("%+v", f)
	}
	near(t, "coef", f.Coef, []float64{-1.6210329099115313, 0.13072784020568143, -0.0019437471971738955}, 2e-12)
	near(t, "deviance", []float64{f.Deviance}, []float64{16.364489578757681}, 1e-13)
	near(t, "w", f.W, []float64{2.2530392695043524, 3.0812318915156363, 1.3168309605436908, 5.0024545440087431, 8.3453544691982646, 6.0523567590422331, 7.8829876041359928, 1.8248559958382651, 7.6938731600837542, 13.152571101957248, 18.700399586604714, 18.944046060028054}, 1e-13)
	hat := make([]float64, 12)
	f.Hat(hat)
	near(t, "hat", hat, []float64{0.17293176965826548, 0.19431539516460708, 0.068194055264433062, 0.21471429077643311, 0.33065607783397954, 0.18275164207376227, 0.18274075823508865, 0.033908013518688628, 0.26769442878177885, 0.53144886322762686, 0.36012821529988159, 0.46051649016545532}, 1e-13)
	cov := make([]float64, 9)
	f.Covariance(cov)
	near(t, "covariance", cov, []float64{0.092858574263465027, -0.0086550935030439737, -0.011444122868168061, -0.0086550935030439737, 0.0012064975770572845, -0.0026938697763622971, -0.011444122868168061, -0.0026938697763622971, 0.052978438621986063}, 1e-12)
	near(t, "dispersion", []float64{f.Dispersion(cases, f.W)}, []float64{1.4665583205937918}, 1e-13)
	near(t, "leverage", []float64{f.Leverage([]float64{0, 1, 0})}, []float64{cov[4]}, 1e-13)
}

// A column that the ones before it make up is dropped, wherever it stands.
func TestCollinearColumn(t *testing.T) {
	var f Fit
	twice := func(i int) float64 { return 2*float64(i+1) + 1 }
	if !f.Solve(&Problem{X: design(12, twice, inGroup), P: 4, Y: cases}) || f.Rank != 3 || f.Kept(2) || !f.Kept(3) {
		t.Fatalf("%+v", f)
	}
	near(t, "coef", f.Coef, []float64{0.80495518725867821, 0.16389897150300603, 0, 0.086325412123306744}, 1e-12)
	near(t, "deviance", []float64{f.Deviance}, []float64{21.114657832405207}, 1e-13)
	near(t, "dispersion", []float64{f.Dispersion(cases, f.W)}, []float64{1.927989752894965}, 1e-13)
	cov := make([]float64, 16)
	f.Covariance(cov)
	near(t, "covariance", []float64{cov[0], cov[5], cov[7], cov[15]}, []float64{0.086674441516945741, 0.0012333758860987856, -0.0029539340857247837, 0.052039539309309504}, 1e-12)
	if !math.IsNaN(cov[2]) || !math.IsNaN(cov[8]) {
		t.Error("a dropped column has a covariance")
	}
}

// Without cases, or without cases in one group, the likelihood has no maximum: the iteration runs off until R's rule stops it.
func TestSeparated(t *testing.T) {
	var f Fit
	if !f.Solve(&Problem{X: design(12), P: 2, Y: make([]float64, 12)}) || f.Steps != 23 || !f.Converged {
		t.Fatalf("no case: %+v", f)
	}
	near(t, "mu without cases", f.Mu[:1], []float64{1.0261879631701441e-11}, 1e-12)
	one := append([]float64(nil), cases...)
	for i, g := range group {
		one[i] *= 1 - g
	}
	if !f.Solve(&Problem{X: design(12, inGroup), P: 3, Y: one}) || f.Steps != 17 || !f.Converged {
		t.Fatalf("one group: %+v", f)
	}
	near(t, "coef", f.Coef, []float64{0.87413915158318523, 0.15372994513188451, -21.455709123481817}, 1e-12)
	near(t, "w", f.W[4:6], []float64{6.7554230065815411e-09, 7.8780115908334771e-09}, 1e-12)
}

// The numbers are those of glm() with MASS's negative.binomial(2.5), started at the linear predictor 2.
func TestNegativeBinomial(t *testing.T) {
	start := make([]float64, 12)
	for i := range start {
		start[i] = 2
	}
	var f Fit
	if !f.Solve(&Problem{X: design(12, inGroup), P: 3, Y: cases, Theta: 2.5, Start: start}) || f.Steps != 5 {
		t.Fatalf("%+v", f)
	}
	near(t, "coef", f.Coef, []float64{0.78959619970029937, 0.16940595640196915, 0.042991081848159397}, 1e-12)
	near(t, "deviance", []float64{f.Deviance}, []float64{8.1178736443549155}, 1e-13)
	near(t, "w", f.W[:3], []float64{1.2766770486332217, 1.3820701503885375, 1.4855979077725117}, 1e-13)
}

func TestStop(t *testing.T) {
	var f Fit
	if f.Solve(&Problem{X: design(12, inGroup), P: 3, Y: cases, MaxSteps: 2}); f.Converged || f.Steps != 2 {
		t.Errorf("%+v", f)
	}
	near(t, "after two steps", f.Coef, []float64{0.84528914232982999, 0.16091348980059828, 0.076384193043179505}, 1e-12)
	if f.Solve(&Problem{X: design(12, inGroup), P: 3, Y: cases, Epsilon: 1e-14, MaxSteps: 100}); !f.Converged || f.Steps != 5 {
		t.Errorf("%d steps", f.Steps)
	}
}

func TestNoFit(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, q := range []Problem{
		{}, {P: 1}, {Y: []float64{1}, P: 1}, {Y: []float64{1}, X: []float64{1}},
		{Y: []float64{1, nan}, X: []float64{1, 1}, P: 1}, {Y: []float64{1, inf}, X: []float64{1, 1}, P: 1}, {Y: []float64{1, 2}, X: []float64{1, nan}, P: 1},
		{Y: []float64{1, 2}, X: []float64{1, inf}, P: 1}, {Y: []float64{1, 2}, X: []float64{1, 1}, P: 1, Offset: []float64{0, -inf}},
		{Y: []float64{-1, 2}, X: []float64{1, 1}, P: 1},
	} {
		var f Fit
		if f.Solve(&q) {
			t.Errorf("%+v: %+v", q, f)
		}
	}
	var f Fit // fewer observations than columns: only so many are kept
	if !f.Solve(&Problem{Y: []float64{3}, X: []float64{1, 5}, P: 2}) || f.Rank != 1 || math.Abs(f.Mu[0]-3) > 1e-6 || !math.IsNaN(f.Dispersion([]float64{3}, f.W)) {
		t.Errorf("%+v", f)
	}
}

func TestNoAllocations(t *testing.T) {
	q := Problem{X: design(12, inGroup), P: 3, Y: cases, Weights: prior}
	var f Fit
	hat, cov := make([]float64, 12), make([]float64, 9)
	if n := testing.AllocsPerRun(10, func() { f.Solve(&q); f.Hat(hat); f.Covariance(cov); f.Dispersion(cases, f.W) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// At the maximum of the likelihood the residuals are orthogonal to the design, and the hat values add up to the rank.
func TestScoreEquations(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(4, 40).Draw(t, "n")
		y, g := make([]float64, n), make([]float64, n)
		for i := range y {
			y[i], g[i] = float64(rapid.IntRange(1, 60).Draw(t, "y")), float64(rapid.IntRange(0, 1).Draw(t, "g"))
		}
		x := design(n, func(i int) float64 { return g[i] })
		var f Fit
		if !f.Solve(&Problem{X: x, P: 3, Y: y, Epsilon: 1e-9, MaxSteps: 100}) || !f.Converged {
			t.Fatalf("%+v", f)
		}
		for j := range 3 {
			score, size := 0.0, 1.0
			for i, v := range y {
				score += x[i*3+j] * (v - f.Mu[i])
				size += x[i*3+j] * v
			}
			if math.Abs(score) > 1e-6*size {
				t.Errorf("score %d is %g of %g", j, score, size)
			}
		}
		hat, sum := make([]float64, n), 0.0
		f.Hat(hat)
		for _, h := range hat {
			sum += h
		}
		if math.Abs(sum-float64(f.Rank)) > 1e-9 {
			t.Errorf("hat values add to %v, rank %d", sum, f.Rank)
		}
	})
}

func FuzzSolve(f *testing.F) {
	f.Add(3.0, 0.0, 1e6, 0.5, 1.0, 0.0)
	f.Add(0.0, 0.0, 0.0, 1e300, math.Inf(1), 2.0)
	f.Add(1e100, 1.0, -1.0, math.NaN(), 0.0, 1e-300)
	f.Fuzz(func(t *testing.T, a, b, c, x, w, theta float64) {
		var fit Fit
		q := Problem{X: []float64{1, x, 1, a, 1, 2, 1, 3}, P: 2, Y: []float64{a, b, c, 1}, Weights: []float64{w, 1, 1, 1}, Offset: []float64{0, x, 0, 0}, Theta: theta}
		if fit.Solve(&q) && fit.Converged && (math.IsNaN(fit.Deviance) || math.IsInf(fit.Deviance, 0)) {
			t.Errorf("converged without a deviance: %+v", fit)
		}
		fit.Hat(make([]float64, 4))
		fit.Covariance(make([]float64, 4))
	})
}
