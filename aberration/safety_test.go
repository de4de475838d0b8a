package aberration

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func everyDetector() []Detector {
	c3 := C3()
	c3.Mode = Reference
	return []Detector{C1(), C2(), C3(), c3, Exact{Window: 4, Baseline: 52, Alpha: 0.001}, GammaPoisson{Window: 1, Baseline: 52, Shape: 0.5, Alpha: 0.001}}
}

func TestReasons(t *testing.T) {
	flat := make([]float64, 80)
	with := func(i int, y float64) []float64 { s := append([]float64(nil), flat...); s[i] = y; return s }
	after := func(i int, s []float64) []float64 { s[i] = math.Copysign(0, -1); return s }
	for _, d := range everyDetector() {
		for _, c := range []struct {
			name   string
			series []float64
			at     int
			want   Reason
		}{
			{"empty", nil, 0, OutOfRange},
			{"negative index", flat, -1, OutOfRange},
			{"past the end", flat, 80, OutOfRange},
			{"too short", flat, d.Lookback() - 1, TooShort},
			{"NaN now", with(79, math.NaN()), 79, MissingValue},
			{"infinite now", with(79, math.Inf(1)), 79, MissingValue},
			{"negative now", with(79, -1), 79, NegativeValue},
			{"NaN in the baseline", with(79-d.Lookback(), math.NaN()), 79, MissingValue},
			{"negative in the baseline", with(79-d.Lookback(), -2), 79, NegativeValue},
			{"NaN before the baseline", with(79-d.Lookback()-1, math.NaN()), 79, OK},
			{"NaN after a negative zero", after(79-d.Lookback(), with(80-d.Lookback(), math.NaN())), 79, MissingValue},
		} {
			r := d.Evaluate(&Series{Counts: c.series}, c.at, nil)
			want := c.want
			if e, ok := d.(EARS); ok && e.Method == 3 && e.Mode == Reference && want == OK {
				want = ZeroVariance // a constant baseline
			}
			if r.Reason != want || (want != OK && (r.Alarm || r.Score != 0)) || (want != OK && want != MissingValue && !math.IsNaN(r.Bound)) {
				t.Errorf("%s, %s: %v %+v", d.Name(), c.name, r.Reason, r)
			}
		}
	}
	for _, d := range []Detector{EARS{}, NewEARS(4, 7, 0.1, 0), NewEARS(1, 1, 0.1, 0), NewEARS(1, 7, math.NaN(), 0), NewEARS(1, 7, 0.1, -1), Exact{}, Exact{Window: 1, Baseline: 1, Alpha: 2},
		GammaPoisson{Window: 1, Baseline: 1, Alpha: 0.1}, GammaPoisson{Window: 1, Baseline: 5, Shape: 1, Rate: math.NaN(), Alpha: 0.1}} {
		if r := d.Evaluate(&Series{Counts: flat}, 79, nil); r.Reason != InvalidSettings {
			t.Errorf("%#v: %v", d, r.Reason)
		}
	}
	if r := (Exact{Window: 1, Baseline: 3, Alpha: 0.1}).Evaluate(&Series{Counts: []float64{1, 1, 0.5, 2}}, 3, nil); r.Reason != NotACount {
		t.Errorf("fraction: %v", r.Reason)
	}
	if Reason(200).String() != "unknown" || TooShort.String() != "too_short" || InvalidSettings.String() != "invalid_settings" {
		t.Error("reason codes")
	}
}

