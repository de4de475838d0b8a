package aberration

import (
	"errors"
	"math"
	"testing"
)

// hus is the outbreak of EHEC O104:H4 in Germany, 2011, as known on 2 June: 32 days of hospital admissions by reporting delay.
func hus(t testing.TB) (tr *Triangle, predicted, observed []float64) {
	var w struct {
		N struct {
			Days      []string             `json:"event_days"`
			Triangle  map[string][]float64 `json:"triangle"`
			Predicted []float64            `json:"predicted"`
			Observed  []float64            `json:"observed_so_far"`
		} `json:"nowcast_hus_o104"`
	}
	load(t, "worked_examples.json", &w)
	tr = new(Triangle)
	for _, day := range w.N.Days {
		tr.Counts = append(tr.Counts, w.N.Triangle[day])
	}
	return tr, w.N.Predicted, w.N.Observed
}

func TestNowcastAgreesWithR(t *testing.T) {
	tr, predicted, observed := hus(t)
	// R surveillance 1.20.3, nowcast(method = "lawless", D = 15, alpha = 0.05): its prediction intervals for the same 22 days.
	low := []float64{2, 6, 1, 9, 12, 17, 19, 26, 30, 58, 43, 28, 43, 38, 32, 22, 11, 18, 7, 2, 0, 0}
	high := []float64{2, 6, 1, 9, 12, 17, 19, 34, 41, 74, 58, 43, 63, 63, 58, 49, 39, 63, 63, 49, 0, 0}
	out, err := Lawless{MaxDelay: 15, Mode: Reference}.Nowcast(nil, tr, nil)
	if err != nil || len(out) != 32 {
		t.Fatal(len(out), err)
	}
	for i, want := range predicted {
		p := out[10+i]
		lo, hi := p.Interval(0.95)
		if p.Quantile(0.5) != want || p.Known != observed[i] || lo != low[i] || hi != high[i] {
			t.Errorf("day %d: %v known, %v in %v..%v; R has %v in %v..%v", i, p.Known, p.Quantile(0.5), lo, hi, want, low[i], high[i])
		}
	}
}

func TestNowcastWindowsAgreeWithR(t *testing.T) {
	tr, _, _ := hus(t)
	// nowcast(…, m = 15 and 18, m.interpretation = "hoehle_anderheiden2014"): the delay distribution and the predictions of R.
	var delays Delays
	for _, c := range []struct {
		window int
		f      []float64
	}{
		{16, []float64{0.004117007708, 0.03293606166, 0.09263267343, 0.1680313611, 0.2716123371, 0.3912214397, 0.5172525076, 0.5939877697, 0.6638686837, 0.7372243394, 0.7857840264, 0.7960557131, 0.830075188, 0.8421052632, 0.8421052632, 1}},
		{19, []float64{0.003621710414, 0.02897368331, 0.08148848432, 0.1478163204, 0.2389359699, 0.3441554796, 0.455024359, 0.5350286419, 0.6019072221, 0.6947546128, 0.7668876053, 0.801549192, 0.8397182012, 0.8480322428, 0.8596491228, 1}},
	} {
		if err := (Lawless{MaxDelay: 15, Window: c.window, Cut: Horizontal}).Fit(tr, &delays); err != nil {
			t.Fatal(err)
		}
		for d, want := range c.f {
			if !same(delays.Reported[d], want, 1e-9) { // R prints ten digits
				t.Errorf("window %d, delay %d: %v, R has %v", c.window, d, delays.Reported[d], want)
			}
		}
	}
	want := []float64{2, 6, 1, 9, 12, 17, 19, 30, 35, 64, 48, 32, 47, 43, 38, 29, 21, 34, 30, 20, 0, 0}
	out, _ := Lawless{MaxDelay: 15, Window: 16, Cut: Horizontal, Mode: Reference}.Nowcast(nil, tr, nil)
	for i, w := range want {
		if got := out[10+i].Quantile(0.5); got != w {
			t.Errorf("day %d: %v, R has %v", i, got, w)
		}
	}
}

