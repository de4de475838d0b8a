package epi

import "math"

// RDSSS is the successive sampling estimator of Gile, for a sample that is a good part of a population of known size N: RDS-II treats recruitment as if persons were
// put back, and weights those of high degree too little once many of them are used up.
//
// Persons are taken as drawn one by one without replacement, each time with probability proportional to degree. A person of degree d is then drawn with probability
// 1 − exp(−t d), with t the same for all, in the limit of a large population (Rosén). With these as inclusion probabilities the sample stands for
//
//	Σᵢ 1/(1 − exp(−t dᵢ)) = N
//
// persons, which determines t; the weights are 1/(1 − exp(−t dᵢ)). Gile finds the same probabilities by simulating samples in turn from the distribution of
// degrees and the distribution from samples; the equation is the fixed point of that without its noise, and the estimator of Andreatta and Kaufman. As N grows the weights become
// those of RDS-II; at N = n all are equal.
//
// The result depends on N, which is itself an estimate: show it for the low and the high end too. Otherwise it assumes what RDSII does,
// sampling with replacement excepted. Errors: those of RDSII; population below the number of respondents used (InvalidSetting).
//
// Sources: K. J. Gile (2011), Improved inference for respondent-driven sampling data with application to HIV prevalence estimation, J. Am. Statist. Ass. 106,
// 135–146; B. Rosén (1972), Asymptotic theory for successive sampling with varying probabilities without replacement, Ann. Math. Statist. 43, 373–397; G.
// Andreatta, G. M. Kaufman (1986), Estimation of finite population properties when sampling is without replacement and proportional to magnitude, J. Am. Statist. Ass.
// 81, 657–666.
func RDSSS(r Recruits, population float64) (RDSEstimate, error) {
	if err := positive(population, "population", -1); err != nil {
		return RDSEstimate{}, err
	}
	plain, err := RDSII(r)
	if err != nil {
		return RDSEstimate{}, err
	}
	n := float64(plain.N)
	switch {
	case population < n:
		return RDSEstimate{}, refuse(InvalidSetting, "population")
	case population == n: // everybody was drawn
		return r.weighted(func(float64) float64 { return 1 })
	}
	// For small t the sum is near Σ 1/(t d), which t = Σ (1/d)/N makes N; the sum is larger, by less than n.
	inverse := n / plain.HarmonicDegree
	stands := func(t float64) (sum float64) {
		for i, d := range r.Degree {
			if r.usable(i) {
				sum += -1 / math.Expm1(-t*d)
			}
		}
		return sum
	}
	low, high := inverse/population, inverse/(population-n)
	for range 200 {
		t := low + (high-low)/2
		if !(t > low && t < high) {
			break
		}
		if stands(t) > population {
			low = t
		} else {
			high = t
		}
	}
	return r.weighted(func(d float64) float64 { return -1 / math.Expm1(-low*d) })
}
