package aberration

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"
)

type ebgmFit struct {
	N, E []float64
	With struct {
		Theta  [5]float64
		LogLik float64
	} `json:"with_zeros"`
	Without struct {
		Theta  [5]float64
		LogLik float64
	} `json:"without_zeros"`
}

func (f ebgmFit) cells(zeros bool) (cells []Cell) {
	for i, n := range f.N {
		if zeros || n > 0 {
			cells = append(cells, Cell{N: n, E: f.E[i]})
		}
	}
	return cells
}

func TestFittedPriorAgreesWithR(t *testing.T) {
	var w ebgmFit
	load(t, "ebgm_fit.json", &w)
	for _, c := range []struct {
		zeros  bool
		theta  [5]float64
		loglik float64
	}{{true, w.With.Theta, w.With.LogLik}, {false, w.Without.Theta, w.Without.LogLik}} {
		fit, err := FitGammaMixture(w.cells(c.zeros), c.zeros)
		if err != nil || fit.AtLimit {
			t.Fatal(fit, err)
		}
		p := fit.Prior
		for i, got := range [5]float64{p.Shape1, p.Rate1, p.Shape2, p.Rate2, p.Weight} {
			if !same(got, c.theta[i], 1e-8) {
				t.Errorf("zeros %v: parameter %d is %v, R has %v", c.zeros, i, got, c.theta[i])
			}
		}
		if got := fit.LogLikelihood; !same(got, c.loglik, 1e-12) {
			t.Errorf("zeros %v: log-likelihood %.15g, R has %.15g", c.zeros, got, c.loglik)
		}
	}
}

// The gradient is that of the value, by central differences.
func TestLikelihoodGradient(t *testing.T) {
	var w ebgmFit
	load(t, "ebgm_fit.json", &w)
	rapid.Check(t, func(t *rapid.T) {
		zeros := rapid.Bool().Draw(t, "zeros")
		l, r := newLikelihood(w.cells(zeros)[:80], zeros)
		if r != OK {
			t.Fatal(r)
		}
		var x vector
		for i := range x {
			x[i] = rapid.Float64Range(-3, 3).Draw(t, "x")
		}
		_, g := l.value(x)
		for i := range x {
			up, down := x, x
			up[i] += 1e-5
			down[i] -= 1e-5
			a, _ := l.value(up)
			b, _ := l.value(down)
			if d := (a - b) / 2e-5; math.Abs(d-g[i]) > 1e-6*(1+math.Abs(d)) {
				t.Fatalf("parameter %d at %v: %v, by differences %v", i, x, g[i], d)
			}
		}
	})
}

// Cells that are alike may be put together with a weight, and their order does not matter.
func TestFitOfSquashedCells(t *testing.T) {
	var w ebgmFit
	load(t, "ebgm_fit.json", &w)
	cells := w.cells(true)
	double := append(append([]Cell(nil), cells...), cells...)
	var squashed []Cell
	for i := len(cells) - 1; i >= 0; i-- {
		squashed = append(squashed, Cell{cells[i].N, cells[i].E, 2})
	}
	a, err1 := FitGammaMixture(double, true)
	b, err2 := FitGammaMixture(squashed, true)
	if err1 != nil || err2 != nil || !same(a.LogLikelihood, b.LogLikelihood, 1e-11) || !same(a.Prior.Weight, b.Prior.Weight, 1e-5) || !same(a.Prior.Shape2, b.Prior.Shape2, 1e-5) {
		t.Errorf("%+v %v\n%+v %v", a, err1, b, err2)
	}
}

func TestFitReasons(t *testing.T) {
	five := func(c Cell) []Cell { return []Cell{{1, 1, 0}, {2, 1, 0}, {3, 2, 0}, {1, 3, 0}, c} }
	for _, c := range []struct {
		name  string
		cells []Cell
		zeros bool
		start []GammaMixture
		want  Reason
	}{
		{"no table", nil, true, nil, TooFewCases},
		{"no reports", []Cell{{0, 1, 0}, {0, 1, 0}, {0, 1, 0}, {0, 1, 0}, {0, 1, 0}}, true, nil, TooFewCases},
		{"NaN", five(Cell{math.NaN(), 1, 0}), true, nil, MissingValue},
		{"negative", five(Cell{1, -1, 0}), true, nil, NegativeValue},
		{"fraction", five(Cell{0.5, 1, 0}), true, nil, NotACount},
		{"nothing expected", five(Cell{1, 0, 0}), true, nil, ZeroCell},
		{"a zero in a table without", five(Cell{0, 1, 0}), false, nil, ZeroCell},
		{"weight", five(Cell{1, 1, -2}), true, nil, InvalidSettings},
		{"start", five(Cell{1, 1, 1}), true, []GammaMixture{{}}, InvalidSettings},
	} {
		if fit, err := FitGammaMixture(c.cells, c.zeros, c.start...); !errors.Is(err, c.want) || fit != (MixtureFit{}) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
}

// A table in which everything is as expected has no second component; the fit says so and shrinks all ratios to 1.
func TestFitOfAQuietTable(t *testing.T) {
	rng := newLCG(11)
	var cells []Cell
	for range 400 {
		e := 1 + 20*rng.float()
		cells = append(cells, Cell{N: float64(rng.poisson(e)), E: e})
	}
	fit, err := FitGammaMixture(cells, true)
	if err != nil {
		t.Fatal(err)
	}
	post, err := fit.Prior.Posterior(9, 4)
	if err != nil || math.Abs(post.EBGM()-1) > 0.1 {
		t.Errorf("%+v: 9 of 4 becomes %v, %v", fit, post.EBGM(), err)
	}
}

func FuzzFitGammaMixture(f *testing.F) {
	f.Add([]byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, true)
	f.Add([]byte{0, 1, 0, 1, 0, 1, 0, 1, 200, 1}, true)
	f.Add([]byte{9, 251, 1, 255, 2, 254, 3, 250, 4, 9}, false)
	f.Fuzz(func(t *testing.T, b []byte, zeros bool) {
		var cells []Cell
		for ; len(b) >= 2 && len(cells) < 20; b = b[2:] {
			cells = append(cells, Cell{N: oddValue(b[0]), E: oddValue(b[1]) / 8})
		}
		fit, err := FitGammaMixture(cells, zeros)
		if err == nil && (!fit.Prior.valid() || math.IsNaN(fit.LogLikelihood)) {
			t.Errorf("%+v", fit)
		}
	})
}

func BenchmarkFitGammaMixture(b *testing.B) {
	var w ebgmFit
	load(b, "ebgm_fit.json", &w)
	cells := w.cells(true)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := FitGammaMixture(cells, true); err != nil {
			b.Fatal(err)
		}
	}
}

func ExampleFitGammaMixture() {
	// A small table: most cells as expected, two far above.
	cells := []Cell{{1, 1.2, 0}, {2, 1.8, 0}, {0, 0.7, 0}, {3, 3.1, 0}, {1, 0.8, 0}, {4, 3.5, 0}, {12, 0.9, 0}, {2, 2.4, 0}, {20, 1.5, 0}, {0, 0.4, 0}, {5, 4.2, 0}, {1, 1.1, 0}}
	fit, err := FitGammaMixture(cells, true)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range []Cell{cells[0], cells[6]} {
		p, err := fit.Prior.Posterior(c.N, c.E)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%v reports, %v expected: EBGM %.1f\n", c.N, c.E, p.EBGM())
	}
	// Output:
	// 1 reports, 1.2 expected: EBGM 1.0
	// 12 reports, 0.9 expected: EBGM 13.3
}