// A case counted by hand: delays 0, 1, 2; rows 6 2 2, 3 1 1, 4 1 and 5.
func TestNowcastByHand(t *testing.T) {
	tr := &Triangle{Counts: [][]float64{{6, 2, 2}, {3, 1, 1}, {4, 1}, {5}}}
	var d Delays
	out, err := Lawless{MaxDelay: 2}.Nowcast(nil, tr, &d)
	if err != nil {
		t.Fatal(err)
	}
	// g(2) = 3/15, g(1) = 4/17; F(1) = 0.8, F(0) = 0.8 × 13/17.
	f0 := 0.8 * 13 / 17
	if !same(d.Hazard[2], 0.2, 1e-15) || !same(d.Hazard[1], 4.0/17, 1e-15) || !same(d.Reported[1], 0.8, 1e-15) || !same(d.Reported[0], f0, 1e-15) {
		t.Errorf("%+v", d)
	}
	greenwood := 0.2/(15*0.8) + (4.0/17)/(17*13.0/17)
	for i, want := range []struct{ expected, variance float64 }{
		{10, 0}, {5, 0}, {6.25, 5*0.2/0.64 + 6.25*6.25*0.2/(15*0.8)}, {5 / f0, 5*(1-f0)/f0/f0 + 25/f0/f0*greenwood},
	} {
		if !same(out[i].Expected, want.expected, 1e-14) || math.Abs(out[i].Variance-want.variance) > 1e-13*want.variance {
			t.Errorf("period %d: %+v, want %+v", i, out[i], want)
		}
	}
}

func TestNowcastOfNothingKnown(t *testing.T) {
	// Ten periods of 20 cases, half reported at once and half a period later, and none yet for the newest.
	tr := blankTriangle(11, 1)
	for i := range 10 {
		_ = tr.Add(i, 0, 10)
		_ = tr.Add(i, 1, 10)
	}
	out, err := Lawless{MaxDelay: 1}.Nowcast(nil, tr, nil)
	p := out[10]
	// Mean 200/10.5 a period, r = 10.5/400; P(nothing comes) = (F+r)/(1+r) to the power 1/2.
	r := 10.5 / 400
	prob := (0.5 + r) / (1 + r)
	if err != nil || !p.Guarded || !same(p.Expected, 0.5*0.5/(0.5+r), 1e-12) || !same(p.Variance, p.Expected/prob, 1e-12) {
		t.Fatalf("%+v %v", p, err)
	}
	if p.Quantile(math.Sqrt(prob)-1e-9) != 0 || p.Quantile(math.Sqrt(prob)+1e-9) != 1 {
		t.Errorf("quantiles %v %v", p.Quantile(math.Sqrt(prob)-1e-9), p.Quantile(math.Sqrt(prob)+1e-9))
	}
	plain, _ := Lawless{MaxDelay: 1, Mode: Reference}.Nowcast(nil, tr, nil)
	if q := plain[10]; q.Guarded || q.Expected != 0 || q.Variance != 0 || q.Quantile(0.99) != 0 {
		t.Errorf("reference: %+v", q)
	}
	// No report of the past was at once: the newest period's share is 0, and one case known there cannot be scaled up.
	late := &Triangle{Counts: [][]float64{{0, 5}, {0, 7}, {0}}}
	var d Delays
	if err := (Lawless{MaxDelay: 1}).Fit(late, &d); err != nil {
		t.Fatal(err)
	}
	if p := d.Predict(1, 0); p.Reason != NoFit || !math.IsNaN(p.Expected) || !math.IsNaN(p.Quantile(0.5)) {
		t.Errorf("%+v", p)
	}
	if p := d.Predict(0, 0); p.Reason != OK || !p.Guarded || !same(p.Expected, 6, 1e-12) {
		t.Errorf("%+v", p)
	}
	// No report speaks for or against a delay of 2, seen by one empty week alone: as in R, it is taken not to occur.
	gap := &Triangle{Counts: [][]float64{{0, 0, 0}, {4, 2}, {5}}}
	if out, err := (Lawless{MaxDelay: 2}).Nowcast(nil, gap, &d); err != nil || !math.IsNaN(d.Hazard[2]) || out[1].Expected != 6 || !same(out[2].Expected, 7.5, 1e-15) {
		t.Errorf("%+v %+v %v", d, out, err)
	}
	none := blankTriangle(4, 2)
	out, err = Lawless{MaxDelay: 2}.Nowcast(nil, none, nil)
	if err != nil || out[0].Quantile(0.9) != 0 || out[3].Reason != NoFit {
		t.Errorf("no case ever: %+v %v", out, err)
	}
}

