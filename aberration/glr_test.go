package aberration

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// A short series above its in-control mean, whose statistics were printed by algo.glrpois and algo.glrnb of R surveillance 1.20.3.
var (
	risenCounts = []float64{4, 5, 4, 5, 1, 6, 9, 7, 5, 1, 1, 1}
	risenMean   = func() GivenMeans {
		m := make(GivenMeans, 12)
		for i := range m {
			m[i] = 3 + 2*math.Sin(float64(i+1))
		}
		return m
	}()
)

func risen(change func(*GLR)) GLR {
	g := NewGLR(0)
	g.Limit, g.Mean, g.Mode = 1e6, risenMean, Reference
	change(&g)
	return g
}

func statistics(d Detector, counts []float64) (out []float64) {
	for _, r := range Range(nil, d, &Series{Counts: counts}, 0, len(counts)-1, nil) {
		out = append(out, r.Statistic)
	}
	return out
}

func TestGLRAgreesWithR(t *testing.T) {
	for _, c := range []struct {
		name   string
		alpha  float64
		change func(*GLR)
		want   []float64
	}{
		{"poisson", 0, func(*GLR) {}, []float64{0, 0.003372609, 0.07331298, 2.551816, 1.659062, 3.492046, 5.374935, 5.112155, 4.897759, 4.014404, 3.85321, 3.148446}},
		{"poisson, decrease", 0, func(g *GLR) { g.Decrease = true }, []float64{0.05241326, 0.01347601, 0, 0, 0.003200307, 0, 0, 0, 0, 0.26383, 0.160607, 0.4046486}},
		{"poisson, window 4", 0, func(g *GLR) { g.Window = 4 }, []float64{0, 0, 0.04815193, 1.485115, 1.659062, 3.492046, 5.374935, 5.112155, 3.442001, 2.678111, 1.334218, 0.06547538}},
		{"poisson, window 4, segment 2", 0, func(g *GLR) { g.Window, g.MinSegment = 4, 2 }, []float64{0, 0, 0.001818362, 0.8879846, 1.210876, 3.492046, 5.374935, 5.112155, 3.442001, 2.678111, 1.334218, 0.06547538}},
		{"poisson, segment 3", 0, func(g *GLR) { g.MinSegment = 3 }, []float64{0, 0, 0.07331298, 2.551816, 1.659062, 3.492046, 5.374935, 5.112155, 4.897759, 4.014404, 3.85321, 3.148446}},
		{"poisson, epidemic", 0, func(g *GLR) { g.Change = Epidemic }, []float64{0, 0.003372609, 0.07331298, 2.551816, 1.139289, 1.612336, 3.339264, 3.407012, 3.365824, 2.403409, 2.374293, 2.244061}},
		{"poisson, epidemic, segment 3", 0, func(g *GLR) { g.Change, g.MinSegment = Epidemic, 3 }, []float64{0, 0, 0.06662634, 1.795488, 1.139289, 1.612336, 3.339264, 3.407012, 3.365824, 2.403409, 2.374293, 2.244061}},
		{"poisson, shift", 0, func(g *GLR) { g.Shift = 0.3 }, []float64{0, 0, 0.05167942, 1.031651, 0.9530508, 1.898986, 3.089705, 3.447857, 3.609914, 3.240999, 3.191133, 2.817006}},
		{"poisson, shift down", 0, func(g *GLR) { g.Shift = -0.3 }, []float64{0.01373323, 0, 0, 0, 0, 0, 0, 0, 0, 0.1955446, 0.1547315, 0.354137}},
		{"negbin", 0.2, func(*GLR) {}, []float64{0, 0.001707044, 0.04307295, 1.736639, 1.141944, 2.23291, 3.130969, 3.057064, 2.947304, 2.338487, 2.210155, 1.750396}},
		{"negbin, decrease", 0.2, func(g *GLR) { g.Decrease = true }, []float64{0.02774209, 0.007139875, 0, 0, 0.002642984, 0, 0, 0, 0, 0.200833, 0.1142067, 0.2953354}},
		{"negbin, newest period alone", 0.2, func(g *GLR) { g.Window = 0 }, []float64{0, 0.001707044, 0.04307295, 1.736639, 0, 1.096154, 0.9127053, 0.1717401, 0.08956519, 0, 0, 0}},
		{"negbin, segment 3", 0.2, func(g *GLR) { g.MinSegment = 3 }, []float64{0, 0, 0.00216833, 0.7917319, 0.9178096, 2.23291, 3.130969, 3.057064, 2.947304, 2.338487, 2.210155, 1.750396}},
		{"negbin, epidemic", 0.2, func(g *GLR) { g.Change = Epidemic }, []float64{0, 0, 0, 0.3079386, 0, 1.039862, 1.233972, 0, 0, 0, 0, 0}},
		{"negbin, shift", 0.2, func(g *GLR) { g.Shift = 0.3 }, []float64{0, 0, 0.0314213, 0.7602168, 0.6978938, 1.30271, 1.900172, 2.069486, 2.157778, 1.903525, 1.863481, 1.606252}},
	} {
		got := statistics(family(risen(c.change), c.alpha), risenCounts)
		for i, w := range c.want {
			if math.Abs(got[i]-w) > 1e-6*w+5e-11 {
				t.Errorf("%s %d: %.10g, R has %.10g", c.name, i, got[i], w)
			}
		}
	}
}

