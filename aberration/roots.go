package aberration

import "math"

// The roots below are correct to the last digit or the one before it, where Pow of the standard library loses several: the charts that
// use them subtract such roots from each other. Their exponents are those that a double holds, so that what they are short of 2/3 and
// the like is taken off, as a C library does.

const shortOfThird = 1.0 / 54043195528445952 // 1/3 less its double; that of 2/3 is twice, that of 1/6 half as much

// cubeRoot is the cube root in two parts, the second being what is missing of the first.
func cubeRoot(x float64) (c, rest float64) {
	c = math.Cbrt(x)
	c2 := c * c
	c3 := c2 * c
	left := (x - c3) - math.FMA(c2, c, -c3) - math.FMA(c, c, -c2)*c
	return c, left / (3 * c2)
}

func ordinary(x float64) bool { return x > 1e-280 && x <= math.MaxFloat64 }

// third is x^(1/3).
func third(x float64) float64 {
	if !ordinary(x) {
		return math.Cbrt(x)
	}
	c, rest := cubeRoot(x)
	return c + (rest - c*shortOfThird*math.Log(x))
}

// inverseThird is x^(-1/3).
func inverseThird(x float64) float64 {
	if !ordinary(x) {
		return 1 / math.Cbrt(x)
	}
	c, rest := cubeRoot(x)
	q := 1 / c
	return q + q*(math.FMA(-q, c, 1)-q*rest+shortOfThird*math.Log(x))
}

// twoThirds is x^(2/3).
func twoThirds(x float64) float64 {
	c, rest := cubeRoot(x)
	if !ordinary(x) {
		return c * c
	}
	c2 := c * c
	return c2 + (math.FMA(c, c, -c2) + 2*c*rest - c2*2*shortOfThird*math.Log(x))
}

// sixth is x^(1/6).
func sixth(x float64) float64 {
	c, rest := cubeRoot(x)
	s := math.Sqrt(c)
	if !ordinary(x) {
		return s
	}
	return s + ((math.FMA(-s, s, c)+rest)/(2*s) - s*shortOfThird/2*math.Log(x))
}

// threeHalves is x^(3/2), 0 for what is negative or undefined.
func threeHalves(x float64) float64 {
	if !(x > 0) {
		return 0
	}
	s := math.Sqrt(x)
	p := x * s
	if !ordinary(x) || p > math.MaxFloat64 {
		return p
	}
	return p + (math.FMA(x, s, -p) + x*math.FMA(-s, s, x)/(2*s))
}
