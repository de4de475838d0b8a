package aberration

import (
	"math"
	"testing"

	"github.com/baqylau/baqylau/dist"
	"pgregory.net/rapid"
)

func drawCounts(t *rapid.T, n, most int) []float64 {
	out := make([]float64, n)
	for i, y := range rapid.SliceOfN(rapid.IntRange(0, most), n, n).Draw(t, "counts") {
		out[i] = float64(y)
	}
	return out
}

// The bound is the quantile of the negative binomial distribution of the reference values, whichever way it is computed.
func TestBayesIsThePredictiveQuantile(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		most := rapid.SampledFrom([]int{1, 5, 60, 900, 30000}).Draw(t, "most")
		counts := drawCounts(t, 130, most)
		years, half, current := rapid.IntRange(0, 2).Draw(t, "years"), rapid.IntRange(1, 8).Draw(t, "half"), rapid.Bool().Draw(t, "current")
		if years == 0 {
			current = true
		}
		alpha := rapid.SampledFrom([]float64{0.5, 0.05, 0.01, 0.001, 1e-6, 1e-12}).Draw(t, "alpha")
		at := 129
		if rapid.Bool().Draw(t, "gap") {
			counts[at-2] = math.NaN()
		}
		var sum, n float64
		look := func(i int) {
			if !math.IsNaN(counts[i]) {
				sum += counts[i]
				n++
			}
		}
		for i := 1; i <= half && current; i++ {
			look(at - i)
		}
		for y := 1; y <= years; y++ {
			for i := -half; i <= half; i++ {
				look(at - 52*y + i)
			}
		}
		if n == 0 {
			return
		}
		r := NewBayes(years, half, current, alpha).Evaluate(&Series{Counts: counts}, at, nil)
		size, prob := sum+0.5, n/(n+1)
		if r.Reason != OK || !same(r.Expected, size/n, 1e-15) {
			t.Fatalf("%+v, want %v", r, size/n)
		}
		if over, under := dist.NegativeBinomialTail(r.Bound+1, size, prob, 1-prob), dist.NegativeBinomialTail(r.Bound, size, prob, 1-prob); over > alpha*(1+1e-9) || r.Bound > 0 && under <= alpha*(1-1e-9) {
			t.Fatalf("sum %v of %v: bound %v has P(Y > u) = %v, P(Y >= u) = %v for alpha %v", sum, n, r.Bound, over, under, alpha)
		}
		if want := dist.NegativeBinomialTail(counts[at], size, prob, 1-prob); !same(r.PValue, want, 1e-11) && want > 1e-250 {
			t.Fatalf("sum %v of %v: P(Y >= %v) = %v, want %v", sum, n, counts[at], r.PValue, want)
		}
		if r.Alarm != (counts[at] > r.Bound) || r.Alarm != (r.Score > 1) {
			t.Fatalf("%+v for %v", r, counts[at])
		}
	})
}

// The order of the reference values plays no part, the bound falls as alpha grows, and a bound with other numbers far away is the same.
func TestBoundsFromEarlierYears(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		most := rapid.SampledFrom([]int{2, 30, 400}).Draw(t, "most")
		counts := drawCounts(t, 120, most)
		s := &Series{Counts: counts}
		before1, before2 := Bayes2().Evaluate(s, 119, nil), RKI2().Evaluate(s, 119, nil)
		last := math.Inf(1)
		for _, alpha := range []float64{1e-4, 0.01, 0.05, 0.3} {
			r := NewBayes(1, 6, true, alpha).Evaluate(s, 119, nil)
			if r.Bound > last {
				t.Fatalf("bound rises from %v to %v at %v", last, r.Bound, alpha)
			}
			last = r.Bound
		}
		i, j := rapid.IntRange(113, 118).Draw(t, "i"), rapid.IntRange(61, 73).Draw(t, "j")
		counts[i], counts[j] = counts[j], counts[i]
		counts[rapid.IntRange(0, 60).Draw(t, "unused")] = 1e6
		if r := Bayes2().Evaluate(s, 119, nil); !equal(r, before1, 0) {
			t.Fatalf("bayes: %+v, was %+v", r, before1)
		}
		if r := RKI2().Evaluate(s, 119, nil); !equal(r, before2, 1e-12) {
			t.Fatalf("rki: %+v, was %+v", r, before2)
		}
	})
}

// equal compares results, their numbers within a relative difference.
func equal(a, b Result, rel float64) bool {
	near := func(x, y float64) bool { return same(x, y, rel) }
	return near(a.Expected, b.Expected) && near(a.Bound, b.Bound) && near(a.Score, b.Score) && near(a.PValue, b.PValue) && near(a.Statistic, b.Statistic) &&
		a.Alarm == b.Alarm && a.Guarded == b.Guarded && a.Reason == b.Reason
}

