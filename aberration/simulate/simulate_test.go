package simulate

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s is %v, want %v within %v", what, got, want, tolerance)
	}
}

func TestScenarios(t *testing.T) {
	all := Scenarios()
	if len(all) != 42 {
		t.Fatalf("%d scenarios, the paper has 42", len(all))
	}
	for i, s := range all {
		if s.Number != i+1 || s.Harmonics != i%3 || (s.Beta == 0) != (i%6 < 3) {
			t.Errorf("scenario %d: %+v", i+1, s)
		}
	}
	// Set 1 with trend and two harmonics at week 104, where all angles are whole turns: exp(0.1 + 0.0025·104 + 2·0.6).
	near(t, "mu(104) of scenario 6", all[5].Mean(104), math.Exp(0.1+0.26+1.2), 1e-12)
	// A quarter of a year later cos is 0 and -1, sin 1 and 0.
	near(t, "mu(13) of scenario 15", all[14].Mean(13), math.Exp(1.5-0.4-0.2), 1e-12)
	near(t, "mu of scenario 37", all[36].Mean(600), math.Exp(5), 1e-10)
}

// Means and variances lie within five standard errors of the theory, for every branch of the samplers.
func TestMoments(t *testing.T) {
	const n = 200000
	r := rand.New(rand.NewPCG(1, 2))
	for _, c := range []struct{ mean, phi float64 }{{0.05, 1}, {3, 1}, {9.9, 1}, {10, 1}, {150, 1}, {0.2, 5}, {4, 1.5}, {12, 3}, {150, 1.2}} {
		var s, ss float64
		for range n {
			y := NegativeBinomial(r, c.mean, c.phi)
			s += y
			ss += (y - c.mean) * (y - c.mean)
		}
		v := c.mean * c.phi
		k := 3 + (6*c.phi*(c.phi-1)+1)/v // kurtosis of the negative binomial: 3 + 6/size + prob²/(size (1-prob))
		near(t, fmt.Sprint("mean of ", c), s/n, c.mean, 5*math.Sqrt(v/n))
		near(t, fmt.Sprint("variance of ", c), ss/n, v, 5*v*math.Sqrt((k-1)/n))
	}
	for _, shape := range []float64{0.3, 1, 7.5} {
		var s float64
		for range n {
			s += Gamma(r, shape)
		}
		near(t, fmt.Sprint("mean of gamma ", shape), s/n, shape, 5*math.Sqrt(shape/n))
	}
}

func TestPoissonProbabilities(t *testing.T) {
	const n = 200000
	r := rand.New(rand.NewPCG(3, 4))
	for _, mean := range []float64{2, 14, 60} {
		seen := map[float64]int{}
		for range n {
			seen[Poisson(r, mean)]++
		}
		for k := math.Floor(mean - 2*math.Sqrt(mean)); k < mean+3*math.Sqrt(mean); k++ {
			if k < 0 {
				continue
			}
			lg, _ := math.Lgamma(k + 1)
			p := math.Exp(k*math.Log(mean) - mean - lg)
			near(t, fmt.Sprintf("P(%v | %v)", k, mean), float64(seen[k])/n, p, 5*math.Sqrt(p/n))
		}
	}
}

func TestShapes(t *testing.T) {
	const n = 100000
	r := rand.New(rand.NewPCG(5, 6))
	share := func(s Shape) (f [12]float64) {
		for range n {
			f[min(11, s(r))] += 1.0 / n
		}
		return f
	}
	f := share(Lognormal)
	for i, want := range []float64{0.5, 0.417214, 0.068777} { // Φ(2 ln(k+1)) - Φ(2 ln k)
		near(t, fmt.Sprint("lognormal week ", i), f[i], want, 0.008)
	}
	f = share(Step(5))
	near(t, "step, last week", f[4], 0.2, 0.008)
	near(t, "step, after the end", f[5], 0, 0)
	f = share(SlowRise(4))
	for i := range 4 { // ((i+1)² - i²)/16
		near(t, fmt.Sprint("slow rise, week ", i), f[i], float64(2*i+1)/16, 0.008)
	}
	near(t, "slow rise, after the end", f[4], 0, 0)
}

