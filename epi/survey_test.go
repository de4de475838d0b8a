package epi_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/baqylau/baqylau/epi"
)

func closeTo(got, want, rel float64) bool { return math.Abs(got-want) <= rel*math.Abs(want) }

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// ones is a plain sample of n rows.
func ones(n int) []float64 { return slices.Repeat([]float64{1}, n) }

// A simple random sample gives the textbook: mean ± t s/√n, with the root of 1−n/N where the population is known.
func TestSimpleRandomSampleIsTheTextbook(t *testing.T) {
	y := []float64{3, 1, 4, 1, 5, 9, 2, 6}
	n, mean, s2 := 8.0, 31.0/8, 0.0
	for _, v := range y {
		s2 += (v - mean) * (v - mean) / (n - 1)
	}
	plain := must(newDesign(epi.Sample{Weights: ones(8)}).Mean(y, nil, 0.95))
	if !closeTo(plain.Value, mean, 1e-15) || !closeTo(plain.SE, math.Sqrt(s2/n), 1e-14) || plain.DF != 7 || plain.N != 8 || !closeTo(plain.CI.Upper, mean+2.364624251592785*math.Sqrt(s2/n), 1e-13) || !closeTo(plain.DeffReplace, 1, 1e-14) {
		t.Errorf("%+v", plain)
	}
	of := slices.Repeat([]float64{20}, 8)
	known := must(newDesign(epi.Sample{Stages: []epi.Stage{{Population: of}}}).Mean(y, nil, 0.95))
	if !closeTo(known.SE, math.Sqrt(s2/n*(1-8.0/20)), 1e-14) || known.SumWeights != 20 || !closeTo(known.Deff, 1, 1e-14) {
		t.Errorf("%+v", known)
	}
	total := must(newDesign(epi.Sample{Stages: []epi.Stage{{Population: of}}}).Total(y, nil, 0.95))
	if !closeTo(total.Value, 20*mean, 1e-15) || !closeTo(total.SE, 20*known.SE, 1e-14) {
		t.Errorf("%+v", total)
	}
}

func newDesign(s epi.Sample) *epi.Design { return must(epi.NewDesign(s)) }

// A domain keeps its place in the design: leaving its other rows out would forget that some units had none of it, and make it look more certain.
func TestDomainsAreNotDeletions(t *testing.T) {
	psu := []int{1, 1, 2, 2, 3, 3, 4, 4}
	y := []float64{1, 0, 1, 1, 0, 1, 0, 0}
	men := []bool{true, true, true, false, false, false, false, false} // in two of four units only
	d := newDesign(epi.Sample{Weights: ones(8), Stages: []epi.Stage{{Cluster: psu}}})
	whole := must(d.Total(y, men, 0.95))
	deleted := must(newDesign(epi.Sample{Weights: ones(3), Stages: []epi.Stage{{Cluster: psu[:3]}}}).Total(y[:3], nil, 0.95))
	if whole.Value != 2 || whole.N != 3 || whole.DF != 1 || !closeTo(whole.SE, math.Sqrt(4.0/3*(0.25+0.25+0.25+0.25)), 1e-14) {
		t.Errorf("%+v", whole)
	}
	if deleted.SE != 0 || deleted.Value != 2 {
		t.Errorf("deleted: %+v", deleted)
	}
}

// A missing answer takes a row out of the estimate as a domain does.
func TestMissingAnswersAreADomain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, y := drawn(t)
		d := newDesign(s)
		gone, holes := make([]bool, len(y)), slices.Clone(y)
		for i := range y {
			if gone[i] = rapid.Bool().Draw(t, "there"); !gone[i] {
				holes[i] = math.NaN()
			}
		}
		x := slices.Repeat([]float64{2}, len(y))
		for _, pair := range [][2]epi.Estimate{
			{must(d.Mean(holes, nil, 0.9)), must(d.Mean(y, gone, 0.9))},
			{must(d.Total(holes, nil, 0.9)), must(d.Total(y, gone, 0.9))},
			{must(d.Ratio(holes, x, nil, 0.9)), must(d.Ratio(y, x, gone, 0.9))},
			{must(d.Quantile(holes, 0.4, nil, 0.9)), must(d.Quantile(y, 0.4, gone, 0.9))},
		} {
			if !equal(pair[0], pair[1]) {
				t.Errorf("%+v\n%+v", pair[0], pair[1])
			}
		}
	})
}

// equal compares estimates in which NaN equals NaN, but for rounding.
func equal(a, b epi.Estimate) bool {
	same := func(a, b float64) bool {
		return a == b || a != a && b != b || math.Abs(a-b) <= 1e-9*max(math.Abs(a), math.Abs(b), 1e-6)
	}
	return same(a.Value, b.Value) && same(a.SE, b.SE) && same(a.CI.Lower, b.CI.Lower) && same(a.CI.Upper, b.CI.Upper) && a.DF == b.DF && a.N == b.N && same(a.SumWeights, b.SumWeights) && same(a.Deff, b.Deff)
}

