package aberration

import "math"

// PoissonReference is the reference value k of a CUSUM of Poisson counts that is the quickest to tell the mean theta1 from theta0,
//
//	k = (θ1 - θ0) / ln(θ1/θ0)
//
// NaN unless both are above 0 and differ. Source: Lucas (1985), Counted data CUSUM's, Technometrics 27, 129–144.
func PoissonReference(theta0, theta1 float64) float64 {
	if !(theta0 > 0 && theta1 > 0 && theta0 != theta1) || !finite(theta0) || !finite(theta1) {
		return math.NaN()
	}
	return (theta1 - theta0) / math.Log(theta1/theta0)
}

// BinomialReference is the reference value k of a CUSUM of binomial counts out of the given number of trials that is the quickest to
// tell the probability p1 from p0,
//
//	k = n ln((1-p0)/(1-p1)) / ln(p1 (1-p0) / (p0 (1-p1)))
//
// NaN unless both lie between 0 and 1 and differ. Source: Hawkins and Olwell (1998), Cumulative Sum Charts, section 6.2.
func BinomialReference(p0, p1, trials float64) float64 {
	if !(p0 > 0 && p0 < 1 && p1 > 0 && p1 < 1 && p0 != p1 && trials > 0) || !finite(trials) {
		return math.NaN()
	}
	return trials * math.Log((1-p0)/(1-p1)) / math.Log(p1*(1-p0)/(p0*(1-p1)))
}

// RoundReferenceValue rounds k to the given number of decimals and avoids multiples of 1/2: of these the next value towards k is taken
// instead. A chart of whole counts with such a k would take few values, so that few run lengths could be had.
func RoundReferenceValue(k float64, digits int) float64 {
	scale := math.Pow10(digits)
	r := math.RoundToEven(k * scale)
	if twice := 2 * r / scale; twice == math.Trunc(twice) && k != r/scale {
		r += math.Copysign(1, k-r/scale)
	}
	return r / scale
}
