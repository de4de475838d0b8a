package aberration

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// season is a series of weekly counts with a yearly wave, Poisson around the given mean.
func season(weeks int, mean float64, seed uint64) []float64 {
	r := rand.New(rand.NewPCG(seed, 1))
	y := make([]float64, weeks)
	for t := range y {
		limit, p := math.Exp(-mean*math.Exp(0.6*math.Cos(2*math.Pi*float64(t)/52))), 1.0
		for p *= r.Float64(); p > limit; p *= r.Float64() {
			y[t]++
		}
	}
	return y
}

func farringtons() []Detector {
	flexible, muan, reference := NewFarringtonFlexible(), NewNoufaily(0.01), NewNoufaily(0.01)
	muan.Threshold, reference.Mode = Muan, Reference
	return []Detector{flexible, NewNoufaily(0.01), muan, reference, NewFarrington()}
}

// An outbreak on top of a seasonal series alarms in its own week and not in the weeks before, and does not hide the next one.
func TestFarringtonOutbreak(t *testing.T) {
	for _, d := range farringtons() {
		y := season(400, 4, 7)
		y[390], y[399] = 40, 40
		s := &Series{Counts: y, Frequency: 52}
		for _, at := range []int{390, 399} {
			if r := d.Evaluate(s, at, nil); !r.Alarm || r.Score <= 1 || r.PValue > 0.001 || r.Guarded || !(r.Bound < 30) {
				t.Errorf("%s at %d: %+v", d.Name(), at, r)
			}
		}
		alarms := 0
		for at := 300; at < 390; at++ {
			if d.Evaluate(s, at, nil).Alarm {
				alarms++
			}
		}
		if alarms > 9 {
			t.Errorf("%s: %d alarms in 90 quiet weeks", d.Name(), alarms)
		}
	}
}

// Outbreaks of past years are weighted down: without that the bound is much higher.
func TestFarringtonWeighsOutbreaksDown(t *testing.T) {
	y := season(400, 4, 3)
	y[399-52], y[399-104] = 60, 45
	s := &Series{Counts: y}
	d := NewFarringtonFlexible()
	with := d.Fit(s, 399, nil)
	d.Reweight = false
	without := d.Fit(s, 399, nil)
	if !(with.Bound < 0.6*without.Bound) || !(with.Mean < 0.7*without.Mean) {
		t.Errorf("bound %v weighted, %v not; mean %v, %v", with.Bound, without.Bound, with.Mean, without.Mean)
	}
}

// What a Farrington method cannot base on anything is left to the Gamma–Poisson bound, unless R's word is asked for.
func TestFarringtonGuard(t *testing.T) {
	first := make([]float64, 400)
	first[399] = 1
	absent := season(400, 4, 5) // the disease is away in the season of the last week
	for i := range absent {
		if (i-399+520)%52 < 12 || (i-399+520)%52 > 40 {
			absent[i] = 0
		}
	}
	absent[399] = 2
	flat := make([]float64, 400)
	for i := range flat {
		flat[i] = 3
	}
	for _, c := range []struct {
		name   string
		y      []float64
		bound  float64
		alarm  bool
		detect FarringtonFlexible
	}{
		{"first case ever", first, 0, true, NewNoufaily(0.01)},
		{"first case ever, not sure enough", first, 1, false, NewNoufaily(0.001)},
		{"two cases where the season has none", absent, 1, true, NewNoufaily(0.01)},
		{"three a week, always", flat, 8, false, NewNoufaily(0.01)},
	} {
		s := &Series{Counts: c.y}
		r := c.detect.Evaluate(s, 399, nil)
		if !r.Guarded || r.Bound != c.bound || r.Alarm != c.alarm || r.Reason != OK {
			t.Errorf("%s: %+v", c.name, r)
		}
		c.detect.Mode = Reference
		if r := c.detect.Evaluate(s, 399, nil); r.Guarded {
			t.Errorf("%s, for reference: %+v", c.name, r)
		}
	}
}

