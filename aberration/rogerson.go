package aberration

import "math"

// Rogerson is the CUSUM of Poisson or binomial counts whose in-control parameter θ(t) changes from period to period. Each count is
// weighed so that one limit serves all periods:
//
//	S(t) = max(0, S(t-1) + c(t) (y(t) - k(t))),   c(t) = h/h(t),   alarm when S(t) >= h
//
// where k(t) is the reference value for θ(t) against θ1(t), and h(t) the decision interval for θ(t) with the wanted in-control run
// length, both rounded; h is that of the mean of θ. θ1 is θ + Shift √θ for Poisson counts, and multiplies the odds by Shift for
// binomial ones.
//
// Source: Rogerson and Yamada (2004), Approaches to syndromic surveillance when data consist of small regional counts, MMWR 53
// (Suppl), 79–85.
type Rogerson struct {
	// First is the period at which the chart begins, counted from 0.
	First int
	// Theta are the in-control means, or for binomial counts the in-control probabilities, from period First on; they are taken again
	// from the start when the chart outlives them.
	Theta []float64
	// Trials are the numbers of trials of binomial counts, as Theta; nil for Poisson counts.
	Trials []float64
	// Shift is the rise to detect, above 0; above 1 for binomial counts.
	Shift float64
	// Table has decision intervals for a sequence of θ, see Design.Table; for θ(t) the nearest is taken.
	Table []Interval
	// HeadStart begins the chart at h/2, and again after every alarm (fast initial response).
	HeadStart bool
	// Limit says what becomes of the sum after an alarm, unless HeadStart is set: it is cut to Limit·h, which for 0 begins anew. Any
	// negative value leaves the sum as it is, as R does when its limit is NULL.
	Limit float64
	// Digits is the number of decimals to which k(t) is rounded, 0 to 6, and should be that of the table; usually 1.
	Digits int
	// Mode is Guarded unless set to Reference.
	Mode Mode
}

// Interval is the decision interval H of a CUSUM with reference value K for the in-control parameter Theta, and its average run
// length in control.
type Interval struct{ Theta, K, H, ARL float64 }

// Name is "rogerson".
func (g Rogerson) Name() string { return "rogerson" }

// Lookback is First.
func (g Rogerson) Lookback() int { return g.First }

func (g Rogerson) valid() bool {
	if len(g.Theta) == 0 || len(g.Table) == 0 || !(g.Shift > 0 && finite(g.Shift)) || g.Digits < 0 || g.Digits > 6 || math.IsNaN(g.Limit) {
		return false
	}
	return g.Trials == nil || len(g.Trials) > 0 && g.Shift > 1
}

// Evaluate judges s.Counts[at]; with the Memory of the period before it does so at once, else it runs the chart from First. Statistic
// is S(t), Expected the in-control mean, Score S(t)/h, and Bound the smallest whole number with which the chart would have reached h,
// 0 when it would have done so with any count. InvalidSettings is given when a setting is out of range or θ(t) is not above 0 (and
// below 1). A missing count leaves the sum as it is: MissingValue.
//
// Guarded, where θ(t) is 0 the Gamma–Poisson bound of the periods before First takes over at a rate of 0.002.
func (g Rogerson) Evaluate(s *Series, at int, m *Memory) Result {
	if !g.valid() {
		return none(InvalidSettings)
	}
	return run(g, s, g.First, at, m)
}

// begin keeps the limit h and puts the sum at its start.
func (g Rogerson) begin(_ *Series, m *Memory) Reason {
	h := g.interval(plainMean(g.Theta))
	if !(h > 0 && finite(h)) {
		return InvalidSettings
	}
	m.chart.mean = append(m.chart.mean, h)
	if g.HeadStart {
		m.chart.sum = h / 2
	}
	return OK
}

// interval is the decision interval of the nearest θ of the table, the first of them when two are as near.
func (g Rogerson) interval(theta float64) float64 {
	best, distance := math.NaN(), math.Inf(1)
	for _, e := range g.Table {
		if d := math.Abs(e.Theta - theta); d < distance {
			best, distance = e.H, d
		}
	}
	return best
}

func (g Rogerson) step(s *Series, at int, m *Memory) Result {
	theta, trials, most := g.Theta[(at-g.First)%len(g.Theta)], 0.0, float64(maxCount)
	if g.Trials != nil {
		trials = g.Trials[(at-g.First)%len(g.Trials)]
		most = 1
	}
	if theta == 0 && g.Mode == Guarded {
		r := silent(s, g.First, at)
		r.Statistic = m.chart.sum
		return r
	}
	ht := g.interval(theta)
	if !(theta > 0 && theta < most && ht > 0 && finite(ht)) || g.Trials != nil && !(trials > 0 && trials <= maxCount) {
		return none(InvalidSettings)
	}
	if r := check(s.Counts[at : at+1]); r != OK {
		return none(r)
	}
	h, y, before := m.chart.mean[0], s.Counts[at], m.chart.sum
	k := RoundReferenceValue(g.reference(theta, trials), g.Digits)
	c := h / ht
	sum := max(0, before+c*(y-k))
	if math.IsNaN(sum) {
		return none(InvalidSettings) // the shift is too small or too large for a reference value
	}
	r := blank()
	r.Statistic, r.Alarm = sum, sum >= h
	r.Score = share(sum, h, r.Alarm)
	r.Bound = positive(math.Ceil((h-before)/c + k))
	if r.Expected = theta; g.Trials != nil {
		r.Expected = theta * trials
	}
	switch {
	case !r.Alarm:
	case g.HeadStart:
		sum = min(h/2, sum)
	case g.Limit >= 0:
		sum = min(g.Limit*h, sum)
	}
	m.chart.sum = sum
	return r
}

// reference is the reference value k for θ against the parameter that Shift makes of it.
func (g Rogerson) reference(theta, trials float64) float64 {
	if g.Trials == nil {
		return PoissonReference(theta, theta+g.Shift*math.Sqrt(theta))
	}
	return BinomialReference(theta, g.Shift*theta/(1+(g.Shift-1)*theta), trials)
}
