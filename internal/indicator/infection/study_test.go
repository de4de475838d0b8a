package infection

import (
	"math"
	"testing"

	"github.com/baqylau/baqylau"
)

var lists = Lists{Kinds: []string{"seroprevalence"}, Measures: []string{"anti-HCV", "HCV-RNA", "anti-HIV"}, Groups: []string{"sex=male", "sex=female"}}

func study(counts ...Count) Study {
	return Study{Kind: "seroprevalence", Place: "KZ", Start: baqylau.MustDate("2024-03-01"), End: baqylau.MustDate("2024-06-30"), Counts: counts}
}

// The interval is the exact one; the reference values are those of R's binom.test(64, 100) and binom.test(0, 20).
func TestPrevalence(t *testing.T) {
	for _, c := range []struct {
		count      Count
		low, share float64
		high       float64
	}{{Count{Tested: 100, Positive: 64}, 0.5378781, 0.64, 0.7335916}, {Count{Tested: 20}, 0, 0, 0.1684335}} {
		p, ok := c.count.Prevalence(0.95)
		if !ok || math.Abs(p.Share-c.share) > 1e-12 || math.Abs(p.Interval.Lower-c.low) > 1e-6 || math.Abs(p.Interval.Upper-c.high) > 1e-6 {
			t.Errorf("%+v: %+v, want %g (%g–%g)", c.count, p, c.share, c.low, c.high)
		}
	}
	for _, none := range []Count{{}, {Tested: 3, Positive: 5}} {
		if p, ok := none.Prevalence(0.95); ok {
			t.Errorf("%+v has a prevalence: %+v", none, p)
		}
	}
}

func TestCheckNamesEveryMistake(t *testing.T) {
	today := baqylau.MustDate("2026-11-30")
	if err := study(Count{Measure: "anti-HCV", Tested: 10, Positive: 4}).Check(today, lists); err != nil {
		t.Fatal(err)
	}
	for what, c := range map[string]struct {
		field string
		study Study
	}{
		"nothing counted":    {"counts", study()},
		"no such marker":     {"counts", study(Count{Measure: "anti-anything"})},
		"no such group":      {"counts", study(Count{Measure: "anti-HCV", Breakdown: "sex=other"})},
		"twice":              {"counts", study(Count{Measure: "anti-HCV"}, Count{Measure: "anti-HCV"})},
		"less than nobody":   {"counts", study(Count{Measure: "anti-HCV", Tested: -1})},
		"ends before begins": {"end_on", func() Study { s := study(Count{Measure: "anti-HCV"}); s.End = s.Start.AddDays(-1); return s }()},
		"not over yet":       {"end_on", func() Study { s := study(Count{Measure: "anti-HCV"}); s.End = today.AddDays(1); return s }()},
		"no kind":            {"kind", func() Study { s := study(Count{Measure: "anti-HCV"}); s.Kind = ""; return s }()},
		"nowhere":            {"place", func() Study { s := study(Count{Measure: "anti-HCV"}); s.Place = ""; return s }()},
	} {
		es, ok := c.study.Check(today, lists).(baqylau.Errors) //nolint:errorlint // made by Check
		if !ok || len(es) != 1 || es[0].Field != c.field {
			t.Errorf("%s: %v", what, es)
		}
	}
}

// Numbers that cannot go together are asked about, with both.
func TestDoubts(t *testing.T) {
	for rule, s := range map[string]Study{
		"infection_positive":        study(Count{Measure: "anti-HCV", Tested: 40, Positive: 50}),
		"infection_few":             study(Count{Measure: "anti-HCV", Tested: 12, Positive: 5}),
		"infection_groups":          study(Count{Measure: "anti-HCV", Tested: 100, Positive: 50}, Count{Measure: "anti-HCV", Breakdown: "sex=male", Tested: 80, Positive: 30}, Count{Measure: "anti-HCV", Breakdown: "sex=female", Tested: 30, Positive: 10}),
		"infection_groups_positive": study(Count{Measure: "anti-HCV", Tested: 100, Positive: 50}, Count{Measure: "anti-HCV", Breakdown: "sex=male", Tested: 80, Positive: 51}),
		"infection_rna":             study(Count{Measure: "anti-HCV", Tested: 100, Positive: 50}, Count{Measure: "HCV-RNA", Tested: 100, Positive: 60}),
	} {
		ds := s.Doubts()
		if len(ds) != 1 || ds[0].Rule != rule {
			t.Errorf("%s: %v", rule, ds)
		}
	}
	good := study(Count{Measure: "anti-HCV", Tested: 100, Positive: 50}, Count{Measure: "HCV-RNA", Tested: 48, Positive: 40}, Count{Measure: "anti-HCV", Breakdown: "sex=male", Tested: 70, Positive: 30}, Count{Measure: "anti-HCV", Breakdown: "sex=female", Tested: 30, Positive: 20})
	if ds := good.Doubts(); len(ds) > 0 {
		t.Errorf("good numbers are doubted: %v", ds)
	}
}
