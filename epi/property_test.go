package epi_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/baqylau/baqylau/epi"
)

var levels = rapid.Float64Range(0.5, 0.999)

// within allows for rounding.
func within(i epi.Interval, v float64) bool {
	return i.Lower <= v*(1+1e-9)+1e-12 && v <= i.Upper*(1+1e-9)+1e-12
}

// A share lies in its intervals, which lie in 0..1, grow with the level, and are mirrored when those without are counted.
func TestSharesHaveSensibleIntervals(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := float64(rapid.IntRange(1, 3000).Draw(t, "n"))
		x := math.Floor(n * rapid.Float64Range(0, 1).Draw(t, "share"))
		level := levels.Draw(t, "level")
		for name, method := range map[string]func(x, n, level float64) (epi.Interval, error){
			"wilson": epi.Wilson, "clopper_pearson": epi.ClopperPearson, "jeffreys": epi.Jeffreys, "agresti_coull": epi.AgrestiCoull,
		} {
			i, err := method(x, n, level)
			if err != nil || i.Lower < 0 || i.Upper > 1 {
				t.Fatal(name, i, err)
			}
			// Jeffreys' ends at 0 and n are set so that it holds there too; elsewhere its middle half may miss the share by design at low levels only.
			if !within(i, x/n) {
				t.Fatal(name, i, "without", x/n)
			}
			wider, _ := method(x, n, (1+level)/2)
			if wider.Lower > i.Lower+1e-12 || wider.Upper < i.Upper-1e-12 {
				t.Fatal(name, i, "at a higher level", wider)
			}
			mirror, _ := method(n-x, n, level)
			if math.Abs(1-mirror.Upper-i.Lower) > 1e-9 || math.Abs(1-mirror.Lower-i.Upper) > 1e-9 {
				t.Fatal(name, i, "mirrored", mirror)
			}
		}
	})
}

// Exact limits grow with the count; a rate lies in its interval whatever the standard, whose unit does not matter; one age band is the crude rate.
func TestRatesHaveSensibleIntervals(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		level := levels.Draw(t, "level")
		bands := rapid.IntRange(1, 6).Draw(t, "bands")
		events, time, standard, doubled := make([]float64, bands), make([]float64, bands), make([]float64, bands), make([]float64, bands)
		for i := range bands {
			events[i] = float64(rapid.IntRange(0, 500).Draw(t, "events"))
			time[i] = rapid.Float64Range(1, 1e6).Draw(t, "time")
			standard[i] = rapid.Float64Range(0.01, 100).Draw(t, "standard")
			doubled[i] = 2 * standard[i]
		}
		r, err := epi.DirectRate(events, time, standard, level)
		if err != nil || !within(r.Interval, r.Estimate) {
			t.Fatal(r, err)
		}
		if again, _ := epi.DirectRate(events, time, doubled, level); math.Abs(again.Interval.Upper/r.Interval.Upper-1) > 1e-9 {
			t.Fatal(r, again)
		}
		crude, err := epi.CrudeRate(events[0], time[0], level)
		if err != nil || !within(crude.Interval, crude.Estimate) {
			t.Fatal(crude, err)
		}
		one, _ := epi.DirectRate(events[:1], time[:1], standard[:1], level)
		if math.Abs(one.Interval.Upper/crude.Interval.Upper-1) > 1e-9 || math.Abs(one.Interval.Lower-crude.Interval.Lower) > 1e-9*crude.Interval.Lower {
			t.Fatal(one, crude)
		}
		more, _ := epi.Garwood(events[0]+1, level)
		if less, _ := epi.Garwood(events[0], level); !(more.Lower > less.Lower && more.Upper > less.Upper) {
			t.Fatal(less, more)
		}
	})
}

