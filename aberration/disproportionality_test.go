package aberration

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestDisproportionalityAgreesWithR(t *testing.T) {
	var w struct {
		D struct {
			Names            []string
			A, B, C, D       []float64
			Expected         []float64 `json:"E"`
			PRR, ROR         []float64
			PRRLow           []*float64 `json:"prr_lo95"`
			PRRHigh          []*float64 `json:"prr_hi95"`
			RORLow           []*float64 `json:"ror_lo95"`
			RORHigh          []*float64 `json:"ror_hi95"`
			Chi2             []float64
			Yates            []float64 `json:"chi2_yates"`
			IC, IC025, IC975 []float64
		} `json:"disproportionality"`
	}
	load(t, "worked_examples.json", &w)
	number := func(p *float64) float64 {
		if p == nil {
			return math.NaN()
		}
		return *p
	}
	for i, name := range w.D.Names {
		c := Contingency{w.D.A[i], w.D.B[i], w.D.C[i], w.D.D[i]}
		prr, ror, ic := c.PRR(0.95), c.ROR(0.95), InformationComponent(c.A, c.Expected())
		chi, _, r1 := c.ChiSquared()
		yates, _, r2 := c.Yates()
		if r1 != nil || r2 != nil {
			t.Errorf("%s: %v %v", name, r1, r2)
		}
		for _, x := range []struct {
			what      string
			got, want float64
		}{
			{"E", c.Expected(), w.D.Expected[i]},
			{"PRR", prr.Estimate, w.D.PRR[i]}, {"PRR low", prr.Lower, number(w.D.PRRLow[i])}, {"PRR high", prr.Upper, number(w.D.PRRHigh[i])},
			{"ROR", ror.Estimate, w.D.ROR[i]}, {"ROR low", ror.Lower, number(w.D.RORLow[i])}, {"ROR high", ror.Upper, number(w.D.RORHigh[i])},
			{"chi²", chi, w.D.Chi2[i]}, {"chi² Yates", yates, w.D.Yates[i]},
			{"IC", ic.Estimate, w.D.IC[i]}, {"IC025", ic.Lower, w.D.IC025[i]}, {"IC975", ic.Upper, w.D.IC975[i]},
		} {
			if !same(x.got, x.want, 1e-12) {
				t.Errorf("%s, %s: %v, R has %v", name, x.what, x.got, x.want)
			}
		}
		if want := map[bool]Reason{true: ZeroCell, false: OK}[c.A == 0]; prr.Reason != want || ror.Reason != want || ic.Reason != OK {
			t.Errorf("%s: %v %v %v", name, prr.Reason, ror.Reason, ic.Reason)
		}
	}
}

func TestEBGMAgreesWithR(t *testing.T) {
	var w struct {
		E struct {
			Theta, N, E, Q, EBGM []float64
			EB05, EB95           []float64
		} `json:"ebgm"`
	}
	load(t, "worked_examples.json", &w)
	th := w.E.Theta
	prior := GammaMixture{th[0], th[1], th[2], th[3], th[4]}
	for i, n := range w.E.N {
		p, err := prior.Posterior(n, w.E.E[i])
		if err != nil {
			t.Fatal(err)
		}
		if !same(p.Weight, w.E.Q[i], 1e-12) || !same(p.EBGM(), w.E.EBGM[i], 1e-12) {
			t.Errorf("N=%v E=%v: Q %v, EBGM %v; R has %v, %v", n, w.E.E[i], p.Weight, p.EBGM(), w.E.Q[i], w.E.EBGM[i])
		}
		if lo, hi := p.Quantile(0.05), p.Quantile(0.95); !same(lo, w.E.EB05[i], 1e-9) || !same(hi, w.E.EB95[i], 1e-9) {
			t.Errorf("N=%v E=%v: %v..%v; R has %v..%v", n, w.E.E[i], lo, hi, w.E.EB05[i], w.E.EB95[i])
		}
	}
}

// The weight of the first component by mpmath with 50 digits, also where log gamma functions are of the order of 10^10.
func TestPosteriorWeightKeepsItsDigits(t *testing.T) {
	for _, c := range [][3]float64{
		{3.0, 0.5, 0.8040911656820891},
		{1000000.0, 1000000.0, 0.17504036710426957},
		{1000000.0, 900000.0, 0.21305057200144708},
		{1000000000.0, 1000000000.0, 0.17504052506471959},
		{0.0, 3.0, 0.43518843388367398},
		{2.5, 0.01, 0.99133679935194789},
		{10000.0, 30.0, 1.0},
	} {
		if p, err := DuMouchelPrior().Posterior(c[0], c[1]); err != nil || !same(p.Weight, c[2], 1e-12) {
			t.Errorf("%v of %v: %v, want %v, %v", c[0], c[1], p.Weight, c[2], err)
		}
	}
}