// drawn is a sample in strata and units with a variable.
func drawn(t *rapid.T) (s epi.Sample, y []float64) {
	strata := rapid.IntRange(1, 4).Draw(t, "strata")
	var psu, stratum []int
	for h := range strata {
		for i := range rapid.IntRange(2, 5).Draw(t, "units") {
			for range rapid.IntRange(1, 6).Draw(t, "rows") {
				psu, stratum = append(psu, i), append(stratum, h)
				s.Weights = append(s.Weights, rapid.Float64Range(0.5, 40).Draw(t, "weight"))
				y = append(y, float64(rapid.IntRange(0, 30).Draw(t, "y")))
			}
		}
	}
	s.Stages = []epi.Stage{{Cluster: psu, Stratum: stratum}}
	return s, y
}

// What must not matter does not: the order of the rows, the names of units and strata, and for a mean the scale of the weights.
func TestWhatDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, y := drawn(t)
		want := must(newDesign(s).Mean(y, nil, 0.95))
		order := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1)).Perm(len(y))
		var moved epi.Sample
		g, my := epi.Stage{}, []float64{}
		for _, i := range order {
			moved.Weights = append(moved.Weights, s.Weights[i])
			g.Cluster = append(g.Cluster, 1000-7*s.Stages[0].Cluster[i])
			g.Stratum = append(g.Stratum, -s.Stages[0].Stratum[i])
			my = append(my, y[i])
		}
		moved.Stages = []epi.Stage{g}
		if got := must(newDesign(moved).Mean(my, nil, 0.95)); !equal(got, want) {
			t.Errorf("in another order: %+v, want %+v", got, want)
		}
		for i := range moved.Weights {
			moved.Weights[i] *= 3
		}
		got := must(newDesign(moved).Mean(my, nil, 0.95))
		if !closeTo(got.Value, want.Value, 1e-12) || math.Abs(got.SE-want.SE) > 1e-11*(1+want.SE) {
			t.Errorf("three times the weights: %+v, want %+v", got, want)
		}
	})
}

// Raking to one margin is post-stratification; and a variable that is the margin itself has no variance left.
func TestCalibration(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, y := drawn(t)
		d := newDesign(s)
		cell, total := make([]int, len(y)), []float64{0, 0}
		is := make([]float64, len(y))
		for i := range cell {
			cell[i] = i % 2
			is[i] = float64(i % 2)
			total[i%2] += s.Weights[i] * (2 + float64(i%2))
		}
		m := epi.Margin{Cell: cell, Total: total}
		post, raked := must(d.PostStratify(m)), must(d.Rake(m))
		if got, want := must(raked.Total(y, nil, 0.95)), must(post.Total(y, nil, 0.95)); !closeTo(got.Value, want.Value, 1e-12) {
			t.Errorf("%+v, post-stratified %+v", got, want)
		}
		own := must(post.Total(is, nil, 0.95))
		if !closeTo(own.Value, total[1], 1e-12) || own.SE > 1e-9*own.Value || !post.Calibrated() || d.Calibrated() {
			t.Errorf("the margin itself: %+v, want %v", own, total[1])
		}
	})
}

// Two margins that disagree on who there are end with the last, and a table that cannot have the margins is refused.
func TestRakingThatCannotBe(t *testing.T) {
	d := newDesign(epi.Sample{Weights: ones(4)})
	sex := epi.Margin{Cell: []int{0, 0, 1, 1}, Total: []float64{10, 20}}
	age := epi.Margin{Cell: []int{0, 0, 1, 1}, Total: []float64{20, 10}} // the same people, other numbers
	end := must(d.Rake(sex, age))
	if w := end.Weights(); !closeTo(w[0]+w[1], 20, 1e-12) {
		t.Error(w)
	}
	// Nobody is old and a man, so the sums cannot both be reached: weights go towards zero for ever.
	a := epi.Margin{Cell: []int{0, 1, 1}, Total: []float64{10, 10}}
	b := epi.Margin{Cell: []int{0, 0, 1}, Total: []float64{10, 10}}
	if _, err := newDesign(epi.Sample{Weights: ones(3)}).Rake(a, b); !is(err, epi.NoConvergence) {
		t.Error(err)
	}
}

func is(err error, r epi.Reason) bool {
	e, ok := errors.AsType[*epi.Error](err)
	return ok && e.Reason == r
}