func TestRKITableIsTheOneOfR(t *testing.T) {
	var table struct{ Mu, Upper []float64 }
	load(t, "rki_ci_table.json", &table)
	if len(table.Mu) != len(crowGardner) {
		t.Fatalf("%d rows", len(table.Mu))
	}
	for i, u := range table.Upper {
		counts := []float64{table.Mu[i], table.Mu[i], table.Mu[i], table.Mu[i], table.Mu[i], table.Mu[i], 0}
		k := RKI1()
		k.Mode = Reference
		if r := k.Evaluate(&Series{Counts: counts}, 6, nil); r.Bound != u || r.Expected != table.Mu[i] {
			t.Errorf("mean %v: %+v, table has %v", table.Mu[i], r, u)
		}
	}
	// Above the table: mean 25, variance 20 from 6 values.
	counts := []float64{20, 30, 20, 30, 25, 25, 35}
	if r := RKI1().Evaluate(&Series{Counts: counts}, 6, nil); !same(r.Bound, 25+2*math.Sqrt(20), 1e-15) || !r.Alarm {
		t.Errorf("%+v", r)
	}
}

// A baseline that is constant or empty lends no spread: guarded, the Gamma–Poisson bound steps in and says so; R's own bound does not.
func TestBaselinesThatSayNothing(t *testing.T) {
	zero, fifty := make([]float64, 400), make([]float64, 400)
	for i := range fifty {
		fifty[i] = 50
	}
	zero[399], fifty[399] = 1, 51
	for _, c := range []struct {
		guarded, reference Detector
		counts             []float64
		bound              float64
	}{
		{RKI1(), RKI{HalfWidth: 6, CurrentYear: true, Mode: Reference}, zero, 3.285},
		{RKI1(), RKI{HalfWidth: 6, CurrentYear: true, Mode: Reference}, fifty, 50},
		{NewCDC(5, 1, 0.025), CDC{Years: 5, HalfWidth: 1, Alpha: 0.025, Mode: Reference}, zero, 0},
		{NewCDC(5, 1, 0.025), CDC{Years: 5, HalfWidth: 1, Alpha: 0.025, Mode: Reference}, fifty, 200},
	} {
		s := &Series{Counts: c.counts}
		g, r := c.guarded.Evaluate(s, 399, nil), c.reference.Evaluate(s, 399, nil)
		if !g.Guarded || g.Reason != OK || g.Alarm || g.Bound <= g.Expected {
			t.Errorf("%s guarded: %+v", c.guarded.Name(), g)
		}
		if r.Guarded || r.Bound != c.bound || r.Alarm != (c.bound == 50 || c.bound == 0 || c.bound == 200) {
			t.Errorf("%s for reference: %+v, want %v", c.reference.Name(), r, c.bound)
		}
	}
}

// Four weeks with 3, 1, 0 and 6 cases against blocks that are known: five years of one block of 4 and one of 8 and one of 6 a year.
func TestCDCSumsFourWeeks(t *testing.T) {
	counts := make([]float64, 300)
	at := 299
	for i := 1; i <= 5; i++ {
		for j, total := range []float64{4, 8, 6} {
			counts[at-52*i+4*(j-1)] = total
		}
	}
	counts[at-3], counts[at-2], counts[at] = 3, 1, 6
	r := NewCDC(5, 1, 0.05).Evaluate(&Series{Counts: counts}, at, nil)
	sd := math.Sqrt(40.0 / 14)
	want := 6 + 1.959963984540054*sd*math.Sqrt(1+1.0/15)
	if r.Statistic != 10 || r.Expected != 6 || !same(r.Bound, want, 1e-14) || !r.Alarm {
		t.Errorf("%+v, want %v", r, want)
	}
	if !same(r.PValue, 0.5*math.Erfc(4/(sd*math.Sqrt(16.0/15))/math.Sqrt2), 1e-14) {
		t.Errorf("p %v", r.PValue)
	}
	if r := NewCDC(5, 1, 0.05).Evaluate(&Series{Counts: counts, Frequency: 12}, at, nil); r.Reason != InvalidSeries {
		t.Errorf("monthly: %v", r.Reason)
	}
	counts[at-1] = math.NaN()
	if r := NewCDC(5, 1, 0.05).Evaluate(&Series{Counts: counts}, at, nil); r.Reason != MissingValue || !same(r.Bound, want, 1e-14) {
		t.Errorf("missing week: %+v", r)
	}
}

