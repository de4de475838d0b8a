package aberration

import "math"

// Transform makes a count with in-control mean m roughly standard normal, for the CUSUM.
type Transform uint8

// The transforms. Their sources: Rossi, Lampugnani and Marchi (1999), Stat Med 18, 2111–2122; Pierce and Schafer (1986), JASA 81,
// 977–986, for Anscombe's residuals.
const (
	// Standard is (y - m)/√m.
	Standard Transform = iota
	// Rossi is (y - 3m + 2√(m y)) / (2√m), which takes away most of the skewness.
	Rossi
	// Anscombe is 3/2 (y^(2/3) - m^(2/3)) / m^(1/6).
	Anscombe
	// AnscombeSecondOrder is 3/2 (y^(2/3) - m^(2/3) + m^(-1/3)/9) / m^(1/6), the same with the mean of y^(2/3) to second order.
	AnscombeSecondOrder
	// PearsonNegBin is (y - m)/√(m + α m²), for negative binomial counts.
	PearsonNegBin
	// Untransformed is y itself.
	Untransformed
)

// apply is the transformed count; alpha is the α of PearsonNegBin. Sums start at 0 again and again, where what is left of a difference is
// its rounding; so the terms stand in the order in which R has them.
func (t Transform) apply(y, m, alpha float64) float64 {
	switch t {
	case Standard:
		return (y - m) / math.Sqrt(m)
	case Rossi:
		return (y - 3*m + 2*math.Sqrt(y*m)) / (2 * math.Sqrt(m))
	case Anscombe:
		return 1.5 * (twoThirds(y) - twoThirds(m)) / sixth(m)
	case AnscombeSecondOrder:
		return (twoThirds(y) - (twoThirds(m) - 1.0/9*inverseThird(m))) / (2.0 / 3 * sixth(m))
	case PearsonNegBin:
		return (y - m) / math.Sqrt(m+alpha*m*m)
	}
	return y
}

// count is the count whose transform is z, at least 0. It is rounded up for Standard, as R does.
func (t Transform) count(z, m, alpha float64) float64 {
	switch t {
	case Standard:
		return math.Ceil(positive(m + math.Sqrt(m)*z))
	case Rossi:
		root := positive(math.Sqrt(4*m+2*math.Sqrt(m)*z) - math.Sqrt(m))
		return root * root
	case Anscombe:
		return threeHalves(twoThirds(m) + 2.0/3*sixth(m)*z)
	case AnscombeSecondOrder:
		return threeHalves(twoThirds(m) - inverseThird(m)/9 + 2.0/3*sixth(m)*z)
	case PearsonNegBin:
		return positive(m + math.Sqrt(m+alpha*m*m)*z)
	}
	return positive(z)
}

// countR is the count at which R sees a chart reach h from the sum before. It differs from count in that Rossi's root is squared though
// negative, and the correction of the second order has m^(1/3) for m^(-1/3).
func (t Transform) countR(h, k, before, m, alpha float64) float64 {
	switch t {
	case Rossi:
		q, r := 2*math.Sqrt(m), 2*threeHalves(m)
		return positive(q*h + q*k - q*before + 5*m - 2*math.Sqrt(4*m*m+r*h+r*k-r*before))
	case AnscombeSecondOrder:
		return threeHalves(twoThirds(m) - third(m)/9 + 2.0/3*sixth(m)*(h+k-before))
	}
	return t.count(h+k-before, m, alpha)
}

// positive is max(0, x), and 0 for NaN.
func positive(x float64) float64 {
	if x > 0 {
		return x
	}
	return 0
}
