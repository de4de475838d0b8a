package scan

import "math"

// Gumbel is the distribution of the largest of many values, P(X <= x) = exp(-exp(-(x-Location)/Scale)).
type Gumbel struct{ Location, Scale float64 }

// FitGumbel fits by moments, as Abrams, Kleinman and Kulldorff (2010) do: the scale is √6/π times the standard deviation and the
// location the mean less 0.5772 times the scale. Both are NaN for fewer than two values or none that differ.
func FitGumbel(maxima []float64) Gumbel {
	n := float64(len(maxima))
	var mean, squares float64
	for _, x := range maxima {
		mean += x / n
	}
	for _, x := range maxima {
		squares += (x - mean) * (x - mean)
	}
	scale := math.Sqrt(6*squares/(n-1)) / math.Pi
	if !(n > 1) || !(scale > 0) || math.IsInf(scale, 1) {
		return Gumbel{math.NaN(), math.NaN()}
	}
	const euler = 0.57721566490153286060651209008240243
	return Gumbel{mean - euler*scale, scale}
}

// Tail is P(X >= x), accurate however small.
func (g Gumbel) Tail(x float64) float64 {
	return -math.Expm1(-math.Exp(-(x - g.Location) / g.Scale))
}
