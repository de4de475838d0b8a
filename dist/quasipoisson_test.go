package dist

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// The values are those of ppois, pnbinom, qpois, qnbinom and pt in R 4.2.2; at phi = 1.0000001 is R's to the digits it has.
func TestOverdispersedTail(t *testing.T) {
	for _, c := range []struct{ k, mu, phi, want, rel float64 }{
		{5, 3.2, 1, 0.21938748893269563, 1e-13}, {1, 1e-12, 1, 9.9999999999949996e-13, 1e-13}, {40, 20, 1, 5.3202025112462169e-05, 1e-13},
		{3, 8, 1, 0.98624603225599705, 1e-13}, {900, 1000, 1, 0.99937740221572491, 1e-13}, {1300, 1000, 1, 6.8870866654301631e-20, 1e-12},
		{5, 3.2, 1.5, 0.2427908035439196, 1e-13}, {1, 1e-12, 2, 6.9314718055970477e-13, 1e-13}, {40, 20, 4, 0.030010673454726338, 1e-13},
		{3, 8, 2, 0.9453125, 1e-13}, {12, 3, 1.0000001, 7.1386717407346918e-05, 1e-8}, {700, 500, 8, 0.0020656347227615088, 1e-12},
		{2000, 500, 300, 0.0054671725590891806, 1e-12}, {1100000, 1e6, 500, 7.1665005644203162e-06, 1e-11},
		{950000, 1e6, 500, 0.98830390766658049, 1e-12}, {4, 0.01, 30, 0.00057445970621217764, 1e-12}, {0, 3, 2, 1, 0}, {-1, 3, 2, 1, 0},
	} {
		if got := QuasiPoissonTail(c.k, c.mu, c.phi); !(math.Abs(got-c.want) <= c.rel*c.want) {
			t.Errorf("P(Y >= %v), mean %v, phi %v: %.17g, R has %.17g", c.k, c.mu, c.phi, got, c.want)
		}
	}
}

func TestOverdispersedQuantile(t *testing.T) {
	for _, c := range []struct{ alpha, mu, phi, want float64 }{
		{0.01, 3.2, 1.5, 10}, {1e-4, 20, 4, 69}, {0.05, 0.01, 30, 0}, {0.001, 1e-9, 1, 0}, {0.5, 8, 2, 7}, {0.9, 8, 2, 3},
		{0.01, 500, 8, 658}, {0.01, 1e6, 500, 1052752}, {0.01, 12.5, 1, 21}, {1e-8, 3, 900, 9273},
	} {
		if got := QuasiPoissonQuantile(c.alpha, NormalQuantile(1-c.alpha), c.mu, c.phi); got != c.want {
			t.Errorf("alpha %v, mean %v, phi %v: %v, R has %v", c.alpha, c.mu, c.phi, got, c.want)
		}
	}
}

// The quantile is the smallest count with no more than alpha above it, whatever path the search takes.
func TestOverdispersedQuantileByDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		mu, phi := math.Exp(rapid.Float64Range(-20, 8).Draw(t, "log mu")), 1+math.Exp(rapid.Float64Range(-20, 6).Draw(t, "log phi-1"))
		alpha := rapid.Float64Range(1e-9, 0.5).Draw(t, "alpha")
		k := QuasiPoissonQuantile(alpha, NormalQuantile(1-alpha), mu, phi)
		if above := QuasiPoissonTail(k+1, mu, phi); above > alpha*(1+1e-11) {
			t.Errorf("P(Y > %v) = %v > %v", k, above, alpha)
		}
		if at := QuasiPoissonTail(k, mu, phi); k > 0 && at < alpha*(1-1e-11) {
			t.Errorf("P(Y >= %v) = %v already", k, at)
		}
	})
}
