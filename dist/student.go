package dist

import "math"

// StudentTail is P(|T| >= t) for Student's t with df degrees of freedom, df > 0: the regularised incomplete beta function of df/2 and 1/2
// at df/(df+t²) (BetaTails; Abramowitz and Stegun 26.7.1). Relative error about 1e-14.
func StudentTail(t, df float64) float64 {
	t = math.Abs(t)
	if math.IsInf(t, 1) {
		return 0
	}
	tail, _ := BetaTails(df/(df+t*t), t*t/(df+t*t), df/2, 0.5)
	return tail
}

// StudentQuantile is the t with P(T <= t) = p for Student's t with df degrees of freedom, 0 < p < 1, df > 0, whole or not; that of the normal distribution for df
// infinite; NaN for anything else. Relative error about 1e-15 for the p of intervals, 1e-14 elsewhere. 1-p is taken as it is rounded: for an upper tail below 1e-3 ask
// for the lower one and change the sign.
func StudentQuantile(p, df float64) float64 {
	switch {
	case !(p > 0 && p < 1 && df > 0):
		return math.NaN()
	case p == 0.5:
		return 0
	case math.IsInf(df, 1):
		return NormalQuantile(p)
	case p < 0.5:
		return -studentUpper(2*p, 1-2*p, df)
	}
	return studentUpper(2*(1-p), 2*p-1, df)
}

// studentUpper is the t > 0 with P(|T| >= t) = tail and P(|T| < t) = inner.
func studentUpper(tail, inner, df float64) float64 {
	low := -NormalQuantile(tail / 2) // tails of Student's t are heavier
	if !(low > 1e-10) {              // where that has lost digits: the density is at most 2/5
		low = inner
	}
	high := 2 * low
	for high < 1e150 && StudentTail(high, df) > tail {
		low, high = high, high*2
	}
	return invert(func(t float64) (below, above, density float64) {
		x, y := df/(df+t*t), t*t/(df+t*t)
		above, below = BetaTails(x, y, df/2, 0.5)
		return below, above, betaTerm(df/2, 0.5, x, y) * df / t
	}, inner, tail, low*(1-1e-12), high)
}
