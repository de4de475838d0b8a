package simulate

import (
	"math"
	"math/rand/v2"
)

// Poisson draws a Poisson count with the given mean: by multiplication of uniforms below 10 (Knuth), by transformed rejection above
// (Hörmann 1993, Insurance: Mathematics and Economics 12, 39–45, algorithm PTRS). A mean that is not above 0 gives 0, one above
// 1e15 counts as 1e15.
func Poisson(r *rand.Rand, mean float64) float64 {
	if !(mean > 0) {
		return 0
	}
	if mean < 10 {
		limit, k := math.Exp(-mean), 0.0
		for p := r.Float64(); p > limit; p *= r.Float64() {
			k++
		}
		return k
	}
	mean = min(mean, 1e15)
	root, log := math.Sqrt(mean), math.Log(mean)
	b := 0.931 + 2.53*root
	a := -0.059 + 0.02483*b
	inv := 1.1239 + 1.1328/(b-3.4)
	quick := 0.9277 - 3.6224/(b-2)
	for {
		u, v := r.Float64()-0.5, r.Float64()
		us := 0.5 - math.Abs(u)
		k := math.Floor((2*a/us+b)*u + mean + 0.43)
		if us >= 0.07 && v <= quick {
			return k
		}
		if k < 0 || us < 0.013 && v > us {
			continue
		}
		lg, _ := math.Lgamma(k + 1)
		if math.Log(v)+math.Log(inv)-math.Log(a/(us*us)+b) <= -mean+k*log-lg {
			return k
		}
	}
}

// Gamma draws from the gamma distribution with the given shape, above 0, and scale 1 (Marsaglia and Tsang 2000, ACM Transactions on
// Mathematical Software 26, 363–372). A shape that is not above 0 gives 0; one above 1e15 counts as 1e15.
func Gamma(r *rand.Rand, shape float64) float64 {
	if !(shape > 0) {
		return 0
	}
	if shape < 1 {
		return Gamma(r, shape+1) * math.Pow(1-r.Float64(), 1/shape)
	}
	d := min(shape, 1e15) - 1.0/3
	c := 1 / math.Sqrt(9*d)
	for {
		x := r.NormFloat64()
		v := 1 + c*x
		if v <= 0 {
			continue
		}
		v *= v * v
		if math.Log(1-r.Float64()) < x*x/2+d-d*v+d*math.Log(v) {
			return d * v
		}
	}
}

// NegativeBinomial draws a count with the given mean and variance phi·mean, as a Poisson count whose mean is gamma with shape
// mean/(phi-1) and scale phi-1. It is Poisson when phi is not above 1.
func NegativeBinomial(r *rand.Rand, mean, phi float64) float64 {
	if !(phi > 1) || !(mean > 0) {
		return Poisson(r, mean)
	}
	return Poisson(r, Gamma(r, min(mean, 1e15)/(phi-1))*(phi-1))
}
