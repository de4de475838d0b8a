package epi_test

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/baqylau/baqylau/epi"
)

// The cases that R computed, by the functions themselves; the case files are read and judged whole in epi/casefile.
type golden struct {
	ID, Method, Class string
	Data, Request     map[string]json.RawMessage
	Output            map[string]any
}

// goldenCases are those whose name begins so.
func goldenCases(t *testing.T, prefix string) []golden {
	t.Helper()
	dir := filepath.Join("casefile", "testdata")
	if other := os.Getenv("BAQYLAU_EPI_CASES"); other != "" { // as bench/epi/random.R makes them
		dir = other
	}
	files, err := filepath.Glob(filepath.Join(dir, prefix+"_*.json"))
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", prefix, err)
	}
	var out []golden
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		var g golden
		if err := json.Unmarshal(raw, &g); err != nil {
			t.Fatal(f, err)
		}
		out = append(out, g)
	}
	return out
}

func (g golden) get(t *testing.T, from map[string]json.RawMessage, name string, to any) {
	t.Helper()
	if err := json.Unmarshal(from[name], to); err != nil {
		t.Fatal(g.ID, name, err)
	}
}

func (g golden) number(t *testing.T, name string) (v float64) { g.get(t, g.Data, name, &v); return v }

func (g golden) numbers(t *testing.T, name string) []float64 {
	var vs []*float64
	g.get(t, g.Data, name, &vs)
	out := make([]float64, len(vs))
	for i, v := range vs {
		out[i] = math.NaN()
		if v != nil {
			out[i] = *v
		}
	}
	return out
}

func (g golden) level(t *testing.T) (v float64) { g.get(t, g.Request, "ci_level", &v); return v }

// want compares an output of R at a path such as "chapman.N" with numbers of ours.
func (g golden) want(t *testing.T, path string, rel float64, got ...float64) {
	t.Helper()
	var at any = g.Output
	for name := range strings.SplitSeq(path, ".") {
		m, ok := at.(map[string]any)
		if !ok {
			t.Fatalf("%s: no %s", g.ID, path)
		}
		at = m[name]
	}
	list, ok := at.([]any)
	if !ok {
		list = []any{at}
		for range got[1:] {
			if at == nil {
				list = append(list, nil)
			}
		}
	}
	if len(list) != len(got) {
		t.Fatalf("%s %s: R has %d values, we %d", g.ID, path, len(list), len(got))
	}
	for i, v := range list {
		switch v := v.(type) {
		case nil:
			if !math.IsNaN(got[i]) {
				t.Errorf("%s %s: %v, undefined in R", g.ID, path, got[i])
			}
		case string:
			if !math.IsInf(got[i], 1) || v != "Inf" {
				t.Errorf("%s %s: %v, R has %s", g.ID, path, got[i], v)
			}
		case float64:
			if d := math.Abs(got[i] - v); !(d <= rel*math.Abs(v) || v == 0 && d <= 1e-12) {
				t.Errorf("%s %s: %v, R has %v (off by %.2g)", g.ID, path, got[i], v, d/math.Abs(v))
			}
		}
	}
}

const closed = 1e-9 // relative; formulas without iteration

func TestTwoListsAgreeWithR(t *testing.T) {
	for _, g := range goldenCases(t, "crc2") {
		n1, n2, m := g.number(t, "n1"), g.number(t, "n2"), g.number(t, "m")
		c, err := epi.Chapman(n1, n2, m, g.level(t))
		if err != nil {
			t.Fatal(g.ID, err)
		}
		g.want(t, "chapman.N", closed, c.N)
		g.want(t, "chapman.se", closed, c.SE)
		g.want(t, "chapman.ci_normal", closed, c.Normal.Lower, c.Normal.Upper)
		g.want(t, "chapman.ci_lognormal", closed, c.LogNormal.Lower, c.LogNormal.Upper)
		l, err := epi.LincolnPetersen(n1, n2, m, g.level(t))
		if g.Output["lincoln_petersen"] == nil {
			if e, ok := err.(*epi.Error); !ok || e.Reason != epi.Unbounded {
				t.Errorf("%s: %v without overlap", g.ID, err)
			}
			continue
		}
		g.want(t, "lincoln_petersen.N", closed, l.N)
		g.want(t, "lincoln_petersen.se", closed, l.SE)
		g.want(t, "lincoln_petersen.ci_normal", closed, l.Normal.Lower, l.Normal.Upper)
	}
}

