package aberration

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestAdjustedPValuesAgreeWithR(t *testing.T) {
	var w struct {
		M struct{ P, BH, BY, Holm, Hochberg []float64 } `json:"multiplicity_bh1995"`
	}
	load(t, "worked_examples.json", &w)
	for _, c := range []struct {
		name      string
		got, want []float64
	}{
		{"BH", BenjaminiHochberg(w.M.P, 0), w.M.BH}, {"BY", BenjaminiYekutieli(w.M.P, 0), w.M.BY},
		{"Holm", Holm(w.M.P, 0), w.M.Holm}, {"Hochberg", Hochberg(w.M.P, 0), w.M.Hochberg},
	} {
		for i := range w.M.P {
			if !same(c.got[i], c.want[i], 1e-12) {
				t.Errorf("%s of %v: %v, R has %v", c.name, w.M.P[i], c.got[i], c.want[i])
			}
		}
	}
}

var adjustments = map[string]func([]float64, int) []float64{"BH": BenjaminiHochberg, "BY": BenjaminiYekutieli, "Holm": Holm, "Hochberg": Hochberg}

// Tests that were left out with p = 1 are the same as tests that were made with p = 1; what is no probability stays out.
func TestAdjustedWithTestsLeftOut(t *testing.T) {
	p := []float64{0.004, 0.03, math.NaN(), 0.001, -1, 0.2, 2}
	made := []float64{0.004, 0.03, 0.001, 0.2, 1, 1, 1, 1, 1}
	for name, f := range adjustments {
		q, want := f(p, 9), f(made, 0)
		if got := []float64{q[0], q[1], q[3], q[5]}; !slices.Equal(got, want[:4]) {
			t.Errorf("%s: %v, want %v", name, got, want[:4])
		}
		if !math.IsNaN(q[2]) || !math.IsNaN(q[4]) || !math.IsNaN(q[6]) {
			t.Errorf("%s: %v", name, q)
		}
		if got := f(nil, 0); len(got) != 0 {
			t.Errorf("%s of nothing: %v", name, got)
		}
	}
}

func TestHarmonicSeriesMeetsTheSum(t *testing.T) {
	direct := harmonic(1e6) + 1.0/(1e6+1)
	if got := harmonic(1e6 + 1); !same(got, direct, 1e-14) {
		t.Errorf("%v, want %v", got, direct)
	}
}

// Adjusting is monotone, never lowers a p-value, does not depend on the order, and ranks the procedures as theory says.
func TestAdjustedProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SliceOfN(rapid.Float64Range(0, 1), 1, 30).Draw(t, "p")
		perm := rapid.Permutation(p).Draw(t, "perm")
		for name, f := range adjustments {
			q := f(p, 0)
			for i := range p {
				if q[i] < p[i] || q[i] > 1 {
					t.Fatalf("%s: %v became %v", name, p[i], q[i])
				}
				for j := range p {
					if p[i] <= p[j] && q[i] > q[j] {
						t.Fatalf("%s turned %v, %v into %v, %v", name, p[i], p[j], q[i], q[j])
					}
				}
			}
			a, b := slices.Clone(q), f(perm, 0)
			slices.Sort(a)
			slices.Sort(b)
			if !slices.Equal(a, b) {
				t.Fatalf("%s depends on the order: %v %v", name, a, b)
			}
		}
		holm, hochberg, bh, by := Holm(p, 0), Hochberg(p, 0), BenjaminiHochberg(p, 0), BenjaminiYekutieli(p, 0)
		for i := range p {
			if bh[i] > hochberg[i]*(1+1e-15) || hochberg[i] > holm[i]*(1+1e-15) || bh[i] > by[i] {
				t.Fatalf("order of the procedures at %v: BH %v Hochberg %v Holm %v BY %v", p[i], bh[i], hochberg[i], holm[i], by[i])
			}
		}
	})
}