func TestDisproportionalityReasons(t *testing.T) {
	nan := math.NaN()
	table := Contingency{3, 97, 20, 9880}
	for _, c := range []struct {
		name string
		got  Ratio
		want Reason
	}{
		{"level", table.PRR(1), InvalidSettings}, {"level", table.ROR(nan), InvalidSettings}, {"level", InformationInterval(1, 1, 0), InvalidSettings},
		{"NaN", Contingency{nan, 1, 1, 1}.PRR(0.95), MissingValue}, {"negative", Contingency{1, -1, 1, 1}.ROR(0.95), NegativeValue},
		{"negative", InformationComponent(1, -1), NegativeValue}, {"infinite", InformationInterval(math.Inf(1), 1, 0.9), MissingValue},
		{"empty", Contingency{}.PRR(0.95), ZeroCell}, {"no other with the event", Contingency{1, 1, 0, 5}.ROR(0.95), ZeroCell},
	} {
		if c.got.Reason != c.want {
			t.Errorf("%s: %+v, want %v", c.name, c.got, c.want)
		}
	}
	for _, c := range []struct {
		table Contingency
		want  Reason
	}{{Contingency{}, ZeroCell}, {Contingency{0, 0, 3, 4}, ZeroCell}, {Contingency{1, 1, nan, 1}, MissingValue}, {Contingency{1, 1, 1, -1}, NegativeValue}} {
		if x, p, r := c.table.ChiSquared(); !errors.Is(r, c.want) || !math.IsNaN(x) || !math.IsNaN(p) {
			t.Errorf("%+v: %v %v %v", c.table, x, p, r)
		}
	}
	good := DuMouchelPrior()
	for _, c := range []struct {
		prior GammaMixture
		n, e  float64
		want  Reason
	}{
		{GammaMixture{}, 1, 1, InvalidSettings}, {GammaMixture{1, 1, 1, 1, 1.5}, 1, 1, InvalidSettings}, {GammaMixture{nan, 1, 1, 1, 0.5}, 1, 1, InvalidSettings},
		{good, nan, 1, MissingValue}, {good, -1, 1, NegativeValue}, {good, 1, 0, ZeroCell},
	} {
		if _, err := c.prior.Posterior(c.n, c.e); !errors.Is(err, c.want) {
			t.Errorf("%+v: %v, want %v", c, err, c.want)
		}
	}
	p, _ := good.Posterior(3, 1)
	for _, q := range []float64{0, 1, -1, nan} {
		if v := p.Quantile(q); !math.IsNaN(v) {
			t.Errorf("quantile %v: %v", q, v)
		}
	}
}

// p-values of chi-squared on one degree of freedom: 3.841458820694124 is the 0.95 quantile (R: qchisq(0.95, 1)).
func TestChiSquaredPValue(t *testing.T) {
	// N (AD-BC)²/(…) of the table 10 0 / 0 10 is 20; R: pchisq(20, 1, lower.tail = FALSE) = 7.744216431044074e-06.
	if x, p, r := (Contingency{10, 0, 0, 10}).ChiSquared(); r != nil || x != 20 || !same(p, 7.744216431044074e-06, 1e-12) {
		t.Errorf("%v %v %v", x, p, r)
	}
	// With Yates' correction 20 (100-10)²/10⁴ = 16.2.
	if x, _, _ := (Contingency{10, 0, 0, 10}).Yates(); !same(x, 16.2, 1e-14) {
		t.Errorf("%v", x)
	}
}

func TestExpectedStratified(t *testing.T) {
	// Two age groups: 10 of 100 and 40 of 100 reports name the substance, 20 and 5 the event.
	got, err := ExpectedStratified([]Stratum{{10, 20, 100}, {40, 5, 100}, {}})
	if err != nil || got != 4 {
		t.Errorf("%v %v", got, err)
	}
	for _, c := range []struct {
		s    Stratum
		want Reason
	}{{Stratum{5, 1, 4}, InvalidSettings}, {Stratum{1, 5, 4}, InvalidSettings}, {Stratum{math.NaN(), 1, 4}, MissingValue}, {Stratum{1, -1, 4}, NegativeValue}} {
		if got, err := ExpectedStratified([]Stratum{c.s}); !errors.Is(err, c.want) || !math.IsNaN(got) {
			t.Errorf("%+v: %v", c.s, err)
		}
	}
}

