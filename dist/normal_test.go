package dist

import (
	"math"
	"testing"
)

// R: qnorm(p), in both tails; the digits of 1-p are those that p had.
func TestNormalQuantileAgreesWithR(t *testing.T) {
	for _, c := range [][2]float64{
		{1e-300, -37.047096299361201}, {1e-20, -9.2623400897984052}, {1e-16, -8.2220822161304348}, {1e-10, -6.3613409024040557}, {1e-6, -4.7534243088228987},
		{0.025, -1.9599639845400545}, {0.5, 0}, {0.999, 3.0902323061678132}, {1, 8.2095361516013874}, // 1 stands for the number below it
	} {
		if got := NormalQuantile(c[0]); !same(got, c[1], 1e-15) {
			t.Errorf("%v: %v, R has %v", c[0], got, c[1])
		}
	}
	for _, p := range []float64{0, -1, 1.5, math.NaN(), math.Inf(1)} {
		if got := NormalQuantile(p); !math.IsNaN(got) {
			t.Errorf("%v: %v", p, got)
		}
	}
}
