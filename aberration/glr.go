package aberration

import "math"

// Change is the alternative that a likelihood-ratio chart looks for.
type Change uint8

const (
	// Intercept multiplies the mean of every period by exp(κ): mu1(t) = mu0(t) exp(κ).
	Intercept Change = iota
	// Epidemic adds a share of the count before: mu1(t) = mu0(t) + λ y(t-1), λ >= 0.
	Epidemic
)

// GLR are the settings that the count data regression charts share. The chart watches the periods from First on and compares, at each
// period n, the model mu0 that holds in control with a change that began at some period k <= n:
//
//	GLR(n) = max_k sup_θ Σ_{t=k..n} log f(y(t); mu1(t, θ)) / f(y(t); mu0(t))
//
// with the alarm GLR(n) >= Limit, after which the chart begins anew at the next period. With a Shift the change is known and the
// statistic is the CUSUM of log-likelihood ratios l(n) = max(0, l(n-1) + log f(y(n); mu1(n))/f(y(n); mu0(n))), alarm l(n) > Limit.
//
// Guarded computes the maxima of the paper. Reference follows R surveillance where it departs from them: Newton's method from 1/2, whose
// failures count as no evidence; the Poisson intercept chart with a window stops at k = n - MinSegment; a decrease to no case at all is
// passed over by the Poisson chart; and the epidemic negative binomial chart takes exp(κ) of the intercept model for λ.
//
// Source: Höhle and Paul (2008), Count data regression charts for the monitoring of surveillance time series, Comput Stat Data Anal 52,
// 4357–4368.
type GLR struct {
	// First is the first period watched, counted from 0. The in-control model is fitted to the periods before it.
	First int
	// Limit is the threshold c_γ of the statistic, 0 or more, in units of the log-likelihood.
	Limit float64
	// Window is M: changes that began more than M periods before the present are not looked for; negative for all since the chart
	// began anew.
	Window int
	// MinSegment is M̃, the least number of periods from a change to the present, 1 or more.
	MinSegment int
	// Change is the alternative.
	Change Change
	// Shift is the κ of a known change: its log rate ratio, below 0 for a decrease; 0 to estimate it (GLR). Epidemic charts estimate.
	Shift float64
	// Decrease looks for κ <= 0 in place of κ >= 0. Epidemic charts look for increases alone.
	Decrease bool
	// Cases asks for Result.Bound, which costs a search at each period; otherwise it is NaN.
	Cases bool
	// MaxCases is where R's step by step search for a bound ends (xMax), at most a million; 0 for 10000. It is used for reference only.
	MaxCases float64
	// Mean are given in-control means, in cases, above 0. Without them the mean follows Model.
	Mean GivenMeans
	// Model is the in-control model.
	Model MeanModel
	// Mode is Guarded unless set to Reference.
	Mode Mode
}

// NewGLR are the usual settings: limit 5, all changes since the last alarm, an intercept change to be estimated, and a model with one
// harmonic that is fitted to the periods before first.
func NewGLR(first int) GLR {
	return GLR{First: first, Limit: 5, Window: -1, MinSegment: 1, Model: MeanModel{Harmonics: 1}}
}

// GLRPoisson is the likelihood-ratio chart for Poisson counts. See GLR.
type GLRPoisson struct{ GLR }

// GLRNegBin is the likelihood-ratio chart for negative binomial counts with variance mu + Alpha mu². See GLR.
type GLRNegBin struct {
	GLR
	// Alpha is the dispersion, above 0; NaN to estimate it once by maximum likelihood together with the in-control model.
	Alpha float64
}

// Name is "glr_poisson", or "lr_poisson" with a known shift.
func (g GLRPoisson) Name() string { return g.name("poisson") }

// Name is "glr_negbin", or "lr_negbin" with a known shift.
func (g GLRNegBin) Name() string { return g.name("negbin") }

func (g *GLR) name(family string) string {
	if g.known() {
		return "lr_" + family
	}
	return "glr_" + family
}

// known reports that the change is known, so that the statistic is a CUSUM.
func (g *GLR) known() bool { return g.Shift != 0 && g.Change == Intercept }

// Lookback is First: periods before it are not judged.
func (g GLR) Lookback() int { return g.First }

