package epi_test

import (
	"math"
	"testing"

	"github.com/baqylau/baqylau/epi"
)

// captures reads the table of a case.
func (g golden) captures(t *testing.T) *epi.Captures {
	t.Helper()
	var history, lists []string
	g.get(t, g.Data, "history", &history)
	g.get(t, g.Request, "lists", &lists)
	c, err := epi.NewCaptures(len(lists), history, g.numbers(t, "count"))
	if err != nil {
		t.Fatal(g.ID, err)
	}
	return c
}

const iterative = 1e-6 // relative; the iterations of R end there

// near is for estimates of an iteration; a deviance below 1 is compared absolutely.
func near(got, want float64) bool {
	return math.Abs(got-want) <= iterative*math.Abs(want)
}

func TestLogLinearModelsAgreeWithR(t *testing.T) {
	for _, g := range goldenCases(t, "crc") {
		c := g.captures(t)
		models := c.Models()
		rows := g.Output["models"].([]any)
		if len(rows) != len(models) {
			t.Fatalf("%s: %d models, R has %d", g.ID, len(models), len(rows))
		}
		for i, row := range rows {
			r, m := row.(map[string]any), models[i]
			if m.Label() != r["model"] || m.Fragile() != r["fragile"] || float64(m.DF) != r["df"] || m.Reason != epi.OK && !m.Boundary || m.Reason == epi.NoConvergence {
				t.Errorf("%s: %v, R has %v", g.ID, m, r)
			}
			for _, v := range []struct {
				name string
				got  float64
			}{{"N", m.N}, {"se", m.SE}, {"aic", m.AIC}, {"bic", m.BIC}} {
				if m.Reason != epi.OK && (v.name == "N" || v.name == "se") {
					continue // R prints where its iteration stopped on the way to infinity
				}
				if !near(v.got, r[v.name].(float64)) {
					t.Errorf("%s %s %s: %v, R has %v", g.ID, m.Label(), v.name, v.got, r[v.name])
				}
			}
			if d := math.Abs(m.Deviance - r["deviance"].(float64)); d > iterative*math.Max(1, m.Deviance) {
				t.Errorf("%s %s: deviance %v, R has %v", g.ID, m.Label(), m.Deviance, r["deviance"])
			}
		}
		best := models[epi.Best(models)]
		for _, m := range models { // R may choose one that has no estimate
			if m.Label() == g.Output["best"] && m.Reason == epi.OK && m.Label() != best.Label() && math.Abs(m.AIC-best.AIC) > 1e-9 {
				t.Errorf("%s: best is %s, R has %v", g.ID, best.Label(), g.Output["best"])
			}
		}
		p := g.Output["profile"].(map[string]any)
		terms, err := epi.ParseTerms(p["model"].(string))
		if err != nil {
			t.Fatal(err)
		}
		if m, err := c.Fit(terms...); err != nil || m.Reason != epi.OK || m.N-c.Total() < 3 {
			continue // R looks for the maximum from a quarter of the hidden persons on, and with few it lies below
		}
		i, err := c.Profile(g.level(t), terms...)
		if err != nil || !near(i.Lower, p["lower"].(float64)) || !near(i.Upper, p["upper"].(float64)) {
			t.Errorf("%s: profile %v %v, R has %v", g.ID, i, err, p)
		}
	}
}
