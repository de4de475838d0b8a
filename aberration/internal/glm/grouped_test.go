package glm

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// drawGrouped is a regression as the Farrington methods need it.
func drawGrouped(t *rapid.T) *Grouped {
	q := &Grouped{Groups: rapid.IntRange(1, 5).Draw(t, "groups"), Slope: rapid.Bool().Draw(t, "slope")}
	step := rapid.SampledFrom([]float64{1, 0.75, 1.0 / 31}).Draw(t, "step") // whole and fractional times
	level := rapid.Float64Range(-2, 6).Draw(t, "level")
	for i := range rapid.IntRange(30, 120).Draw(t, "n") {
		q.Time = append(q.Time, float64(i)*step)
		q.Group = append(q.Group, i/7%q.Groups)
		q.Y = append(q.Y, math.Floor(math.Exp(level)*rapid.Float64Range(0, 2.5).Draw(t, "y")))
	}
	if rapid.Bool().Draw(t, "weighted") {
		for range q.Y {
			q.Weights = append(q.Weights, rapid.Float64Range(0.05, 3).Draw(t, "weight"))
		}
	}
	if rapid.Bool().Draw(t, "exposed") {
		for range q.Y {
			q.Exposure = append(q.Exposure, rapid.Float64Range(1, 1e6).Draw(t, "exposure"))
		}
	}
	q.Now = float64(len(q.Y)+26) * step
	q.NowGroup = rapid.IntRange(0, q.Groups-1).Draw(t, "now")
	return q
}

// Sums by group and the decomposition of the whole design are two ways to the same fit, step by step.
func TestSumsAgreeWithColumns(t *testing.T) {
	bySums := 0
	rapid.Check(t, func(t *rapid.T) {
		q := drawGrouped(t)
		var a, b GroupedFit
		a.prepare(q)
		if !a.bySums(q) {
			return // gives up by itself: nothing to compare
		}
		bySums++
		b.prepare(q)
		if !b.byColumns(q) {
			t.Fatal("no fit by columns")
		}
		if a.Steps != b.Steps || a.Converged != b.Converged || a.Rank != b.Rank || a.SlopeKept != b.SlopeKept {
			t.Fatalf("%d steps, %v, rank %d against %d, %v, %d", a.Steps, a.Converged, a.Rank, b.Steps, b.Converged, b.Rank)
		}
		close := func(what string, x, y, scale float64) {
			if !(math.Abs(x-y) <= 1e-10*scale) {
				t.Errorf("%s: %.17g by sums, %.17g by columns", what, x, y)
			}
		}
		size := 1 + math.Abs(b.EtaNow) + math.Sqrt(b.NowLeverage)
		if b.EtaNow > -12 { // not a group without cases, whose level runs off
			close("prediction", a.EtaNow, b.EtaNow, size)
			close("leverage", a.NowLeverage, b.NowLeverage, b.NowLeverage)
		}
		close("deviance", a.Deviance, b.Deviance, math.Abs(b.Deviance)+1)
		if q.Slope {
			close("variance of the slope", a.SlopeLeverage, b.SlopeLeverage, b.SlopeLeverage)
			close("slope", a.Slope, b.Slope, math.Sqrt(b.SlopeLeverage))
		}
		ha, hb := make([]float64, len(q.Y)), make([]float64, len(q.Y))
		a.Hat(q, ha)
		b.Hat(q, hb)
		for i := range ha {
			if b.Mu[i] > 1e-4 { // below, the decomposition knows little of groups with hardly any weight
				close("mean", a.Mu[i], b.Mu[i], b.Mu[i])
				close("hat value", ha[i], hb[i], 1)
			}
		}
	})
	if bySums == 0 {
		t.Error("never solved by sums")
	}
}

func TestGroupedRunsOff(t *testing.T) {
	for _, c := range []struct {
		name string
		q    Grouped
		ok   bool
	}{
		{"no data", Grouped{Groups: 1}, false},
		{"prediction for a group without data", Grouped{Y: []float64{1, 2}, Time: []float64{1, 2}, Group: []int{0, 0}, Groups: 2, NowGroup: 1, Now: 3}, false},
		{"one observation for two columns", Grouped{Y: []float64{4}, Time: []float64{1}, Group: []int{0}, Groups: 1, Now: 3, Slope: true}, true},
		{"no exposure", Grouped{Y: []float64{4, 1}, Time: []float64{1, 2}, Group: []int{0, 0}, Groups: 1, Now: 3, Exposure: []float64{0, 1}}, false},
		{"no number", Grouped{Y: []float64{4, math.NaN()}, Time: []float64{1, 2}, Group: []int{0, 0}, Groups: 1, Now: 3}, false},
		{"no cases", Grouped{Y: []float64{0, 0, 0}, Time: []float64{1, 2, 3}, Group: []int{0, 0, 0}, Groups: 1, Now: 3, Slope: true}, true},
	} {
		var f GroupedFit
		if ok := f.Solve(&c.q); ok != c.ok {
			t.Errorf("%s: %v", c.name, ok)
		}
		f.Hat(&c.q, make([]float64, len(c.q.Y)))
	}
}

func TestGroupedNoAllocations(t *testing.T) {
	q := &Grouped{Y: cases, Time: design(12)[:12], Group: []int{0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 1}, Groups: 2, Slope: true, Now: 13}
	for i := range q.Time {
		q.Time[i] = float64(i)
	}
	var f GroupedFit
	hat := make([]float64, 12)
	if n := testing.AllocsPerRun(10, func() { f.Solve(q); f.Hat(q, hat) }); n != 0 || f.dense {
		t.Errorf("%v allocations", n)
	}
}

func FuzzGrouped(f *testing.F) {
	f.Add([]byte{3, 0, 7, 9, 1, 0, 0, 2}, 2.0, 1.0, 30.0, uint8(2))
	f.Add([]byte{0, 0, 0, 0}, 1e300, -1.0, 5.0, uint8(0))
	f.Add([]byte{255, 1, 200, 3, 90}, math.NaN(), 0.0, math.Inf(1), uint8(7))
	f.Fuzz(func(t *testing.T, raw []byte, odd, exposure, now float64, flags uint8) {
		q := &Grouped{Groups: 3, Slope: flags&1 != 0, Now: now, NowGroup: int(flags>>1) % 3}
		for i, b := range raw {
			y := float64(b)
			if b == 255 {
				y = odd
			}
			q.Y, q.Time, q.Group = append(q.Y, y), append(q.Time, float64(i)), append(q.Group, int(b)%3)
			if flags&4 != 0 {
				q.Exposure = append(q.Exposure, exposure)
			}
		}
		var fit GroupedFit
		if fit.Solve(q) && fit.Converged && (math.IsNaN(fit.Deviance) || math.IsInf(fit.Deviance, 0)) {
			t.Errorf("converged without a deviance: %+v", q)
		}
		fit.Hat(q, make([]float64, len(q.Y)))
	})
}