// R: log2(qgamma(c(0.025, 0.975, 0.0005), n+0.5, e+0.5)).
func TestInformationIntervalAgreesWithR(t *testing.T) {
	for _, c := range [][5]float64{
		{0, 0.3, -10.669959720919499, 1.650731876223535, -21.958144156116145},
		{1, 0.3, -2.8903366727528286, 2.5466481167311810, -6.7103810648256230},
		{5, 2, -0.38996210363601197, 2.13225104047686775, -1.65576444521622013},
		{25, 30, -0.87928751821625539, 0.25147806624162627, -1.33763052627829060},
		{400, 100, 1.8497177016746977, 2.1324775345698801, 1.7494239701363659},
		{3, 1e+05, -16.852736121678298, -13.608497212007167, -18.653962938723076},
		{1e+06, 9e+05, 0.14917397841342811, 0.15482923903015658, 0.14725270142021063},
	} {
		wide, narrow := InformationInterval(c[0], c[1], 0.999), InformationInterval(c[0], c[1], 0.95)
		if !same(narrow.Lower, c[2], 1e-12) || !same(narrow.Upper, c[3], 1e-12) || !same(wide.Lower, c[4], 1e-12) {
			t.Errorf("%v: %+v %+v", c, narrow, wide)
		}
	}
}

// The exact interval is what the published approximation stands for: they agree to the two digits that the authors claim.
func TestInformationIntervalMeetsItsApproximation(t *testing.T) {
	for _, c := range []struct{ n, e float64 }{{1, 0.3}, {5, 2}, {25, 30}, {400, 100}} {
		exact, approx := InformationInterval(c.n, c.e, 0.95), InformationComponent(c.n, c.e)
		if exact.Estimate != approx.Estimate || math.Abs(exact.Lower-approx.Lower) > 0.1 || math.Abs(exact.Upper-approx.Upper) > 0.1 {
			t.Errorf("%+v: %+v, approximately %+v", c, exact, approx)
		}
	}
}

// What is symmetric stays so, more reports never lower a measure, and the interval holds its estimate.
func TestDisproportionalityProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) float64 { return float64(rapid.IntRange(1, 1000).Draw(t, name)) }
		c := Contingency{draw("a"), draw("b"), draw("c"), draw("d")}
		other := Contingency{c.C, c.D, c.A, c.B}
		a, b := c.ROR(0.95), other.ROR(0.95)
		if !same(a.Estimate*b.Estimate, 1, 1e-12) || !same(a.Lower*b.Upper, 1, 1e-12) {
			t.Fatalf("%+v %+v", a, b)
		}
		x, p, _ := c.ChiSquared()
		y, q, _ := other.ChiSquared()
		if !same(x, y, 1e-9) || p < 0 || p > 1 || math.Abs(p-q) > 1e-9 {
			t.Fatalf("%v %v", x, y)
		}
		if z, _, _ := c.Yates(); z > x*(1+1e-12) {
			t.Fatalf("Yates raised %v to %v", x, z)
		}
		more := c
		more.A++
		level := rapid.Float64Range(0.01, 0.99).Draw(t, "level")
		for _, pair := range [][2]Ratio{{c.PRR(level), more.PRR(level)}, {a, more.ROR(0.95)}, {InformationInterval(c.A, c.D, level), InformationInterval(c.A+1, c.D, level)}} {
			if pair[0].Estimate >= pair[1].Estimate || pair[0].Lower > pair[0].Estimate && level > 0.3 || pair[0].Upper < pair[0].Estimate && level > 0.3 {
				t.Fatalf("%+v", pair)
			}
		}
		prior := DuMouchelPrior()
		e := rapid.Float64Range(0.01, 100).Draw(t, "e")
		post, err1 := prior.Posterior(c.A, e)
		next, err2 := prior.Posterior(c.A+1, e)
		if err1 != nil || err2 != nil || post.EBGM() >= next.EBGM() {
			t.Fatal(err1, err2, post.EBGM(), next.EBGM())
		}
		lo, mid, hi := post.Quantile(0.05), post.Quantile(0.5), post.Quantile(0.95)
		if !(lo < mid && mid < hi) || post.EBGM() < lo || post.EBGM() > hi {
			t.Fatalf("%v %v %v, EBGM %v", lo, mid, hi, post.EBGM())
		}
	})
}

