package aberration

import (
	"math"
	"testing"
)

func FuzzCharts(f *testing.F) {
	f.Add([]byte{1, 2, 0, 5, 250, 3}, 2, 1.04, 2.26, 0.1)
	f.Add([]byte{0, 0, 0, 255, 0, 248}, 0, -1.0, 0.0, 1e300)
	f.Add([]byte{255, 254, 253, 3}, 3, 1e-300, 1e300, 0.5)
	f.Fuzz(func(t *testing.T, raw []byte, first int, k, h, p float64) {
		s := fuzzSeries(raw)
		for _, mode := range []Mode{Guarded, Reference} {
			ds := []Detector{OutbreakP{First: first, K: k, MaxBound: h, Mode: mode},
				Rogerson{First: first, Theta: []float64{p, 1, k}, Shift: k, Table: []Interval{{Theta: p, H: h}, {Theta: 1, H: 5}}, Limit: h, Digits: first % 9, HeadStart: first%2 == 0, Mode: mode},
				Rogerson{First: first, Theta: []float64{p}, Trials: []float64{h, 5}, Shift: k, Table: []Interval{{Theta: p, H: h}}, Mode: mode},
				BinomialCUSUM{First: first, InControl: []float64{p}, OddsRatio: k, H: h, Mode: mode},
				BinomialCUSUM{First: first, InControl: []float64{0.2, p}, OutOfControl: []float64{k}, H: h, Mode: mode}}
			for tr := Standard; tr <= Untransformed; tr++ {
				ds = append(ds, CUSUM{First: first, K: k, H: h, Transform: tr, Alpha: p, Mode: mode}, CUSUM{First: first, K: k, H: h, Transform: tr, Alpha: 1, Means: GivenMeans{p, 2}, Mode: mode})
			}
			for _, d := range ds {
				var m Memory
				for at := max(0, first); at < len(s.Counts) && at < first+40; at++ {
					r := d.Evaluate(s, at, &m)
					if r.Reason != OK && (r.Alarm || r.Score != 0) || math.IsNaN(r.Score) || math.Abs(r.Score) > MaxScore || r.Reason == OK && !r.Guarded && math.IsNaN(r.Statistic) {
						t.Fatalf("%#v at %d: %+v", d, at, r)
					}
				}
			}
		}
	})
}
