package aberration

import "math"

// CUSUM adds up how far the counts, made roughly standard normal by Transform, lie above the reference value K,
//
//	S(t) = max(0, S(t-1) + z(t) - K),   S(First-1) = 0,   alarm when S(t) >= H
//
// It finds small lasting rises that no single period shows. The sum is not reset by an alarm. With H and K from Design and no
// transform the run length is known; for the transforms, 1.04 and 2.26 are the values of Rossi et al. for one false alarm in 500
// periods and the detection of a doubling in 7.
//
// Sources: Page (1954), Biometrika 41, 100–115; Rossi, Lampugnani and Marchi (1999), Stat Med 18, 2111–2122.
type CUSUM struct {
	// First is the period at which the chart begins, counted from 0; earlier periods are the baseline.
	First int
	// K is the reference value and H the decision interval, on the scale of the transform.
	K, H float64
	// Transform is Standard unless set.
	Transform Transform
	// Alpha is the α of PearsonNegBin, whose variance is m + α m²; 0 or more.
	Alpha float64
	// Means supplies the in-control means; nil stands for BaselineMean.
	Means Means
	// Mode is Guarded unless set to Reference.
	Mode Mode
}

// chartAlpha is the error rate of the guard of charts: one false alarm in 500 periods, for which they are commonly designed.
const chartAlpha = 0.002

// Name is "cusum".
func (c CUSUM) Name() string { return "cusum" }

// Lookback is First.
func (c CUSUM) Lookback() int { return c.First }

// Evaluate judges s.Counts[at]; with the Memory of the period before it does so at once, else it runs the chart from First. Statistic
// is S(t), Expected the in-control mean, Score S(t)/H, and Bound the count at which the chart would have reached H, 0 when it would
// have done so with any count.
//
// Guarded, a missing count leaves the sum as it is, and where the in-control mean is 0 the Gamma–Poisson bound of the baseline takes
// over at a rate of 0.002. For reference, a missing count or a mean of 0 leaves the chart without a value from there on, a chart
// that begins at period 0 takes the first count as the mean, and three of R's slips in the bound are followed: see the code of
// Transform, and Untransformed has the bound H - S(t).
func (c CUSUM) Evaluate(s *Series, at int, m *Memory) Result {
	if !finite(c.K) || !finite(c.H) || c.Transform > Untransformed || !(c.Alpha >= 0 && finite(c.Alpha)) {
		return none(InvalidSettings)
	}
	return run(c, s, c.First, at, m)
}

func finite(x float64) bool { return math.Abs(x) <= math.MaxFloat64 }

func (c CUSUM) begin(s *Series, m *Memory) (r Reason) {
	if c.Means != nil {
		m.chart.mean, r = c.Means.Fit(s, c.First, m.chart.mean)
		return r
	}
	if c.Mode == Reference {
		m.chart.mean = append(m.chart.mean, plainMean(s.Counts[:max(1, c.First)]))
		return OK
	}
	m.chart.mean, r = BaselineMean{}.Fit(s, c.First, m.chart.mean)
	return r
}

func plainMean(values []float64) (m float64) {
	for _, y := range values {
		m += y
	}
	return m / float64(len(values))
}

func (c CUSUM) mean(s *Series, at int, m *Memory) float64 {
	if c.Means != nil {
		return c.Means.At(m.chart.mean, s, c.First, at)
	}
	return m.chart.mean[0]
}

func (c CUSUM) step(s *Series, at int, m *Memory) Result {
	y, mean := s.Counts[at], c.mean(s, at, m)
	before := m.chart.sum
	if c.Mode == Guarded {
		if reason := check(s.Counts[at : at+1]); reason != OK {
			r := c.result(before, before, mean)
			r.Alarm, r.Score, r.Reason = false, 0, reason
			return r
		}
		if !(mean > 0) {
			r := silent(s, c.First, at)
			r.Statistic = before
			return r
		}
	}
	sum := max(0, before+(c.Transform.apply(y, mean, c.Alpha)-c.K))
	m.chart.sum = sum
	r := c.result(before, sum, mean)
	if math.IsNaN(sum) {
		r.Alarm, r.Score, r.Reason = false, 0, MissingValue
		if mean == 0 {
			r.Reason = NoBound
		}
	}
	return r
}

func (c CUSUM) result(before, sum, mean float64) Result {
	r := blank()
	r.Expected, r.Statistic, r.Alarm = mean, sum, sum >= c.H
	r.Score = share(sum, c.H, r.Alarm)
	switch {
	case c.Mode == Guarded:
		r.Bound = c.Transform.count(c.H+c.K-before, mean, c.Alpha)
	case c.Transform == Untransformed:
		r.Bound = positive(c.H - sum)
	default:
		r.Bound = c.Transform.countR(c.H, c.K, before, mean, c.Alpha)
	}
	return r
}

// share is a chart's statistic as a share of its limit, cut to MaxScore.
func share(statistic, limit float64, alarm bool) float64 {
	if q := statistic / limit; q >= 0 && (q >= 1) == alarm {
		return min(MaxScore, q)
	}
	if alarm {
		return MaxScore
	}
	return 0
}

// silent judges a count by the Gamma–Poisson bound of the baseline before a chart, where its in-control mean is 0.
func silent(s *Series, first, at int) Result {
	sum, n := 0.0, 0.0
	for _, y := range s.Counts[:first] {
		if y >= 0 && y <= 1e100 {
			sum += y
			n++
		}
	}
	return guard(s.Counts[at], sum, n, chartAlpha)
}
