package aberration

import (
	"math"

	"github.com/baqylau/baqylau/aberration/internal/glm"
	"github.com/baqylau/baqylau/dist"
)

// farringtonModel are the settings that the two Farrington methods share.
type farringtonModel struct {
	reweight, slope bool
	threshold       float64 // Anscombe residual above which a period is weighted down
	slopeAlpha      float64
	years           int
	offset          bool
	epsilon         float64
	steps           int
	plain           bool // the original method: time is the index, and standard errors by the dispersion cut at 1
	mode            Mode
}

// farringtonSpace is the working space of a fit.
type farringtonSpace struct {
	centres, level, period, group []int
	q                             glm.Grouped
	fit                           glm.GroupedFit
	omega, hat                    []float64
	population                    float64 // of the evaluated period, 1 without offset
	cases, largest, smallest      float64 // of the reference periods
	here                          float64 // cases in those of the evaluated period's level
	phi, se                       float64
	df                            int // degrees of freedom of the dispersion
	trend                         bool
}

// load takes the counts of the reference periods, without the missing ones, in the order that referenceWeeks found.
func (sp *farringtonSpace) load(s *Series, at int, levels int, m *farringtonModel) Reason {
	q := &sp.q
	q.Y, q.Time, q.Exposure, q.Group = q.Y[:0], q.Time[:0], q.Exposure[:0], q.Group[:0]
	q.Groups, q.NowGroup, q.Epsilon, q.MaxSteps = levels, levels-1, m.epsilon, m.steps
	sp.cases, sp.here, sp.largest, sp.smallest, sp.population = 0, 0, 0, math.Inf(1), 1
	gap, current, first := 1, 0, 0
	dated := s.Days != nil && !m.plain
	if dated && len(s.Counts) > 1 {
		gap = s.Days[1] - s.Days[0]
		if gap < 1 {
			return InvalidSeries
		}
	}
	for i, t := range sp.period {
		y := s.Counts[t]
		if math.IsNaN(y) {
			continue
		}
		if r := check(s.Counts[t : t+1]); r != OK {
			return r
		}
		when := float64(t + 1)
		if dated {
			when = float64(s.Days[t]-s.Days[sp.period[0]]) / float64(gap)
		}
		if m.offset {
			p := s.Population[t]
			if !(p > 0 && p < 1e100) {
				return InvalidSeries
			}
			q.Exposure = append(q.Exposure, p)
		}
		q.Y, q.Time, q.Group = append(q.Y, y), append(q.Time, when), append(q.Group, sp.group[i])
		if len(q.Y) == 1 {
			first = t
		}
		sp.cases, sp.largest, sp.smallest = sp.cases+y, max(sp.largest, y), min(sp.smallest, y)
		if sp.group[i] == levels-1 {
			sp.here += y
			current++
		}
	}
	if current == 0 {
		return TooShort
	}
	q.Now = float64(at + 1)
	if dated {
		origin := sp.period[0]
		if m.mode == Reference {
			origin = first // R counts from the first period with data here, and from the first of all above
		}
		q.Now = float64(s.Days[at]-s.Days[origin]) / float64(gap)
	}
	if !m.offset {
		q.Exposure = nil
	} else if sp.population = s.Population[at]; !(sp.population > 0 && sp.population < 1e100) {
		return InvalidSeries
	}
	return OK
}

// solve fits the model with the trend if it is asked for and holds, and without it otherwise; the reason is OK, NoFit where neither
// converges, or NoBound where there is no standard error. A trend holds when three years or more are compared with, it differs from
// zero, and it does not predict more than was ever seen in the reference periods.
func (sp *farringtonSpace) solve(m *farringtonModel) Reason {
	if m.slope && m.years >= 3 {
		free, ok := sp.weighted(m, true)
		if ok && sp.fit.Singular {
			return NoBound // R stops here, and does not try without the trend
		}
		if ok && sp.fit.SlopeKept {
			t := sp.fit.Slope / math.Sqrt(free*sp.fit.SlopeLeverage)
			differs := dist.StudentTail(t, float64(sp.df)) < m.slopeAlpha
			if differs && sp.mean() <= sp.largest {
				sp.trend = true
				return OK
			}
		}
	}
	sp.trend = false
	_, ok := sp.weighted(m, false)
	switch {
	case !ok:
		return NoFit
	case sp.fit.Singular:
		return NoBound
	}
	return OK
}

