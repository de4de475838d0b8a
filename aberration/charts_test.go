package aberration

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// closedCharts are the charts of this file with a range of settings, all beginning at the period given.
func closedCharts(first int) []Detector {
	table := []Interval{{Theta: 1, H: 6.4}, {Theta: 2, H: 8.4}, {Theta: 4, H: 10.7}}
	return []Detector{
		CUSUM{First: first, K: 1.04, H: 2.26},
		CUSUM{First: first, K: 0.5, H: 4, Transform: Rossi},
		CUSUM{First: first, K: 0.5, H: 4, Transform: Anscombe, Means: GivenMeans{1, 2, 3}},
		CUSUM{First: first, K: 0.5, H: 4, Transform: AnscombeSecondOrder},
		CUSUM{First: first, K: 0.5, H: 4, Transform: PearsonNegBin, Alpha: 0.2},
		CUSUM{First: first, K: 3, H: 9, Transform: Untransformed},
		CUSUM{First: first, K: 1, H: 3, Mode: Reference},
		OutbreakP{First: first, K: 100},
		OutbreakP{First: first, K: 100, Mode: Reference},
		Rogerson{First: first, Theta: []float64{1, 1.7, 2.4, 3}, Shift: 1, Table: table, Digits: 1, Limit: -1},
		Rogerson{First: first, Theta: []float64{2}, Shift: 1, Table: table, HeadStart: true},
		BinomialCUSUM{First: first, InControl: []float64{0.1, 0.2}, OddsRatio: 2, H: 3},
	}
}

func drawSeries(t *rapid.T, n int) *Series {
	s := &Series{Counts: drawCounts(t, n, rapid.SampledFrom([]int{1, 5, 40}).Draw(t, "most"))}
	for _, y := range s.Counts {
		s.Population = append(s.Population, 2*y+1)
	}
	if rapid.Bool().Draw(t, "gap") {
		s.Counts[rapid.IntRange(0, n-1).Draw(t, "missing")] = math.NaN()
	}
	return s
}

// A chart that is fed period by period says what it says when it is run from its beginning, and so it does after a revision, after a
// jump ahead, and when it is asked twice.
func TestChartsGoOnAsTheyBegin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		first := rapid.IntRange(0, 12).Draw(t, "first")
		s := drawSeries(t, 60)
		for _, d := range closedCharts(first) {
			var m Memory
			at := first
			for range 40 {
				fresh := d.Evaluate(s, at, nil)
				if r := d.Evaluate(s, at, &m); !equal(r, fresh, 0) {
					t.Fatalf("%#v at %d goes on with %+v, begins with %+v", d, at, r, fresh)
				}
				at = min(59, max(first, at+rapid.SampledFrom([]int{1, 1, 1, 0, 3, -7}).Draw(t, "step")))
			}
		}
	})
}

// A count at the bound alarms and the next smaller one does not.
func TestChartsAlarmAtTheirBound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSeries(t, 40)
		for _, d := range closedCharts(10) {
			r := d.Evaluate(s, 39, nil)
			if r.Reason != OK || r.Guarded || math.IsNaN(r.Bound) {
				continue
			}
			y := s.Counts[39]
			if c, ok := d.(CUSUM); ok && c.Mode == Reference {
				continue // R's bound is that of R
			}
			bound := math.Ceil(r.Bound - 1e-9)
			if s.Population[39] < bound {
				s.Population[39] = bound
				r = d.Evaluate(s, 39, nil)
				bound = math.Ceil(r.Bound - 1e-9)
			}
			s.Counts[39] = bound
			if r := d.Evaluate(s, 39, nil); bound <= s.Population[39] && !r.Alarm {
				if over := r.Statistic; math.Abs(over-closedLimit(d)) > 1e-9 {
					t.Fatalf("%#v is quiet at its bound %v: %+v", d, bound, r)
				}
			}
			if bound >= 1 {
				s.Counts[39] = bound - 1
				if r := d.Evaluate(s, 39, nil); r.Alarm {
					t.Fatalf("%#v alarms below its bound %v: %+v", d, bound, r)
				}
			}
			s.Counts[39] = y
		}
	})
}

func closedLimit(d Detector) float64 {
	switch d := d.(type) {
	case CUSUM:
		return d.H
	case BinomialCUSUM:
		return d.H
	}
	return math.NaN()
}

