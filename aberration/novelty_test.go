package aberration

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestGoodTuringAgreesWithItsWorkedExample(t *testing.T) {
	var w struct {
		G struct {
			F1, N float64
			New   float64 `json:"p_new"`
		} `json:"good_turing"`
	}
	load(t, "worked_examples.json", &w)
	r := GoodTuring(w.G.F1, 4, w.G.N, 0.95)
	// Esty's interval by hand: 12/3400 ± 1.959964 √((12/3400 + 8/3400 - (12/3400)²)/3400)
	half := 1.959963984540054 * math.Sqrt((20.0/3400-144.0/3400/3400)/3400)
	if r.Reason != OK || r.Estimate != w.G.New || !same(r.Lower, w.G.New-half, 1e-12) || !same(r.Upper, w.G.New+half, 1e-12) {
		t.Errorf("%+v, want %v ± %v", r, w.G.New, half)
	}
	if r := GoodTuring(0, 0, 3400, 0.95); r.Estimate != 0 || r.Lower != 0 || !same(r.Upper, math.Log(40)/3400, 1e-12) {
		t.Errorf("nothing seen once: %+v", r)
	}
	if r := GoodTuring(99, 0, 99, 0.96); r.Estimate != 1 || r.Upper != 1 || !same(r.Lower, 0.5, 1e-12) {
		t.Errorf("everything seen once: %+v", r)
	}
	if a, b := GoodTuringCounts([]float64{1, 5, 0, 2, 1}, 0.9), GoodTuring(2, 1, 9, 0.9); a != b {
		t.Errorf("%+v %+v", a, b)
	}
}

func TestGoodTuringReasons(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		once, twice, n, level float64
		want                  Reason
	}{
		{nan, 0, 5, 0.9, MissingValue}, {1, math.Inf(1), 5, 0.9, MissingValue}, {-1, 0, 5, 0.9, NegativeValue}, {0.5, 0, 5, 0.9, NotACount}, {0, 0, 1e18, 0.9, NotACount},
		{0, 0, 0, 0.9, InvalidSettings}, {3, 2, 5, 0.9, InvalidSettings}, {1, 0, 5, 1, InvalidSettings}, {1, 0, 5, nan, InvalidSettings},
	} {
		if r := GoodTuring(c.once, c.twice, c.n, c.level); r.Reason != c.want || !math.IsNaN(r.Estimate) {
			t.Errorf("%+v: %+v", c, r)
		}
	}
	for _, c := range []struct {
		samples []float64
		want    Reason
	}{{nil, InvalidSettings}, {[]float64{nan}, MissingValue}, {[]float64{1, -1}, NegativeValue}, {[]float64{1.5}, NotACount}, {[]float64{1e18}, NotACount}} {
		if r := GoodTuringCounts(c.samples, 0.9); r.Reason != c.want {
			t.Errorf("%v: %+v", c.samples, r)
		}
	}
}

// Samples from 3,000 substances whose frequencies fall like 1/rank: the interval must cover the true probability of the unseen.
func TestGoodTuringCovers(t *testing.T) {
	const kinds, samples, runs = 3000, 800, 400
	cumulative := make([]float64, kinds)
	sum := 0.0
	for i := range cumulative {
		sum += 1 / float64(i+1)
		cumulative[i] = sum
	}
	rng := newLCG(5)
	covered := 0
	for range runs {
		seen := make([]float64, kinds)
		for range samples {
			u := rng.float() * sum
			lo, hi := 0, kinds-1
			for lo < hi {
				if mid := (lo + hi) / 2; cumulative[mid] > u {
					hi = mid
				} else {
					lo = mid + 1
				}
			}
			seen[lo]++
		}
		unseen := 0.0
		for i, n := range seen {
			if n == 0 {
				unseen += 1 / float64(i+1) / sum
			}
		}
		if r := GoodTuringCounts(seen, 0.95); r.Lower <= unseen && unseen <= r.Upper {
			covered++
		}
	}
	if share := float64(covered) / runs; share < 0.92 || share > 0.98 {
		t.Errorf("coverage %v", share)
	}
}