// A worked example by hand: level 0.05, W = 0.005. The first two levels are W γ(t); the first p-value is rejected, so from the
// second on (0.05-W) γ(t-1) comes on top, and from the fourth on 0.05 γ(t-3).
func TestLORDWorkedByHand(t *testing.T) {
	// γ(1) = C ln 2, γ(2) = C ln 2/(2 exp(√ln 2)), γ(3) = C ln 3/(3 exp(√ln 3)), γ(4) = C ln 4/(4 exp(√ln 4))
	g := [5]float64{0, 0.0535167709126009, 0.0116382057829417, 0.00991249879446071, 0.00824360605896733}
	want := []float64{0.005 * g[1], 0.005*g[2] + 0.045*g[1], 0.005*g[3] + 0.045*g[2], 0.005*g[4] + 0.045*g[3] + 0.05*g[1]}
	l := NewLORD(0.05)
	for i, p := range []float64{0.0001, 0.3, 0.0005, 0.02} {
		reject, alpha, err := l.Judge(p)
		if err != nil || math.Abs(alpha-want[i]) > 1e-15 || reject != (i == 0 || i == 2) {
			t.Errorf("step %d: %v at %v (%v), want %v", i+1, reject, alpha, err, want[i])
		}
	}
	if l.Tests != 4 || !slices.Equal(l.Rejections, []int{1, 3}) {
		t.Errorf("%+v", l)
	}
}

func TestLORDRefuses(t *testing.T) {
	l := NewLORD(0.05)
	before, _ := l.Next()
	for _, p := range []float64{math.NaN(), -0.1, 1.1, math.Inf(1)} {
		if reject, _, err := l.Judge(p); reject || !errors.Is(err, MissingValue) {
			t.Errorf("%v: %v %v", p, reject, err)
		}
	}
	if after, err := l.Next(); after != before || err != nil || l.Tests != 0 {
		t.Error("a value that is no probability took a turn")
	}
	for _, bad := range []*LORD{{}, {Level: 1}, {Level: math.NaN()}, {Level: 0.05, Wealth: 0.06}, {Level: 0.05, Wealth: -1}, {Level: 0.05, Tests: -1},
		{Level: 0.05, Tests: 1, Rejections: []int{2}}, {Level: 0.05, Tests: 2, Rejections: []int{0}},
		{Level: 0.05, Tests: 9, Rejections: []int{3, 3}}, {Level: 0.05, Tests: 9, Rejections: []int{3, 2, 5}}, {Level: 0.05, Tests: 9, Rejections: []int{3, 12, 5}}} {
		if _, _, err := bad.Judge(0.1); !errors.Is(err, InvalidSettings) {
			t.Errorf("%+v: %v", bad, err)
		}
		if alpha, err := bad.Next(); !errors.Is(err, InvalidSettings) || alpha != 0 {
			t.Errorf("%+v: %v", bad, err)
		}
	}
}

// The level is never overspent: the sum of the levels stays at or below Level times the number of rejections, or Level itself.
func TestLORDNeverSpendsMoreThanItsLevel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		level := rapid.Float64Range(0.001, 0.5).Draw(t, "level")
		l := &LORD{Level: level, Wealth: level * rapid.Float64Range(0.01, 1).Draw(t, "share")}
		p := rapid.SliceOfN(rapid.OneOf(rapid.Float64Range(0, 1), rapid.Just(0.0), rapid.Float64Range(0, 1e-4)), 1, 300).Draw(t, "p")
		spent := 0.0
		for _, v := range p {
			_, alpha, err := l.Judge(v)
			if err != nil {
				t.Fatal(err)
			}
			// The estimate counts the rejection that this very level may have earned.
			if spent += alpha; spent > level*float64(max(1, len(l.Rejections))) {
				t.Fatalf("spent %v of %v after %d tests with %d rejections", spent, level, l.Tests, len(l.Rejections))
			}
		}
	})
}

// Of 400 streams of 300 tests, a tenth of which have something to find, the mean share of false alarms stays at or below the level,
// and finds are made.
func TestLORDHoldsItsRate(t *testing.T) {
	rng := newLCG(21)
	const runs, level = 400, 0.1
	share, found := 0.0, 0
	for range runs {
		l := NewLORD(level)
		wrong, all := 0.0, 0.0
		for range 300 {
			real, p := rng.float() < 0.1, rng.float()
			if real {
				p = math.Pow(p, 12)
			}
			if reject, _, _ := l.Judge(p); reject {
				all++
				if !real {
					wrong++
				} else {
					found++
				}
			}
		}
		share += wrong / max(1, all)
	}
	if share/runs > level || found < 10*runs {
		t.Errorf("share of false alarms %v, %d found", share/runs, found)
	}
}