func family(g GLR, alpha float64) Detector {
	if alpha == 0 {
		return GLRPoisson{GLR: g}
	}
	return GLRNegBin{GLR: g, Alpha: alpha}
}

// Where R's Newton method fails, a count of 20 against a mean of 0.2 is no evidence at all. Guarded it is what the paper says.
func TestGuardedMaximaDoNotFail(t *testing.T) {
	g := risen(func(g *GLR) { g.Mean = GivenMeans{0.2} })
	if v := statistics(family(g, 0.05), []float64{20})[0]; v != 0 {
		t.Errorf("reference %v", v)
	}
	g.Mode = Guarded
	want := 20*math.Log(100) + 40*math.Log(1.01/2)
	if v := statistics(family(g, 0.05), []float64{20})[0]; math.Abs(v-want) > 1e-12*want {
		t.Errorf("guarded %v, want %v", v, want)
	}
	g.Decrease = true // no case where 20 were expected: (1/α) log(1 + α mu), and mu for Poisson
	g.Mean = GivenMeans{20}
	if v, p := statistics(family(g, 1), []float64{0})[0], statistics(family(g, 0), []float64{0})[0]; math.Abs(v-math.Log(21)) > 1e-12 || p != 20 {
		t.Errorf("nothing seen: %v %v", v, p)
	}
}

// weeks are ten years with a seasonal mean of a few cases and a burst near the end.
func weeks(n int) []float64 {
	rng := rand.New(rand.NewPCG(7, 11))
	y := make([]float64, n)
	for i := range y {
		for u, k := rng.Float64(), 0.0; u > 0.25 && k < 40; k++ {
			y[i], u = k+math.Round(2+2*math.Cos(float64(i)*2*math.Pi/52)), u-0.22
		}
	}
	for i := n - 12; i < n-6; i++ {
		y[i] += 9
	}
	return y
}

// Fed week by week, or asked about one week alone, a chart says the same, whether it fits its model again or not.
func TestGLRStreams(t *testing.T) {
	y := weeks(160)
	y[50], y[130] = math.NaN(), math.NaN()
	for _, refit := range []bool{false, true} {
		for _, alpha := range []float64{0, 0.2, math.NaN()} {
			g := NewGLR(104)
			g.Model.Refit, g.Limit = refit, 3
			d := family(g, alpha)
			all := Range(nil, d, &Series{Counts: y}, 104, 159, nil)
			st := NewStream(d, Series{Counts: slices.Clone(y[:104])})
			alarms := 0
			for i, want := range all {
				got, alone := st.Feed(y[104+i]), d.Evaluate(&Series{Counts: y[:105+i]}, 104+i, nil)
				if !sameResult(got, want) || !sameResult(alone, want) {
					t.Fatalf("week %d: %+v, alone %+v, in a row %+v", 104+i, got, alone, want)
				}
				if want.Alarm {
					alarms++
				}
			}
			if alarms == 0 || all[130-104].Reason != MissingValue || !(all[130-104].Expected > 0) {
				t.Errorf("%s: %d alarms, missing week %+v", d.Name(), alarms, all[130-104])
			}
			if changed := all[len(all)-1].Expected != Range(nil, d, &Series{Counts: y[:104+4]}, 104, 107, nil)[0].Expected; !changed {
				t.Errorf("%s: the mean does not move with the season", d.Name())
			}
		}
	}
}