// mean is the predicted count of the evaluated period.
func (sp *farringtonSpace) mean() float64 { return glm.Exp(sp.eta()) }

// eta is its linear predictor.
func (sp *farringtonSpace) eta() float64 {
	if sp.q.Exposure == nil {
		return sp.fit.EtaNow
	}
	return sp.fit.EtaNow + math.Log(sp.population)
}

// weighted fits the quasi-Poisson regression, weights down the periods that look like outbreaks themselves, and fits again: equation and
// constants of Farrington et al. (1996), section 3.4, s = 3/2 (y^⅔ mu^-⅙ - mu^½) / (phi (1 - h))^½. It sets phi and the standard error of
// the linear predictor and returns the dispersion, not cut at 1, that the standard error of the slope takes.
func (sp *farringtonSpace) weighted(m *farringtonModel, slope bool) (free float64, ok bool) {
	sp.q.Slope, sp.q.Weights = slope, nil
	if !sp.fit.Solve(&sp.q) || !sp.fit.Converged && (slope || !m.plain) { // the original asks for the trend alone
		return 0, false
	}
	free = sp.dispersion(sp.fit.W)
	sp.phi = max(1, free)
	if m.reweight {
		if !sp.downweight(m.threshold) {
			return 0, false
		}
		sp.q.Weights = sp.omega
		if !sp.fit.Solve(&sp.q) || !sp.fit.Converged && !m.plain {
			return 0, false
		}
		free = sp.dispersion(sp.fit.W)
		sp.phi = max(1, free)
		if !m.plain {
			free = sp.dispersion(sp.omega) // R's stored weights are these by now
		}
	}
	scale := free
	if m.plain {
		scale = sp.phi
	}
	sp.se = math.Sqrt(scale * sp.fit.NowLeverage)
	return free, !math.IsNaN(sp.phi) && !math.IsNaN(sp.se) && !math.IsInf(sp.se, 0)
}

// dispersion is the sum of w r² over the degrees of freedom, with r = (y - mu)/mu.
func (sp *farringtonSpace) dispersion(w []float64) float64 {
	sum, df := 0.0, 0
	mu := sp.fit.Mu[:len(w)]
	y := sp.q.Y[:len(w)]
	for i, wi := range w {
		r := (y[i] - mu[i]) / mu[i]
		if wi > 0 {
			sum += wi * r * r
			df++
		}
	}
	df -= sp.fit.Rank
	if sp.df = df; df <= 0 {
		return math.NaN()
	}
	return sum / float64(df)
}

// downweight sets the weights to gamma s^-2 where the Anscombe residual s exceeds the threshold and to gamma elsewhere; gamma makes them
// add up to their number.
func (sp *farringtonSpace) downweight(threshold float64) bool {
	n := len(sp.q.Y)
	sp.hat, sp.omega = resize(sp.hat, n), resize(sp.omega, n)
	sp.fit.Hat(&sp.q, sp.hat)
	for i, h := range sp.hat {
		if h > 1-10*0x1p-52 {
			sp.hat[i] = 1 // as R does
		}
	}
	sum := 0.0
	for i, y := range sp.q.Y {
		root := math.Sqrt(sp.fit.Mu[i])
		w := 1.0
		if y > 0 { // no outbreak without a case: s is below 0
			c := math.Cbrt(y)
			s := 1.5 * (c*c/math.Cbrt(root) - root) / math.Sqrt(sp.phi*(1-sp.hat[i]))
			if math.IsNaN(s) {
				return false
			}
			if s > threshold {
				w = 1 / (s * s) // 0 for a count that has a level to itself, where h is 1
			}
		}
		sp.omega[i] = w
		sum += w
	}
	gamma := float64(n) / sum
	for i := range sp.omega {
		sp.omega[i] *= gamma
	}
	return true
}

// resize returns a slice of length n that reuses the space of s where it can; its contents are undefined.
func resize[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}