func TestMultipliersAgreeWithR(t *testing.T) {
	for _, g := range goldenCases(t, "multiplier") {
		var poisson bool
		g.get(t, g.Request, "poisson_benchmark", &poisson)
		m, err := epi.Multiply(g.number(t, "benchmark"), g.number(t, "x"), g.number(t, "n"), poisson, g.level(t))
		if err != nil {
			t.Fatal(g.ID, err)
		}
		g.want(t, "estimate", closed, m.Estimate)
		g.want(t, "se", closed, m.SE)
		g.want(t, "ci_log", closed, m.Log.Lower, m.Log.Upper)
		g.want(t, "ci_wilson", closed, m.Wilson.Lower, m.Wilson.Upper)
	}
}

func TestMortalityRatiosAgreeWithR(t *testing.T) {
	for _, g := range goldenCases(t, "smr") {
		expected, err := epi.ExpectedEvents(g.numbers(t, "rate"), g.numbers(t, "person_years"))
		if err != nil {
			t.Fatal(g.ID, err)
		}
		observed := 0.0
		for _, d := range g.numbers(t, "observed") {
			observed += d
		}
		s, err := epi.CompareMortality(observed, expected, g.level(t))
		if err != nil {
			t.Fatal(g.ID, err)
		}
		g.want(t, "observed", closed, s.Observed)
		g.want(t, "expected", closed, s.Expected)
		g.want(t, "smr", closed, s.Ratio)
		g.want(t, "ci_exact", closed, s.Exact.Lower, s.Exact.Upper)
		g.want(t, "ci_lognormal", closed, s.LogNormal.Lower, s.LogNormal.Upper)
		g.want(t, "ci_byar", closed, s.Byar.Lower, s.Byar.Upper)
	}
}

func TestStandardisedRatesAgreeWithR(t *testing.T) {
	for _, g := range goldenCases(t, "rate") {
		var per float64
		g.get(t, g.Request, "per", &per)
		events, years := g.numbers(t, "events"), g.numbers(t, "person_years")
		r, err := epi.DirectRate(events, years, g.numbers(t, "standard"), g.level(t))
		if err != nil {
			t.Fatal(g.ID, err)
		}
		var d, py float64
		for i := range events {
			d, py = d+events[i], py+years[i]
		}
		c, err := epi.CrudeRate(d, py, g.level(t))
		if err != nil {
			t.Fatal(g.ID, err)
		}
		r, c = r.Per(per), c.Per(per)
		g.want(t, "events", closed, d)
		g.want(t, "crude", closed, c.Estimate)
		g.want(t, "crude_ci", closed, c.Interval.Lower, c.Interval.Upper)
		g.want(t, "standardised", closed, r.Estimate)
		g.want(t, "standardised_se", closed, r.SE)
		g.want(t, "standardised_ci_gamma", closed, r.Interval.Lower, r.Interval.Upper)
	}
}

func TestRateRatiosAgreeWithR(t *testing.T) {
	for _, g := range goldenCases(t, "rateratio") {
		events, years := g.numbers(t, "events"), g.numbers(t, "person_years")
		r, err := epi.CompareRates([2]float64(events), [2]float64(years), g.level(t))
		if err != nil {
			t.Fatal(g.ID, err)
		}
		g.want(t, "rate1", closed, r.Rates[0])
		g.want(t, "rate0", closed, r.Rates[1])
		g.want(t, "ratio", closed, r.Ratio)
		g.want(t, "ci_exact", closed, r.Exact.Lower, r.Exact.Upper)
		g.want(t, "ci_log", closed, r.Log.Lower, r.Log.Upper)
		g.want(t, "difference", closed, r.Difference)
		g.want(t, "difference_se", closed, r.DifferenceSE)
	}
}