// Whatever it is fed, a detector returns; and a result that is OK holds together.
func TestNeverPanics(t *testing.T) {
	odd := rapid.OneOf(rapid.Float64(), rapid.Just(math.NaN()), rapid.Just(math.Inf(1)), rapid.Just(0.0), rapid.Map(rapid.IntRange(0, 40), func(i int) float64 { return float64(i) }))
	rapid.Check(t, func(t *rapid.T) {
		series := rapid.SliceOfN(odd, 0, 30).Draw(t, "series")
		at := rapid.IntRange(-2, 32).Draw(t, "at")
		n := rapid.IntRange(-3, 12).Draw(t, "n")
		a := rapid.Float64().Draw(t, "alpha")
		for _, d := range []Detector{NewEARS(n, n, a, 0), NewEARS(1, 7, 0.01, a), EARS{Method: 3, Baseline: 3, Alpha: 0.05}, Exact{Window: n, Baseline: 5, Gap: 1, Alpha: a}, Exact{Window: 2, Baseline: 4, Alpha: 0.01, MidP: true},
			GammaPoisson{Window: 1, Baseline: n, Shape: a, Alpha: 0.01}, GammaPoisson{Window: 2, Baseline: 4, Shape: 0.5, Alpha: 0.01}} {
			r := d.Evaluate(&Series{Counts: series}, at, nil)
			if r.Reason != OK {
				if r.Alarm {
					t.Fatalf("%#v: alarm without a result", d)
				}
				continue
			}
			if math.IsNaN(r.Score) || math.Abs(r.Score) > MaxScore || math.IsNaN(r.Bound) || r.PValue < 0 || r.PValue > 1 {
				t.Fatalf("%#v on %v: %+v", d, series, r)
			}
		}
	})
}

// A count above the bound alarms and one at the bound does not.
func TestBoundDecides(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		series := make([]float64, 56)
		for i, y := range rapid.SliceOfN(rapid.IntRange(0, 9), 56, 56).Draw(t, "series") {
			series[i] = float64(y)
		}
		for _, d := range []Detector{C1(), C2(), Exact{Window: 1, Baseline: 52, Alpha: 0.001}, GammaPoisson{Window: 1, Baseline: 52, Shape: 0.5, Alpha: 0.001}} {
			bound := math.Floor(d.Evaluate(&Series{Counts: series}, 55, nil).Bound)
			series[55] = bound
			if r := d.Evaluate(&Series{Counts: series}, 55, nil); r.Alarm {
				t.Fatalf("%s alarms at its bound: %+v", d.Name(), r)
			}
			series[55] = bound + 1
			if r := d.Evaluate(&Series{Counts: series}, 55, nil); !r.Alarm || r.Score <= 1 {
				t.Fatalf("%s is quiet above its bound: %+v", d.Name(), r)
			}
		}
	})
}

func TestEvaluateAllocatesNothing(t *testing.T) {
	s := Series{Counts: busy(), Frequency: 52}
	for _, d := range everyDetector() {
		var m Memory
		if n := testing.AllocsPerRun(100, func() { d.Evaluate(&s, 100, &m) }); n != 0 {
			t.Errorf("%s: %v allocations", d.Name(), n)
		}
	}
}

func BenchmarkEvaluate(b *testing.B) {
	s := Series{Counts: busy(), Frequency: 52}
	for _, d := range everyDetector() {
		b.Run(d.Name(), func(b *testing.B) {
			var m Memory
			b.ReportAllocs()
			for b.Loop() {
				d.Evaluate(&s, 100, &m)
			}
		})
	}
}

func busy() []float64 {
	series := make([]float64, 101)
	for i := range series {
		series[i] = float64((i*7)%5 + (i*i)%3)
	}
	return series
}

// The share of the way from the expected count to the bound: above 1 exactly where the count lies above the bound, also where a rare event
// has its bound below its mean.
func TestExceedance(t *testing.T) {
	for _, c := range []struct{ y, expected, bound, want float64 }{
		{4, 2, 6, 0.5}, {8, 2, 6, 1.5}, {1, 2, 6, -0.25}, {0, 0, 0, 0}, {1, 0, 0, MaxScore}, {5, 5, 5, 0}, {4, 5, 5, -MaxScore}, {1e9, 1, 2, MaxScore},
		{0, 0.02, 0, -MaxScore}, {1, 0.02, 0, MaxScore}, {2, 2.5, 1, MaxScore}, {2.5, 2.5, 1, MaxScore}, {1, 2.5, 1, -MaxScore},
	} {
		if got := exceedance(c.y, c.expected, c.bound); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}