func TestFarringtonReasons(t *testing.T) {
	y := season(400, 4, 9)
	with := func(i int, v float64) []float64 { c := append([]float64(nil), y...); c[i] = v; return c }
	people := make([]float64, 400)
	for i := range people {
		people[i] = 1e5
	}
	hole := append([]float64(nil), people...)
	hole[399-52] = 0
	offset := NewNoufaily(0.01)
	offset.PopulationOffset = true
	days := make([]int, 400)
	for i := range days {
		days[i] = 15000 + 7*i
	}
	gap := append([]int(nil), days...)
	for i := 347; i < 400; i++ {
		gap[i] += 3
	}
	for _, c := range []struct {
		name string
		d    Detector
		s    Series
		at   int
		want Reason
	}{
		{"fine", NewNoufaily(0.01), Series{Counts: y}, 399, OK},
		{"fine with days", NewNoufaily(0.01), Series{Counts: y, Days: days}, 399, OK},
		{"fine with people", offset, Series{Counts: y, Population: people}, 399, OK},
		{"past the end", NewNoufaily(0.01), Series{Counts: y}, 400, OutOfRange},
		{"nothing", NewFarrington(), Series{}, 0, OutOfRange},
		{"too short", NewNoufaily(0.01), Series{Counts: y}, 261, TooShort},
		{"too short", NewFarrington(), Series{Counts: y}, 262, TooShort},
		{"too short with days", NewNoufaily(0.01), Series{Counts: y, Days: days}, 261, TooShort},
		{"missing now", NewNoufaily(0.01), Series{Counts: with(399, math.NaN())}, 399, MissingValue},
		{"infinite now", NewNoufaily(0.01), Series{Counts: with(399, math.Inf(1))}, 399, MissingValue},
		{"missing in the past", NewNoufaily(0.01), Series{Counts: with(399-52, math.NaN())}, 399, OK},
		{"negative in the past", NewNoufaily(0.01), Series{Counts: with(399-52, -1)}, 399, NegativeValue},
		{"too few cases", NewFarrington(), Series{Counts: with(399, 0)[:400:400]}, 399, OK},
		{"no people", offset, Series{Counts: y}, 399, InvalidSeries},
		{"no people once", offset, Series{Counts: y, Population: hole}, 399, InvalidSeries},
		{"days out of step", NewNoufaily(0.01), Series{Counts: y, Days: gap}, 399, InvalidSeries},
		{"no alpha", FarringtonFlexible{Years: 5, Periods: 1}, Series{Counts: y}, 399, InvalidSettings},
		{"more levels than weeks", FarringtonFlexible{Years: 1, Periods: 60, Alpha: 0.01}, Series{Counts: y}, 399, InvalidSettings},
		{"no years", Farrington{Alpha: 0.05}, Series{Counts: y}, 399, InvalidSettings},
		{"window of a year", Farrington{Years: 1, HalfWindow: 52, Alpha: 0.05}, Series{Counts: y}, 399, InvalidSettings},
	} {
		r := c.d.Evaluate(&c.s, c.at, nil)
		if r.Reason != c.want || r.Reason != OK && (r.Alarm || r.Score != 0) {
			t.Errorf("%s: %v, want %v: %+v", c.name, r.Reason, c.want, r)
		}
	}
	few := NewFarringtonFlexible()
	few.MinCases = 1000
	if r := few.Evaluate(&Series{Counts: y}, 399, nil); r.Reason != TooFewCases || r.Alarm || math.IsNaN(r.Bound) {
		t.Errorf("too few cases: %+v", r)
	}
	few.Mode = Reference
	if r := few.Evaluate(&Series{Counts: y}, 399, nil); r.Reason != TooFewCases || !math.IsNaN(r.Bound) {
		t.Errorf("too few cases, for reference: %+v", r)
	}
}

// The reference periods are those that R's blocks() gives, tried out with a series of its own indices.
func TestReferenceWeeks(t *testing.T) {
	for _, c := range []struct {
		at, years, half, levels, exclude int
		want                             string
	}{
		{49, 2, 1, 9, 1, "25:9 26:9 27:9 28:1 29:1 30:2 31:3 32:4 33:5 34:6 35:7 36:8 37:9 38:9 39:9 40:1 41:1 42:2 43:3 44:4 45:5 46:6 47:7 48:8"},
		{49, 2, 1, 12, 1, "25:12 26:12 27:12 28:1 29:2 30:3 31:4 32:5 33:6 34:7 35:8 36:11 37:11 38:12 39:12 40:1 41:2 42:3 43:4 44:5 45:6 46:7 47:8 48:11"},
		{49, 2, 7, 3, 2, "19:3 20:3 21:3 22:3 23:3 24:3 25:3 26:3 27:3 28:3 29:3 30:2 31:2 32:2 33:2 34:1 35:3 36:3 37:3 38:3 39:3 40:3 41:3 42:2 43:2 44:2 45:2 46:1 47:3"},
		{49, 2, 7, 1, 2, "19:1 20:1 21:1 22:1 23:1 24:1 25:1 26:1 27:1 28:1 29:1 30:1 31:1 32:1 33:1 34:1 35:1 36:1 37:1 38:1 39:1 40:1 41:1 42:1 43:1 44:1 45:1 46:1 47:1"},
		{49, 3, 2, 1, 14, "12:1 13:1 14:1 15:1 16:1 24:1 25:1 26:1 27:1 28:1"},
		{25, 2, 2, 3, 2, "1:3 2:3 3:3 4:3 5:1 6:1 7:1 8:1 9:2 10:2 11:2 12:3 13:3 14:3 15:3 16:3 17:1 18:1 19:1 20:1 21:2 22:2 23:2"},
		{49, 1, 1, 3, 1, "37:3 38:3 39:3 40:1 41:1 42:1 43:1 44:1 45:2 46:2 47:2 48:2"},
	} {
		var sp farringtonSpace
		s := &Series{Counts: make([]float64, 60), Frequency: 12}
		if r := sp.referenceWeeks(s, c.at, c.years, c.half, c.levels, c.exclude); r != OK {
			t.Errorf("%+v: %v", c, r)
		}
		got := ""
		for i, p := range sp.period {
			got += fmt.Sprintf(" %d:%d", p+1, sp.group[i]+1)
		}
		if got[1:] != c.want {
			t.Errorf("%+v:\n%s", c, got[1:])
		}
	}
}

