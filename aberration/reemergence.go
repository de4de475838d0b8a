package aberration

import "math"

// Reemergence judges the return of something that was there once and then fell silent: drugs come back under a new maker or
// law. The Poisson rate of the present is Jeffreys' Gamma(1/2, 0), updated by the past at a discount and by the silence in full. With
// s cases in the m periods before the silence of n periods,
//
//	rate ~ Gamma(1/2 + Discount s, Discount m + n),
//
// so that the next count is negative binomial with size 1/2 + Discount s and probability of success b/(b+1), b = Discount m + n. With
// Discount 1 the old cases count as if nothing had changed, and a return is no surprise; with Discount 0 they are forgotten, and this
// is FirstDetection. In between they are worth that share of a case, which is the power prior of Ibrahim and Chen.
//
// Sources: Ibrahim and Chen (2000), Stat Sci 15, 46–60; Jeffreys (1961), Theory of Probability, 3rd ed.
type Reemergence struct {
	// Silence is the least number n of periods without a case right before the judged one, 1 or more; the whole silence counts.
	Silence int
	// Discount is what a case or a period from before the silence is worth now, 0 to 1.
	Discount float64
	// Alpha is the one-sided error rate, above 0 and below 1.
	Alpha float64
}

// Name is "reemergence".
func (e Reemergence) Name() string { return "reemergence" }

// Lookback is Silence: a shorter past cannot have been silent for long enough.
func (e Reemergence) Lookback() int { return e.Silence }

// Evaluate judges s.Counts[at] against the whole series before it. Expected is the predictive mean, Bound the predictive 1-Alpha
// quantile. The reason is NotSilent when one of the last Silence periods had a case; FirstDetection's rule applies when none of the
// earlier ones had. Periods without data (NaN) are passed over, in the silence and before it, except the judged one.
func (e Reemergence) Evaluate(s *Series, at int, _ *Memory) Result {
	if e.Silence < 1 || !(e.Discount >= 0 && e.Discount <= 1) || !(e.Alpha > 0 && e.Alpha < 1) {
		return none(InvalidSettings)
	}
	if r := s.check(at, 0); r != OK {
		return none(r)
	}
	if at < e.Silence {
		return none(TooShort)
	}
	y := s.Counts[at]
	silent, cases, periods := 0.0, 0.0, 0.0
	for t := at - 1; t >= 0; t-- {
		c := s.Counts[t]
		if math.IsNaN(c) {
			continue
		}
		if r := check(s.Counts[t : t+1]); r != OK {
			return none(r)
		}
		if c != math.Trunc(c) {
			return none(NotACount)
		}
		if cases == 0 && c == 0 {
			silent++
			continue
		}
		cases += c
		periods++
	}
	switch {
	case y != math.Trunc(y) || y > maxCount || cases > maxCount:
		return none(NotACount)
	case silent < float64(e.Silence):
		if silent+periods < float64(e.Silence) {
			return none(TooShort) // too many periods without data
		}
		return none(NotSilent)
	}
	return predictive(y, 0.5+e.Discount*cases, e.Discount*periods+silent, e.Alpha)
}

// ReemergenceProbability is the probability of at least k cases in the next period, after silent periods without any that followed
// periods with the given number of cases; see Reemergence for the discount. NaN unless silent is above 0, cases, periods and k are 0
// or more, and the discount is 0 to 1.
func ReemergenceProbability(k int, cases, periods, silent, discount float64) float64 {
	usual := cases >= 0 && cases <= maxCount && periods >= 0 && periods <= maxCount && silent > 0 && silent <= maxCount
	if k < 0 || !usual || !(discount >= 0 && discount <= 1) {
		return math.NaN()
	}
	p := nextCount{size: 0.5 + discount*cases, n: discount*periods + silent}
	return p.tail(float64(k))
}
