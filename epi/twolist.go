package epi

import "math"

// PopulationSize is an estimate of the number of members of a population of whom some are hidden.
type PopulationSize struct {
	// N is the estimate, in persons; SE its standard error.
	N, SE float64
	// Normal is N ± z SE. It may reach below the number of persons seen.
	Normal Interval
	// LogNormal puts the normal distribution on the logarithm of the number not seen, f = N − M of the M distinct persons: M + f/C to
	// M + f C with C = exp(z √ln(1 + SE²/f²)), and M, M where nobody is left to see. It cannot fall below M: to be published.
	LogNormal Interval
}

// Chapman is the size of a closed population from two lists of n1 and n2 persons with m on both,
//
//	N = (n1+1)(n2+1)/(m+1) − 1,  V = (n1+1)(n2+1)(n1−m)(n2−m)/[(m+1)²(m+2)]
//
// the nearly unbiased form of Lincoln's and Petersen's, which also holds without overlap. It is unbiased where n1+n2 ≥ N.
//
// It assumes that nobody enters or leaves between the lists, that the same person is recognised in both, that all have the same chance to be on at least one of
// the lists, and that being on one does not change the chance to be on the other. Referral between lists (treatment after arrest) makes
// the estimate too low, lists that exclude each other make it too high, and two lists alone cannot tell: with three or more use
// Captures.
//
// Sources: D. G. Chapman (1951), Univ. California Publ. Statist. 1, 131–160; G. A. F. Seber (1970), The effects of trap response on tag recapture
// estimates, Biometrics 26, 13–22 (variance); K. P. Burnham et al. (1987), Design and Analysis Methods for Fish Survival Experiments, p. 212
// (log-normal limits).
func Chapman(n1, n2, m, level float64) (PopulationSize, error) {
	z, err := twoLists(n1, n2, m, level)
	if err != nil {
		return PopulationSize{}, err
	}
	n := (n1+1)*(n2+1)/(m+1) - 1
	v := (n1 + 1) * (n2 + 1) * (n1 - m) * (n2 - m) / ((m + 1) * (m + 1) * (m + 2))
	return sizeOf(n, v, n1+n2-m, z), nil
}

// LincolnPetersen is the older estimate N = n1 n2/m with V = n1 n2 (n1−m)(n2−m)/m³. It is biased upwards in small samples and does not exist without
// overlap, which is refused as Unbounded; it is given beside Chapman's because published figures use it. Assumptions as for Chapman.
//
// Source: G. A. F. Seber (1982), The Estimation of Animal Abundance, 2nd ed., section 3.1.
func LincolnPetersen(n1, n2, m, level float64) (PopulationSize, error) {
	z, err := twoLists(n1, n2, m, level)
	if err != nil {
		return PopulationSize{}, err
	}
	if m == 0 {
		return PopulationSize{}, refuse(Unbounded, "m")
	}
	return sizeOf(n1*n2/m, n1*n2*(n1-m)*(n2-m)/(m*m*m), n1+n2-m, z), nil
}

func sizeOf(n, variance, distinct, z float64) PopulationSize {
	se := math.Sqrt(variance)
	return PopulationSize{N: n, SE: se, Normal: around(n, z, se), LogNormal: logNormalLimits(n, variance, distinct, z)}
}

// logNormalLimits are the limits that PopulationSize.LogNormal describes.
func logNormalLimits(n, variance, distinct, z float64) Interval {
	f := n - distinct
	if !(f > 0) {
		return Interval{distinct, distinct}
	}
	c := math.Exp(z * math.Sqrt(math.Log1p(variance/(f*f))))
	return Interval{distinct + f/c, distinct + f*c}
}

func twoLists(n1, n2, m, level float64) (z float64, err error) {
	if z, err = normalQuantile(level); err != nil {
		return 0, err
	}
	for _, c := range []struct {
		v    float64
		name string
	}{{n1, "n1"}, {n2, "n2"}, {m, "m"}} {
		if err := whole(c.v, c.name, -1); err != nil {
			return 0, err
		}
	}
	switch {
	case m > min(n1, n2):
		return 0, refuse(TooLarge, "m")
	case n1+n2 == 0:
		return 0, refuse(Empty, "n1")
	}
	return z, nil
}