// Dates go back by calendar years, to the same weekday where periods are weeks: the dates are those that R finds.
func TestYearsBack(t *testing.T) {
	day := func(y, m, d int) int { // days since 1970 by the civil calendar, written otherwise than sameDate
		n := 365*(y-1970) + (y-1969)/4 - (y-1901)/100 + (y-1601)/400
		for i := 1; i < m; i++ {
			n += [...]int{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}[i-1]
		}
		if m > 2 && (y%4 == 0 && y%100 != 0 || y%400 == 0) {
			n++
		}
		return n + d - 1
	}
	weekly := &Series{Frequency: 52}
	for d := day(2012, 1, 2); d <= day(2019, 1, 7); d += 7 {
		weekly.Days = append(weekly.Days, d)
	}
	at := func(d int) int { return (d - weekly.Days[0]) / 7 }
	for _, c := range [][5]int{
		{day(2016, 10, 10), day(2015, 10, 12), day(2014, 10, 13), day(2013, 10, 7), day(2012, 10, 8)},
		{day(2016, 12, 19), day(2015, 12, 21), day(2014, 12, 22), day(2013, 12, 16), day(2012, 12, 17)},
		{day(2016, 2, 29), day(2015, 3, 2), day(2014, 3, 3), day(2013, 3, 4), day(2012, 2, 27)},
	} {
		for i, want := range c {
			if got, r := weekly.yearsBack(at(c[0]), i); r != OK || weekly.Days[got] != want {
				t.Errorf("%d years before day %d: day %d (%v), want %d", i, c[0], weekly.Days[got], r, want)
			}
		}
	}
	if _, r := weekly.yearsBack(at(day(2016, 10, 10)), 5); r != TooShort {
		t.Errorf("before the first week: %v", r)
	}
	fortnights := &Series{Frequency: 26} // R has no answer here; the nearest one is taken
	for d := day(2012, 1, 2); d <= day(2019, 1, 7); d += 14 {
		fortnights.Days = append(fortnights.Days, d)
	}
	if got, r := fortnights.yearsBack(100, 1); r != OK || got != 74 {
		t.Errorf("fortnights: %d %v", got, r)
	}
	if sameDate(day(2104, 2, 29), 4) != day(2100, 3, 1) || sameDate(day(2104, 2, 29), 104) != day(2000, 2, 29) || sameDate(day(2001, 3, 1), 1) != day(2000, 3, 1) {
		t.Error("29 February")
	}
}

// A lower error rate never lowers the bound, and the result depends on nothing but the reference periods.
func TestFarringtonProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		y := season(330, math.Exp(rapid.Float64Range(-2, 4).Draw(t, "log mean")), rapid.Uint64().Draw(t, "seed"))
		d := NewNoufaily(rapid.Float64Range(1e-6, 0.4).Draw(t, "alpha"))
		d.Threshold = rapid.SampledFrom([]Threshold{Delta, NegBinPlugin, Muan}).Draw(t, "threshold")
		d.Power = rapid.SampledFrom([]Power{TwoThirds, SquareRoot, Identity}).Draw(t, "power")
		d.Periods = rapid.SampledFrom([]int{1, 2, 5, 10}).Draw(t, "periods")
		d.Mode = rapid.SampledFrom([]Mode{Guarded, Reference}).Draw(t, "mode")
		s := &Series{Counts: y}
		a := d.Evaluate(s, 329, nil)
		lower := d
		lower.Alpha /= 2
		if b := lower.Evaluate(s, 329, nil); b.Bound < a.Bound {
			t.Errorf("bound %v at %v, %v at %v", a.Bound, d.Alpha, b.Bound, lower.Alpha)
		}
		var m Memory // a memory that has seen something else
		other := NewFarringtonFlexible()
		other.Evaluate(s, 300, &m)
		m.Reset()
		changed := append([]float64(nil), y...)
		for i := 330 - 26; i < 329; i++ { // excluded, but for the last four
			changed[i] += 5
		}
		if b := d.Evaluate(&Series{Counts: changed}, 329, &m); fmt.Sprint(a) != fmt.Sprint(b) {
			t.Errorf("%+v\n%+v", a, b)
		}
		if d.Mode == Reference && d.Threshold == Delta && a.Reason == OK { // the same rate with twice the people is the same risk
			people := make([]float64, 330)
			for i := range people {
				people[i] = 2e5
			}
			d.PopulationOffset = true
			if b := d.Evaluate(&Series{Counts: y, Population: people}, 329, nil); math.Abs(b.Expected-a.Expected) > 1e-6*a.Expected && a.Expected > 1e-3 {
				t.Errorf("expected %v, with people %v", a.Expected, b.Expected)
			}
		}
	})
}

