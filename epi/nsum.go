package epi

import "math"

// ScaleUp holds how many people each respondent of a network scale-up survey knows, from groups whose size is known.
type ScaleUp struct {
	// Degrees are the estimated numbers of people known, ĉᵢ = N Σₖ yᵢₖ/Σₖ Nₖ, one for each respondent.
	Degrees []float64
	// MeanDegree is their mean.
	MeanDegree float64

	population, degrees float64
}

// ScaleUpSize is the size of a hidden group by network scale-up.
type ScaleUpSize struct {
	// Estimate is N Σ yᵢ/Σ ĉᵢ in persons, SE = √(N Estimate (1 − Estimate/N)/Σ ĉᵢ), NaN where the estimate exceeds the population.
	Estimate, SE float64
	// Normal is Estimate ± z SE; its lower limit may be below 0.
	Normal Interval
}

// NewScaleUp estimates the degrees. known holds for each group of known size the numbers of its members that the respondents know, in the order of the
// respondents; sizes are the sizes of these groups within the population of the given size.
//
// Choose groups whose names are as common among the acquaintances of hidden members as among those of others, none of them much larger than the rest: one
// large group decides the ratio alone. Leave each group out in turn and compare its known size with the estimate (Hidden works for that too).
//
// Errors: no respondents or groups, lists of different lengths, negative or missing reports, a population or size that is not above 0, and
// nobody who knows anybody (Empty).
//
// Sources: P. D. Killworth, C. McCarty, H. R. Bernard, G. A. Shelley, E. C. Johnsen (1998), Estimation of seroprevalence, rape, and homelessness in the United States
// using a social network approach, Evaluation Review 22, 289–308; H. R. Bernard et al. (2010), Sex. Transm. Infect. 86 Suppl 2, ii11–ii15.
func NewScaleUp(population float64, known [][]float64, sizes []float64) (ScaleUp, error) {
	if err := positive(population, "population", -1); err != nil {
		return ScaleUp{}, err
	}
	if err := sameLength(len(known), len(sizes), "known"); err != nil {
		return ScaleUp{}, err
	}
	if err := all(sizes, "sizes", positive); err != nil {
		return ScaleUp{}, err
	}
	s := ScaleUp{Degrees: make([]float64, len(known[0])), population: population}
	of := 0.0
	for k, reports := range known {
		if err := sameLength(len(reports), len(s.Degrees), "known"); err != nil {
			return ScaleUp{}, err
		}
		if err := all(reports, "known", nonNegative); err != nil {
			return ScaleUp{}, err
		}
		of += sizes[k]
		for i, y := range reports {
			s.Degrees[i] += y
		}
	}
	for i, y := range s.Degrees {
		s.Degrees[i] = population * y / of
		s.degrees += s.Degrees[i]
	}
	if s.degrees == 0 {
		return ScaleUp{}, refuse(Empty, "known")
	}
	s.MeanDegree = s.degrees / float64(len(s.Degrees))
	return s, nil
}

// Hidden is the size of the group of which the respondents know so many members each, as the ratio of the sums: the likelihood estimate where the number known is binomial with the degree.
//
// It assumes that everybody is as likely to know members of the group as others (no barrier), knows of those known that they are members (no
// transmission error), and recalls rightly. For people who use drugs neither holds: members are hidden even from acquaintances and know each other, so
// that the estimate is as a rule too low; see Adjust. The standard error is that of the binomial model alone: it leaves out the sampling
// of respondents (weights, clusters) and all of these faults, and is far too small. Show the method beside others.
func (s ScaleUp) Hidden(reports []float64, level float64) (ScaleUpSize, error) {
	z, err := normalQuantile(level)
	if err != nil {
		return ScaleUpSize{}, err
	}
	if err := sameLength(len(reports), len(s.Degrees), "reports"); err != nil {
		return ScaleUpSize{}, err
	}
	if err := all(reports, "reports", nonNegative); err != nil {
		return ScaleUpSize{}, err
	}
	sum := 0.0
	for _, y := range reports {
		sum += y
	}
	out := ScaleUpSize{Estimate: s.population * sum / s.degrees}
	out.SE = math.Sqrt(s.population * out.Estimate * (1 - out.Estimate/s.population) / s.degrees)
	out.Normal = around(out.Estimate, z, out.SE)
	return out, nil
}

// Adjust divides an estimate by the transmission rate (the share of a member's acquaintances who know of the membership) and by the popularity
// ratio (the mean degree of members over that of everybody), both of which a study among the members must measure; shares above 0.
//
// Source: M. J. Salganik et al. (2011), The game of contacts: estimating the social visibility of groups, Social Networks 33, 70–78; D. M. Feehan,
// M. J. Salganik (2016), Generalizing the network scale-up method, Sociological Methodology 46, 153–186.
func (s ScaleUpSize) Adjust(transmission, popularity float64) (ScaleUpSize, error) {
	if err := positive(transmission, "transmission", -1); err != nil {
		return ScaleUpSize{}, err
	}
	if err := positive(popularity, "popularity", -1); err != nil {
		return ScaleUpSize{}, err
	}
	k := 1 / (transmission * popularity)
	return ScaleUpSize{s.Estimate * k, s.SE * k, s.Normal.Times(k)}, nil
}
