package epi_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/baqylau/baqylau/epi"
)

// The figures below are published or were computed by other programs (R 4.2.2, epitools 0.5-10.1, Rcapture 1.4); every other comparison with R stands in casefile.

// agrees compares to the digits that were printed.
func agrees(t *testing.T, what string, got float64, printed string) {
	t.Helper()
	decimals := 0
	for i := range printed {
		if printed[i] == '.' {
			decimals = len(printed) - i - 1
		}
	}
	if s := fmt.Sprintf("%.*f", decimals, got); s != printed {
		t.Errorf("%s: %v, published %s", what, got, printed)
	}
}

// Hepatitis A in Taiwan, 1995: 271 students on the lists of serum tests (P), the local hospitals (Q) and the epidemiologists (E) (A. Chao et al. 2001, Statistics in Medicine 20,
// 3123–3157).
func hepatitis(t testing.TB) *epi.Captures {
	c, err := epi.NewCaptures(3, []string{"111", "110", "101", "100", "011", "010", "001"}, []float64{28, 21, 17, 69, 18, 55, 63})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// HIV infections in Rome on four lists (D. D. Abeni, G. Brancato, C. A. Perucci 1994, Epidemiology 5, 410–414).
func rome(t testing.TB) *epi.Captures {
	c, err := epi.NewCaptures(4, []string{"1111", "1110", "1101", "1100", "1011", "1010", "1001", "1000", "0111", "0110", "0101", "0100", "0011", "0010", "0001"},
		[]float64{0, 3, 1, 33, 0, 20, 6, 403, 3, 35, 10, 545, 11, 621, 205})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Four models of one table, from 388 to 1,313 persons: the lesson is the spread.
func TestHepatitisInTaiwanDependsOnTheModel(t *testing.T) {
	c := hepatitis(t)
	if c.Total() != 271 || c.OnList(1) != 135 || c.OnList(2) != 122 || c.OnList(3) != 126 || c.OnBoth(1, 2) != 49 {
		t.Error(c)
	}
	for _, w := range []struct {
		label, n, se, deviance, aic string
		df                          int
	}{
		{"independent", "388.4835", "21.553", "24.3568", "69.7479", 3},
		{"12", "416.0000", "30.943", "21.1443", "68.5353", 2},
		{"12,23", "526.7059", "78.022", "13.2026", "62.5937", 1},
		{"12,13,23", "1312.7647", "517.978", "0", "51.3911", 0},
	} {
		terms, err := epi.ParseTerms(w.label)
		if err != nil {
			t.Fatal(err)
		}
		m, err := c.Fit(terms...)
		if err != nil || m.Reason != epi.OK || m.DF != w.df || m.Label() != w.label {
			t.Errorf("%s: %+v %v", w.label, m, err)
		}
		agrees(t, w.label+" N", m.N, w.n)
		agrees(t, w.label+" SE", m.SE, w.se)
		agrees(t, w.label+" deviance", m.Deviance, w.deviance)
		agrees(t, w.label+" AIC", m.AIC, w.aic)
	}
	d, err := epi.ModelDependence(c.Models(), 10)
	if err != nil || d.All.Estimates != 8 || d.All.Ratio() < 3 || c.Models()[d.Best].Label() != "12,13,23" {
		t.Errorf("%+v %v", d, err)
	}
	p, err := epi.Chapman(135, 122, 49, 0.95)
	if err != nil {
		t.Fatal(err)
	}
	agrees(t, "Chapman", p.N, "333.56")
	agrees(t, "Chapman SE", p.SE, "28.6997")
}

func TestHIVInRome(t *testing.T) {
	c := rome(t)
	m, _ := c.Fit()
	agrees(t, "independent", m.N, "11124.58")
	agrees(t, "SE", m.SE, "904.753") // Rcapture stops earlier, at 904.752
	agrees(t, "deviance", m.Deviance, "13.02614")
	if m.DF != 10 {
		t.Error(m.DF)
	}
	m, _ = c.Fit(epi.Term{A: 1, B: 2})
	agrees(t, "[12]", m.N, "12318.5")
	agrees(t, "SE", m.SE, "1188.7")
	agrees(t, "AIC", m.AIC, "86.65")
	i, err := c.Profile(0.95, epi.Term{A: 1, B: 2})
	if err != nil {
		t.Fatal(err)
	}
	agrees(t, "profile, lower", i.Lower, "10266")
	agrees(t, "profile, upper", i.Upper, "14992.3")
	models := c.Models()
	agrees(t, "all two-way", models[len(models)-1].N, "23443.5")
}

// A benchmark of 1,200 treated, which 120 of 400 respondents report.
func TestMultiplierWorkedExample(t *testing.T) {
	m, err := epi.Multiply(1200, 120, 400, false, 0.95)
	if err != nil {
		t.Fatal(err)
	}
	agrees(t, "N", m.Estimate, "4000")
	agrees(t, "SE", m.SE, "305.505")
	agrees(t, "log, lower", m.Log.Lower, "3443.88")
	agrees(t, "log, upper", m.Log.Upper, "4645.92")
	agrees(t, "Wilson, lower", m.Wilson.Lower, "3461.83")
	agrees(t, "Wilson, upper", m.Wilson.Upper, "4666.22")
	p, _ := epi.Multiply(1200, 120, 400, true, 0.95)
	agrees(t, "SE, Poisson", p.SE, "326.599")
	if w := p.Wilson; !math.IsNaN(w.Lower) || !math.IsNaN(w.Upper) {
		t.Error("Wilson's limits leave out the benchmark's error:", w)
	}

	// Draws say the same, and more with a Poisson benchmark.
	median, b, err := epi.MultiplyByDraws(1200, 120, 400, false, 20000, 7, 0.95)
	if err != nil || math.Abs(median-4000) > 25 || math.Abs(b.Interval.Lower-3461.83) > 40 || math.Abs(b.Interval.Upper-4666.22) > 60 {
		t.Error(median, b, err)
	}
	_, poisson, err := epi.MultiplyByDraws(1200, 120, 400, true, 20000, 7, 0.95)
	if err != nil || !(poisson.SE > b.SE) {
		t.Error(poisson, b, err)
	}
}

// Nobody of the sample was in the benchmark: there is a lower limit, and no upper one.
func TestMultiplierWithoutOverlap(t *testing.T) {
	m, err := epi.Multiply(1000, 0, 200, false, 0.95)
	if err != nil || !math.IsInf(m.Estimate, 1) || !math.IsInf(m.Wilson.Upper, 1) || !(m.Wilson.Lower > 50000 && m.Wilson.Lower < 60000) {
		t.Error(m, err)
	}
}

func TestMortalityWorkedExamples(t *testing.T) {
	i, err := epi.Garwood(11, 0.95)
	if err != nil {
		t.Fatal(err)
	}
	agrees(t, "11 events, lower", i.Lower, "5.49116") // epitools searches, and ends at 5.491152 and 19.68201
	agrees(t, "11 events, upper", i.Upper, "19.68204")
	s, err := epi.CompareMortality(71058, 85556.8888445, 0.95) // the United States of 1940 at the rates of 1960
	if err != nil {
		t.Fatal(err)
	}
	agrees(t, "SMR", s.Ratio, "0.830535108975")
	agrees(t, "lower", s.LogNormal.Lower, "0.824450902")
	agrees(t, "upper", s.LogNormal.Upper, "0.836664216")
}

func TestWastewaterWorkedExample(t *testing.T) {
	l, err := epi.Campaign{Concentration: []float64{500}, Flow: []float64{40000}, Population: 200000, LOQ: math.NaN()}.Loads()
	if err != nil || l.Weighted != 100 || l.Mean != 100 || l.Below != 0 {
		t.Error(l, err)
	}
	agrees(t, "cocaine", l.Weighted*3.59, "359")
}

// A week in which three days could not be measured: the rule decides the mean, so that it must be said.
func TestDaysBelowTheLimitOfQuantification(t *testing.T) {
	c := epi.Campaign{Concentration: []float64{12, math.NaN(), 9, math.NaN(), 30}, Flow: []float64{100, 100, 100, 100, 100}, Population: 10, LOQ: 10}
	last := -1.0
	for _, rule := range []epi.LOQRule{epi.LOQZero, epi.LOQHalf, epi.LOQRoot2, epi.LOQLimit} {
		c.Rule = rule
		l, err := c.Loads()
		if err != nil || l.Below != 3 || !(l.Weighted > last) {
			t.Error(rule, l, err)
		}
		last = l.Weighted
	}
	c.LOQ = math.NaN()
	if _, err := c.Loads(); !refused(err, epi.MissingValue, "LOQ") {
		t.Error("a rule without its limit:", err)
	}
	c.Rule = epi.LOQZero
	if l, err := c.Loads(); err != nil || l.Below != 2 {
		t.Error(l, err)
	}
}

// Kazakhstan, 94,600 people who inject: the band of a coverage may depend on the estimate of the population.
func TestCoverageBands(t *testing.T) {
	for _, c := range []struct {
		say      string
		served   float64
		ratio    float64
		band     epi.Band
		coverage func(served, population float64, limits epi.Interval) (epi.Coverage, error)
	}{
		{"syringes, below", 99.9 * 94600, 99.9, epi.Low, epi.SyringeCoverage},
		{"syringes, at the edge", 100 * 94600, 100, epi.Medium, epi.SyringeCoverage},
		{"syringes, the goal", 200 * 94600, 200, epi.Medium, epi.SyringeCoverage},
		{"syringes, above", 201 * 94600, 201, epi.High, epi.SyringeCoverage},
		{"nobody in OAT", 0, 0, epi.Low, epi.OpioidAgonistCoverage},
		{"a fifth in OAT", 18920, 0.2, epi.Medium, epi.OpioidAgonistCoverage},
		{"most in OAT", 47300, 0.5, epi.High, epi.OpioidAgonistCoverage},
		{"naloxone", 946, 0.01, epi.NoBand, epi.NaloxoneCoverage},
	} {
		got, err := c.coverage(c.served, 94600, epi.Undefined())
		if err != nil || math.Abs(got.Ratio-c.ratio) > 1e-9 || got.Band != c.band || got.Bands != [2]epi.Band{} {
			t.Errorf("%s: %+v %v", c.say, got, err)
		}
	}
	got, err := epi.SyringeCoverage(12e6, 94600, epi.Interval{Lower: 55000, Upper: 125000})
	if err != nil || got.Band != epi.Medium || got.Bands != [2]epi.Band{epi.Low, epi.High} {
		t.Errorf("%+v %v", got, err)
	}
	if _, err := epi.SyringeCoverage(1, 10, epi.Interval{Lower: 11, Upper: 20}); !refused(err, epi.InvalidSetting, "limits") {
		t.Error("limits beside the estimate:", err)
	}
}
