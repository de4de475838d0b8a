package epi

import (
	"math"
	"slices"
)

// Spread is how far estimates of one population lie apart, from different models, methods or sources. It is what an estimate page shows first: the
// interval of a single estimate leaves out that another model, as good, says something else.
type Spread struct {
	// Estimates is the number of estimates that are numbers, of those given.
	Estimates int
	// Lowest, Median and Highest of them, NaN where there are none.
	Lowest, Median, Highest float64
}

// Ratio is Highest over Lowest; where it is well above the ratio of the limits of a single interval, the choice of the method matters more than chance. NaN where
// Lowest is 0 or nothing could be compared.
func (s Spread) Ratio() float64 {
	if !(s.Lowest > 0) {
		return math.NaN()
	}
	return s.Highest / s.Lowest
}

// Compare is the spread of estimates; those that are NaN or infinite are left out.
func Compare(estimates ...float64) Spread {
	var finite []float64
	for _, e := range estimates {
		if !math.IsNaN(e) && !math.IsInf(e, 0) {
			finite = append(finite, e)
		}
	}
	s := Spread{Estimates: len(finite), Lowest: math.NaN(), Median: math.NaN(), Highest: math.NaN()}
	if len(finite) > 0 {
		slices.Sort(finite)
		s.Lowest, s.Median, s.Highest = finite[0], quantile(finite, 0.5), finite[len(finite)-1]
	}
	return s
}

// quantile of sorted numbers, interpolated as R's default (type 7).
func quantile(sorted []float64, p float64) float64 {
	at := p * float64(len(sorted)-1)
	i := min(int(at), len(sorted)-1)
	if i+1 == len(sorted) {
		return sorted[i]
	}
	return sorted[i] + (at-float64(i))*(sorted[i+1]-sorted[i])
}

// Dependence is how the size of a population depends on the log-linear model.
type Dependence struct {
	// Best is the index of the model with the least AIC, -1 where no model has an estimate.
	Best int
	// All is the spread over every model with an estimate; Plausible over those whose AIC is at most so much above the least as was asked.
	All, Plausible Spread
	// Average is Σ w N with the Akaike weights w ∝ exp(−ΔAIC/2) of all models with an estimate, AverageSE = Σ w √(SE² + (N − Average)²): the
	// uncertainty with that of the choice among these models. It does not cover dependence that none of them has.
	Average, AverageSE float64
}

// ModelDependence sums up all models of a table. within is the difference of AIC up to which a model counts as plausible, 0 or more: below 2 models have substantial
// support, above 10 essentially none.
//
// Source: K. P. Burnham, D. R. Anderson (2002), Model Selection and Multimodel Inference, 2nd ed., sections 2.6 and 4.3 (equation 4.9).
func ModelDependence(models []Model, within float64) (Dependence, error) {
	if err := nonNegative(within, "within", -1); err != nil {
		return Dependence{}, err
	}
	out := Dependence{Best: Best(models), Average: math.NaN(), AverageSE: math.NaN()}
	var all, plausible, weights []float64
	var chosen []Model
	for _, m := range models {
		if m.Reason != OK {
			continue
		}
		worse := m.AIC - models[out.Best].AIC
		all, chosen, weights = append(all, m.N), append(chosen, m), append(weights, math.Exp(-worse/2))
		if worse <= within {
			plausible = append(plausible, m.N)
		}
	}
	out.All, out.Plausible = Compare(all...), Compare(plausible...)
	if len(chosen) == 0 {
		return out, nil
	}
	total, average, se := 0.0, 0.0, 0.0
	for i, w := range weights {
		total += w
		average += w * chosen[i].N
	}
	average /= total
	for i, w := range weights {
		se += w / total * math.Hypot(chosen[i].SE, chosen[i].N-average)
	}
	out.Average, out.AverageSE = average, se
	return out, nil
}