func TestNowcastReasons(t *testing.T) {
	ok := &Triangle{Counts: [][]float64{{1, 2}, {1, 1}, {3}}}
	for _, c := range []struct {
		name string
		l    Lawless
		tr   *Triangle
		want Reason
	}{
		{"negative delay", Lawless{MaxDelay: -1}, ok, InvalidSettings},
		{"horizontal window as long as the delay", Lawless{MaxDelay: 1, Window: 1, Cut: Horizontal}, ok, InvalidSettings},
		{"unknown cut", Lawless{MaxDelay: 1, Cut: 2}, ok, InvalidSettings},
		{"no periods", Lawless{MaxDelay: 1}, &Triangle{}, TooShort},
		{"no complete period", Lawless{MaxDelay: 3}, ok, TooShort},
		{"row lacks a cell", Lawless{MaxDelay: 1}, &Triangle{Counts: [][]float64{{1}, {1, 1}, {3}}}, InvalidSeries},
		{"NaN", Lawless{MaxDelay: 1}, &Triangle{Counts: [][]float64{{1, math.NaN()}, {1, 1}, {3}}}, MissingValue},
		{"negative", Lawless{MaxDelay: 1}, &Triangle{Counts: [][]float64{{1, -1}, {1, 1}, {3}}}, NegativeValue},
	} {
		if out, err := c.l.Nowcast(nil, c.tr, nil); !errors.Is(err, c.want) || len(out) != 0 {
			t.Errorf("%s: %v %v", c.name, out, err)
		}
	}
	// Cells of the future are not read.
	if _, err := (Lawless{MaxDelay: 1}).Nowcast(nil, &Triangle{Counts: [][]float64{{1, 2}, {1, 1}, {3, math.NaN()}}}, nil); err != nil {
		t.Error(err)
	}
	if p := new(Delays).Predict(1, 0); p.Reason != OutOfRange {
		t.Errorf("%+v", p)
	}
	var d Delays
	_ = Lawless{MaxDelay: 1}.Fit(ok, &d)
	if p := d.Predict(math.NaN(), 0); p.Reason != MissingValue || !math.IsNaN(p.Quantile(0.5)) {
		t.Errorf("%+v", p)
	}
	for _, q := range []float64{0, 1, -1, math.NaN()} {
		if v := d.Predict(3, 0).Quantile(q); !math.IsNaN(v) {
			t.Errorf("quantile %v: %v", q, v)
		}
	}
}

func TestTriangle(t *testing.T) {
	tr := blankTriangle(3, 5)
	for _, c := range []struct {
		t, d int
		err  error
	}{{0, 2, nil}, {0, 0, nil}, {2, 0, nil}, {2, 1, OutOfRange}, {3, 0, OutOfRange}, {-1, 0, OutOfRange}, {0, -1, OutOfRange}, {0, 3, OutOfRange}} {
		if err := tr.Add(c.t, c.d, 1); !errors.Is(err, c.err) {
			t.Errorf("add %d %d: %v", c.t, c.d, err)
		}
	}
	if n, err := tr.KnownAt(0, 1); n != 1 || err != nil {
		t.Error(n, err)
	}
	if n, err := tr.KnownAt(0, 2); n != 2 || err != nil {
		t.Error(n, err)
	}
	if n, err := tr.KnownAt(2, 1); !math.IsNaN(n) || !errors.Is(err, OutOfRange) {
		t.Error(n, err)
	}
	long := blankTriangle(9, 1)
	if err := long.Add(0, 7, 4); err != nil || long.Counts[0][1] != 4 {
		t.Error("a longer delay goes to the last cell", long.Counts[0], err)
	}
	if blankTriangle(0, 3).Add(0, 0, 1) == nil {
		t.Error("an empty triangle took a case")
	}
	for _, c := range [][2]int{{-1, 0}, {1, -1}, {1 << 40, 1 << 40}, {math.MaxInt, 0}} {
		if tr, err := NewTriangle(c[0], c[1]); tr != nil || !errors.Is(err, InvalidSettings) {
			t.Errorf("%v: %v", c, err)
		}
	}
}