func TestDraw(t *testing.T) {
	for _, s := range Scenarios() {
		r := rand.New(rand.NewPCG(7, uint64(s.Number)))
		d := s.Draw(r, Plan{Past: 5, Current: 6})
		cases, first, last := 0.0, -1, -1
		for i := range d.Counts {
			extra := d.Counts[i] - d.Quiet[i]
			cases += extra
			if extra < 0 || extra > 0 && i < d.First {
				t.Errorf("scenario %d, week %d: %v cases of the current outbreak", s.Number, i, extra)
			}
			if extra > 0 {
				last = i
				if first < 0 {
					first = i
				}
			}
		}
		for i, o := range d.Outbreak {
			if o != (i >= first && i <= last) {
				t.Errorf("scenario %d: week %d is marked %v, the outbreak has cases from %d to %d", s.Number, i, o, first, last)
			}
		}
		if cases < 1 {
			t.Errorf("scenario %d has no outbreak", s.Number)
		}
		near(t, "mean", d.Mean[0], s.Mean(FirstWeek), 0)
	}
	// The size: Poisson(k sqrt(phi mu)) with mu = exp(5), phi = 1.2; some of those that start in the last two weeks are cut.
	s, sum := Scenarios()[36], 0.0
	for i := range 2000 {
		d := s.Draw(rand.New(rand.NewPCG(8, uint64(i))), Plan{Current: 4})
		for j := range d.Counts {
			sum += d.Counts[j] - d.Quiet[j]
		}
	}
	near(t, "mean size", sum/2000, 4*math.Sqrt(1.2*math.Exp(5))*(1-0.6/49), 0.8)
}

func TestStudyDoesNotDependOnItsSize(t *testing.T) {
	few, many := Study(Scenarios()[:3], 2, 9, Published), Study(Scenarios(), 3, 9, Published)
	if !slices.Equal(few[4].Counts, many[43].Counts) {
		t.Error("repetition 2 of scenario 2 differs")
	}
	if slices.Equal(few[0].Counts, Study(Scenarios()[:1], 1, 10, Published)[0].Counts) {
		t.Error("another seed gives the same series")
	}
	seen := map[[2]float64]bool{}
	for i := range 50 {
		p := Published(i)
		seen[[2]float64{p.Past, p.Current}] = true
	}
	if len(seen) != 50 {
		t.Errorf("50 repetitions have %d of the 50 pairs of k1 and k2", len(seen))
	}
}

// Ten weeks, an outbreak in weeks 4 to 7, alarms in 2, 6 and 7; without it, alarms in 2 and 9.
func TestScoreByHand(t *testing.T) {
	s := &Sample{First: 2, Counts: make([]float64, 12), Outbreak: make([]bool, 12)}
	for i := 4; i <= 7; i++ {
		s.Outbreak[2+i] = true
	}
	at := func(weeks ...int) []bool {
		a := make([]bool, 10)
		for _, w := range weeks {
			a[w] = true
		}
		return a
	}
	var c, sum Score
	c.Add(s, at(2, 6, 7), at(2, 9))
	sum.Merge(c)
	c = Score{}
	c.Add(s, at(), at())
	sum.Merge(c)
	for _, m := range []struct {
		name      string
		got, want float64
	}{
		{"FPR", sum.FPR(), 2.0 / 20}, {"POD", sum.POD(), 0.5}, {"POD first week", sum.FirstWeekPOD(), 0}, {"sensitivity", sum.Sensitivity(), 2.0 / 8},
		{"specificity", sum.Specificity(), 11.0 / 12}, {"PPV", sum.PPV(), 2.0 / 3}, {"NPV", sum.NPV(), 11.0 / 17}, {"F1", sum.F1(), 4.0 / 11},
		{"timeliness", sum.Timeliness(), (0.5 + 1) / 2},
	} {
		near(t, m.name, m.got, m.want, 1e-15)
	}
	c = Score{}
	c.Add(s, at(4), nil)
	near(t, "POD first week", c.FirstWeekPOD(), 1, 0)
	near(t, "timeliness", c.Timeliness(), 0, 0)
	if !math.IsNaN(c.FPR()) || !math.IsNaN((&Score{}).Timeliness()) {
		t.Error("nothing counted must give NaN")
	}
}

