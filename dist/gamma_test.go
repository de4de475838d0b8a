package dist

import (
	"math"
	"testing"
)

// R: q = qgamma(p, a); pgamma(1.1 q, a), and the same with lower.tail = FALSE.
func TestGammaAgreesWithR(t *testing.T) {
	for _, c := range []struct{ a, p, q, below, above float64 }{
		{0.01, 0.29999999999999999, 2.9174171917458372e-53, 0.30028606684316889, 0.69971393315683106},
		{0.5, 0.050000000000000003, 0.0019660700000097625, 0.052437007693181777, 0.94756299230681817},
		{3, 1.0000000000000001e-09, 0.0018179466000270157, 1.3308185531728025e-09, 0.99999999866918132},
		{3, 0.94999999999999996, 6.2957936218719892, 0.96865141538881883, 0.031348584611181181},
		{40, 0.5, 39.667165010689104, 0.72919636043918334, 0.27080363956081666},
		{40, 0.99999999906867743, 90.363598295370181, 0.99999999999571865, 4.2813698605627566e-12},
		{1200, 0.025000000000000001, 1133.0569154115635, 0.90842315397568429, 0.091576846024315706},
		{1200, 0.97499999999999998, 1268.8372769357773, 0.99999996246201317, 3.7537986814679985e-08},
	} {
		below, above := GammaTails(c.q*1.1, c.a)
		if got := GammaQuantile(c.p, c.a); !same(got, c.q, 1e-12) || !same(below, c.below, 1e-12) || !same(above, c.above, 1e-11) {
			t.Errorf("a=%v p=%v: %v, %v, %v; R has %v, %v, %v", c.a, c.p, got, below, above, c.q, c.below, c.above)
		}
	}
	for _, c := range []struct{ x, want float64 }{
		{0.001, -1000.5755719318104}, {0.5, -1.9635100260214231}, {1, -0.57721566490153231}, {1.4616321449683622, 0}, {7, 1.8727843350984674}, {123.4, 4.8113737751162775}, {1e8, 18.420680738952367},
	} {
		if got := Digamma(c.x); math.Abs(got-c.want) > 1e-14*max(1, math.Abs(c.want)) {
			t.Errorf("digamma(%v) = %v, R has %v", c.x, got, c.want)
		}
	}
}

// Where the sums give way to the cube root, both must agree.
func TestGammaOfLargeShapes(t *testing.T) {
	for _, z := range []float64{-3, -1, 0, 2} {
		below := func(shape float64) float64 { b, _ := GammaTails(shape+z*math.Sqrt(shape), shape); return b }
		if a, b := below(1e7), below(1e7*(1+1e-9)); math.Abs(a-b) > 1e-8 {
			t.Errorf("at %v standard deviations: %v and %v", z, a, b)
		}
	}
}