// Evaluate judges s.Counts[at] after all periods since First. Expected is the in-control mean, Statistic the chart's value and
// Score its share of Limit. Bound, when Cases is set, is the largest count that would have been no alarm, or the smallest for a
// decrease, and +Inf when no count is one (-1 when all are, as with a limit of 0); with a known shift it is the count at which the
// statistic equals the limit. A missing count is passed over: it has the reason MissingValue, and the chart stands as before.
//
// When the periods before First hold no case, there is nothing to fit: guarded, the mean is taken to be 1/2 over their number, that of the
// rate under Jeffreys' prior, and the result says Guarded; for reference the fit runs to where R stops.
func (g GLRPoisson) Evaluate(s *Series, at int, m *Memory) Result {
	return run(ratioChart{GLR: g.GLR}, s, g.First, at, m)
}

// Evaluate is that of GLRPoisson. Dispersion is 1 + Alpha mu, the ratio of variance to mean in control.
func (g GLRNegBin) Evaluate(s *Series, at int, m *Memory) Result {
	if g.Alpha <= 0 || math.IsInf(g.Alpha, 1) || math.IsNaN(g.Alpha) && len(g.Mean) > 0 {
		return none(InvalidSettings)
	}
	return run(ratioChart{GLR: g.GLR, alpha: g.Alpha}, s, g.First, at, m)
}

// ratioChart is the chart for both families: Poisson is alpha = 0.
type ratioChart struct {
	GLR
	alpha float64
}

// maxSearch bounds MaxCases: each count asks for the whole statistic.
const maxSearch = 1e6

func (g *GLR) valid() bool {
	return g.First >= 0 && g.Limit >= 0 && !math.IsInf(g.Limit, 1) && g.MinSegment >= 1 && g.Change <= Epidemic && !math.IsNaN(g.Shift) && math.Abs(g.Shift) <= 700 &&
		g.MaxCases >= 0 && g.MaxCases <= maxSearch && g.Model.valid()
}

// begin fits the in-control model.
func (c ratioChart) begin(s *Series, m *Memory) Reason {
	if !c.valid() {
		return InvalidSettings
	}
	m.ratio.reset(c.First)
	if len(c.Mean) > 0 {
		m.means.given(c.alpha)
		return OK
	}
	return c.fit(s, c.First, c.alpha, m)
}

func (c ratioChart) fit(s *Series, end int, alpha float64, m *Memory) Reason {
	return m.means.prepare(c.Model, s, end, alpha, c.Mode)
}

func (c ratioChart) mean(s *Series, at int, m *Memory) float64 {
	if len(c.Mean) > 0 {
		return c.Mean.At(nil, s, c.First, at)
	}
	return m.means.at(c.Model, at, s.perYear())
}

// step judges the next period.
func (c ratioChart) step(s *Series, at int, m *Memory) Result {
	c.alpha = m.means.alpha
	mu := c.mean(s, at, m)
	if !(mu > 0 && mu <= 1e100) {
		m.ratio.skip()
		if len(c.Mean) > 0 {
			return none(InvalidSettings)
		}
		return none(NoFit)
	}
	y := s.Counts[at]
	if reason := check(s.Counts[at : at+1]); reason != OK {
		m.ratio.skip()
		r := none(reason)
		r.Expected = mu
		return r
	}
	m.ratio.push(s.Counts, at, m.chart.from, y, mu)
	r := blank()
	r.Expected, r.Dispersion, r.Guarded = mu, 1+c.alpha*mu, m.means.guarded
	r.Statistic = c.statistic(m, y)
	r.Alarm = c.reached(r.Statistic)
	r.Score = share(r.Statistic, c.Limit, r.Alarm)
	if c.Cases {
		r.Bound = c.bound(m, y, mu, r.Alarm)
		m.ratio.y[len(m.ratio.y)-1] = y
	}
	m.chart.sum = r.Statistic
	if r.Alarm {
		m.chart.from, m.chart.sum = at+1, 0
		if len(c.Mean) == 0 && c.Model.Refit {
			_ = c.fit(s, at+1, c.alpha, m) // a failure keeps the model before
		}
	}
	return r
}