func TestReemergenceAgreesWithR(t *testing.T) {
	// R: pnbinom(k-1, 0.5 + w*s, (w*m+n)/(w*m+n+1), lower.tail = FALSE)
	for _, c := range []struct {
		k                             int
		cases, periods, silent, share float64
		want                          float64
	}{
		{1, 12, 104, 26, 1, 0.091341469430859759}, {2, 12, 104, 26, 1, 0.0046374111704454938}, {2, 12, 104, 26, 0.25, 0.0027162620634540134},
		{2, 12, 104, 26, 0, 0.00052088961310375241}, {3, 40, 52, 52, 0.5, 0.0027864063835210894},
	} {
		got := ReemergenceProbability(c.k, c.cases, c.periods, c.silent, c.share)
		if !same(got, c.want, 1e-12) {
			t.Errorf("%+v: %v", c, got)
		}
		// The detector on a series of that kind: the cases in the first period and at the end of the past.
		series := make([]float64, int(c.periods+c.silent)+1)
		series[0], series[int(c.periods)-1] = c.cases-1, 1
		series[len(series)-1] = float64(c.k)
		e := Reemergence{Silence: 26, Discount: c.share, Alpha: 0.003}
		if r := e.Evaluate(&Series{Counts: series}, len(series)-1, nil); r.Reason != OK || !same(r.PValue, c.want, 1e-12) || r.Alarm != (c.want <= 0.003) {
			t.Errorf("%+v: %+v", c, r)
		}
	}
}

func TestReemergenceReasons(t *testing.T) {
	nan := math.NaN()
	e := Reemergence{Silence: 3, Discount: 0.5, Alpha: 0.01}
	for _, c := range []struct {
		name   string
		e      Reemergence
		series []float64
		want   Reason
	}{
		{"settings", Reemergence{Silence: 0, Alpha: 0.1}, []float64{1, 0, 0, 0, 2}, InvalidSettings},
		{"discount", Reemergence{Silence: 1, Discount: nan, Alpha: 0.1}, []float64{1, 0, 0, 0, 2}, InvalidSettings},
		{"empty", e, nil, OutOfRange},
		{"short", e, []float64{0, 0, 2}, TooShort},
		{"a case in the silence", e, []float64{1, 0, 1, 0, 2}, NotSilent},
		{"silence without data", e, []float64{nan, nan, 0, 0, 2}, TooShort},
		{"NaN passed over", e, []float64{1, 0, nan, 0, 0, 2}, OK},
		{"never before", e, []float64{0, 0, 0, 0, 2}, OK},
		{"NaN now", e, []float64{1, 0, 0, 0, nan}, MissingValue},
		{"negative", e, []float64{-1, 0, 0, 0, 2}, NegativeValue},
		{"infinite", e, []float64{math.Inf(1), 0, 0, 0, 2}, MissingValue},
		{"fraction", e, []float64{0.5, 0, 0, 0, 2}, NotACount},
	} {
		if r := c.e.Evaluate(&Series{Counts: c.series}, len(c.series)-1, nil); r.Reason != c.want || r.Reason != OK && r.Alarm {
			t.Errorf("%s: %+v, want %v", c.name, r, c.want)
		}
	}
	if r := e.Evaluate(&Series{Counts: []float64{0, 0, 0, 0, 2}}, 4, nil); !same(r.PValue, FirstDetection(4, 2), 1e-12) {
		t.Errorf("without a past: %+v", r)
	}
	for _, p := range []float64{ReemergenceProbability(-1, 1, 1, 1, 1), ReemergenceProbability(1, nan, 1, 1, 1), ReemergenceProbability(1, 1, -1, 1, 1), ReemergenceProbability(1, 1, 1, 0, 1), ReemergenceProbability(1, 1, 1, 1, 2)} {
		if !math.IsNaN(p) {
			t.Errorf("%v", p)
		}
	}
}

// A longer silence makes a return less likely, more cases before make it more likely, and the bound falls as the silence grows.
func TestReemergenceProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.IntRange(1, 6).Draw(t, "k")
		s, m := float64(rapid.IntRange(0, 50).Draw(t, "s")), float64(rapid.IntRange(1, 200).Draw(t, "m"))
		n := float64(rapid.IntRange(1, 200).Draw(t, "n"))
		w := rapid.Float64Range(0.01, 1).Draw(t, "w")
		p := ReemergenceProbability(k, s, m, n, w)
		if longer := ReemergenceProbability(k, s, m, n+1, w); longer >= p {
			t.Fatalf("a longer silence: %v then %v", p, longer)
		}
		if more := ReemergenceProbability(k, s+1, m, n, w); more <= p {
			t.Fatalf("more cases: %v then %v", p, more)
		}
		if rarer := ReemergenceProbability(k+1, s, m, n, w); rarer >= p {
			t.Fatalf("a larger count: %v then %v", p, rarer)
		}
		if first := ReemergenceProbability(k, s, m, n, 0); !same(first, FirstDetection(n, k), 1e-10) {
			t.Fatalf("forgotten past: %v, first detection %v", first, FirstDetection(n, k))
		}
		series := append([]float64{s + 1}, make([]float64, int(n)+1)...)
		last := math.Inf(1)
		for at := 1; at < len(series); at++ {
			r := Reemergence{Silence: 1, Discount: w, Alpha: 0.01}.Evaluate(&Series{Counts: series}, at, nil)
			if at == 1 {
				if r.Reason != NotSilent {
					t.Fatalf("%+v", r)
				}
				continue
			}
			if r.Bound > last {
				t.Fatalf("the bound rises to %v after %d silent periods", r.Bound, at-1)
			}
			last = r.Bound
		}
	})
}

