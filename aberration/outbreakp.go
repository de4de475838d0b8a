package aberration

import "math"

// OutbreakP is the semiparametric likelihood ratio of a rise against a constant mean, for the onset of an epidemic:
//
//	OutbreakP(s) = Π over t <= s of (μ̂1(t) / μ̂0)^y(t)
//
// where μ̂1 is the non-decreasing sequence of Poisson means that fits best (isotonic regression) and μ̂0 the mean of all counts since
// First. The alarm is OutbreakP > K. It asks for no baseline and no shape of the rise, but for a level that is constant before it:
// begin it after the last season.
//
// Sources: Frisén, Andersson and Schiöler (2009), Robust outbreak surveillance of epidemics in Sweden, Stat Med 28, 476–493; Frisén
// and Andersson (2009), Sequential Analysis 28, 434–454; Ayer et al. (1955), Ann Math Stat 26, 641–647, for the regression.
type OutbreakP struct {
	// First is the period at which the sequence begins, counted from 0; R begins it at 0.
	First int
	// K is the limit, above 0; usually 100.
	K float64
	// MaxBound ends the search for the bound: above it there is none. 0 stands for 100,000 cases.
	MaxBound float64
	// Mode is Guarded unless set to Reference.
	Mode Mode
}

// pool is a stretch of periods with the same mean in the isotonic regression.
type pool struct{ cases, periods float64 }

// Name is "outbreak_p".
func (o OutbreakP) Name() string { return "outbreak_p" }

// Lookback is First.
func (o OutbreakP) Lookback() int { return o.First }

// Evaluate judges s.Counts[at]; with the Memory of the period before it does so at once, else it runs from First. Statistic is
// OutbreakP, Expected the mean μ̂0, Score the ratio of logarithms ln OutbreakP / ln K (for K above 1), and Bound the smallest count,
// a whole number above or below the one seen, that alarms. It is NaN where any count would, and where none up to MaxBound does.
//
// Guarded, a missing period is left out; for reference, where R stops, it ends the sequence: MissingValue from there on. For reference
// the product is multiplied period by period as R does, which for large counts loses it: the statistic is 0, or NoBound, where guarded it
// is the ratio all the same.
func (o OutbreakP) Evaluate(s *Series, at int, m *Memory) Result {
	if !(o.K > 0 && finite(o.K)) || !(o.MaxBound >= 0 && o.MaxBound <= maxCount) {
		return none(InvalidSettings)
	}
	return run(o, s, o.First, at, m)
}

func (o OutbreakP) begin(*Series, *Memory) Reason { return OK }

func (o OutbreakP) step(s *Series, at int, m *Memory) Result {
	y, c := s.Counts[at], &m.chart
	reason := check(s.Counts[at : at+1])
	switch {
	case reason == OK && y > maxCount:
		reason = NoBound
	case reason == OK && o.Mode == Reference && c.last.Reason != OK && math.IsNaN(c.last.Expected): // a missing period before
		reason = c.last.Reason
	}
	if reason != OK {
		return none(reason)
	}
	r := blank()
	r.Statistic = o.outbreak(s, at, c, y)
	r.Alarm = r.Statistic > o.K
	r.Bound = o.bound(s, at, c, y, r.Alarm)
	c.pools = join(c.pools, pool{y, 1})
	c.cases += y
	c.periods++
	r.Expected = c.cases / c.periods
	r.Score = share(math.Log(r.Statistic), math.Log(o.K), r.Alarm)
	if math.IsNaN(r.Statistic) {
		r.Reason = NoBound
	}
	return r
}

// join adds a pool at the end and merges backwards until the means rise.
func join(ps []pool, last pool) []pool {
	n := pooled(ps, &last)
	return append(ps[:n], last)
}

// pooled merges into last the pools whose mean is not below its own and returns how many are left before it.
func pooled(ps []pool, last *pool) int {
	n := len(ps)
	for n > 0 && ps[n-1].cases*last.periods >= last.cases*ps[n-1].periods {
		n--
		last.cases += ps[n].cases
		last.periods += ps[n].periods
	}
	return n
}

// outbreak is the statistic if the count of period at were y.
func (o OutbreakP) outbreak(s *Series, at int, c *chart, y float64) float64 {
	last := pool{y, 1}
	n := pooled(c.pools, &last)
	mean := (c.cases + y) / (c.periods + 1)
	if mean == 0 {
		return 1
	}
	value, least := 1.0, 1.0
	for _, p := range c.pools[:n] {
		value *= p.power(mean)
		least = min(least, value)
	}
	value *= last.power(mean)
	switch {
	case least > 1e-300 && value <= math.MaxFloat64:
		return max(1, value)
	case o.Mode == Reference:
		return product(s.Counts[c.from:at], c.pools[:n], last, mean, y)
	}
	log := last.log(mean) // a factor has left the range of doubles; the product may not have
	for _, p := range c.pools[:n] {
		log += p.log(mean)
	}
	return max(1, math.Exp(log))
}

// product multiplies period by period, as R does, for the counts before the newest one, y. It is lost, at 0, once the periods below the
// mean have taken it below what a double can hold, and has no value where a single factor above is infinite then.
func product(counts []float64, pools []pool, last pool, mean, y float64) float64 {
	value := 1.0
	for _, p := range pools {
		for _, cases := range counts[:int(p.periods)] {
			value *= math.Pow(p.cases/p.periods/mean, cases)
		}
		counts = counts[int(p.periods):]
	}
	for _, cases := range counts {
		value *= math.Pow(last.cases/last.periods/mean, cases)
	}
	return value * math.Pow(last.cases/last.periods/mean, y)
}

// power is (mean of the pool / mean of all)^cases; log is its logarithm.
func (p pool) power(mean float64) float64 { return math.Pow(p.cases/p.periods/mean, p.cases) }

func (p pool) log(mean float64) float64 {
	if p.cases == 0 {
		return 0
	}
	return p.cases * math.Log(p.cases/p.periods/mean)
}

// bound is the smallest of y, y±1, y±2 … that alarms; the statistic rises with the last count.
func (o OutbreakP) bound(s *Series, at int, c *chart, y float64, alarms bool) float64 {
	limit := o.MaxBound
	if limit == 0 {
		limit = 1e5
	}
	if len(c.pools) == 0 { // a single count is its own mean
		if alarms {
			return 0
		}
		return math.NaN()
	}
	// lo is quiet and hi alarms, both in steps from y.
	var lo, hi float64
	if alarms {
		lo = -math.Floor(y)
		if o.outbreak(s, at, c, y+lo) > o.K {
			return math.NaN()
		}
	} else {
		for hi = 1; !(o.outbreak(s, at, c, y+hi) > o.K); hi *= 2 {
			if y+hi > limit {
				return math.NaN()
			}
			lo = hi
		}
	}
	for hi-lo > 1 {
		if mid := math.Floor((lo + hi) / 2); o.outbreak(s, at, c, y+mid) > o.K {
			hi = mid
		} else {
			lo = mid
		}
	}
	if !alarms && y+hi > limit {
		return math.NaN()
	}
	return y + hi
}
