package dist

import "testing"

// Values of R's digamma and trigamma.
func TestGammaDerivatives(t *testing.T) {
	for _, c := range [][3]float64{
		{1e-3, -1000.5755719318104, 1000001.6425331959}, {0.5, -1.9635100260214231, 4.934802200544679}, {3.7, 1.1671535393615113, 0.31003785767003833},
		{9.99, 2.2507003728312012, 0.10527695014824182}, {50, 3.901989673427892, 0.020201333226697128}, {1e6, 13.81551005796419, 1.0000005000001672e-06},
	} {
		if got := Digamma(c[0]); !same(got, c[1], 1e-14) {
			t.Errorf("digamma(%v) = %v, R has %v", c[0], got, c[1])
		}
		if got := Trigamma(c[0]); !same(got, c[2], 1e-14) {
			t.Errorf("trigamma(%v) = %v, R has %v", c[0], got, c[2])
		}
	}
}
