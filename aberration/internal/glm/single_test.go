package glm

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

// exact is e^x to 200 bits.
func exact(x float64) *big.Float {
	const halvings = 20
	r := new(big.Float).SetPrec(300).SetMantExp(new(big.Float).SetPrec(300).SetFloat64(x), -halvings)
	sum, term := big.NewFloat(1).SetPrec(300), big.NewFloat(1).SetPrec(300)
	for n := int64(1); n < 60; n++ {
		term.Mul(term, r)
		term.Quo(term, new(big.Float).SetInt64(n))
		sum.Add(sum, term)
	}
	for range halvings {
		sum.Mul(sum, sum)
	}
	return sum
}

func TestExpAndLogAreRounded(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	wrong := 0
	for range 4000 {
		x := r.Float64()*80 - 40
		if r.IntN(8) == 0 {
			x *= 17
		}
		want, _ := exact(x).Float64()
		switch got := Exp(x); {
		case math.Abs(got-want) > 0x1p-52*want:
			t.Fatalf("Exp(%v) = %v, want %v", x, got, want)
		case got != want:
			wrong++
		}
	}
	if wrong > 80 {
		t.Errorf("%d of 4000 exponentials are not the nearest double", wrong)
	}
	for range 1000 {
		v := math.Exp(r.Float64()*30 - 5)
		l := Log(v) // the neighbours of the logarithm lie farther from it
		off := func(l float64) float64 {
			q := new(big.Float).SetPrec(300).Quo(new(big.Float).SetPrec(300).SetFloat64(v), exact(l))
			d, _ := q.Sub(q, big.NewFloat(1)).Float64()
			return math.Abs(d)
		}
		if o := off(l); off(math.Nextafter(l, -1e9)) < o || off(math.Nextafter(l, 1e9)) < o {
			t.Fatalf("Log(%v) = %v is not the nearest double", v, l)
		}
	}
	for _, x := range []float64{math.Inf(1), math.Inf(-1), math.NaN(), 1e300, -1e300, 0, 709, -745} {
		if got, want := Exp(x), math.Exp(x); got != want && !math.IsNaN(want) {
			t.Errorf("Exp(%v) = %v", x, got)
		}
	}
}

// The coefficients are those of glm(y ~ 1, family = quasipoisson) in R 4.2.2, to the last bit.
func TestSingleLevelToTheLastBit(t *testing.T) {
	for _, c := range singles {
		var f GroupedFit
		q := &Grouped{Y: c.y, Time: make([]float64, len(c.y)), Group: make([]int, len(c.y)), Groups: 1}
		if !f.Solve(q) || f.EtaNow != c.want {
			t.Errorf("%v: %.17g, R has %.17g", c.y, f.EtaNow, c.want)
		}
	}
}

var singles = []struct {
	y    []float64
	want float64
}{
	{[]float64{8, 12, 5, 11, 12, 9, 9, 4, 5, 5, 9, 7, 10, 8, 9, 15, 7, 10, 12, 5, 9}, 2.1539745935428374},
	{[]float64{5, 1, 5, 8, 5, 5, 6, 6, 4, 8, 7, 8, 3, 7, 5, 8, 6, 8, 6, 6, 8}, 1.7837912995793526},
	{[]float64{12, 11, 9, 13, 9, 8, 5, 6, 8, 10, 11, 9, 14, 8, 9, 8, 11, 8, 9, 12, 6, 13, 8, 13, 8, 8, 9, 14}, 2.2625068694266419},
	{[]float64{10, 13, 7, 10, 7, 7, 10, 6, 10, 5, 6, 5, 6, 4, 9, 11, 10, 10, 8, 7, 11, 9, 9, 7, 6, 16, 9, 6}, 2.1231166051826493},
	{[]float64{14, 10, 16, 12, 9, 9, 7, 4, 11, 6, 9, 11, 18, 10, 10, 7, 12, 9, 10, 7, 7, 10, 10, 6, 5, 11, 15, 10, 10, 10, 17, 10, 11, 10, 8}, 2.3054381619766153},
	{[]float64{6, 11, 6, 13, 10, 10, 8, 9, 9, 7, 9, 5, 7, 7, 7, 13, 9, 12, 13, 8, 5}, 2.1704133198856033},
	{[]float64{13, 18, 13, 19, 17, 19, 11, 19, 17, 20, 16, 9, 15, 18, 17, 11, 11, 10, 21, 17, 18, 16, 21, 12, 14, 14, 8, 13, 13, 13, 16, 13, 12, 10, 13}, 2.6926948130190169},
	{[]float64{21, 18, 18, 15, 25, 16, 21, 12, 14, 17, 16, 14, 10, 17, 14, 14, 14, 18, 26, 18, 29}, 2.8608394103311579},
	{[]float64{1, 0, 1, 3, 2, 1, 2, 0, 1, 5, 2, 2, 1, 1, 6, 3, 4, 3, 3, 1, 3, 5, 1, 1, 3, 0, 1, 1}, 0.71084675765935501},
	{[]float64{18, 8, 13, 11, 10, 11, 14, 18, 15, 16, 7, 9, 6, 11, 12, 9, 10, 8, 12, 18, 9, 7, 8, 8, 10, 8, 17, 17, 10, 3, 10, 14, 11, 10, 15}, 2.4184615503804294},
	{[]float64{9, 8, 17, 8, 8, 7, 7, 14, 12, 19, 8, 12, 7, 21, 7, 19, 15, 19, 12, 10, 13, 16, 17, 14, 10, 9, 11, 13}, 2.502606226888354},
	{[]float64{10, 18, 16, 15, 19, 21, 7, 13, 15, 20, 15, 15, 20, 24, 18, 15, 12, 15, 18, 24, 15, 12, 17, 21, 7, 15, 10, 18, 15, 22, 14, 24, 16, 11, 18}, 2.781477669657054},
}