// Where none or all of a plain sample have a trait, the interval for small proportions is that of Clopper and Pearson, and the logit has none.
func TestNoneOrAllHaveATrait(t *testing.T) {
	for x, want := range []float64{0, 40} {
		y := slices.Repeat([]float64{float64(x)}, 40)
		e := must(newDesign(epi.Sample{Weights: ones(40)}).Proportion(y, nil, 0.95))
		cp, err := epi.ClopperPearson(want, 40, 0.95)
		if err != nil || e.Value != float64(x) || e.SE != 0 || !math.IsNaN(e.CI.Lower) || !closeTo(e.KornGraubard.Upper, cp.Upper, 1e-12) || math.Abs(e.KornGraubard.Lower-cp.Lower) > 1e-12 {
			t.Errorf("%+v, exact %+v, %v", e, cp, err)
		}
	}
}

// Units that all say the same leave no variance, and both intervals are the share itself.
func TestNoVariance(t *testing.T) {
	y, psu := []float64{1, 0, 0, 1, 0, 0, 1, 0, 0}, []int{1, 1, 1, 2, 2, 2, 3, 3, 3}
	e := must(newDesign(epi.Sample{Weights: ones(9), Stages: []epi.Stage{{Cluster: psu}}}).Proportion(y, nil, 0.95))
	if e.SE > 1e-15 || !closeTo(e.KornGraubard.Lower, 1.0/3, 1e-6) || !closeTo(e.CI.Upper, 1.0/3, 1e-6) {
		t.Errorf("%+v", e)
	}
}

// Nobody has no mean, and of nobody there are none.
func TestEmptyDomain(t *testing.T) {
	d, none, y := newDesign(epi.Sample{Weights: ones(3)}), make([]bool, 3), []float64{1, 0, 1}
	if e := must(d.Mean(y, none, 0.95)); !math.IsNaN(e.Value) || !math.IsNaN(e.SE) || e.N != 0 {
		t.Errorf("%+v", e)
	}
	if e := must(d.Proportion(y, none, 0.95)); !math.IsNaN(e.Value) || !math.IsNaN(e.KornGraubard.Upper) {
		t.Errorf("%+v", e)
	}
	if e := must(d.Total(y, none, 0.95)); e.Value != 0 || e.SE != 0 || !math.IsNaN(e.CI.Lower) {
		t.Errorf("%+v", e)
	}
	if e := must(d.Ratio(y, y, none, 0.95)); !math.IsNaN(e.Value) || !math.IsNaN(e.SE) {
		t.Errorf("%+v", e)
	}
	if e := must(d.Quantile(y, 0.5, none, 0.95)); !math.IsNaN(e.Value) || !math.IsNaN(e.SE) {
		t.Errorf("%+v", e)
	}
}

// The smallest value up to which the share lies, by its definition, ties and ends included.
func TestQuantileByDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 30).Draw(t, "n")
		y, w := make([]float64, n), make([]float64, n)
		for i := range y {
			y[i], w[i] = float64(rapid.IntRange(0, 9).Draw(t, "y")), float64(rapid.IntRange(1, 5).Draw(t, "w"))
		}
		p := float64(rapid.IntRange(1, 31).Draw(t, "p")) / 32
		got := must(newDesign(epi.Sample{Weights: w}).Quantile(y, p, nil, 0.95))
		want := math.Inf(1)
		for _, v := range y {
			below, all := 0.0, 0.0
			for i := range y {
				if all += w[i]; y[i] <= v {
					below += w[i]
				}
			}
			if below >= p*all {
				want = min(want, v)
			}
		}
		if got.Value != want {
			t.Errorf("%v of %v by %v: %v, want %v", p, y, w, got.Value, want)
		}
	})
}

