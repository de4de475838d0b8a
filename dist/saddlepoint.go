package dist

import "math"

// deviance is x ln(x/m) + m - x.
func deviance(x, m float64) float64 { return divergence(x, m, x-m) }

// stirlingOf are the values for whole numbers from 1 on, where the difference below would lose digits.
var stirlingOf = [16]float64{0, 0.08106146679532726, 0.0413406959554093, 0.02767792568499834, 0.020790672103765093, 0.016644691189821193, 0.013876128823070748, 0.01189670994589177, 0.010411265261972096, 0.009255462182712733, 0.00833056343336287, 0.007573675487951841, 0.00694284010720953, 0.006408994188004207, 0.0059513701127588475, 0.005554733551962801}

// stirling is ln Γ(n+1) - ln(sqrt(2πn) (n/e)^n).
func stirling(n float64) float64 {
	if n <= 15 {
		if whole := int(n); float64(whole) == n && whole > 0 {
			return stirlingOf[whole]
		}
		if n < 1 {
			lg, _ := math.Lgamma(n + 1)
			return lg - (n+0.5)*math.Log(n) + n - math.Log(2*math.Pi)/2
		}
		s := 0.0
		for ; n <= 15; n++ { // up to where the series holds, which keeps more digits than the difference
			s += (n+0.5)*math.Log1p(1/n) - 1
		}
		return s + stirling(n)
	}
	n2 := n * n
	return (1.0/12 - (1.0/360-(1.0/1260-(1.0/1680-1.0/1188/n2)/n2)/n2)/n2) / n
}

// divergence is x ln(x/m) + m - x, by its series near x = m where the direct form cancels; d is x - m, for callers that know it better
// than from x and m.
func divergence(x, m, d float64) float64 {
	if math.Abs(d) > 0.1*(x+m) {
		return x*math.Log(x/m) - d
	}
	v := d / (x + m)
	s, term := d*v, 2*x*v
	for j := 3.0; ; j += 2 {
		term *= v * v
		next := s + term/j
		if !(math.Abs(next-s) > 0) { // NaN too
			return next
		}
		s = next
	}
}
