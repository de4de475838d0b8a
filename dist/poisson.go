package dist

import "math"

// PoissonMass is P(Y = k) = mean^k e^-mean/k! for a whole number k >= 0 and mean > 0, in Loader's saddle-point form. Relative error about
// 1e-14.
func PoissonMass(k, mean float64) float64 {
	if k == 0 {
		return math.Exp(-mean)
	}
	return math.Exp(-stirling(k)-deviance(k, mean)) / math.Sqrt(2*math.Pi*k)
}