func FuzzContingency(f *testing.F) {
	f.Add(41.0, 14.0, 754.0, 591958.0, 0.95)
	f.Add(0.0, 0.0, 0.0, 0.0, 0.5)
	f.Add(math.NaN(), math.Inf(1), -1.0, 1e300, 2.0)
	f.Add(1e99, 1e99, 1e99, 1e99, 0.999)
	f.Fuzz(func(t *testing.T, a, b, c, d, level float64) {
		x := Contingency{a, b, c, d}
		for _, r := range []Ratio{x.PRR(level), x.ROR(level), InformationComponent(a, b), InformationInterval(a, b, level)} {
			if r.Reason == OK && (math.IsNaN(r.Estimate) || r.Lower > r.Upper || math.IsInf(r.Upper, 0)) {
				t.Errorf("%+v: %+v", x, r)
			}
		}
		for _, f := range []func() (float64, float64, error){x.ChiSquared, x.Yates} {
			if s, p, err := f(); err == nil && (math.IsNaN(s) || s < 0 || !(p >= 0 && p <= 1)) {
				t.Errorf("%+v: %v %v", x, s, p)
			}
		}
		if e, err := ExpectedStratified([]Stratum{{a, b, c}, {b, c, d}}); err == nil && !(e >= 0) {
			t.Errorf("%+v: %v", x, e)
		}
	})
}

func FuzzPosterior(f *testing.F) {
	f.Add(0.2, 0.1, 2.0, 4.0, 0.3, 3.0, 0.5, 0.05)
	f.Add(1e-300, 1e-300, 1e99, 1e-99, 0.5, 1e99, 1e-99, 0.95)
	f.Add(math.NaN(), 0.0, -1.0, math.Inf(1), 2.0, -1.0, 0.0, 1.0)
	f.Fuzz(func(t *testing.T, a1, b1, a2, b2, w, n, e, p float64) {
		post, err := GammaMixture{a1, b1, a2, b2, w}.Posterior(n, e)
		if err != nil {
			return
		}
		if q := post.Quantile(p); p > 0 && p < 1 && math.IsNaN(q) || post.EBGM() < 0 || math.IsNaN(post.EBGM()) {
			t.Errorf("%+v: EBGM %v, quantile %v", post, post.EBGM(), q)
		}
	})
}

func BenchmarkEBGM(b *testing.B) {
	prior := GammaMixture{0.204, 0.058, 1.415, 1.838, 0.097}
	b.ReportAllocs()
	for b.Loop() {
		p, _ := prior.Posterior(10, 2)
		p.EBGM()
		p.Quantile(0.05)
	}
}

func ExampleContingency() {
	// Rifabutin and uveitis (Evans, Waller and Davis 2001).
	t := Contingency{A: 41, B: 14, C: 754, D: 591958}
	prr := t.PRR(0.95)
	chi, _, _ := t.ChiSquared()
	ic := InformationComponent(t.A, t.Expected())
	fmt.Printf("PRR %.0f (%.0f to %.0f), chi² %.0f, IC %.1f (%.1f to %.1f)\n", prr.Estimate, prr.Lower, prr.Upper, chi, ic.Estimate, ic.Lower, ic.Upper)
	// Output: PRR 586 (494 to 695), chi² 22740, IC 6.2 (5.7 to 6.5)
}

func ExampleGammaMixture_Posterior() {
	prior := GammaMixture{Shape1: 0.204, Rate1: 0.058, Shape2: 1.415, Rate2: 1.838, Weight: 0.097}
	p, err := prior.Posterior(3, 0.5)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("N/E 6, EBGM %.2f, EB05 %.2f, EB95 %.2f\n", p.EBGM(), p.Quantile(0.05), p.Quantile(0.95))
	// Output: N/E 6, EBGM 2.18, EB05 0.75, EB95 8.07
}

func ExampleExpectedStratified() {
	e, _ := ExpectedStratified([]Stratum{{Substance: 10, Event: 20, Total: 100}, {Substance: 40, Event: 5, Total: 100}})
	fmt.Println(e)
	// Output: 4
}
