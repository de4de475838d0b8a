package epi

import (
	"math"

	"github.com/baqylau/baqylau/dist"
)

// Rate is events over the person-time in which they happened, with its interval.
type Rate struct {
	// Estimate and Interval are per unit of person-time; multiply both for "per 100,000".
	Estimate float64
	Interval Interval
	// SE is the standard error: √events / personTime for a crude rate, √v for a standardised one.
	SE float64
}

// Per is the rate in another unit, for example Per(1e5) per 100,000 person-years.
func (r Rate) Per(k float64) Rate { return Rate{r.Estimate * k, r.Interval.Times(k), r.SE * k} }

// CrudeRate is events/personTime with Garwood's exact limits divided by the person-time. personTime is in person-years, or persons for a rate of one
// year. Deaths of a cohort over its person-years give the crude mortality rate (CMR) of the indicator on drug-related deaths and
// mortality, customarily per 1,000.
//
// It assumes that events are independent and happen at one rate; repeated events of the same person make the interval too narrow. Do not compare
// crude rates of populations of different age; see DirectRate and SMR.
func CrudeRate(events, personTime, level float64) (Rate, error) {
	i, err := Garwood(events, level)
	if err != nil {
		if e, ok := err.(*Error); ok && e.Argument == "count" { //nolint:errorlint // made one line above
			e.Argument = "events"
		}
		return Rate{}, err
	}
	if err := positive(personTime, "personTime", -1); err != nil {
		return Rate{}, err
	}
	return Rate{events / personTime, i.Times(1 / personTime), math.Sqrt(events) / personTime}, nil
}

// DirectRate is the rate that the standard population would have with the rates observed in its age bands,
//
//	r = Σ wᵢ dᵢ,  wᵢ = (standardᵢ/Σ standard)/personTimeᵢ,  v = Σ wᵢ² dᵢ
//
// with the gamma limits, w the largest of the wᵢ:
//
//	lower = v/(2r) χ²(α/2; 2r²/v),  upper = (v+w²)/(2(r+w)) χ²(1−α/2; 2(r+w)²/(v+w²))
//
// lower is 0 without events. The limits are conservative, the more so the more the weights differ. The standard is in any unit (persons or
// shares). Errors: lists of different lengths, events that are no counts, person-time that is not above 0, a standard below 0 or all 0.
//
// Source: M. P. Fay, E. J. Feuer (1997), Confidence intervals for directly standardized rates: a method based on the gamma distribution, Statistics in
// Medicine 16, 791–801.
func DirectRate(events, personTime, standard []float64, level float64) (Rate, error) {
	if _, err := normalQuantile(level); err != nil {
		return Rate{}, err
	}
	if err := bands(events, personTime, "personTime"); err != nil {
		return Rate{}, err
	}
	if err := sameLength(len(standard), len(events), "standard"); err != nil {
		return Rate{}, err
	}
	if err := all(standard, "standard", nonNegative); err != nil {
		return Rate{}, err
	}
	total := 0.0
	for _, s := range standard {
		total += s
	}
	if !(total > 0) || math.IsInf(total, 1) {
		return Rate{}, refuse(NotPositive, "standard")
	}
	var r, v, widest float64
	for i, d := range events {
		w := standard[i] / total / personTime[i]
		r += w * d
		v += w * w * d
		widest = max(widest, w)
	}
	tail := (1 - level) / 2
	out := Rate{Estimate: r, SE: math.Sqrt(v)}
	if r > 0 {
		out.Interval.Lower = v / r * dist.GammaQuantile(tail, r*r/v)
	}
	r, v = r+widest, v+widest*widest
	out.Interval.Upper = v / r * dist.GammaQuantile(1-tail, r*r/v)
	return out, nil
}

// bands checks counts and person-time by age band.
func bands(events, personTime []float64, name string) error {
	if err := sameLength(len(personTime), len(events), name); err != nil {
		return err
	}
	if err := all(events, "events", whole); err != nil {
		return err
	}
	return all(personTime, name, positive)
}