func TestProportionsAgreeWithR(t *testing.T) {
	for _, g := range goldenCases(t, "proportion") {
		x, n := g.number(t, "x"), g.number(t, "n")
		for name, method := range map[string]func(x, n, level float64) (epi.Interval, error){
			"wilson": epi.Wilson, "clopper_pearson": epi.ClopperPearson, "jeffreys": epi.Jeffreys, "agresti_coull": epi.AgrestiCoull,
		} {
			i, err := method(x, n, g.level(t))
			if err != nil {
				t.Fatal(g.ID, err)
			}
			g.want(t, name, closed, i.Lower, i.Upper)
		}
	}
}

func TestScaleUpAgreesWithR(t *testing.T) {
	for _, g := range goldenCases(t, "nsum") {
		var population float64
		var groups []struct {
			Col  string
			Size float64
		}
		var hidden []string
		g.get(t, g.Request, "population", &population)
		g.get(t, g.Request, "known", &groups)
		g.get(t, g.Request, "hidden", &hidden)
		var known [][]float64
		var sizes []float64
		for _, k := range groups {
			known, sizes = append(known, g.numbers(t, k.Col)), append(sizes, k.Size)
		}
		s, err := epi.NewScaleUp(population, known, sizes)
		if err != nil {
			t.Fatal(g.ID, err)
		}
		g.want(t, "mean_degree", closed, s.MeanDegree)
		g.want(t, "degrees", closed, s.Degrees...)
		for i, name := range hidden {
			h, err := s.Hidden(g.numbers(t, name), g.level(t))
			if err != nil {
				t.Fatal(g.ID, err)
			}
			item := golden{ID: g.ID, Output: g.Output["items"].([]any)[i].(map[string]any)}
			item.want(t, "estimate", closed, h.Estimate)
			item.want(t, "se", closed, h.SE)
			item.want(t, "ci_normal", closed, h.Normal.Lower, h.Normal.Upper)
		}
	}
}

func TestWastewaterAgreesWithR(t *testing.T) {
	rules := map[string]epi.LOQRule{"zero": epi.LOQZero, "half": epi.LOQHalf, "sqrt2": epi.LOQRoot2, "loq": epi.LOQLimit}
	for _, g := range goldenCases(t, "ww") {
		c := epi.Campaign{Concentration: g.numbers(t, "conc_ng_l"), Flow: g.numbers(t, "flow_m3_day")}
		var rule string
		g.get(t, g.Request, "population", &c.Population)
		g.get(t, g.Request, "loq", &c.LOQ)
		g.get(t, g.Request, "loq_rule", &rule)
		c.Rule = rules[rule]
		l, err := c.Loads()
		if err != nil {
			t.Fatal(g.ID, err)
		}
		var factor float64
		if f := (epi.Factor{Stability: 1}); g.Request["factor"] != nil {
			g.get(t, g.Request, "factor", &factor)
		} else {
			g.get(t, g.Request, "mw_drug", &f.DrugMass)
			g.get(t, g.Request, "mw_residue", &f.ResidueMass)
			g.get(t, g.Request, "excretion", &f.Excretion)
			if g.Request["stability"] != nil {
				g.get(t, g.Request, "stability", &f.Stability)
			}
			if factor, err = f.Value(); err != nil {
				t.Fatal(g.ID, err)
			}
		}
		g.want(t, "load_mg_day_1000", closed, l.Daily...)
		g.want(t, "below_loq", closed, float64(l.Below))
		g.want(t, "load_mean_flow_weighted", closed, l.Weighted)
		g.want(t, "load_mean", closed, l.Mean)
		g.want(t, "factor", closed, factor)
		g.want(t, "consumption_mg_day_1000", closed, l.Weighted*factor)
	}
}