func sameResult(a, b Result) bool {
	same := func(x, y float64) bool { return x == y || math.IsNaN(x) && math.IsNaN(y) }
	return same(a.Expected, b.Expected) && same(a.Statistic, b.Statistic) && same(a.Bound, b.Bound) && a.Alarm == b.Alarm && a.Reason == b.Reason
}

// A missing week neither adds to a change nor ends it.
func TestGLRPassesOverMissingWeeks(t *testing.T) {
	for _, alpha := range []float64{0, 0.2} {
		g := NewGLR(0)
		g.Limit, g.Mean = 1e6, GivenMeans{3}
		whole := statistics(family(g, alpha), []float64{2, 6, 7, 9})
		gaps := statistics(family(g, alpha), []float64{2, 6, math.NaN(), 7, -1, 9})
		if gaps[1] != whole[1] || gaps[3] != whole[2] || gaps[5] != whole[3] || !math.IsNaN(gaps[2]) || !math.IsNaN(gaps[4]) {
			t.Errorf("alpha %v: %v, with gaps %v", alpha, whole, gaps)
		}
	}
}

// Two years without a case leave nothing to fit: the guarded chart takes 1/2 in 104 weeks and sees two cases in a row as a change, while
// for reference a single case is infinitely surprising.
func TestGLRAfterSilence(t *testing.T) {
	y := append(make([]float64, 104), 0, 1, 1)
	s := &Series{Counts: y}
	g := NewGLR(104)
	for _, alpha := range []float64{0, math.NaN()} {
		rs := Range(nil, family(g, alpha), s, 104, 106, nil)
		if mean := 0.5 / 104; !rs[0].Guarded || math.Abs(rs[0].Expected-mean) > 1e-15 || rs[0].Alarm || rs[1].Alarm || !rs[2].Alarm {
			t.Errorf("%+v", rs)
		}
	}
	g.Mode = Reference
	if r := (GLRPoisson{GLR: g}).Evaluate(s, 105, nil); !r.Alarm || r.Guarded || r.Expected > 1e-6 {
		t.Errorf("reference: %+v", r)
	}
}

func TestGLRReasons(t *testing.T) {
	s := &Series{Counts: weeks(120)}
	for name, change := range map[string]func(*GLR){
		"first": func(g *GLR) { g.First = -1 }, "limit": func(g *GLR) { g.Limit = math.NaN() }, "negative limit": func(g *GLR) { g.Limit = -1 },
		"segment": func(g *GLR) { g.MinSegment = 0 }, "change": func(g *GLR) { g.Change = 7 }, "shift": func(g *GLR) { g.Shift = math.Inf(1) },
		"harmonics": func(g *GLR) { g.Model.Harmonics = 27 }, "no harmonics": func(g *GLR) { g.Model.Harmonics = -1 }, "cases": func(g *GLR) { g.MaxCases = -1 }, "too long a search": func(g *GLR) { g.MaxCases = 1e9 },
		"mean": func(g *GLR) { g.Mean = GivenMeans{-1} },
	} {
		g := NewGLR(104)
		change(&g)
		if r := (GLRPoisson{GLR: g}).Evaluate(s, 110, nil); r.Reason != InvalidSettings || r.Alarm {
			t.Errorf("%s: %+v", name, r)
		}
	}
	for _, alpha := range []float64{0, -1, math.Inf(1)} {
		if r := (GLRNegBin{GLR: NewGLR(104), Alpha: alpha}).Evaluate(s, 110, nil); r.Reason != InvalidSettings {
			t.Errorf("alpha %v: %+v", alpha, r)
		}
	}
	for _, c := range []struct {
		first, at int
		want      Reason
	}{{0, 5, TooShort}, {104, 90, TooShort}, {104, 120, OutOfRange}, {104, -1, OutOfRange}} {
		if r := (GLRPoisson{GLR: NewGLR(c.first)}).Evaluate(s, c.at, nil); r.Reason != c.want {
			t.Errorf("%+v: %v", c, r.Reason)
		}
	}
	bad := &Series{Counts: slices.Clone(s.Counts)}
	bad.Counts[3] = -2
	if r := (GLRPoisson{GLR: NewGLR(104)}).Evaluate(bad, 110, nil); r.Reason != NegativeValue {
		t.Errorf("%+v", r)
	}
	if _, r := (FittedMeans{Model: MeanModel{Harmonics: 99}}).Fit(s, 50, nil); r != InvalidSettings {
		t.Error(r)
	}
}

