package epi_test

import (
	"math"
	"strconv"
	"testing"

	"github.com/baqylau/baqylau/epi"
)

// Whatever a table holds, each model has an estimate of at least the persons seen or says why it has none.
func FuzzCaptures(f *testing.F) {
	f.Add([]byte{3, 28, 21, 17, 69, 18, 55, 63})
	f.Add([]byte{4, 0, 3, 1, 33, 0, 20, 6, 0, 3, 35, 10, 0, 11, 0, 0})
	f.Add([]byte{2, 0, 0, 1})
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) == 0 {
			return
		}
		lists := int(b[0]%4) + 2 // up to five, which two lists of terms are enough for
		var history []string
		var count []float64
		for s := 1; s < 1<<lists && s < len(b); s++ {
			h := strconv.FormatInt(int64(s), 2)
			for len(h) < lists {
				h = "0" + h
			}
			n := float64(b[s])
			if b[s] > 200 {
				n = math.Pow(10, float64(b[s]-200)/8) // to ten million
				n = math.Floor(n)
			}
			history, count = append(history, h), append(count, n)
		}
		c, err := epi.NewCaptures(lists, history, count)
		if err != nil {
			return
		}
		models := []epi.Model{}
		if lists <= 3 {
			models = c.Models()
		} else {
			m, err := c.Fit(epi.Term{A: 1, B: 2}, epi.Term{A: 2, B: lists}, epi.Term{A: 3, B: 4})
			if err != nil {
				t.Fatal(err)
			}
			models = append(models, m)
		}
		for _, m := range models {
			switch m.Reason {
			case epi.OK:
				if !(m.N >= c.Total()) || math.IsInf(m.N, 0) || !(m.SE >= 0) || !(m.Deviance >= 0) || math.IsNaN(m.AIC) {
					t.Fatalf("%v: %+v", count, m)
				}
			case epi.NoConvergence:
				t.Fatalf("%v: %+v", count, m)
			}
		}
		d, err := epi.ModelDependence(models, 10)
		if err != nil {
			t.Fatal(err)
		}
		if d.Best < 0 {
			return
		}
		i, err := c.Profile(0.95, models[d.Best].Terms...)
		if err != nil || i.Lower < c.Total() || !(i.Upper >= i.Lower) {
			t.Fatalf("%v: %+v profile %v %v", count, models[d.Best], i, err)
		}
	})
}

// Whatever the numbers, nothing panics, limits are in order, and an estimate lies between them.
func FuzzFormulas(f *testing.F) {
	f.Add(120.0, 400.0, 1200.0, 0.95)
	f.Add(0.0, 1.0, 0.0, 0.5)
	f.Add(1e9, 1e12, 1e-300, 0.999999)
	f.Fuzz(func(t *testing.T, x, n, b, level float64) {
		inOrder := func(what string, i epi.Interval, err error, v float64) {
			if err != nil || math.IsNaN(v) || math.IsNaN(i.Lower) || math.IsNaN(i.Upper) {
				return
			}
			if i.Lower > i.Upper || level > 0.1 && level < 0.999999 && !within(i, v) {
				t.Fatalf("%s(%v, %v, %v, %v): %v around %v", what, x, n, b, level, i, v)
			}
		}
		for name, method := range map[string]func(x, n, level float64) (epi.Interval, error){
			"wilson": epi.Wilson, "clopper_pearson": epi.ClopperPearson, "agresti_coull": epi.AgrestiCoull,
		} {
			i, err := method(x, n, level)
			inOrder(name, i, err, x/n)
		}
		g, err := epi.Garwood(x, level)
		inOrder("garwood", g, err, x)
		m, err := epi.Multiply(b, x, n, false, level)
		inOrder("multiply", m.Wilson, err, m.Estimate)
		_, _ = epi.Multiply(b, x, n, true, level)
		r, err := epi.CompareRates([2]float64{x, b}, [2]float64{n, 1}, level)
		inOrder("ratio", r.Exact, err, r.Ratio)
		s, err := epi.CompareMortality(x, b, level)
		inOrder("smr", s.Exact, err, s.Ratio)
		p, err := epi.Chapman(n, b, x, level)
		inOrder("chapman", p.LogNormal, err, p.N)
		_, _ = epi.LincolnPetersen(n, b, x, level)
		c, err := epi.SyringeCoverage(x, n, epi.Interval{Lower: b, Upper: n + 1})
		inOrder("coverage", c.Range, err, c.Ratio)
		_, _ = epi.Factor{DrugMass: x, ResidueMass: n, Excretion: b, Stability: level}.Value()
		_, _ = epi.Campaign{Concentration: []float64{x, b}, Flow: []float64{n, level}, Population: n, LOQ: b, Rule: epi.LOQRoot2}.Loads()
		if d, err := epi.DirectRate([]float64{x, n}, []float64{b, n}, []float64{level, 1}, level); err == nil {
			inOrder("direct", d.Interval, err, d.Estimate)
		}
	})
}

// Recruiters may be anything: a sample that is no forest is refused.
func FuzzRecruits(f *testing.F) {
	f.Add([]byte{0, 5, 1, 1, 3, 0, 1, 8, 1}, uint64(3), 10.0)
	f.Add([]byte{2, 5, 1, 1, 3, 0, 2, 8, 1}, uint64(3), 1e9)
	f.Fuzz(func(t *testing.T, b []byte, seed uint64, population float64) {
		var r epi.Recruits
		for i := 0; i+2 < len(b) && i < 300; i += 3 {
			degree, trait := float64(b[i+1]), float64(b[i+2]%2)
			if b[i+1] == 255 {
				degree = math.NaN()
			}
			if b[i+2] == 255 {
				trait = math.NaN()
			}
			r.Degree, r.Trait, r.Recruiter = append(r.Degree, degree), append(r.Trait, trait), append(r.Recruiter, int(b[i])-1)
		}
		e, err := epi.RDSII(r)
		if err != nil {
			return
		}
		if s, err := epi.RDSSS(r, population); err == nil {
			e = s
		}
		if !(e.Estimate >= 0 && e.Estimate <= 1+1e-9) {
			t.Fatal(e)
		}
		for _, bootstrap := range []func(epi.RDSEstimate, int, uint64, float64) (epi.Bootstrap, error){r.TreeBootstrap, r.ChainBootstrap} {
			if b, err := bootstrap(e, 100, seed, 0.9); err == nil && !(b.Interval.Lower >= -1e-12 && b.Interval.Upper <= 1+1e-9) {
				t.Fatal(b)
			}
		}
		chains, err := r.Chains(e)
		if err != nil {
			return
		}
		all := 0
		for _, c := range chains {
			all += c.Respondents
		}
		if all != len(r.Degree) {
			t.Fatal("the chains have", all, "of", len(r.Degree))
		}
	})
}
