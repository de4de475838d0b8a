package epi

import "math"

// Recruits is a respondent-driven sample, in the order of the interviews.
type Recruits struct {
	// Degree is the number of members of the population each respondent knows, who know the respondent. NaN where it was not answered.
	Degree []float64
	// Trait is what is estimated: 1 for those who have it and 0 for those who do not, or any number for a mean. NaN where missing.
	Trait []float64
	// Recruiter is the index of who gave each respondent the coupon, -1 for a seed. It is needed for the bootstrap and the diagnostics only, and may be
	// nil without them.
	Recruiter []int
}

// RDSEstimate is a share (or mean) estimated from a respondent-driven sample.
type RDSEstimate struct {
	// Estimate is weighted, Naive the plain share of the same respondents.
	Estimate, Naive float64
	// N is the number of respondents used; Excluded those left out for a missing trait, or a degree that is missing or not above 0.
	N, Excluded int
	// HarmonicDegree is the harmonic mean of the degrees, n/Σ(1/d): the mean degree of the population as the sample tells it.
	HarmonicDegree float64

	weights []float64 // by respondent; 0 where excluded
}

// RDSII is the estimator of Volz and Heckathorn, which weights by the inverse of the degree,
//
//	p = Σ_{i has it} dᵢ⁻¹ / Σ dᵢ⁻¹
//
// It assumes that recruitment is a random walk on a connected network whose ties are mutual, that recruiters choose at random among those they know, that degrees are reported
// rightly, that the sample is long enough to have forgotten its seeds, and small beside the population (persons are not recruited
// twice); for a sample that is a good part of the population use RDSSS. The population of inference is the network reached, not
// everybody. Look at Convergence and Chains before believing it.
//
// Errors: no respondents, lists of different lengths, an infinite number, nobody left after exclusions (Empty).
//
// Source: E. Volz, D. D. Heckathorn (2008), Probability based estimation theory for respondent driven sampling, J. Official Statistics 24, 79–97.
func RDSII(r Recruits) (RDSEstimate, error) {
	return r.weighted(func(degree float64) float64 { return 1 / degree })
}

// weighted is the estimate with the weight of each degree.
func (r Recruits) weighted(weight func(degree float64) float64) (RDSEstimate, error) {
	if err := r.check(); err != nil {
		return RDSEstimate{}, err
	}
	out := RDSEstimate{weights: make([]float64, len(r.Degree))}
	var weighted, weights, plain, inverse float64
	for i, d := range r.Degree {
		if !r.usable(i) {
			out.Excluded++
			continue
		}
		w := weight(d)
		out.weights[i] = w
		out.N++
		weighted, weights, plain, inverse = weighted+w*r.Trait[i], weights+w, plain+r.Trait[i], inverse+1/d
	}
	if out.N == 0 {
		return RDSEstimate{}, refuse(Empty, "Degree")
	}
	n := float64(out.N)
	out.Estimate, out.Naive, out.HarmonicDegree = weighted/weights, plain/n, n/inverse
	return out, nil
}

// usable says whether a respondent enters the estimate.
func (r Recruits) usable(i int) bool { return r.Degree[i] > 0 && !math.IsNaN(r.Trait[i]) }

func (r Recruits) check() error {
	if err := sameLength(len(r.Trait), len(r.Degree), "Trait"); err != nil {
		return err
	}
	for i := range r.Degree {
		if math.IsInf(r.Degree[i], 0) {
			return &Error{MissingValue, "Degree", i}
		}
		if math.IsInf(r.Trait[i], 0) {
			return &Error{MissingValue, "Trait", i}
		}
	}
	return nil
}
