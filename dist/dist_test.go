package dist

import (
	"math"
	"testing"
)

// The normal and Student's t take any argument, and nothing allocates.
func TestNothingIsAllocated(t *testing.T) {
	odd := []float64{math.NaN(), math.Inf(-1), -1e300, -1, 0, 1e-300, 0.3, 1, 2.5, 1e6, 1e300, math.Inf(1)}
	allocations := testing.AllocsPerRun(1, func() {
		for _, a := range odd {
			NormalQuantile(a)
			for _, b := range odd {
				NormalTail(a, b)
				StudentTail(a, b)
			}
		}
		BinomialTail(7, 20, 0.2, 0.8)
		NegativeBinomialTail(7, 2, 0.2, 0.8)
		NegativeBinomialQuantile(0.9, 2, 0.2)
		QuasiPoissonQuantile(0.01, 2.33, 20, 900)
		GammaQuantile(0.3, 2)
	})
	if allocations != 0 {
		t.Errorf("%v allocations", allocations)
	}
}
