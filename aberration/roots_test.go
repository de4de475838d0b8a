package aberration

import (
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

// The roots are compared with those of a hundred digits, at the exponents that a double holds.
func TestRootsToTheLastDigit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := math.Exp(rapid.Float64Range(-20, 20).Draw(t, "log x"))
		cube := cubeRootOf(x)
		log := math.Log(x)
		power := func(base *big.Float, short float64) *big.Float { // base · x^(-short)
			return new(big.Float).SetPrec(300).Mul(base, new(big.Float).SetPrec(300).Sub(big.NewFloat(1), big.NewFloat(short*log)))
		}
		one := new(big.Float).SetPrec(300).SetInt64(1)
		for name, c := range map[string]struct {
			got  float64
			want *big.Float
		}{
			"1/3":  {third(x), power(cube, shortOfThird)},
			"-1/3": {inverseThird(x), power(new(big.Float).SetPrec(300).Quo(one, cube), -shortOfThird)},
			"2/3":  {twoThirds(x), power(new(big.Float).SetPrec(300).Mul(cube, cube), 2*shortOfThird)},
			"1/6":  {sixth(x), power(new(big.Float).SetPrec(300).Sqrt(cube), shortOfThird/2)},
			"3/2":  {threeHalves(x), new(big.Float).SetPrec(300).Mul(big.NewFloat(x), new(big.Float).SetPrec(300).Sqrt(big.NewFloat(x)))},
		} {
			d, _ := new(big.Float).Sub(c.want, big.NewFloat(c.got)).Float64()
			if math.Abs(d) > 0.501*(math.Nextafter(c.got, math.Inf(1))-c.got) {
				t.Fatalf("%v^(%s) = %v, off by %v", x, name, c.got, d)
			}
		}
	})
}

func cubeRootOf(x float64) *big.Float {
	b := big.NewFloat(x).SetPrec(300)
	c := big.NewFloat(math.Cbrt(x)).SetPrec(300)
	for range 8 { // Newton: c = (2c + x/c²)/3
		q := new(big.Float).SetPrec(300).Quo(b, new(big.Float).SetPrec(300).Mul(c, c))
		c = q.Quo(q.Add(q, new(big.Float).SetPrec(300).Mul(c, big.NewFloat(2))), big.NewFloat(3))
	}
	return c
}
