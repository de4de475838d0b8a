package dist

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// same is for numbers that agree to a relative precision.
func same(got, want, rel float64) bool {
	return got == want || math.Abs(got-want) <= rel*math.Abs(want)
}

// The tails are compared with plain summation of the whole distribution, where that is still exact enough.
func TestTailsEqualPlainSummation(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := float64(rapid.IntRange(1, 300).Draw(t, "n"))
		c := float64(rapid.IntRange(0, int(n)).Draw(t, "c"))
		q := rapid.Float64Range(0.001, 0.999).Draw(t, "q")
		want := 0.0
		for k := c; k <= n; k++ {
			ln, _ := math.Lgamma(n + 1)
			lk, _ := math.Lgamma(k + 1)
			ld, _ := math.Lgamma(n - k + 1)
			want += math.Exp(ln - lk - ld + k*math.Log(q) + (n-k)*math.Log1p(-q))
		}
		if got, _ := BinomialTail(c, n, q, 1-q); math.Abs(got-want) > 1e-10*want+1e-13 {
			t.Fatalf("P(X>=%v | %v, %v) = %v, want %v", c, n, q, got, want)
		}
		size := rapid.Float64Range(0.1, 80).Draw(t, "size")
		below := 0.0
		for k := 0.0; k < c; k++ {
			a, _ := math.Lgamma(k + size)
			b, _ := math.Lgamma(size)
			d, _ := math.Lgamma(k + 1)
			below += math.Exp(a - b - d + size*math.Log(q) + k*math.Log1p(-q))
		}
		if got := NegativeBinomialTail(c, size, q, 1-q); math.Abs(got-(1-below)) > 1e-11 {
			t.Fatalf("P(Y>=%v | %v, %v) = %v, want %v", c, size, q, got, 1-below)
		}
	})
}

// Beyond counts of 10,000 the continued fraction takes over. R: pnbinom(y-1, size, prob, lower.tail = FALSE).
func TestLargeCountsAgreeWithR(t *testing.T) {
	for _, c := range [][4]float64{
		{12000, 0.5, 0.0001, 0.12132982062791312},
		{30000, 3, 5.0000000000000002e-05, 0.80882486540679188},
		{50000, 50000, 0.51000000000000001, 1.2647525059111001e-10},
		{200000, 0.5, 3.9999999999999998e-06, 0.20590304067375892},
		{1000000, 100, 9.0000000000000006e-05, 0.84155852563903799},
		{20000, 100000, 0.85999999999999999, 5.7746074870961432e-149},
	} {
		if got := NegativeBinomialTail(c[0], c[1], c[2], 1-c[2]); !same(got, c[3], 1e-10) { // R has no more digits of 1-prob
			t.Errorf("P(Y>=%v | %v, %v) = %v, R has %v", c[0], c[1], c[2], got, c[3])
		}
	}
	// Both ways meet where one hands over to the other.
	sum := NegativeBinomialTail(10000, 4, 0.001, 0.999)
	if got := betaTail(10000, 4, 0.001, 0.999); !same(got, sum, 1e-11) {
		t.Errorf("%v, by the sum %v", got, sum)
	}
}

// Far out, where probabilities are smaller than floats can be, tails end and are 0.
func TestTailsEndBelowTheSmallestNumber(t *testing.T) {
	for y := 3000.0; y < 5000; y++ {
		if tail := NegativeBinomialTail(y, 6.65, 0.1754, 1-0.1754); !(tail < 1e-200) {
			t.Fatalf("negative binomial, %v: %v", y, tail)
		}
		if tail, _ := BinomialTail(y, 9000, 0.1, 0.9); y > 3200 && !(tail < 1e-200) {
			t.Fatalf("binomial, %v: %v", y, tail)
		}
	}
}
