package epi

import "math"

// SMR is the standardised mortality ratio with its intervals.
type SMR struct {
	// Observed and Expected are numbers of deaths; Ratio is Observed/Expected, 1 where the group dies as the reference population does.
	Observed, Expected, Ratio float64
	// Exact are Garwood's limits for Observed over Expected: to be published.
	Exact Interval
	// LogNormal is Ratio exp(± z/√O), undefined without deaths.
	LogNormal Interval
	// Byar is the cube-root approximation, O(1 − 1/(9O) − z/(3√O))³/E and the same with O+1 and +z; lower 0 without deaths.
	Byar Interval
}

// ExpectedEvents is Σ rateᵢ personTimeᵢ over the bands of sex, age and calendar year: what the group would have had at the reference
// population's rates. Rates are per unit of person-time, not per 100,000.
func ExpectedEvents(rate, personTime []float64) (float64, error) {
	if err := sameLength(len(personTime), len(rate), "personTime"); err != nil {
		return 0, err
	}
	if err := all(rate, "rate", nonNegative); err != nil {
		return 0, err
	}
	if err := all(personTime, "personTime", nonNegative); err != nil {
		return 0, err
	}
	sum := 0.0
	for i, r := range rate {
		sum += r * personTime[i]
	}
	return sum, nil
}

// CompareMortality is the standardised mortality ratio (indirect standardisation) of observed deaths and those expected.
//
// The intervals treat the expected number as known. Ratios of two groups of different age structure are standardised to different
// weights and are not comparable with each other; compare DirectRate for that. Byar's lower limit falls below 0 for a single death at
// levels above 0.99: use Exact there.
//
// Sources: N. E. Breslow, N. E. Day (1987), Statistical Methods in Cancer Research II, IARC 82, ch. 2 (Byar); B. Rosner (2006), Fundamentals of
// Biostatistics, 6th ed. (log-normal); F. Garwood (1936).
func CompareMortality(observed, expected, level float64) (SMR, error) {
	z, err := normalQuantile(level)
	if err != nil {
		return SMR{}, err
	}
	if err := whole(observed, "observed", -1); err != nil {
		return SMR{}, err
	}
	if err := positive(expected, "expected", -1); err != nil {
		return SMR{}, err
	}
	out := SMR{Observed: observed, Expected: expected, Ratio: observed / expected, Exact: garwood(observed, level).Times(1 / expected), LogNormal: Undefined()}
	if observed > 0 {
		out.LogNormal = aroundLog(out.Ratio, z, 1/math.Sqrt(observed))
		out.Byar.Lower = byar(observed, -z) / expected
	}
	out.Byar.Upper = byar(observed+1, z) / expected
	return out, nil
}

func byar(o, z float64) float64 {
	c := 1 - 1/(9*o) + z/(3*math.Sqrt(o))
	return o * c * c * c
}
