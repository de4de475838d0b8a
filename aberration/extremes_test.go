package aberration

import (
	"math"
	"reflect"
	"testing"
)

// Every setting of every detector may be any number that its type holds: the answer is a result or a reason. Two settings are put to
// extremes at a time, since it is their sums that overflow.
func TestExtremeSettings(t *testing.T) {
	counts := make([]float64, 320)
	for i := range counts {
		counts[i] = float64((i*7)%5 + (i*i)%3)
	}
	for i := range 40 {
		counts[270+i] = 0
	}
	s := &Series{Counts: counts, Population: make([]float64, len(counts)), Frequency: 52}
	for i := range s.Population {
		s.Population[i] = 100
	}
	detectors := append(closedCharts(200), C1(), C2(), C3(), Exact{Window: 2, Baseline: 50, Gap: 1, Alpha: 0.01},
		GammaPoisson{Window: 2, Baseline: 50, Shape: 0.5, Alpha: 0.01}, Reemergence{Silence: 5, Discount: 0.5, Alpha: 0.01},
		Bayes2(), RKI2(), NewCDC(3, 1, 0.05), NewFarrington(), NewNoufaily(0.01))
	for _, d := range detectors {
		v := reflect.New(reflect.TypeOf(d)).Elem()
		v.Set(reflect.ValueOf(d))
		set := settings(v)
		for i, a := range set {
			for _, b := range set[i:] {
				for _, x := range extremes(a) {
					for _, y := range extremes(b) {
						before, before2 := reflect.ValueOf(a.Interface()), reflect.ValueOf(b.Interface())
						a.Set(x)
						b.Set(y)
						evaluate(t, v.Interface().(Detector), s)
						b.Set(before2)
						a.Set(before)
					}
				}
			}
		}
	}
}

func evaluate(t *testing.T, d Detector, s *Series) {
	defer func() {
		if what := recover(); what != nil {
			t.Errorf("%#v: %v", d, what)
		}
	}()
	if r := d.Evaluate(s, 310, nil); r.Reason != OK && (r.Alarm || r.Score != 0) || r.Reason == OK && math.IsNaN(r.Score) {
		t.Errorf("%#v: %+v", d, r)
	}
	_, _ = d.Name(), d.Lookback()
}

// settings lists the exported numbers of a detector, those of parts included.
func settings(v reflect.Value) (list []reflect.Value) {
	for i := range v.NumField() {
		switch f := v.Field(i); {
		case !f.CanSet():
		case f.Kind() == reflect.Struct:
			list = append(list, settings(f)...)
		case f.CanInt() || f.CanUint() || f.CanFloat():
			list = append(list, f)
		}
	}
	return list
}

func extremes(v reflect.Value) (list []reflect.Value) {
	add := func(x any) { list = append(list, reflect.ValueOf(x).Convert(v.Type())) }
	switch {
	case v.CanInt():
		for _, x := range []int{math.MinInt, -1, 0, 1, 1 << 40, math.MaxInt/52 + 1, math.MaxInt/2 + 1, math.MaxInt} {
			add(x)
		}
	case v.CanUint():
		add(uint8(255))
	default:
		for _, x := range []float64{math.NaN(), math.Inf(-1), -1, 0, 5e-324, 1e-17, 0.5, 1 - 1e-16, 1e9, 1e300, math.Inf(1)} {
			add(x)
		}
	}
	return list
}