func TestReasonsOfEarlierYears(t *testing.T) {
	counts := make([]float64, 400)
	with := func(i int, y float64) *Series {
		c := append([]float64(nil), counts...)
		c[i] = y
		return &Series{Counts: c}
	}
	for _, d := range []Detector{Bayes1(), Bayes2(), Bayes3(), RKI1(), RKI3(), NewCDC(5, 1, 0.025)} {
		for _, c := range []struct {
			s    *Series
			at   int
			want Reason
		}{
			{&Series{}, 0, OutOfRange},
			{&Series{Counts: counts}, -1, OutOfRange},
			{&Series{Counts: counts}, 400, OutOfRange},
			{&Series{Counts: counts}, d.Lookback() - 1, TooShort},
			{&Series{Counts: counts}, d.Lookback(), OK},
			{&Series{Counts: counts, Frequency: -1}, 399, InvalidSeries},
			{with(399, -1), 399, NegativeValue},
			{with(399, math.NaN()), 399, MissingValue},
			{with(399, math.Inf(1)), 399, MissingValue},
		} {
			if r := d.Evaluate(c.s, c.at, nil); r.Reason != c.want || c.want != OK && r.Alarm {
				t.Errorf("%s at %d: %v, want %v", d.Name(), c.at, r.Reason, c.want)
			}
		}
	}
	for _, d := range []Detector{Bayes{}, NewBayes(0, 6, false, 0.05), NewBayes(1, 52, true, 0.05), NewBayes(-1, 6, true, 0.05), NewBayes(0, 6, true, math.NaN()), RKI{}, RKI{Years: 1, HalfWidth: 60}, CDC{}, NewCDC(1, -1, 0.1), NewCDC(5, 1, 1)} {
		if r := d.Evaluate(&Series{Counts: counts}, 399, nil); r.Reason != InvalidSettings {
			t.Errorf("%#v: %v", d, r.Reason)
		}
	}
	if r := NewCDC(1, 0, 0.05).Evaluate(&Series{Counts: counts}, 399, nil); r.Reason != NoBound {
		t.Errorf("one block: %v", r.Reason)
	}
	if r := (RKI{Years: 1, Mode: Reference}).Evaluate(with(399-52, 25), 399, nil); r.Reason != ZeroVariance {
		t.Errorf("one value above the table: %v", r.Reason)
	}
	for d, want := range map[Detector]string{Bayes1(): "bayes1", Bayes2(): "bayes2", Bayes3(): "bayes3", NewBayes(3, 6, true, 0.1): "bayes", RKI1(): "rki1", RKI2(): "rki2", RKI3(): "rki3", RKI{Years: 4}: "rki"} {
		if d.Name() != want {
			t.Errorf("%#v is %s", d, d.Name())
		}
	}
}

func FuzzEarlierYears(f *testing.F) {
	f.Add([]byte{1, 2, 0, 5, 250, 3}, 1, 6, true, 0.05)
	f.Add([]byte{0, 0, 0, 0, 255, 0}, 0, 1, true, 1e-12)
	f.Add([]byte{9, 9, 9, 9}, 2, 0, false, 0.9)
	f.Fuzz(func(t *testing.T, raw []byte, years, half int, current bool, alpha float64) {
		s := fuzzSeries(raw)
		at := len(s.Counts) - 1
		for _, mode := range []Mode{Guarded, Reference} {
			b, c := NewBayes(years, half, current, alpha), NewCDC(years, half, alpha)
			b.Mode, c.Mode = mode, mode
			for _, d := range []Detector{b, c, RKI{Years: years, HalfWidth: half, CurrentYear: current, Mode: mode}} {
				r := d.Evaluate(s, at, nil)
				if r.Reason != OK && r.Alarm || r.Reason == OK && (math.IsNaN(r.Bound) || math.IsNaN(r.Score) || math.Abs(r.Score) > MaxScore || r.PValue < 0 || r.PValue > 1) {
					t.Fatalf("%#v: %+v", d, r)
				}
				if r.Reason == OK && !r.Guarded && d.Name() != "cdc" && r.Alarm != (s.Counts[at] > r.Bound) {
					t.Fatalf("%#v: %+v for %v", d, r, s.Counts[at])
				}
			}
		}
	})
}

// fuzzSeries makes odd counts of bytes: small ones, and among them what should not be there. The bytes are repeated to fill some years.
func fuzzSeries(raw []byte) *Series {
	odd := []float64{math.NaN(), math.Inf(1), -1, 1e300, 0.5, 1e9, math.Copysign(0, -1), 1e5}
	s := &Series{Population: []float64{}}
	for i := range max(len(raw), min(300, 80*len(raw))) {
		v := float64(raw[i%len(raw)])
		if v >= 248 && i >= len(raw) == (len(raw)%2 == 0) {
			v = odd[int(v)-248]
		}
		s.Counts = append(s.Counts, v)
		s.Population = append(s.Population, v+float64(i%3))
	}
	return s
}