// Mean 4, standard deviation 2: counts of 8, 7, 5, 10 are 2, 1.5, 0.5 and 3 above, and with k = 1 the sums are 1, 1.5, 1, 3.
func TestCUSUMByHand(t *testing.T) {
	s := &Series{Counts: []float64{3, 5, 4, 4, 8, 7, 5, 10, math.NaN(), 6}}
	c := CUSUM{First: 4, K: 1, H: 2.5}
	var m Memory
	for i, want := range []float64{1, 1.5, 1, 3, 3, 3} {
		r := c.Evaluate(s, 4+i, &m)
		if r.Statistic != want || r.Expected != 4 || r.Alarm != (want >= 2.5 && i != 4) || (r.Reason == MissingValue) != (i == 4) {
			t.Errorf("period %d: %+v, want %v", 4+i, r, want)
		}
		if i == 1 && r.Bound != 9 { // 4 + 2 (2.5 + 1 - 1)
			t.Errorf("bound %v", r.Bound)
		}
	}
	// R has no value from the missing count on.
	c.Mode = Reference
	if r := c.Evaluate(s, 9, nil); r.Reason != MissingValue || r.Alarm || !math.IsNaN(r.Statistic) || r.Bound != 0 {
		t.Errorf("reference after a gap: %+v", r)
	}
	// From period 0 on there is no baseline; R takes the first count.
	if r := (CUSUM{K: 1, H: 2.5}).Evaluate(s, 3, nil); r.Reason != TooShort {
		t.Errorf("without a baseline: %+v", r)
	}
	if r := (CUSUM{K: 1, H: 2.5, Mode: Reference}).Evaluate(s, 1, nil); r.Expected != 3 || !same(r.Statistic, 2/math.Sqrt(3)-1, 1e-14) {
		t.Errorf("reference without a baseline: %+v", r)
	}
}

// Where nothing was ever seen, dividing by the root of the mean tells nothing; the bound of rare events does.
func TestCUSUMOfSilence(t *testing.T) {
	s := &Series{Counts: append(make([]float64, 104), 1, 0, 3)}
	c := CUSUM{First: 104, K: 1.04, H: 2.26}
	one, three := c.Evaluate(s, 104, nil), c.Evaluate(s, 106, nil)
	if !one.Guarded || one.Alarm || !same(one.PValue, FirstDetection(104, 1), 1e-12) || !three.Guarded || !three.Alarm {
		t.Errorf("one case: %+v, three: %+v", one, three)
	}
	c.Mode = Reference
	if r := c.Evaluate(s, 104, nil); !math.IsInf(r.Statistic, 1) || !r.Alarm {
		t.Errorf("reference, one case over none: %+v", r)
	}
	if r := c.Evaluate(s, 105, nil); r.Reason != NoBound || r.Alarm {
		t.Errorf("reference, none over none: %+v", r)
	}
}

// Only the distance of count and reference value matters to a chart of plain counts.
func TestCUSUMShifts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := &Series{Counts: drawCounts(t, 30, 9)}
		by := float64(rapid.IntRange(1, 50).Draw(t, "by"))
		shifted := &Series{}
		for _, y := range s.Counts {
			shifted.Counts = append(shifted.Counts, y+by)
		}
		a := CUSUM{First: 5, K: 3, H: 6, Transform: Untransformed}
		b := a
		b.K += by
		for at := 5; at < 30; at++ {
			x, y := a.Evaluate(s, at, nil), b.Evaluate(shifted, at, nil)
			if x.Guarded {
				continue // nothing before the chart
			}
			if x.Statistic != y.Statistic || x.Alarm != y.Alarm || max(0, x.Bound) != max(0, y.Bound-by) && x.Bound > 0 {
				t.Fatalf("at %d: %+v and, by %v higher, %+v", at, x, by, y)
			}
		}
	})
}

// With one θ for all periods the chart of Rogerson and Yamada is the plain CUSUM of counts.
func TestRogersonOfAConstantMean(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := &Series{Counts: drawCounts(t, 40, 6)}
		s.Counts[0] = 1 // with a mean of 0 the CUSUM is on its guard
		g := Rogerson{First: 3, Theta: []float64{2}, Shift: 1, Table: []Interval{{Theta: 2, H: 8.4}}, Digits: 1, Limit: -1}
		c := CUSUM{First: 3, K: 2.6, H: 8.4, Transform: Untransformed}
		for at := 3; at < 40; at++ {
			x, y := g.Evaluate(s, at, nil), c.Evaluate(s, at, nil)
			if y.Guarded {
				continue // nothing before the chart
			}
			if math.Abs(x.Statistic-y.Statistic) > 1e-9 || x.Alarm != y.Alarm && math.Abs(x.Statistic-8.4) > 1e-9 || x.Expected != 2 {
				t.Fatalf("at %d: %+v and %+v", at, x, y)
			}
		}
	})
}

