package glm

import "math"

// The exponentials and logarithms of the fits are rounded correctly but for a case in a hundred or so, as those of the C library that R
// calls are. math.Exp may err by a unit in the last place, and differently from system to system, which would show wherever a
// difference is rounding alone: a count equal to the mean of its past, a trend of a constant series.

const (
	ln2a = 0x1.62e42fefap-1                                            // the first 36 bits of ln 2, so that a product with a short integer is exact
	ln2b = 0.69314718055994530941723212145817656807550013436025 - ln2a // the rest, to double precision
)

// pieces are 2^(j/128), rounded, and the relative error of that.
var pieces = func() (t [128][2]float64) {
	for j := range t {
		a, b := ln2a*(float64(j)/128), ln2b*(float64(j)/128)
		hi, lo := exponential(a, b)
		t[j] = [2]float64{hi + lo, 0}
		t[j][1] = ((hi - t[j][0]) + lo) / t[j][0]
	}
	return t
}()

// Exp is e^x: 2^(k/128) times a polynomial in what is left, |r| <= ln(2)/256. The polynomial is the minimax one of the C libraries of today
// (S. Nagy's exp in Arm's optimized routines, MIT licence), with fused operations, so that results are theirs to the last bit.
func Exp(x float64) float64 {
	if !(math.Abs(x) < 700) {
		return math.Exp(x)
	}
	k := math.RoundToEven(x * (0x1.71547652b82fep0 * 128))
	r := math.FMA(k, -0x1.cf79abc9e3b39p-47, math.FMA(k, -0x1.62e42fefa0000p-8, x))
	n := int(k)
	t := &pieces[n&127]
	scale := math.Float64frombits(math.Float64bits(t[0]) + uint64(int64(n>>7))<<52)
	s := r * r
	p := math.FMA(s, math.FMA(r, 0x1.555555555543cp-3, 0x1.ffffffffffdbdp-2), t[1]+r)
	p = math.FMA(s*s, math.FMA(r, 0x1.1111167a4d017p-7, 0x1.55555cf172b91p-5), p)
	return math.FMA(scale, p, scale)
}

// Log is the natural logarithm of a positive number: one Newton step from math.Log with the exponential in double-double arithmetic.
func Log(v float64) float64 {
	l := math.Log(v)
	if !(math.Abs(l) < 700) {
		return l
	}
	k := math.Round(-l / math.Ln2)
	hi, lo := exponential(-l-k*ln2a, -k*ln2b)
	v = math.Ldexp(v, int(k))
	p := v * hi
	return l + ((p - 1) + (math.FMA(v, hi, -p) + v*lo))
}

// exponential is the Taylor series of e^(a+b) as a sum of two doubles, for |a| < 0.7 and b much smaller.
func exponential(a, b float64) (hi, lo float64) {
	r := a + b
	rl := (a - r) + b
	tail := 0.0 // the terms from r⁹/9! on need no more than double precision
	for n := 22.0; n > 8; n-- {
		tail = r / n * (1 + tail)
	}
	hi = 1 + tail
	lo = (1 - hi) + tail
	for n := 8.0; n > 0; n-- { // hi + lo becomes 1 + r/n (hi + lo)
		p := r * hi
		pl := math.FMA(r, hi, -p) + r*lo + rl*hi
		d := p / n
		dl := (math.FMA(-d, n, p) + pl) / n
		hi = 1 + d
		lo = (1 - hi) + d + dl
	}
	return hi, lo
}
