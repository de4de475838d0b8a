package aberration

import (
	"math"

	"github.com/baqylau/baqylau/dist"
)

// GammaMixture is the prior of the gamma-Poisson shrinker: the ratio λ of a cell's true to its expected count is
// Gamma(Shape1, Rate1) with probability Weight, else Gamma(Shape2, Rate2). FitGammaMixture estimates it from a whole table.
//
// Source: DuMouchel (1999), American Statistician 53, 177–190, where theta is these five in this order.
type GammaMixture struct {
	// Shape1, Rate1, Shape2, Rate2 are above 0.
	Shape1, Rate1, Shape2, Rate2 float64
	// Weight is the share of the first component, 0 to 1.
	Weight float64
}

// DuMouchelPrior is where searches begin by custom: (0.2, 0.1, 2, 4, 1/3).
func DuMouchelPrior() GammaMixture { return GammaMixture{0.2, 0.1, 2, 4, 1.0 / 3} }

// GammaPosterior is what is known of λ after n reports where e were expected: Gamma(Shape1, Rate1) with probability Weight, else
// Gamma(Shape2, Rate2) (DuMouchel 1999; Weight is his Q, equation 6).
type GammaPosterior GammaMixture

func (g GammaMixture) valid() bool {
	for _, v := range [...]float64{g.Shape1, g.Rate1, g.Shape2, g.Rate2} {
		if !(v > 0 && v <= 1e100) {
			return false
		}
	}
	return g.Weight >= 0 && g.Weight <= 1
}

// Posterior updates the prior by n reports where e were expected, n >= 0 and e > 0. The error is InvalidSettings for a prior out of
// range, MissingValue, NegativeValue, ZeroCell for e = 0, and NoFit where n and e are so far from the prior that no double can tell
// which component they are from.
func (g GammaMixture) Posterior(n, e float64) (GammaPosterior, error) {
	if !g.valid() {
		return GammaPosterior{}, InvalidSettings
	}
	if r := check([]float64{n, e}); r != OK {
		return GammaPosterior{}, r
	}
	if e == 0 {
		return GammaPosterior{}, ZeroCell
	}
	log1, log2 := logMarginal(n, e, g.Shape1, g.Rate1), logMarginal(n, e, g.Shape2, g.Rate2)
	q := 1 / (1 + (1-g.Weight)/g.Weight*math.Exp(log2-log1))
	if g.Weight == 0 || g.Weight == 1 {
		q = g.Weight
	}
	if math.IsNaN(q) {
		return GammaPosterior{}, NoFit
	}
	return GammaPosterior{g.Shape1 + n, g.Rate1 + e, g.Shape2 + n, g.Rate2 + e, q}, nil
}

// logMarginal is the log probability of n under one component, which is negative binomial.
func logMarginal(n, e, shape, rate float64) float64 {
	return dist.NegativeBinomialLogMass(n, shape, rate/(rate+e), e/(rate+e))
}

// EBGM is the geometric mean of λ, exp(E ln λ) (equation 11): what the plain ratio n/e becomes once it is shrunk towards the table's.
func (p GammaPosterior) EBGM() float64 {
	mean := 0.0
	if p.Weight > 0 {
		mean += p.Weight * (dist.Digamma(p.Shape1) - math.Log(p.Rate1))
	}
	if p.Weight < 1 {
		mean += (1 - p.Weight) * (dist.Digamma(p.Shape2) - math.Log(p.Rate2))
	}
	return math.Exp(mean)
}

// Quantile is the quantile of λ; EB05 and EB95 are those at 0.05 and 0.95. NaN unless 0 < probability < 1.
func (p GammaPosterior) Quantile(probability float64) float64 {
	if !(probability > 0 && probability < 1) {
		return math.NaN()
	}
	switch p.Weight {
	case 1:
		return dist.GammaQuantile(probability, p.Shape1) / p.Rate1
	case 0:
		return dist.GammaQuantile(probability, p.Shape2) / p.Rate2
	}
	// The quantile of a mixture lies between those of its parts.
	a, b := dist.GammaQuantile(probability, p.Shape1)/p.Rate1, dist.GammaQuantile(probability, p.Shape2)/p.Rate2
	low, high := min(a, b), max(a, b)
	if low == 0 { // underflow of a very small shape
		low = min(5e-324, high)
	}
	if !(high > low) {
		return low
	}
	return dist.Invert(func(x float64) (below, above, density float64) {
		b1, a1 := dist.GammaTails(x*p.Rate1, p.Shape1)
		b2, a2 := dist.GammaTails(x*p.Rate2, p.Shape2)
		w, v := p.Weight, 1-p.Weight
		return w*b1 + v*b2, w*a1 + v*a2, w*p.Rate1*dist.GammaDensity(x*p.Rate1, p.Shape1) + v*p.Rate2*dist.GammaDensity(x*p.Rate2, p.Shape2)
	}, probability, low, high)
}
