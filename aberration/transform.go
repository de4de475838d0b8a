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

// apply is the transformed count; alpha is the α of PearsonNegBin.
func (t Transform) apply(y, m, alpha float64) float64 {
	switch t {
	case Standard:
		return (y - m) / math.Sqrt(m)
	case Rossi:
		return (y - 3*m + 2*math.Sqrt(y*m)) / (2 * math.Sqrt(m))
	case Anscombe:
		return 1.5 * (twoThirds(y) - twoThirds(m)) / sixth(m)
	case AnscombeSecondOrder:
		return 1.5 * (twoThirds(y) - (twoThirds(m) - 1/math.Cbrt(m)/9)) / sixth(m)
	case PearsonNegBin:
		return (y - m) / math.Sqrt(m+alpha*m*m)
	}
	return y
}

// count is the count whose transform is z, at least 0. It is rounded up for Standard, as R does.
func (t Transform) count(z, m, alpha float64) float64 {
	switch t {
	case Standard:
		return math.Ceil(max(0, m+math.Sqrt(m)*z))
	case Rossi:
		root := math.Sqrt(4*m+2*math.Sqrt(m)*z) - math.Sqrt(m)
		return positive(root) * positive(root)
	case Anscombe:
		return power32(twoThirds(m) + z*sixth(m)/1.5)
	case AnscombeSecondOrder:
		return power32(twoThirds(m) - 1/math.Cbrt(m)/9 + z*sixth(m)/1.5)
	case PearsonNegBin:
		return max(0, m+math.Sqrt(m+alpha*m*m)*z)
	}
	return max(0, z)
}

// countR is count as R has it where the two differ: the root of Rossi's is squared though negative, the correction of the second order
// has m^(1/3) for m^(-1/3), and what is undefined counts as 0. Without a transform R takes no account of k and of the period before;
// see CUSUM.
func (t Transform) countR(z, m, alpha float64) float64 {
	var c float64
	switch t {
	case Rossi:
		root := math.Sqrt(4*m+2*math.Sqrt(m)*z) - math.Sqrt(m)
		c = root * root
	case AnscombeSecondOrder:
		c = power32(twoThirds(m) - math.Cbrt(m)/9 + z*sixth(m)/1.5)
	default:
		c = t.count(z, m, alpha)
	}
	return positive(c)
}

// positive is max(0, x), and 0 for NaN.
func positive(x float64) float64 {
	if x > 0 {
		return x
	}
	return 0
}

func twoThirds(x float64) float64 { c := math.Cbrt(x); return c * c }

func sixth(x float64) float64 { return math.Sqrt(math.Cbrt(x)) }

// power32 is x^(3/2), 0 for what is negative.
func power32(x float64) float64 {
	if !(x > 0) {
		return 0
	}
	return x * math.Sqrt(x)
}
