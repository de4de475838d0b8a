package aberration

import (
	"math"
	"testing"
)

// Means may be asked outside a chart too: what is outside the series has a reason, and a fit that is not theirs no mean.
func TestMeansOutsideTheirRange(t *testing.T) {
	s := &Series{Counts: []float64{1, 2, 3}}
	for _, m := range []Means{BaselineMean{}, FittedMeans{}} {
		for _, first := range []int{-1, 4, math.MaxInt} {
			if _, r := m.Fit(s, first, nil); r != OutOfRange {
				t.Errorf("%T from %d: %v", m, first, r)
			}
		}
	}
	two := FittedMeans{Model: MeanModel{Trend: true}}
	for _, mean := range []float64{BaselineMean{}.At(nil, s, 1, 2), GivenMeans{}.At(nil, s, 1, 2), GivenMeans{5}.At(nil, s, 2, 1), two.At(nil, s, 1, 2), two.At([]float64{1}, s, 1, 2),
		FittedMeans{Model: MeanModel{Harmonics: math.MaxInt}}.At([]float64{1}, s, 1, 2)} {
		if !math.IsNaN(mean) {
			t.Errorf("%v", mean)
		}
	}
	fit, r := two.Fit(s, 3, nil)
	total := 0.0
	for at := range 3 {
		total += two.At(fit, s, 3, at)
	}
	if r != OK || !same(total, 6, 1e-6) || (GivenMeans{5, 6}).At(nil, s, 1, 4) != 6 {
		t.Errorf("%v %v: the model has %v cases of 6", fit, r, total)
	}
}