func TestLORDSequenceSumsBelowOne(t *testing.T) {
	sum, last := 0.0, math.Inf(1)
	for i := 1; i <= 1000000; i++ {
		g := lordGamma(i)
		if g > last {
			t.Fatalf("γ rises at %d", i)
		}
		sum, last = sum+g, g
	}
	u := math.Sqrt(math.Log(1000000)) // the rest is ∫ ln x/(x exp √ln x) dx = 2 e^-u (u³+3u²+6u+6)
	sum += 0.07720838 * 2 * math.Exp(-u) * (u*u*u + 3*u*u + 6*u + 6)
	if math.Abs(sum-0.9763) > 5e-5 {
		t.Errorf("sum %v", sum)
	}
}

func FuzzAdjust(f *testing.F) {
	f.Add(0.01, 0.2, 1.0, 3)
	f.Add(math.NaN(), -1.0, 2.0, -5)
	f.Add(0.0, math.Inf(1), 0.5, math.MaxInt)
	f.Fuzz(func(t *testing.T, a, b, c float64, m int) {
		p := []float64{a, b, c}
		for name, adjust := range adjustments {
			for i, q := range adjust(p, m) {
				if valid := p[i] >= 0 && p[i] <= 1; valid != (q >= 0 && q <= 1) {
					t.Errorf("%s(%v, %d)[%d] = %v", name, p, m, i, q)
				}
			}
		}
	})
}

func FuzzLORD(f *testing.F) {
	f.Add(0.05, 0.005, 10, 3, 0.001)
	f.Add(math.NaN(), 2.0, -1, 0, math.Inf(1))
	f.Add(0.05, 0.0, math.MaxInt, math.MinInt, 0.0)
	f.Fuzz(func(t *testing.T, level, wealth float64, tests, at int, p float64) {
		l := LORD{Level: level, Wealth: wealth, Tests: tests, Rejections: []int{at}}
		reject, alpha, err := l.Judge(p)
		if err == nil && (reject != (p <= alpha) || !(alpha >= 0 && alpha <= 1)) || err != nil && reject {
			t.Errorf("%+v judged %v: %v at %v, %v", l, p, reject, alpha, err)
		}
	})
}

func BenchmarkBenjaminiHochberg(b *testing.B) {
	rng := newLCG(2)
	p := make([]float64, 126000)
	for i := range p {
		p[i] = rng.float()
	}
	b.ReportAllocs()
	for b.Loop() {
		BenjaminiHochberg(p, 0)
	}
}

func BenchmarkLORD(b *testing.B) {
	l := NewLORD(0.05)
	for i := range 1000 {
		l.Judge(float64(i%20) / 20) // every twentieth is rejected
	}
	n := len(l.Rejections)
	b.ReportAllocs()
	for b.Loop() {
		l.Tests, l.Rejections = 1000, l.Rejections[:n]
		l.Judge(0.5)
	}
}

func ExampleHolm() {
	for _, q := range Holm([]float64{0.01, 0.04, 0.03}, 0) {
		fmt.Printf("%.2f ", q)
	}
	// Output: 0.03 0.06 0.06
}

func ExampleBenjaminiYekutieli() {
	for _, q := range BenjaminiYekutieli([]float64{0.01, 0.04, 0.03}, 0) {
		fmt.Printf("%.4f ", q)
	}
	// Output: 0.0550 0.0733 0.0733
}

func ExampleHochberg() {
	for _, q := range Hochberg([]float64{0.01, 0.04, 0.03}, 0) {
		fmt.Printf("%.2f ", q)
	}
	// Output: 0.03 0.04 0.04
}

func ExampleLORD() {
	l := NewLORD(0.05)
	for _, p := range []float64{0.0001, 0.3, 0.0005, 0.02} {
		reject, alpha, _ := l.Judge(p)
		fmt.Printf("p %.4f, level %.6f, reject %v\n", p, alpha, reject)
	}
	// Output:
	// p 0.0001, level 0.000268, reject true
	// p 0.3000, level 0.002466, reject false
	// p 0.0005, level 0.000573, reject true
	// p 0.0200, level 0.003163, reject false
}
