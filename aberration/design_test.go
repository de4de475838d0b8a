package aberration

import (
	"errors"
	"math"
	"testing"

	"github.com/baqylau/baqylau/dist"
	"pgregory.net/rapid"
)

// findH of surveillance 1.20.3 for a Poisson mean of 2, one standard deviation and 500 periods: k = 2.6 and an ARL of 531.6219 at 8.4,
// which is the same chart as 8.3, since the sums are multiples of 0.2.
func TestDesignAgreesWithR(t *testing.T) {
	c, arl, err := Design{RunLength: 500, Shift: 1, Digits: 1}.Chart(2)
	if err != nil || c.K != 2.6 || c.H != 8.3 || !same(arl, 531.621911741877, 1e-12) {
		t.Errorf("%+v %v %v", c, arl, err)
	}
	if below, _, _ := (CountChart{K: 2.6, H: 8.2, Digits: 1}).RunLength(2); below >= 500 {
		t.Errorf("8.2 would do, with %v", below)
	}
	// With the head start R takes 8.3 and has 502.714825028144.
	if c, arl, err := (Design{RunLength: 500, Shift: 1, Digits: 1, HeadStart: true}).Chart(2); err != nil || c.H != 8.3 || !same(arl, 502.714825028144, 1e-12) {
		t.Errorf("%+v %v %v", c, arl, err)
	}
	// Binomial, 10 trials, probability 0.1, odds doubled, 100 periods.
	if c, arl, err := (Design{RunLength: 100, Shift: 2, Digits: 1, Trials: 10}).Chart(0.1); err != nil || c.K != 1.4 || !same(arl, 108.4289565976897, 1e-12) {
		t.Errorf("%+v %v %v", c, arl, err)
	}
	// hValues with a tolerance of 2 %: 6.4, 495.488892962801 for 1.
	table, err := Design{RunLength: 500, Shift: 1, Digits: 1, Tolerance: 0.02}.Table(1, 2)
	if err != nil || len(table) != 2 || !same(table[0].ARL, 495.488892962801, 1e-12) || table[0].K != 1.4 {
		t.Errorf("%+v %v", table, err)
	}
}

// findK of surveillance with roundK: multiples of one half are left towards the exact value.
func TestReferenceValues(t *testing.T) {
	for theta, want := range map[float64]float64{0.5: 0.8, 1: 1.4, 1.3: 1.8, 2: 2.6, 2.7: 3.4, 3.1: 3.9, 4: 4.9} {
		if got := RoundReferenceValue(PoissonReference(theta, theta+math.Sqrt(theta)), 1); got != want {
			t.Errorf("θ = %v: %v, R has %v", theta, got, want)
		}
	}
	for _, c := range []struct {
		k      float64
		digits int
		want   float64
	}{{0.999497732932618, 1, 0.9}, {1.012452541194937, 1, 1.1}, {1.49, 1, 1.4}, {1.51, 1, 1.6}, {1.49, 2, 1.49}, {4.999987697959325, 2, 4.99}, {1.44269504088896, 0, 2}, {0.8, 0, 0}, {1.5, 1, 1.5}} {
		if got := RoundReferenceValue(c.k, c.digits); got != c.want {
			t.Errorf("%v to %d digits: %v, R has %v", c.k, c.digits, got, c.want)
		}
	}
	if k := BinomialReference(0.1, 0.2, 10); !same(k, 1.45244354324273, 1e-14) {
		t.Errorf("binomial: %v", k)
	}
	for _, k := range []float64{PoissonReference(0, 1), PoissonReference(1, 1), PoissonReference(1, math.Inf(1)), BinomialReference(0.1, 1, 5), BinomialReference(0.1, 0.2, 0), BinomialReference(0.2, 0.2, 5), PoissonReference(math.NaN(), 2)} {
		if !math.IsNaN(k) {
			t.Errorf("%v where there is none", k)
		}
	}
}

// Runs are longer with a higher limit, and shorter with a head start and with a higher mean.
func TestRunLengthsInOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := CountChart{K: float64(rapid.IntRange(0, 40).Draw(t, "k")) / 10, H: float64(rapid.IntRange(1, 60).Draw(t, "h")) / 10, Digits: 1, Trials: rapid.SampledFrom([]int{0, 0, 12}).Draw(t, "trials")}
		theta := rapid.Float64Range(0.05, 0.6).Draw(t, "theta")
		zero, head, err := c.RunLength(theta)
		if err != nil || !(zero >= 1) || head > zero*(1+1e-12) || !(head >= 1) {
			t.Fatalf("%+v: %v %v %v", c, zero, head, err)
		}
		higher := c
		higher.H++
		if z, _, _ := higher.RunLength(theta); z < zero {
			t.Fatalf("%+v: %v, one higher %v", c, zero, z)
		}
		if z, _, _ := c.RunLength(theta * 1.3); z > zero {
			t.Fatalf("%+v: %v, with a higher mean %v", c, zero, z)
		}
	})
}

