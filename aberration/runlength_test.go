package aberration

import (
	"testing"
)

func TestRunLengthAgreesWithR(t *testing.T) {
	var w struct {
		ARL struct{ H, K, Theta, ARL []float64 } `json:"poisson_cusum_arl"`
	}
	load(t, "worked_examples.json", &w)
	if len(w.ARL.H) == 0 {
		t.Fatal("no examples")
	}
	for i, want := range w.ARL.ARL {
		got, _, err := CountChart{K: w.ARL.K[i], H: w.ARL.H[i], Digits: 1}.RunLength(w.ARL.Theta[i])
		if err != nil || !same(got, want, 1e-12) {
			t.Errorf("k=%v h=%v θ=%v: %v, R has %v (%v)", w.ARL.K[i], w.ARL.H[i], w.ARL.Theta[i], got, want, err)
		}
	}
	// arlCusum of surveillance 1.20.3, zero and head start.
	for _, c := range []struct {
		chart             CountChart
		theta, zero, head float64
	}{
		{CountChart{K: 3, H: 10, Digits: 1}, 2.4, 548.362265528738, 513.671872451632},
		{CountChart{K: 3, H: 5}, 2.4, 51.4881502140625, 47.0694564804095},
		{CountChart{K: 2.7, H: 5.1, Digits: 1}, 2.4, 34.4662599712786, 29.124592436403},
		{CountChart{K: 2, H: 4, Digits: 1, Trials: 10}, 0.15, 76.3943342571325, 67.2030363109434},
		{CountChart{K: 3, H: 5, Digits: 1, Winsor: 4}, 2.4, 742.913140228292, 722.239334458234},
		{CountChart{K: 3, H: 5, Digits: 1, Winsor: 6}, 2.4, 63.9921997525639, 58.1442384070239},
		{CountChart{K: 3, H: 5, Digits: 1, Winsor: 7}, 2.4, 55.569712535801, 50.5862959154566},
	} {
		zero, head, err := c.chart.RunLength(c.theta)
		if err != nil || !same(zero, c.zero, 1e-12) || !same(head, c.head, 1e-12) {
			t.Errorf("%+v: %v %v %v, R has %v %v", c.chart, zero, head, err, c.zero, c.head)
		}
	}
}
