package aberration

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// The guarded statistic is at least the likelihood ratio at every change on a grid, and equal to the best of them within its step.
func TestGuardedStatisticIsTheMaximum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 8).Draw(t, "n")
		y, mu := make([]float64, n), make(GivenMeans, n)
		for i := range y {
			y[i], mu[i] = float64(rapid.IntRange(0, 25).Draw(t, "y")), rapid.Float64Range(0.2, 20).Draw(t, "mu")
		}
		alpha := rapid.SampledFrom([]float64{0, 0.05, 0.4, 2}).Draw(t, "alpha")
		g := NewGLR(0)
		g.Limit, g.Mean = 1e9, mu
		g.Decrease = rapid.Bool().Draw(t, "decrease")
		best := 0.0
		for k := range n {
			for kappa := 0.0; kappa < 6; kappa += 0.02 {
				v, signed := 0.0, kappa
				if g.Decrease {
					signed = -kappa
				}
				for i := k; i < n; i++ {
					v += logRatio(alpha, y[i], mu[i], signed)
				}
				best = max(best, v)
			}
		}
		got := statistics(family(g, alpha), y)[n-1]
		if got < best-1e-9*best || got > best+0.1+0.05*best {
			t.Errorf("statistic %v, grid %v", got, best)
		}
	})
}

// The same for the share of the count before.
func TestGuardedEpidemicIsTheMaximum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 8).Draw(t, "n")
		y, mu := make([]float64, n), make(GivenMeans, n)
		for i := range y {
			y[i], mu[i] = float64(rapid.IntRange(0, 25).Draw(t, "y")), rapid.Float64Range(0.2, 20).Draw(t, "mu")
		}
		g := NewGLR(0)
		g.Limit, g.Mean, g.Change = 1e9, mu, Epidemic
		best := 0.0
		for k := 1; k < n; k++ {
			for lambda := 0.0; lambda < 8; lambda += 0.01 {
				v := 0.0
				for i := k; i < n; i++ {
					v += y[i]*math.Log1p(lambda*y[i-1]/mu[i]) - lambda*y[i-1]
				}
				best = max(best, v)
			}
		}
		if got := statistics(GLRPoisson{GLR: g}, y)[n-1]; got < best-1e-9*best {
			t.Errorf("statistic %v, grid %v", got, best)
		}
	})
}

// A count beyond the bound is what the chart alarms at, in both directions, and no other.
func TestGLRBoundIsTheDecision(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 12).Draw(t, "n")
		y := make([]float64, n)
		for i := range y {
			y[i] = float64(rapid.IntRange(0, 20).Draw(t, "y"))
		}
		g := NewGLR(0)
		g.Limit, g.Cases = rapid.Float64Range(0.1, 6).Draw(t, "limit"), true
		g.Mean = GivenMeans{rapid.Float64Range(0.5, 12).Draw(t, "mean")}
		g.Change = Change(rapid.IntRange(0, 1).Draw(t, "change"))
		g.Decrease = g.Change == Intercept && rapid.Bool().Draw(t, "decrease")
		g.MinSegment, g.Window = rapid.IntRange(1, 3).Draw(t, "segment"), rapid.SampledFrom([]int{-1, 0, 5}).Draw(t, "window")
		if g.Change == Intercept && rapid.Bool().Draw(t, "known") {
			g.Shift = rapid.SampledFrom([]float64{0.4, 1}).Draw(t, "shift")
			g.Decrease = false
		}
		for i, r := range Range(nil, family(g, rapid.SampledFrom([]float64{0, 0.3}).Draw(t, "alpha")), &Series{Counts: y}, 0, n-1, nil) {
			beyond := y[i] > r.Bound
			if g.Decrease {
				beyond = y[i] < r.Bound
			}
			if beyond != r.Alarm {
				t.Errorf("period %d: %v, bound %v, %+v", i, y[i], r.Bound, r)
			}
		}
	})
}