func TestScoreHoldsTogether(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := Scenarios()[rapid.IntRange(0, 41).Draw(t, "scenario")].Draw(rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1)), Published(rapid.IntRange(0, 49).Draw(t, "i")))
		n := len(s.Counts) - s.First
		alarm, quiet := rapid.SliceOfN(rapid.Bool(), n, n).Draw(t, "alarm"), rapid.SliceOfN(rapid.Bool(), n, n).Draw(t, "quiet")
		var c Score
		c.Add(&s, alarm, quiet)
		if c.Samples != 1 || c.TruePositive+c.FalseNegative+c.FalsePositive+c.TrueNegative != n || c.QuietWeeks != n || (c.TruePositive > 0) != (c.Detected == 1) || c.DetectedFirst > c.Detected {
			t.Fatalf("%+v", c)
		}
		if p, q := c.PPV(), c.Sensitivity(); c.TruePositive > 0 && math.Abs(c.F1()-2*p*q/(p+q)) > 1e-12 {
			t.Fatalf("F1 %v is not the harmonic mean of %v and %v", c.F1(), p, q)
		}
		if d := c.Timeliness(); d < 0 || d > 1 {
			t.Fatalf("timeliness %v", d)
		}
	})
}

func FuzzDraw(f *testing.F) {
	f.Add(0.1, 0.0025, 0.6, 0.6, 2, 1.5, 5.0, 4.0, 3.0)
	f.Add(800.0, 0.0, 0.0, 0.0, 0, 1.0, 0.0, 0.0, 1.0)
	f.Add(math.NaN(), math.Inf(1), 0.0, 1e300, 3, math.NaN(), 1e300, math.Inf(1), math.NaN())
	f.Fuzz(func(t *testing.T, theta, beta, g1, g2 float64, harmonics int, phi, past, current, length float64) {
		s := Scenario{Theta: theta, Beta: beta, Gamma1: g1, Gamma2: g2, Harmonics: harmonics % 8, Phi: phi}
		d := s.Draw(rand.New(rand.NewPCG(1, 1)), Plan{Past: past, Current: current, Length: length})
		for i, y := range d.Counts {
			if !(y >= 0) || y < d.Quiet[i] || y != math.Trunc(y) {
				t.Fatalf("week %d has %v cases, %v without the outbreak", i, y, d.Quiet[i])
			}
		}
	})
}

func FuzzSamplers(f *testing.F) {
	f.Add(uint64(1), 3.0, 2.0)
	f.Add(uint64(2), math.Inf(1), math.Inf(1))
	f.Add(uint64(3), 1e-300, math.NaN())
	f.Fuzz(func(t *testing.T, seed uint64, a, b float64) {
		r := rand.New(rand.NewPCG(seed, 0))
		if y := NegativeBinomial(r, a, b); !(y >= 0) || y != math.Trunc(y) {
			t.Fatalf("count %v for mean %v, phi %v", y, a, b)
		}
		if g := Gamma(r, a); !(g >= 0) {
			t.Fatalf("gamma %v for shape %v", g, a)
		}
	})
}

func ExampleScenario_Draw() {
	s := Scenarios()[30] // set 6, no trend, no season
	d := s.Draw(rand.New(rand.NewPCG(2013, 1)), Plan{Past: 3, Current: 5})
	for i, o := range d.Outbreak {
		if o {
			fmt.Printf("week %d: %.0f cases, %.0f without the outbreak, %.1f expected\n", FirstWeek+i, d.Counts[i], d.Quiet[i], d.Mean[i])
		}
	}
	// Output:
	// week 620: 56 cases, 37 without the outbreak, 42.5 expected
	// week 621: 64 cases, 52 without the outbreak, 42.5 expected
	// week 622: 40 cases, 40 without the outbreak, 42.5 expected
	// week 623: 51 cases, 50 without the outbreak, 42.5 expected
}

func ExampleScore() {
	s := &Sample{Counts: make([]float64, 4), Outbreak: []bool{false, true, true, false}}
	var c Score
	c.Add(s, []bool{false, false, true, true}, []bool{false, false, false, true})
	fmt.Printf("sensitivity %.2f, PPV %.2f, F1 %.2f, timeliness %.2f, FPR %.2f\n", c.Sensitivity(), c.PPV(), c.F1(), c.Timeliness(), c.FPR())
	// Output: sensitivity 0.50, PPV 0.50, F1 0.50, timeliness 0.50, FPR 0.25
}
