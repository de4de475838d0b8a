package aberration

import (
	"math"
	"testing"
)

// FuzzGLR holds every setting against odd series: no panic, no alarm without a verdict, and a statistic of 0 or more where there is one.
func FuzzGLR(f *testing.F) {
	f.Add([]byte{3, 4, 0, 5, 2, 9, 30, 30}, 4, -1, 1, 1, 0, byte(0), 5.0, 0.0, 0.2)
	f.Add([]byte{0, 0, 0, 0, 1, 2}, 4, 3, 2, 0, 2, byte(15), 1.0, 0.5, math.NaN())
	f.Add([]byte{255, 254, 253, 252, 251, 250, 1, 252}, 2, 0, 1, 3, 0, byte(8), 0.0, -1.0, 1e-300)
	f.Add([]byte{251, 251, 251, 0, 0, 251, 0}, 3, -1, 1, 1, 1, byte(31), 1e300, 699.0, 1e300)
	f.Fuzz(func(t *testing.T, b []byte, first, window, segment, harmonics, frequency int, flags byte, limit, shift, alpha float64) {
		if len(b) > 40 {
			b = b[:40]
		}
		s := &Series{Frequency: frequency % 60}
		for _, c := range b {
			s.Counts = append(s.Counts, oddValue(c))
		}
		g := GLR{First: first, Limit: limit, Window: window, MinSegment: segment, Shift: shift, MaxCases: 50}
		g.Change, g.Decrease, g.Cases = Change(flags&1), flags&2 != 0, flags&4 != 0
		g.Model = MeanModel{Harmonics: harmonics % 5, Trend: flags&8 != 0, Refit: flags&16 != 0}
		if flags&32 != 0 {
			g.Mean = GivenMeans{2, alpha}
		}
		if flags&64 != 0 {
			g.Mode = Reference
		}
		for _, d := range []Detector{GLRPoisson{GLR: g}, GLRNegBin{GLR: g, Alpha: alpha}} {
			for _, r := range Range(nil, d, s, max(0, first), len(b)-1, nil) {
				if r.Alarm && r.Reason != OK || r.Statistic < 0 || math.Abs(r.Score) > MaxScore || math.IsNaN(r.Score) {
					t.Errorf("%s %+v: %+v", d.Name(), g, r)
				}
			}
		}
		m := FittedMeans{Model: g.Model, Mode: g.Mode}
		if fit, reason := m.Fit(s, min(max(0, first), len(b)), nil); reason == OK {
			if v := m.At(fit, s, first, len(b)); v < 0 {
				t.Errorf("mean %v", v)
			}
		}
	})
}
