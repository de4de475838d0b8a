package aberration

import "math"

// GammaPoisson bounds the count of something absent or very rare. The Poisson rate has a Gamma(Shape, Rate) prior; after s cases in
// Baseline periods the count of the next Window periods follows a negative binomial with size Shape+s and probability of success
// (Rate+Baseline)/(Rate+Baseline+Window). The alarm is P(Y >= y) <= Alpha.
//
// With Jeffreys' prior (Shape 1/2, Rate 0) and s = 0 this is the probability of a first case after n silent periods,
// 1-(n/(n+1))^½: it needs 250 silent weeks before a single case falls below 0.002, and says so instead of crying wolf at once.
// Sources: Jeffreys (1961), Theory of Probability, 3rd ed.; Bernardo and Smith (1994), Bayesian Theory, appendix A.
type GammaPoisson struct {
	// Window is the number of current periods, 1 or more; Baseline the number before it, 1 or more, ending Gap periods earlier.
	Window, Baseline, Gap int
	// Shape and Rate are the prior: Shape above 0, in cases; Rate 0 or more, in periods.
	Shape, Rate float64
	// Alpha is the one-sided error rate, above 0 and below 1.
	Alpha float64
}

// Name is "gamma_poisson".
func (g GammaPoisson) Name() string { return "gamma_poisson" }

// Lookback is Window - 1 + Gap + Baseline.
func (g GammaPoisson) Lookback() int { return g.Window - 1 + g.Gap + g.Baseline }

// Evaluate judges the window that ends at s.Counts[at]. Expected is the predictive mean and Bound the predictive 1-Alpha quantile, for an
// Alpha of 1e-300 or more. NoBound is given where 10^9 cases and more would be expected.
func (g GammaPoisson) Evaluate(s *Series, at int, _ *Memory) Result {
	if g.Window < 1 || g.Baseline < 1 || g.Gap < 0 || !(g.Shape > 0) || math.IsInf(g.Shape, 1) || !(g.Rate >= 0) || math.IsInf(g.Rate, 1) || !(g.Alpha > 0 && g.Alpha < 1) {
		return none(InvalidSettings)
	}
	y, cases, r := split(s, at, g.Window, g.Gap, g.Baseline)
	if r != OK {
		return none(r)
	}
	return predictive(y, g.Shape+cases, (g.Rate+float64(g.Baseline))/float64(g.Window), g.Alpha)
}

// predictive compares a count with what a rate known as Gamma(size, exposure) lets expect in one unit of exposure, unless that is beyond
// any series of cases.
func predictive(y, size, exposure, alpha float64) Result {
	if size > 1e10 || size > maxCount*exposure {
		return none(NoBound)
	}
	r := blank()
	r.Expected = size / exposure
	p := nextCount{size: size, n: exposure, logProb: -math.Log1p(1 / exposure), alpha: alpha}
	r.Bound, r.PValue = p.judge(y)
	r.Score, r.Alarm = exceedance(y, r.Expected, r.Bound), y > r.Bound
	return r
}

// guard is the Gamma–Poisson bound under Jeffreys' prior that stands in where a method's own bound rests on nothing: y cases now
// against the given cases in an exposure measured in current periods.
func guard(y, cases, exposure, alpha float64) Result {
	if math.IsNaN(y) || y < 0 || y > maxCount || cases > maxCount || !(exposure > 0) {
		return none(NoBound)
	}
	r := predictive(y, 0.5+cases, exposure, alpha)
	r.Guarded = true
	return r
}

// FirstDetection is the predictive probability of at least k cases in the next period after n periods without any, under Jeffreys'
// prior; NaN unless n is above 0 and k is 0 or more.
func FirstDetection(n float64, k int) float64 {
	if !(n > 0) || math.IsInf(n, 1) || k < 0 {
		return math.NaN()
	}
	if k == 1 {
		return -math.Expm1(-math.Log1p(1/n) / 2)
	}
	p := nextCount{size: 0.5, n: n}
	return p.tail(float64(k))
}
