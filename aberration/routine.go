package aberration

import (
	"math"

	"github.com/baqylau/baqylau/dist"
)

// Routine is the detector for routine use, when nothing speaks for another: it needs no choice of method by the length or the
// sparsity of a series. In one paragraph: from the last five years, without the newest weeks, it estimates how many cases to expect
// now (level, trend, season; the level alone while the series is short or sparse) and how much counts scatter around that, with
// earlier outbreaks taken out and the uncertainty of the estimates added. It then walks through the newest weeks and keeps the odds
// that an outbreak is under way. If the weeks before were unusual, a smaller excess suffices this week; if they were quiet, it takes
// a little more.
//
// The expected count comes from a quasi-Poisson regression with log link on the periods at-Gap-Years·f … at-Gap-1 (f periods a year),
//
//	log mu(t) = b0 + b1 t + Σ_{j=1,2} [c_j sin(2πjt/f) + d_j cos(2πjt/f)],
//
// by penalised likelihood: b1 (per year) and c, d have normal priors with mean 0 and standard deviations 0.2 and 0.5, so that no fit
// runs off to infinity and a trend that the data do not show is not carried forward. Each period of the baseline counts with the
// probability that it belongs to no outbreak, given its count and that a share Start of them does (less so where less than one case
// is expected). The dispersion phi is Pearson's, at least 1. With less than 20 cases in the baseline there is b0 alone (for phi = 1,
// the Gamma–Poisson bound). With more cases but less than nine months nothing can be said of the season, and b0 is that of the ten
// weeks (a fifth of a year) before a gap of three, with phi from the differences between neighbouring periods of all that there is,
// Σ (y(t)-y(t-1))²/(y(t)+y(t-1)) over their number; through a season's rise such a bound gives more alarms than Alpha, as EARS does.
// The count y(t) is negative binomial with mean mu and variance
//
//	phi mu + mu² se²,  se the standard error of log mu(t).
//
// An outbreak begins in a period with probability Start, goes on with probability Stay, and adds 0.5, 1, 2, 4 or 8 standard
// deviations (plus 0.3 cases) to the mean, each as likely. The forward equations of this hidden Markov chain (Le Strat and Carrat
// 1999) over the last Gap periods give the odds o(t) of an outbreak now before y(t) is seen. With their stationary value
// o* = Start/(1-Stay), and w = o(t)/o*,
//
//	PValue = P(Y >= y(t)) / w(t),  alarm when PValue <= Alpha.
//
// That is a weighted test (Genovese, Roeder and Wasserman 2006). It holds its level: without outbreaks the likelihood ratio has mean
// 1 whatever the past, the map from posterior odds to the next prior odds is concave with o* as its fixed point, so w has a mean of
// at most 1 by Jensen's inequality, and P(PValue <= a) <= a for every a, up to the error of the estimates. The p-values are therefore
// fit for BenjaminiHochberg. Statistic is the posterior probability of an outbreak.
//
// Sources: Noufaily et al. (2013), Stat Med 32, 1206–1222 (regression, scope); Le Strat and Carrat (1999), Stat Med 18, 3463–3478;
// Genovese, Roeder, Wasserman (2006), Biometrika 93, 509–524. How it compares stands in docs/methods/aberration-comparison.md.
type Routine struct {
	// Alpha is the one-sided error rate per period, above 0 and at most 0.5.
	Alpha float64
	// Start is the probability that an outbreak begins in a period, and Stay that it goes on to the next: above 0, below 1, and
	// Start at most Stay.
	Start, Stay float64
	// Years is the length of the baseline, 1 or more. What there is is used.
	Years int
	// Gap is the number of newest periods, 1 to 52, that are not in the baseline but weigh on this period's test.
	Gap int
}

// Default is Routine with alpha 0.0125, a new outbreak a year, outbreaks of 1/0.3 periods on average, and five years with a gap of
// eight periods.
func Default() Routine { return Routine{Alpha: 0.0125, Start: 0.02, Stay: 0.7, Years: 5, Gap: 8} }

// Name is "routine".
func (d Routine) Name() string { return "routine" }

// Lookback is 4: the detector begins with what there is. While fewer than four times Gap periods lie before the one judged, the gap
// is a quarter of them.
func (d Routine) Lookback() int { return 4 }