func TestRogersonAfterAnAlarm(t *testing.T) {
	s := &Series{Counts: []float64{20, 2, 2}}
	base := Rogerson{Theta: []float64{2}, Shift: 1, Table: []Interval{{Theta: 2, H: 8.4}}, Digits: 1}
	for _, c := range []struct {
		name      string
		limit     float64
		headStart bool
		want      []float64
	}{
		{"left as it is", -1, false, []float64{17.4, 16.8, 16.2}},
		{"begun anew", 0, false, []float64{17.4, 0, 0}},
		{"cut to h", 1, false, []float64{17.4, 7.8, 7.2}},
		{"with a head start", 0, true, []float64{21.6, 3.6, 3}},
	} {
		g := base
		g.Limit, g.HeadStart = c.limit, c.headStart
		for at, want := range c.want {
			if r := g.Evaluate(s, at, nil); math.Abs(r.Statistic-want) > 1e-12 || r.Alarm != (want >= 8.4) {
				t.Errorf("%s, period %d: %+v, want %v", c.name, at, r, want)
			}
		}
	}
	s.Counts = append(make([]float64, 52), 1)
	g := Rogerson{First: 52, Theta: []float64{0}, Shift: 1, Table: base.Table}
	if r := g.Evaluate(s, 52, nil); !r.Guarded || !same(r.PValue, FirstDetection(52, 1), 1e-12) {
		t.Errorf("θ of 0: %+v", r)
	}
	if g.Mode = Reference; g.Evaluate(s, 52, nil).Reason != InvalidSettings {
		t.Error("θ of 0 for reference")
	}
}

// 6 of 20 against an expected tenth: 6 ln(p1/p0) + 14 ln((1-p1)/(1-p0)) with p1 = 2/11 is 2.2529.
func TestBinomialCUSUMByHand(t *testing.T) {
	s := &Series{Counts: []float64{6, 0, 6, 6}, Population: []float64{20, 20, 20, math.NaN()}}
	b := BinomialCUSUM{InControl: []float64{0.1}, OddsRatio: 2, H: 2}
	p1 := 2.0 / 11
	six := 6*math.Log(p1/0.1) + 14*math.Log((1-p1)/0.9)
	for at, want := range []float64{six, 0, six} {
		r := b.Evaluate(s, at, nil)
		if !same(r.Statistic, want, 1e-14) || !r.Alarm != (want < 2) || r.Expected != 2 || r.Bound != 6 {
			t.Errorf("period %d: %+v, want %v", at, r, want)
		}
	}
	if r := b.Evaluate(s, 3, nil); r.Reason != MissingValue {
		t.Errorf("%+v", r)
	}
	b.OutOfControl = []float64{p1}
	if r := b.Evaluate(s, 0, nil); !same(r.Statistic, six, 1e-14) {
		t.Errorf("%+v", r)
	}
	s.Population[1] = -1
	if r := b.Evaluate(s, 1, nil); r.Reason != NegativeValue {
		t.Errorf("%+v", r)
	}
	s.Population[1], s.Counts[1] = 3, 4
	if r := b.Evaluate(s, 1, nil); r.Reason != InvalidSeries {
		t.Errorf("4 of 3: %+v", r)
	}
	if r := b.Evaluate(&Series{Counts: s.Counts}, 0, nil); r.Reason != InvalidSeries {
		t.Errorf("without a population: %+v", r)
	}
}

func TestReasonsOfCharts(t *testing.T) {
	s := &Series{Counts: make([]float64, 20), Population: make([]float64, 20)}
	for _, d := range closedCharts(5) {
		if d.Lookback() != 5 {
			t.Errorf("%#v looks back %d", d, d.Lookback())
		}
		for at, want := range map[int]Reason{-1: OutOfRange, 20: OutOfRange, 4: TooShort} {
			if r := d.Evaluate(s, at, nil); r.Reason != want {
				t.Errorf("%#v at %d: %v, want %v", d, at, r.Reason, want)
			}
		}
	}
	nan := math.NaN()
	for _, d := range []Detector{CUSUM{First: -1, H: 1}, CUSUM{H: nan}, CUSUM{K: math.Inf(1)}, CUSUM{H: 1, Alpha: -1}, CUSUM{H: 1, Transform: 9}, CUSUM{First: 2, H: 1, Means: GivenMeans{}}, OutbreakP{}, OutbreakP{K: 1, MaxBound: nan}, Rogerson{},
		Rogerson{Theta: []float64{2}, Shift: 1, Table: []Interval{{}}}, BinomialCUSUM{}, BinomialCUSUM{InControl: []float64{0}, OddsRatio: 2}, BinomialCUSUM{InControl: []float64{0.1}}} {
		if r := d.Evaluate(s, 10, nil); r.Reason != InvalidSettings || r.Alarm {
			t.Errorf("%#v: %v", d, r.Reason)
		}
	}
}

func TestClosedFormsAllocateNothing(t *testing.T) {
	s := &Series{Counts: make([]float64, 400), Population: make([]float64, 400)}
	for i := range s.Counts {
		s.Counts[i], s.Population[i] = float64(i*7%5+i*i%3), 30
	}
	for _, d := range append(closedCharts(50), Bayes1(), Bayes3(), RKI2(), NewCDC(5, 1, 0.025)) {
		var m Memory
		d.Evaluate(s, 399, &m)
		at := 300
		m.Reset()
		d.Evaluate(s, at, &m)
		if n := testing.AllocsPerRun(60, func() { at++; d.Evaluate(s, at, &m) }); n != 0 {
			t.Errorf("%#v: %v allocations", d, n)
		}
	}
}