func FuzzGoodTuring(f *testing.F) {
	f.Add(12.0, 4.0, 3400.0, 0.95)
	f.Add(math.NaN(), -1.0, math.Inf(1), 2.0)
	f.Add(0.0, 0.0, 1.0, 0.999999)
	f.Fuzz(func(t *testing.T, once, twice, n, level float64) {
		for _, r := range []Ratio{GoodTuring(once, twice, n, level), GoodTuringCounts([]float64{once, twice, n}, level)} {
			if r.Reason == OK && !(0 <= r.Lower && r.Lower <= r.Estimate && r.Estimate <= r.Upper && r.Upper <= 1) {
				t.Errorf("%v %v %v %v: %+v", once, twice, n, level, r)
			}
		}
	})
}

func FuzzReemergence(f *testing.F) {
	f.Add([]byte{3, 1, 0, 0, 0, 0, 2}, 3, 0.5, 0.01)
	f.Add([]byte{255, 254, 0, 250, 0, 0, 9}, 1, 1.0, 0.5)
	f.Add([]byte{}, -1, math.NaN(), 0.0)
	f.Fuzz(func(t *testing.T, b []byte, silence int, discount, alpha float64) {
		series := make([]float64, len(b))
		for i, c := range b {
			series[i] = oddValue(c)
		}
		r := Reemergence{Silence: silence, Discount: discount, Alpha: alpha}.Evaluate(&Series{Counts: series}, len(series)-1, nil)
		if r.Reason == OK && (math.IsNaN(r.Bound) || !(r.PValue >= 0 && r.PValue <= 1) || r.Alarm != (series[len(series)-1] > r.Bound)) || r.Reason != OK && r.Alarm {
			t.Errorf("%v: %+v", series, r)
		}
		if p := ReemergenceProbability(silence, discount, alpha, 3, 0.5); !math.IsNaN(p) && !(p >= 0 && p <= 1) {
			t.Errorf("%v", p)
		}
	})
}

func ExampleGoodTuring() {
	r := GoodTuring(12, 4, 3400, 0.95)
	fmt.Printf("%.2f %% of samples (%.2f to %.2f) are of a substance never seen before\n", 100*r.Estimate, 100*r.Lower, 100*r.Upper)
	// Output: 0.35 % of samples (0.10 to 0.61) are of a substance never seen before
}

func ExampleReemergence() {
	// Twelve cases in two years, half a year of silence, then two in a week.
	series := make([]float64, 131)
	for i := 0; i < 96; i += 8 {
		series[i] = 1
	}
	series[130] = 2
	r := Reemergence{Silence: 26, Discount: 0.25, Alpha: 0.005}.Evaluate(&Series{Counts: series}, 130, nil)
	fmt.Printf("expected %.3f, p %.4f, alarm %v\n", r.Expected, r.PValue, r.Alarm)
	// Output: expected 0.055, p 0.0019, alarm true
}

func ExampleReemergenceProbability() {
	fmt.Printf("%.4f\n", ReemergenceProbability(2, 12, 104, 26, 0.25))
	// Output: 0.0027
}

func TestReemergenceAllocatesNothing(t *testing.T) {
	series := append([]float64{3, 2}, make([]float64, 40)...)
	s := Series{Counts: series}
	var m Memory
	e := Reemergence{Silence: 26, Discount: 0.5, Alpha: 0.01}
	if n := testing.AllocsPerRun(50, func() { e.Evaluate(&s, 41, &m) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkReemergence(b *testing.B) {
	s := Series{Counts: append([]float64{3, 2}, make([]float64, 519)...)}
	e := Reemergence{Silence: 26, Discount: 0.5, Alpha: 0.01}
	b.ReportAllocs()
	for b.Loop() {
		e.Evaluate(&s, 520, nil)
	}
}
