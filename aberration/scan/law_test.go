package scan

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// Tails as R's phyper, pbinom and ppois give them.
func TestTailsAsInR(t *testing.T) {
	for _, c := range []struct {
		l       law
		c, want float64
	}{
		{hypergeometric(10, 30, 100), 5, 0.1384023491392691},
		{hypergeometric(10, 30, 100), 3, 0.62714340564172844},
		{hypergeometric(500, 200, 10000), 40, 2.4404686408678225e-14},
		{hypergeometric(900, 12, 5012), 12, 1.0580737071463475e-09},
		{binomial(20, 0.1), 8, 0.00041563501884547669},
		{binomial(20, 0.1), 2, 0.60825300187483222},
		{binomial(1000, 0.07), 121, 4.914606135151418e-09},
		{poisson(2.5), 10, 0.00027735209462083593},
		{poisson(2.5), 2, 0.71270250481635422},
		{poisson(150.5), 241, 7.102179279305204e-12},
	} {
		if got := c.l.tail(c.c); math.Abs(got-c.want) > 1e-12*c.want {
			t.Errorf("%+v: P(X >= %v) = %v, want %v", c.l, c.c, got, c.want)
		}
	}
}

func anyLaw(t *rapid.T) law {
	switch n := float64(rapid.IntRange(0, 60).Draw(t, "n")); rapid.IntRange(0, 2).Draw(t, "kind") {
	case 0:
		return poisson(rapid.Float64Range(0, 40).Draw(t, "mean"))
	case 1:
		return binomial(n, rapid.Float64Range(0, 1).Draw(t, "q"))
	default:
		total := n + float64(rapid.IntRange(0, 60).Draw(t, "others"))
		return hypergeometric(n, float64(rapid.IntRange(0, int(total)).Draw(t, "marked")), total)
	}
}

// The mode is the mode, probabilities add up to 1, neighbours have the stated ratio, and tails are their sums.
func TestLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := anyLaw(t)
		sum := 0.0
		for k := l.least; k <= min(l.most, 400); k++ {
			p := l.mass(k)
			if p > l.mass(l.mode)*(1+1e-9) {
				t.Fatalf("%+v: %v is likelier than the mode", l, k)
			}
			if k < l.most && p > 1e-200 && math.Abs(l.ratio(k)*p-l.mass(k+1)) > 1e-9*p {
				t.Fatalf("%+v: ratio at %v", l, k)
			}
			if tail := l.tail(k); math.Abs(tail-(1-sum)) > 1e-9 {
				t.Fatalf("%+v: P(X >= %v) = %v, want %v", l, k, tail, 1-sum)
			}
			sum += p
		}
		if math.Abs(sum-1) > 1e-9 || l.tail(min(l.most+1, 1e4)) != 0 {
			t.Fatalf("%+v: sum %v", l, sum)
		}
	})
}

// Pearson's χ² of many draws against the probabilities stays below its 1-1e-6 quantile.
func TestDrawsFollowTheLaw(t *testing.T) {
	rng := rand.NewPCG(3, 4)
	for _, l := range []law{poisson(0.05), poisson(3.7), poisson(900), binomial(12, 0.3), binomial(5000, 0.4), hypergeometric(10, 7, 30), hypergeometric(400, 900, 1200), hypergeometric(9, 9, 9)} {
		l = l.ready()
		const n = 200_000
		seen := map[float64]float64{}
		for range n {
			seen[l.draw(rng)]++
		}
		chi, cells, restSeen, rest := 0.0, -1.0, float64(n), 1.0
		for k, o := range seen {
			if p := l.mass(k); p*n >= 10 {
				chi += (o - n*p) * (o - n*p) / (n * p)
				cells++
				restSeen -= o
				rest -= p
			}
		}
		if rest*n >= 10 {
			chi += (restSeen - n*rest) * (restSeen - n*rest) / (n * rest)
			cells++
		}
		if limit := cells + 4.75*math.Sqrt(2*cells) + 16; chi > limit {
			t.Errorf("%+v: χ² %v with %v degrees of freedom", l, chi, cells)
		}
	}
	if l := poisson(1e9).ready(); math.Abs(l.draw(rng)-1e9) > 3e5 {
		t.Error("a mean of a billion")
	}
}

// Lemire's method gives every number equally often, also where n does not divide 2^64.
func TestBelow(t *testing.T) {
	rng := rand.NewPCG(1, 2)
	var seen [7]float64
	for range 70_000 {
		seen[below(rng, 7)]++
	}
	for i, o := range seen {
		if math.Abs(o-10_000) > 5*math.Sqrt(10_000) {
			t.Errorf("%d: %v times", i, o)
		}
	}
	high := 0
	for range 1000 {
		if below(rng, 3<<62) >= 1<<63 {
			high++
		}
	}
	if high < 250 || high > 420 {
		t.Errorf("the upper third came %d times in a thousand", high)
	}
}

func TestGumbel(t *testing.T) {
	// Mean 3 and standard deviation 1: scale √6/π, location 3 - 0.5772 × 0.7797.
	g := FitGumbel([]float64{2, 3, 4})
	if math.Abs(g.Scale-0.7796968012336761) > 1e-15 || math.Abs(g.Location-2.5499467924543056) > 1e-12 {
		t.Errorf("%+v", g)
	}
	if p := g.Tail(g.Location); math.Abs(p-(1-1/math.E)) > 1e-15 {
		t.Errorf("at the location: %v", p)
	}
	// Far out the tail is exp(-(x-location)/scale), with no digit lost.
	if p := g.Tail(g.Location + 100*g.Scale); math.Abs(p/math.Exp(-100)-1) > 1e-12 {
		t.Errorf("far out: %v", p)
	}
	for _, x := range [][]float64{nil, {1}, {2, 2, 2}, {1, math.NaN()}, {1, math.Inf(1)}} {
		if g := FitGumbel(x); !math.IsNaN(g.Scale) || !math.IsNaN(g.Tail(1)) {
			t.Errorf("%v: %+v", x, g)
		}
	}
}