// Designs that are wrong are refused with the place and the cause.
func TestWrongDesignsAreRefused(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		s    epi.Sample
		want epi.Reason
		at   int
	}{
		{epi.Sample{}, epi.Empty, -1},
		{epi.Sample{Weights: []float64{1, -1}}, epi.NegativeValue, 1},
		{epi.Sample{Weights: []float64{nan, 1}}, epi.MissingValue, 0},
		{epi.Sample{Weights: []float64{1}}, epi.SingleUnit, 0},
		{epi.Sample{Weights: ones(3), Stages: []epi.Stage{{Cluster: []int{1, 2}}}}, epi.UnequalLengths, -1},
		{epi.Sample{Weights: ones(3), Stages: []epi.Stage{{Cluster: []int{1, 1, 1}}}}, epi.SingleUnit, 0},
		{epi.Sample{Weights: ones(3), Stages: []epi.Stage{{Stratum: []int{1, 1, 2}}}}, epi.SingleUnit, 2},
		{epi.Sample{Weights: ones(3), Stages: []epi.Stage{{}, {Cluster: []int{1, 2, 3}}}}, epi.Empty, -1},
		{epi.Sample{Stages: []epi.Stage{{Population: []float64{2, 2, 2}}}}, epi.TooLarge, 0},
		{epi.Sample{Stages: []epi.Stage{{Population: []float64{9, 9, 8}}}}, epi.Varies, 2},
		{epi.Sample{Stages: []epi.Stage{{Population: []float64{9, 0, 9}}}}, epi.NotPositive, 1},
		{epi.Sample{Stages: []epi.Stage{{Population: []float64{9, nan, 9}}}}, epi.NotPositive, 1},
		{epi.Sample{Stages: []epi.Stage{{Cluster: []int{1, 2, 3}, Population: []float64{9, 9, 9}}, {}}}, epi.UnequalLengths, -1},
		{epi.Sample{Stages: []epi.Stage{{Cluster: []int{1, 1, 2}, Population: []float64{9, 9, 9}}, {Population: []float64{4, 4, 4}}}}, epi.SingleUnit, 2},
	} {
		_, err := epi.NewDesign(c.s)
		if e, ok := errors.AsType[*epi.Error](err); !ok || e.Reason != c.want || e.At != c.at {
			t.Errorf("%+v: %v, want %v at %d", c.s, err, c.want, c.at)
		}
	}
	// A stratum that is in the sample whole needs no policy.
	if _, err := epi.NewDesign(epi.Sample{Stages: []epi.Stage{{Stratum: []int{1, 1, 2}, Population: []float64{9, 9, 1}}}}); err != nil {
		t.Error(err)
	}
	d := newDesign(epi.Sample{Weights: ones(3)})
	y, inf := []float64{1, 2, 3}, []float64{1, 2, math.Inf(1)}
	for i, err := range []error{
		refusal(d.Mean(y[:2], nil, 0.95)), refusal(d.Mean(y, make([]bool, 2), 0.95)), refusal(d.Mean(y, nil, 1)), refusal(d.Mean(y, nil, nan)), refusal(d.Mean(inf, nil, 0.95)),
		refusal(d.Proportion(y, nil, 0.95)), refusal(d.Ratio(y, y[:2], nil, 0.95)), refusal(d.Ratio(y, inf, nil, 0.95)), refusal(d.Quantile(y, 0, nil, 0.95)), refusal(d.Quantile(inf, 0.5, nil, 0.95)),
		refusal(d.PostStratify(epi.Margin{Cell: []int{0, 0, 1}, Total: []float64{5, 0}})), refusal(d.PostStratify(epi.Margin{Cell: []int{0, 0, 0}, Total: []float64{5, 1}})),
		refusal(d.PostStratify(epi.Margin{Cell: []int{0, 0}, Total: []float64{5}})), refusal(d.PostStratify(epi.Margin{Cell: []int{0, 0, 7}, Total: []float64{5}})), refusal(d.Rake()),
	} {
		want := []epi.Reason{epi.UnequalLengths, epi.UnequalLengths, epi.InvalidLevel, epi.InvalidLevel, epi.MissingValue, epi.InvalidSetting, epi.UnequalLengths, epi.MissingValue, epi.InvalidSetting, epi.MissingValue,
			epi.NoTotal, epi.NoRespondent, epi.UnequalLengths, epi.InvalidSetting, epi.Empty}[i]
		if !is(err, want) {
			t.Errorf("%d: %v, want %v", i, err, want)
		}
	}
}

func refusal[T any](_ T, err error) error { return err }

// Estimates that are too uncertain say so.
func TestCautions(t *testing.T) {
	for _, c := range []struct {
		e    epi.Estimate
		want []epi.Caution
	}{
		{epi.Estimate{Value: 0.5, SE: 0.01, N: 30}, nil},
		{epi.Estimate{Value: 0.5, SE: 0.01, N: 29}, []epi.Caution{epi.FewRows}},
		{epi.Estimate{Value: -0.5, SE: 0.16, N: 300}, []epi.Caution{epi.Imprecise}},
		{epi.Estimate{Value: 0, SE: 0, N: 3}, []epi.Caution{epi.FewRows}},
	} {
		if got := c.e.Cautions(); !slices.Equal(got, c.want) {
			t.Errorf("%+v: %v", c.e, got)
		}
	}
}

// One design serves many at a time.
func TestManyAtATime(t *testing.T) {
	d, y := newDesign(epi.Sample{Weights: ones(500)}), make([]float64, 500)
	for i := range y {
		y[i] = float64(i * i % 37)
	}
	post := must(d.PostStratify(epi.Margin{Cell: make([]int, 500), Total: []float64{9000}}))
	for _, d := range []*epi.Design{d, post} {
		want := must(d.Mean(y, nil, 0.95))
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				for range 50 {
					if got, err := d.Mean(y, nil, 0.95); err != nil || !equal(got, want) {
						t.Errorf("%+v, want %+v", got, want)
						return
					}
				}
			})
		}
		all.Wait()
	}
}