// A chart with k = 0 and h = 1 alarms at the first case: the run is geometric, however rare the cases. Nothing cancels.
func TestLongRunsKeepTheirDigits(t *testing.T) {
	for _, theta := range []float64{1, 1e-3, 1e-9, 1e-15} {
		if zero, _, err := (CountChart{H: 1}).RunLength(theta); err != nil || !same(zero, -1/math.Expm1(-theta), 1e-14) {
			t.Errorf("θ = %v: %v %v", theta, zero, err)
		}
	}
	// k = 1, h = 2, θ small: the alarm needs three cases at once, or two and two.
	theta := 1e-4
	p1, p2 := theta*math.Exp(-theta), theta*theta/2*math.Exp(-theta)
	three := dist.QuasiPoissonTail(3, theta, 1)
	// From 0: alarm by three or more, to 1 by two. From 1: alarm by two or more, stay by one, back by none.
	want := (1 + p2/(1-p1)) / (three + p2*(p2+three)/(1-p1))
	if zero, _, err := (CountChart{K: 1, H: 2}).RunLength(theta); err != nil || !same(zero, want, 1e-12) {
		t.Errorf("%v, want %v (%v)", zero, want, err)
	}
	if zero, head, err := (CountChart{K: 5, H: 3, Winsor: 4}).RunLength(1); err != nil || !math.IsInf(zero, 1) || !math.IsInf(head, 1) {
		t.Errorf("counts cut to 4 never lift the sum above 5: %v %v %v", zero, head, err)
	}
}

func TestRunLengthRefuses(t *testing.T) {
	nan := math.NaN()
	for _, c := range []CountChart{{}, {K: -1, H: 1}, {K: 1, H: nan}, {K: 1, H: 1, Digits: 7}, {K: 1, H: 1, Trials: -1}, {K: 0.001, H: 90, Digits: 6}, {K: 1, H: 0.01, Digits: 1}, {K: 1, H: 1, Winsor: -1}} {
		if zero, _, err := c.RunLength(0.5); !errors.Is(err, InvalidSettings) || !math.IsNaN(zero) {
			t.Errorf("%+v: %v %v", c, zero, err)
		}
	}
	for _, theta := range []float64{0, -1, nan, math.Inf(1)} {
		if _, _, err := (CountChart{K: 1, H: 3}).RunLength(theta); !errors.Is(err, InvalidSettings) {
			t.Errorf("θ = %v: %v", theta, err)
		}
	}
	if _, _, err := (CountChart{K: 1, H: 3, Trials: 5}).RunLength(1); !errors.Is(err, InvalidSettings) {
		t.Errorf("probability 1: %v", err)
	}
	for _, d := range []Design{{}, {RunLength: 1, Shift: 1}, {RunLength: 100}, {RunLength: 100, Shift: 1, Tolerance: 1}, {RunLength: 100, Shift: 1, Digits: -1}, {RunLength: math.Inf(1), Shift: 1}, {RunLength: 100, Shift: 1, Trials: 5}} {
		if _, _, err := d.Chart(0.5); !errors.Is(err, InvalidSettings) {
			t.Errorf("%+v: %v", d, err)
		}
	}
	if _, err := (Design{RunLength: 100, Shift: 1}).Table(1, nan); !errors.Is(err, InvalidSettings) {
		t.Errorf("table: %v", err)
	}
}

func FuzzRunLength(f *testing.F) {
	f.Add(3.0, 10.0, 2.4, 1, 0, 0)
	f.Add(0.0, 1.0, 1e-300, 0, 7, 2)
	f.Add(1e5, 1e5, 1e5, 6, -1, -1)
	f.Fuzz(func(t *testing.T, k, h, theta float64, digits, trials, winsor int) {
		c := CountChart{K: k, H: min(h, 20), Digits: digits % 3, Trials: trials, Winsor: winsor}
		zero, head, err := c.RunLength(theta)
		if (err == nil) != (zero >= 1) || err == nil && !(head >= 1) {
			t.Fatalf("%+v at %v: %v %v %v", c, theta, zero, head, err)
		}
		RoundReferenceValue(PoissonReference(k, theta), digits)
		d := Design{RunLength: h, Shift: k, Digits: digits % 2, Trials: trials}
		if d.RunLength > 50 {
			d.RunLength = 50
		}
		if c, arl, err := d.Chart(min(theta, 30)); err == nil && !(arl >= d.RunLength && c.H > 0) {
			t.Fatalf("%+v: %+v %v", d, c, arl)
		}
	})
}