// Which rate is called the first only turns the ratio over.
func TestRateRatioTurnsOver(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := float64(rapid.IntRange(0, 400).Draw(t, "a")), float64(rapid.IntRange(1, 400).Draw(t, "b"))
		t1, t2 := rapid.Float64Range(1, 1e6).Draw(t, "t1"), rapid.Float64Range(1, 1e6).Draw(t, "t2")
		level := levels.Draw(t, "level")
		r, err := epi.CompareRates([2]float64{a, b}, [2]float64{t1, t2}, level)
		s, err2 := epi.CompareRates([2]float64{b, a}, [2]float64{t2, t1}, level)
		if err != nil || err2 != nil || !within(r.Exact, r.Ratio) {
			t.Fatal(r, err, err2)
		}
		if math.Abs(r.Exact.Lower*s.Exact.Upper-1) > 1e-9 && a > 0 || math.Abs(r.Exact.Upper*s.Exact.Lower-1) > 1e-9 || r.Difference != -s.Difference {
			t.Fatal(r, s)
		}
	})
}

// Two lists: the order does not matter, nobody seen is lost, and independence of two lists is Lincoln's and Petersen's estimate.
func TestTwoListsBothWays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := float64(rapid.IntRange(1, 300).Draw(t, "m"))
		n1, n2 := m+float64(rapid.IntRange(0, 3000).Draw(t, "n1")), m+float64(rapid.IntRange(0, 3000).Draw(t, "n2"))
		level := levels.Draw(t, "level")
		a, err := epi.Chapman(n1, n2, m, level)
		b, _ := epi.Chapman(n2, n1, m, level)
		if err != nil || a != b || a.N < n1+n2-m-1e-9*a.N || a.LogNormal.Lower < n1+n2-m || !within(a.LogNormal, a.N) {
			t.Fatal(a, b, err)
		}
		l, err := epi.LincolnPetersen(n1, n2, m, level)
		if err != nil {
			t.Fatal(err)
		}
		c, err := epi.NewCaptures(2, []string{"10", "01", "11"}, []float64{n1 - m, n2 - m, m})
		if err != nil {
			t.Fatal(err)
		}
		model, err := c.Fit()
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(model.N/l.N-1) > 1e-9 {
			t.Fatal(l, model)
		}
		if both := c.Models()[1]; both.Reason != epi.NotIdentified {
			t.Fatal("two lists cannot tell their own dependence", both)
		}
	})
}

// Calling the lists otherwise changes no model; each model's size is at least the persons seen; the profile interval holds its maximum's surroundings and starts at the persons seen at the lowest.
func TestLogLinearModelsDoNotDependOnTheOrderOfLists(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		count := make([]float64, 7)
		for i := range count {
			count[i] = float64(rapid.IntRange(0, 60).Draw(t, "count"))
		}
		history := []string{"100", "010", "001", "110", "101", "011", "111"}
		turned := []string{"010", "001", "100", "011", "110", "101", "111"} // list 1 becomes 2, 2 becomes 3, 3 becomes 1
		a, err := epi.NewCaptures(3, history, count)
		if err != nil {
			t.Skip("nobody")
		}
		b, err := epi.NewCaptures(3, turned, count)
		if err != nil {
			t.Fatal(err)
		}
		for _, terms := range [][2][]epi.Term{
			{nil, nil},
			{{{A: 1, B: 2}}, {{A: 2, B: 3}}},
			{{{A: 1, B: 3}}, {{A: 1, B: 2}}},
			{{{A: 1, B: 2}, {A: 1, B: 3}}, {{A: 2, B: 3}, {A: 1, B: 2}}},
			{{{A: 1, B: 2}, {A: 1, B: 3}, {A: 2, B: 3}}, {{A: 2, B: 3}, {A: 1, B: 2}, {A: 1, B: 3}}},
		} {
			x, _ := a.Fit(terms[0]...)
			y, _ := b.Fit(terms[1]...)
			if x.Reason == epi.NoConvergence || x.Reason != y.Reason || x.Reason == epi.OK && math.Abs(x.N/y.N-1) > 1e-7 || x.N < a.Total() {
				t.Fatalf("%+v\n%+v", x, y)
			}
			if x.Reason != epi.OK {
				continue
			}
			i, err := a.Profile(0.95, terms[0]...)
			if err != nil || i.Lower < a.Total() || !(i.Upper >= i.Lower) {
				t.Fatal(x, i, err)
			}
		}
	})
}

