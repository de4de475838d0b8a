package aberration

import "math"

// ChainLadderResult is the completion of a reporting triangle by the chain ladder. Slices by delay begin at the step from 0 to 1.
type ChainLadderResult struct {
	// Factors[k] is the development factor f(k), from delay k to k+1. The reverse-time hazard of delay k+1 is 1 - 1/f(k).
	Factors []float64
	// Sigma2[k] is Mack's estimate of σ²(k), the variance of a step in units of what stood before it; for counts an overdispersion.
	Sigma2 []float64
	// Ultimate is the expected total of each period and Outstanding what of it is still to come.
	Ultimate, Outstanding []float64
	// StandardError is the root of the mean squared error of Outstanding, chance and estimation together; 0 for complete periods, and
	// where nothing is known yet, since the model then expects nothing: Lawless has a guard for that.
	StandardError []float64
	// TotalOutstanding is the sum over all periods, with the standard error that sees that all share the same factors.
	TotalOutstanding, TotalStandardError float64
}

// ChainLadder completes a triangle up to the delay maxDelay; longer delays count as maxDelay. With C(i,k) the reports of period i up
// to delay k, the sums over the periods that have seen k+1, and S(k) = Σ C(j,k),
//
//	f(k)  = Σ C(j,k+1) / S(k)                                     (Mack 1993, equation 2)
//	σ²(k) = Σ C(j,k) (C(j,k+1)/C(j,k) - f(k))² / (periods - 1)
//	mse(Rᵢ) = Ĉ(i,D)² Σ_k σ²(k)/f(k)² (1/Ĉ(i,k) + 1/S(k))         (theorem 3, k from the present delay of i on)
//
// and for the total, per period i, plus Ĉ(i,D) Σ_{j>i} Ĉ(j,D) Σ_k 2 σ²(k)/(f(k)² S(k)). A last step seen by one period alone has
// σ² = min(σ⁴(k-1)/σ²(k-2), σ²(k-2), σ²(k-1)). Unlike Lawless this measures the spread instead of taking reports to be independent.
//
// Errors are InvalidSettings, TooShort, InvalidSeries, MissingValue, NegativeValue, and NoFit when a step starts from nothing in all
// periods, or totals are beyond any number. Standard errors are NaN when fewer than two steps can be measured.
//
// Source: Mack (1993), ASTIN Bulletin 23, 213–225.
func ChainLadder(tr *Triangle, maxDelay int) (*ChainLadderResult, error) {
	if maxDelay < 0 {
		return nil, InvalidSettings
	}
	if r := tr.check(maxDelay); r != OK {
		return nil, r
	}
	n := len(tr.Counts)
	r := &ChainLadderResult{
		Factors: make([]float64, maxDelay), Sigma2: make([]float64, maxDelay),
		Ultimate: make([]float64, n), Outstanding: make([]float64, n), StandardError: make([]float64, n),
	}
	c := cumulate(tr, maxDelay)
	starts := make([]float64, maxDelay) // S(k)
	for k := range maxDelay {
		ends := 0.0
		for t := range n - 1 - k {
			starts[k] += c[t][k]
			ends += c[t][k+1]
		}
		r.Factors[k] = ends / starts[k]
		if math.IsNaN(r.Factors[k]) || math.IsInf(r.Factors[k], 0) {
			return nil, NoFit
		}
		r.Sigma2[k] = r.sigma2(c, k, n-1-k)
	}
	r.complete(c, starts)
	if math.IsInf(r.TotalOutstanding, 0) || math.IsNaN(r.TotalOutstanding) {
		return nil, NoFit
	}
	return r, nil
}

// cumulate lists, for each period, its reports up to each delay that it has seen.
func cumulate(tr *Triangle, maxDelay int) [][]float64 {
	n := len(tr.Counts)
	c := make([][]float64, n)
	for t := range n {
		sum := 0.0
		for d := 0; d <= min(maxDelay, n-1-t); d++ {
			sum += tr.cell(t, d, maxDelay)
			c[t] = append(c[t], sum)
		}
	}
	return c
}

// sigma2 is σ²(k) from the given number of periods.
func (r *ChainLadderResult) sigma2(c [][]float64, k, periods int) float64 {
	if periods < 2 {
		if k < 2 {
			return math.NaN()
		}
		a, b := r.Sigma2[k-2], r.Sigma2[k-1]
		if a == 0 {
			return 0
		}
		return min(b/a*b, a, b)
	}
	ss := 0.0
	for t := range periods {
		if from := c[t][k]; from > 0 {
			e := c[t][k+1]/from - r.Factors[k]
			ss += from * e * e
		}
	}
	return ss / float64(periods-1)
}

// complete projects every period to the last delay and adds up the errors.
func (r *ChainLadderResult) complete(c [][]float64, starts []float64) {
	steps := len(r.Factors)
	newer, mse := 0.0, 0.0 // the total of the periods after t, and the squared error of the sum
	for t := len(c) - 1; t >= 0; t-- {
		at := len(c[t]) - 1
		now := c[t][at]
		r.Ultimate[t] = now
		var own, shared float64
		for k := at; k < steps; k++ {
			v := r.Sigma2[k] / (r.Factors[k] * r.Factors[k])
			own += v * (1/r.Ultimate[t] + 1/starts[k])
			shared += 2 * v / starts[k]
			r.Ultimate[t] *= r.Factors[k]
		}
		u := r.Ultimate[t]
		r.Outstanding[t] = u - now
		if at < steps {
			e := 0.0 // the model's variance is in proportion to what is known
			if u > 0 {
				e = u * u * own
			}
			r.StandardError[t] = math.Sqrt(e)
			mse += e + u*newer*shared
		}
		r.TotalOutstanding += r.Outstanding[t]
		newer += u
	}
	r.TotalStandardError = math.Sqrt(mse)
}
