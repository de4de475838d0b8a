// Package simulate draws series of weekly counts with outbreaks of known place and size, and scores detectors on them. The design is
// that of Noufaily et al. (2013), Statistics in Medicine 32, 1206–1222, as extended in Noufaily et al. (2019), Bioinformatics 35,
// 3110–3118: 42 scenarios of level, trend, season and overdispersion, four past outbreaks in the baseline and one current outbreak.
// Draws depend on the given generator alone, so that a seed names a whole study.
package simulate

import "math"

// Scenario is one way in which counts come about when there is no outbreak: negative binomial with mean
//
//	mu(t) = exp(Theta + Beta t + Σ_{j=1..Harmonics} [Gamma1 cos(2πjt/52) + Gamma2 sin(2πjt/52)]),  t = 1, 2, … weeks,
//
// and variance Phi mu (equation 1 and section 3.1 of the 2013 paper).
type Scenario struct {
	// Number is 1 to 42 for the published scenarios.
	Number int
	// Theta is the log of the mean level; Beta its change per week, 0 without trend.
	Theta, Beta float64
	// Gamma1 and Gamma2 are the cosine and sine coefficients, the same for each of the Harmonics pairs (0, 1 or 2).
	Gamma1, Gamma2 float64
	Harmonics      int
	// Phi is the ratio of variance to mean, 1 (Poisson) or more.
	Phi float64
}

// Mean is mu(t) for week t, counted from 1.
func (s Scenario) Mean(t int) float64 {
	eta := s.Theta + s.Beta*float64(t)
	for j := 1; j <= s.Harmonics; j++ {
		sin, cos := math.Sincos(2 * math.Pi * float64(j*t) / 52)
		eta += s.Gamma1*cos + s.Gamma2*sin
	}
	return math.Exp(eta)
}

// Scenarios are the 42 published ones: seven sets of parameters, each without and with trend and with 0, 1 and 2 harmonics. Number
// k belongs to set (k-1)/6+1; inside a set the first three are without trend.
func Scenarios() []Scenario {
	var all []Scenario
	for _, set := range [...]Scenario{
		{Theta: 0.1, Beta: 0.0025, Gamma1: 0.6, Gamma2: 0.6, Phi: 1.5},
		{Theta: -2, Beta: 0.005, Gamma1: 0.1, Gamma2: 0.3, Phi: 2},
		{Theta: 1.5, Beta: 0.003, Gamma1: 0.2, Gamma2: -0.4, Phi: 1},
		{Theta: 0.5, Beta: 0.002, Gamma1: 0.5, Gamma2: 0.5, Phi: 5},
		{Theta: 2.5, Beta: 0.001, Gamma1: 1, Gamma2: 0.1, Phi: 3},
		{Theta: 3.75, Beta: 0.001, Gamma1: 0.1, Gamma2: -0.1, Phi: 1.1},
		{Theta: 5, Beta: 0.0001, Gamma1: 0.05, Gamma2: 0.01, Phi: 1.2},
	} {
		for v := range 6 {
			s := set
			s.Number = len(all) + 1
			s.Harmonics = v % 3
			if v < 3 {
				s.Beta = 0
			}
			all = append(all, s)
		}
	}
	return all
}