func TestFarringtonNoAllocations(t *testing.T) {
	s := &Series{Counts: season(330, 4, 2), Population: make([]float64, 330)}
	for i := range s.Population {
		s.Population[i] = 1e5 + float64(i)
	}
	offset := NewNoufaily(0.01)
	offset.PopulationOffset = true
	for _, d := range append(farringtons(), offset) {
		var m Memory
		if n := testing.AllocsPerRun(20, func() { d.Evaluate(s, 329, &m) }); n != 0 {
			t.Errorf("%s: %v allocations", d.Name(), n)
		}
	}
}

func FuzzFarrington(f *testing.F) {
	f.Add([]byte("abcabcabc"), uint8(12), uint8(2), uint8(1), uint8(3), uint8(1), uint8(0xff), 0.01, 0.0)
	f.Add([]byte{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9}, uint8(4), uint8(3), uint8(0), uint8(2), uint8(0), uint8(3), 0.05, 1e300)
	f.Add([]byte{255, 254, 1, 2, 3, 255, 1, 0, 0, 200, 250, 251}, uint8(3), uint8(1), uint8(2), uint8(1), uint8(9), uint8(0), 1e-9, -1.0)
	f.Fuzz(func(t *testing.T, raw []byte, frequency, years, half, periods, exclude, flags uint8, alpha, odd float64) {
		s := &Series{Frequency: int(frequency)}
		for i, b := range raw {
			y := float64(b)
			switch b {
			case 255:
				y = math.NaN()
			case 254:
				y = odd
			}
			s.Counts = append(s.Counts, y)
			s.Population = append(s.Population, float64(b)*1000)
			if flags&1 != 0 {
				s.Days = append(s.Days, 12000+i*(365/max(1, int(frequency))))
			}
		}
		d := FarringtonFlexible{Years: int(years), HalfWindow: int(half), Periods: int(periods), Exclude: int(exclude), Reweight: flags&2 != 0,
			WeightsThreshold: 2.58, Trend: flags&4 != 0, TrendAlpha: 1, PopulationOffset: flags&8 != 0, Threshold: Threshold(flags >> 4 & 3),
			Power: Power(flags >> 6), Alpha: alpha, MinPeriods: 4}
		o := Farrington{Years: int(years), HalfWindow: int(half), Reweight: true, Trend: true, Alpha: alpha, Power: Power(flags >> 6)}
		for _, mode := range []Mode{Guarded, Reference} {
			d.Mode, o.Mode = mode, mode
			for _, each := range []Detector{d, o} {
				r := each.Evaluate(s, len(raw)-1, nil)
				if math.IsNaN(r.Score) || math.Abs(r.Score) > MaxScore || r.Reason != OK && r.Alarm {
					t.Errorf("%+v: %+v", each, r)
				}
			}
		}
	})
}

// A week without data, and a hundred cases in the next: R is silent for as long as the missing week is among the last four. Guarded, the
// alarm comes at once.
func TestFarringtonSeesPastAMissingWeek(t *testing.T) {
	s := &Series{Counts: make([]float64, 362), Frequency: 52}
	for i := range s.Counts {
		s.Counts[i] = float64(2 + i*7%4)
	}
	s.Counts[356], s.Counts[357] = math.NaN(), 100
	flexible, original := NewNoufaily(0.01), NewFarrington()
	for _, d := range []Detector{flexible, original} {
		if r := d.Evaluate(s, 356, nil); r.Reason != MissingValue || r.Alarm {
			t.Errorf("%s, the missing week: %+v", d.Name(), r)
		}
		if r := d.Evaluate(s, 357, nil); !r.Alarm {
			t.Errorf("%s, guarded: %+v", d.Name(), r)
		}
	}
	flexible.Mode, original.Mode = Reference, Reference
	for _, d := range []Detector{flexible, original} {
		if r := d.Evaluate(s, 357, nil); r.Alarm || r.Reason != TooFewCases {
			t.Errorf("%s, as R: %+v", d.Name(), r)
		}
	}
}