// The size by a multiplier has the unit of the benchmark; scale-up has that of the population, and reports add up.
func TestSizesScale(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := float64(rapid.IntRange(1, 2000).Draw(t, "n"))
		x := float64(rapid.IntRange(1, int(n)).Draw(t, "x"))
		b := float64(rapid.IntRange(1, 100000).Draw(t, "b"))
		one, err := epi.Multiply(b, x, n, false, 0.95)
		two, err2 := epi.Multiply(2*b, x, n, false, 0.95)
		if err != nil || err2 != nil || math.Abs(two.Estimate/one.Estimate-2) > 1e-12 || math.Abs(two.Wilson.Upper/one.Wilson.Upper-2) > 1e-12 || !within(one.Wilson, one.Estimate) || !within(one.Log, one.Estimate) {
			t.Fatal(one, two, err, err2)
		}
		who := rapid.IntRange(1, 30).Draw(t, "respondents")
		known := [][]float64{make([]float64, who), make([]float64, who)}
		a, h, both := make([]float64, who), make([]float64, who), make([]float64, who)
		for i := range who {
			known[0][i] = float64(rapid.IntRange(1, 9).Draw(t, "known"))
			known[1][i] = float64(rapid.IntRange(0, 9).Draw(t, "known"))
			a[i], h[i] = float64(rapid.IntRange(0, 3).Draw(t, "a")), float64(rapid.IntRange(0, 3).Draw(t, "h"))
			both[i] = a[i] + h[i]
		}
		s, err := epi.NewScaleUp(1e6, known, []float64{5000, 8000})
		if err != nil {
			t.Fatal(err)
		}
		e1, _ := s.Hidden(a, 0.95)
		e2, _ := s.Hidden(h, 0.95)
		if e, _ := s.Hidden(both, 0.95); math.Abs(e.Estimate-e1.Estimate-e2.Estimate) > 1e-6 {
			t.Fatal(e, e1, e2)
		}
	})
}

// The unit of the degrees does not matter for RDS-II, and no estimate leaves the range of the trait.
func TestRespondentDrivenSharesStayShares(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 60).Draw(t, "n")
		r, tenfold := epi.Recruits{}, epi.Recruits{}
		for i := range n {
			d := float64(rapid.IntRange(1, 500).Draw(t, "degree"))
			r.Degree, tenfold.Degree = append(r.Degree, d), append(tenfold.Degree, 10*d)
			r.Trait = append(r.Trait, float64(rapid.IntRange(0, 1).Draw(t, "trait")))
			r.Recruiter = append(r.Recruiter, rapid.IntRange(-1, i-1).Draw(t, "recruiter"))
		}
		tenfold.Trait = r.Trait
		e, err := epi.RDSII(r)
		f, _ := epi.RDSII(tenfold)
		if err != nil || math.Abs(e.Estimate-f.Estimate) > 1e-12 || e.Estimate < 0 || e.Estimate > 1+1e-12 || math.Abs(f.HarmonicDegree/e.HarmonicDegree-10) > 1e-9 {
			t.Fatal(e, f, err)
		}
		s, err := epi.RDSSS(r, float64(n)+rapid.Float64Range(0, 1e6).Draw(t, "hidden"))
		low, high := min(e.Estimate, e.Naive), max(e.Estimate, e.Naive)
		if err != nil || s.Estimate < 0 || s.Estimate > 1+1e-9 || math.IsNaN(s.Estimate) {
			t.Fatal(s, low, high, err)
		}
		b, err := r.TreeBootstrap(s, 100, 1, 0.9)
		if err != nil || b.Interval.Lower < -1e-12 || b.Interval.Upper > 1+1e-9 || b.Draws != 100 {
			t.Fatal(b, err)
		}
	})
}