// A CUSUM with fitted means judges a silent baseline by the guard, and follows the season otherwise.
func TestFittedMeans(t *testing.T) {
	m := FittedMeans{Model: MeanModel{Harmonics: 1, Trend: true}}
	if r := (CUSUM{First: 104, K: 1, H: 3, Means: m}).Evaluate(&Series{Counts: append(make([]float64, 104), 4)}, 104, nil); !r.Guarded || !r.Alarm {
		t.Errorf("silence: %+v", r)
	}
	s := &Series{Counts: weeks(156)}
	fit, reason := m.Fit(s, 130, nil)
	if reason != OK || len(fit) != 4 {
		t.Fatal(fit, reason)
	}
	sum, mean := 0.0, 0.0
	for i, y := range s.Counts[:130] { // a model with an intercept reproduces the total
		sum, mean = sum+y, mean+m.At(fit, s, 130, i)
	}
	if math.Abs(sum-mean) > 1e-6*sum {
		t.Errorf("fitted %v of %v cases", mean, sum)
	}
	if peak, trough := m.At(fit, s, 130, 104), m.At(fit, s, 130, 130); peak < 1.5*trough {
		t.Errorf("peak %v, trough %v", peak, trough)
	}
}

func TestGLRAllocatesNothing(t *testing.T) {
	s := &Series{Counts: weeks(140)}
	var m Memory
	var out []Result
	for _, mode := range []Mode{Guarded, Reference} {
		for _, alpha := range []float64{0, 0.2, math.NaN()} {
			g := NewGLR(104)
			g.Mode, g.Cases, g.Model.Refit, g.Window = mode, alpha == 0, true, 20
			d := family(g, alpha)
			if n := testing.AllocsPerRun(2, func() { m.Reset(); out = Range(out[:0], d, s, 104, 139, &m) }); n != 0 {
				t.Errorf("%s, mode %d: %v allocations", d.Name(), mode, n)
			}
		}
	}
}

// R takes its iteration to have been at 0.4 before it starts. Where the search for one change ends there, the searches that begin from it
// stay: the outbreak of the last week is then measured by the change of the weeks before, 2.23064 in R and not 2.29837. The weeks are
// chosen so that λ = 0.4 exactly.
func TestGLRStaysWhereRStays(t *testing.T) {
	g := NewGLR(0)
	g.Limit, g.Change, g.Mode, g.Mean = 1e9, Epidemic, Reference, GivenMeans{9, 50/7.5 - 4, 4}
	y := []float64{10, 5, 9}
	if v := statistics(GLRPoisson{GLR: g}, y)[2]; math.Abs(v-2.23064) > 5e-6 {
		t.Errorf("reference %v", v)
	}
	g.Mode = Guarded
	if v, want := statistics(GLRPoisson{GLR: g}, y)[2], 9*math.Log(2.25)-5; math.Abs(v-want) > 1e-9 {
		t.Errorf("guarded %v, want %v", v, want)
	}
}

// A Newton step to minus infinity is a failure for reference, not a change to no case at all: R's glrnb has 0 here.
func TestGLRFailureIsNoEvidence(t *testing.T) {
	g := NewGLR(0)
	g.Limit, g.Decrease, g.Mode, g.Mean = 1e9, true, Reference, GivenMeans{0.1535, 0.1943, 0.279}
	if v := statistics(GLRNegBin{GLR: g, Alpha: 0.654}, []float64{0, 1, 9})[2]; v != 0 {
		t.Errorf("%v", v)
	}
}

// A fit that fails after an alarm leaves the mean as it was, be it the guard's: 5e-324 cases are too few for any regression.
func TestGLRKeepsTheModelBefore(t *testing.T) {
	y := make([]float64, 60)
	y[40], y[41] = 5e-324, 1e100
	g := NewGLR(30)
	g.Model.Refit = true
	for _, alpha := range []float64{0, 0.3, math.NaN()} {
		rs := Range(nil, family(g, alpha), &Series{Counts: y}, 30, 59, nil)
		if before, after := rs[11], rs[12]; !before.Alarm || !after.Guarded || after.Expected != before.Expected || !same(after.Expected, 0.5/30, 1e-15) {
			t.Errorf("alpha %v: %+v, then %+v", alpha, before, after)
		}
	}
}