// Evaluate judges s.Counts[at]. A population is an offset: cases are expected in proportion to it. With days, the season follows the
// date. Periods of the past without data or population are left out. Dispersion is that of the prediction, (phi mu + mu² se²)/mu;
// Slope is the change of log mu per period; Guarded says that the baseline has no case at all, so that the bound is that of
// GammaPoisson. NegativeValue and NotACount (above 1e9) are given for counts that cannot be.
func (d Routine) Evaluate(s *Series, at int, m *Memory) Result {
	if !(d.Alpha > 0 && d.Alpha <= 0.5 && d.Start > 0 && d.Start <= d.Stay && d.Stay < 1) || d.Years < 1 || d.Gap < 1 || d.Gap > maxGap {
		return none(InvalidSettings)
	}
	switch {
	case at < 0 || at >= len(s.Counts):
		return none(OutOfRange)
	case !s.fits():
		return none(InvalidSeries)
	case at < d.Lookback():
		return none(TooShort)
	}
	if m == nil {
		m = new(Memory)
	}
	gap := min(d.Gap, at/4)
	from := max(0, at-gap-min(d.Years, at)*s.perYear())
	f := &m.routine
	if r := f.load(s, from, at-gap, at); r != OK {
		return none(r)
	}
	if f.recent = f.short(s.perYear()); f.recent {
		rough := f.rough()
		gap = min(gap, shortGap)
		if r := f.load(s, max(0, at-gap-max(shortLeast, s.perYear()/5)), at-gap, at); r != OK {
			return none(r)
		}
		f.phi = rough
	}
	f.start = d.Start
	f.fit()
	odds, reason := d.odds(f, s, at-gap, at)
	if reason != OK {
		return none(reason)
	}
	y, e, reason := f.period(s, at)
	if reason != OK && reason != MissingValue || !(e > 0) {
		return none(reason)
	}
	n := f.predict(s, at, e)
	level := min(0.5, d.Alpha*odds/d.stationary())
	r := blank()
	r.Expected, r.Dispersion, r.Slope, r.Trend, r.Guarded = n.mean, n.phi, f.slope/float64(s.perYear()), f.slope != 0, f.cases == 0
	bound, tail := n.judge(y, level)
	r.Bound = bound
	if reason != OK {
		r.Reason = reason
		return r
	}
	r.PValue = min(1, tail*d.Alpha/level)
	r.Alarm, r.Score = y > bound, exceedance(y, n.mean, bound)
	if o := odds * n.ratio(y); o < 1e12 {
		r.Statistic = o / (1 + o)
	} else {
		r.Statistic = 1
	}
	return r
}

// odds are those of an outbreak in period at before its count is seen, after the periods from there to the one before it. A missing
// count says nothing.
func (d Routine) odds(f *routineFit, s *Series, from, at int) (float64, Reason) {
	odds := d.stationary()
	for i := from; i < at; i++ {
		y, e, reason := f.period(s, i)
		ratio := 1.0
		switch reason {
		case OK:
			ratio = f.predict(s, i, e).ratio(y)
		case MissingValue:
		default:
			return 0, reason
		}
		// posterior odds, then one step of the chain; neither side of the quotient is ever 0
		o := min(odds*ratio, 1e12)
		odds = (d.Stay*o + d.Start) / ((1-d.Stay)*o + 1 - d.Start)
	}
	return odds, OK
}

// stationary are the odds of an outbreak where nothing is known of the newest periods.
func (d Routine) stationary() float64 { return d.Start / (1 - d.Stay) }

// maxGap bounds Gap.
const maxGap = 52

// outlook is the negative binomial distribution of a count, by mean and ratio of variance to mean, above 1.
type outlook struct{ mean, phi float64 }

// judge returns the largest count whose tail probability is above the level, and P(Y >= y).
func (n outlook) judge(y, level float64) (bound, tail float64) {
	y = max(0, y)
	size := n.mean / (n.phi - 1)
	if n.mean*n.phi < 1e8 {
		next := nextCount{size: size, n: 1 / (n.phi - 1), logProb: -math.Log(n.phi), alpha: level}
		return next.judge(y)
	}
	// sums would be long
	tail = dist.NegativeBinomialTail(math.Ceil(y), size, 1/n.phi, 1-1/n.phi)
	return dist.LastQuiet(func(k float64) bool { return dist.NegativeBinomialTail(k, size, 1/n.phi, 1-1/n.phi) <= level }), tail
}

// ratio is the likelihood of y in an outbreak, whose excess is drawn from five sizes, against that without.
func (n outlook) ratio(y float64) float64 {
	sd := math.Sqrt(n.mean * n.phi)
	log := math.Log(n.phi)
	scale := 1 / (n.phi - 1)
	size := n.mean * scale
	base := 0.0
	if y > 0 {
		base = logRising(size, y)
	}
	sum := 0.0
	for _, k := range [...]float64{0.5, 1, 2, 4, 8} {
		more := (k*sd + outbreakLeast) * scale
		g := 0.0
		if y > 0 {
			g = logRising(size+more, y) - base
		}
		sum += math.Exp(min(600, g-more*log))
	}
	return sum / 5
}

// outbreakLeast is the mean of cases that any outbreak adds to a period, so that in the rarest series one case says something.
const outbreakLeast = 0.3

// logRising is ln Γ(a+y) - ln Γ(a), for counts of a few as the log of a product.
func logRising(a, y float64) float64 {
	if y <= 12 && y == math.Trunc(y) {
		p := 1.0
		for k := 0.0; k < y; k++ {
			p *= a + k
		}
		if p > 1e-300 && p < 1e300 {
			return math.Log(p)
		}
	}
	u, _ := math.Lgamma(a + y)
	v, _ := math.Lgamma(a)
	return u - v
}
