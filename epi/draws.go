package epi

import (
	"math/bits"
	"math/rand/v2"

	"github.com/baqylau/baqylau/dist"
)

// draws is the source of everything random here: PCG-DXSM (M. O'Neill 2014; Go's math/rand/v2, whose PCG gives the same numbers in every
// release) begun with the seed, and inversion of the distribution function. So a seed gives the same result on every machine and after
// every update.
type draws struct{ source *rand.PCG }

func newDraws(seed uint64) draws { return draws{rand.NewPCG(seed, 0x9e3779b97f4a7c15)} }

// uniform is a number between 0 and 1, neither of which it is.
func (d draws) uniform() float64 { return (float64(d.source.Uint64()>>11) + 0.5) * 0x1p-53 }

// below is a whole number from 0 to n-1; n is small, so that the bias of taking the upper word of a product, n/2^64, is nothing.
func (d draws) below(n int) int {
	high, _ := bits.Mul64(d.source.Uint64(), uint64(n))
	return int(high)
}

func (d draws) beta(a, b float64) float64 { return dist.BetaQuantile(d.uniform(), a, b) }

// poisson is a count with the given mean above 0.
func (d draws) poisson(mean float64) float64 {
	u := d.uniform()
	return dist.QuasiPoissonQuantile(1-u, dist.NormalQuantile(u), mean, 1)
}
