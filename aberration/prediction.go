package aberration

import (
	"math"

	"github.com/baqylau/baqylau/dist"
)

// Prediction is what a period will come to once all reports are in.
type Prediction struct {
	// Known is the number of cases known now; the total cannot be smaller.
	Known float64
	// Reported is the share of the reports that is in, as estimated.
	Reported float64
	// Expected is the predicted total, and Variance that of the prediction error, in cases and cases squared; NaN when Reason is not OK.
	Expected, Variance float64
	// Mode is that of the nowcast.
	Mode Mode
	// Guarded reports that nothing is known yet, where the method itself predicts nothing to come with certainty; see Quantile.
	Guarded bool
	// Reason is NoFit when no report of the past was as early as this period is young, so that its share cannot be told, and for young
	// periods when there has never been a case; MissingValue, NegativeValue or OutOfRange for what Predict is given.
	Reason Reason
	// prob is the probability of success of the negative binomial of a guarded prediction.
	prob float64
}

// guard predicts a period without any case so far. Its rate has a gamma prior with the mean of all periods and the weight of half a
// case (shape 1/2), so that what is still to come is negative binomial with size 1/2 and probability (F+r)/(1+r), r = 1/(2 mean).
func (p *Prediction) guard(rate, f float64) {
	r := 0.5 / rate
	prob := (f + r) / (1 + r)
	if !(rate > 0) || math.IsInf(rate, 1) || !(prob > 0 && prob < 1) {
		p.Reason = NoFit
		return
	}
	p.Guarded, p.prob = true, prob
	p.Expected = 0.5 * (1 - prob) / prob
	p.Variance = p.Expected / prob
}

// Quantile is the smallest whole number that the total stays at or below with at least the given probability, and never less than
// Known. The total is taken as normal with mean Expected and the given Variance, cut off half a case below Known and rounded. For
// reference it is R's, the smallest x with Φ(x)/(1-Φ(Known)) >= probability, where Φ is the normal distribution function: it divides
// by the mass above Known and yet keeps the mass below. With nothing known so far it is the quantile of the negative binomial. NaN
// unless 0 < probability < 1 and Reason is OK.
func (p Prediction) Quantile(probability float64) float64 {
	switch {
	case p.Reason != OK || !(probability > 0 && probability < 1) || math.IsNaN(p.Expected):
		return math.NaN()
	case p.Guarded:
		return dist.NegativeBinomialQuantile(probability, 0.5, p.prob)
	case p.Variance == 0:
		return p.Known
	}
	sd, half := math.Sqrt(p.Variance), 0.5
	if p.Mode == Reference {
		half = 0
	}
	below := 1 - dist.NormalTail(p.Known-half-p.Expected, sd)
	target := below + probability*(1-below)
	if p.Mode == Reference {
		target = probability * (1 - below)
	}
	q := math.Inf(1)
	if target < 1 {
		q = p.Expected + sd*dist.NormalQuantile(target) - half
	}
	if math.IsNaN(q) || math.IsInf(q, 0) { // beyond what a double can tell from 0 or 1
		q = p.Expected + math.Copysign(40*sd, target-0.5)
	}
	return max(p.Known, math.Ceil(q))
}

// Interval is the central prediction interval with the given coverage, in whole cases; NaN unless 0 < level < 1 and Reason is OK.
func (p Prediction) Interval(level float64) (low, high float64) {
	return p.Quantile((1 - level) / 2), p.Quantile((1 + level) / 2)
}
