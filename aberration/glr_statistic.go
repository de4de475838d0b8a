package aberration

import "math"

// ratioPast is what a likelihood-ratio chart looks back on, by period from the first one watched: counts, in-control means, and the
// counts of the period before. A missing period is all 0, which adds nothing to any sum.
type ratioPast struct {
	y, mu, before []float64
	from          int // index of the period at which the chart began anew
	first         int // period of index 0
}

func (p *ratioPast) reset(first int) {
	p.y, p.mu, p.before, p.from, p.first = p.y[:0], p.mu[:0], p.before[:0], 0, first
}

func (p *ratioPast) skip() {
	p.y, p.mu, p.before = append(p.y, 0), append(p.mu, 0), append(p.before, 0)
}

// push adds period at. Before the first period watched there is none, as in R.
func (p *ratioPast) push(counts []float64, at, from int, y, mu float64) {
	before := 0.0
	if at > p.first && check(counts[at-1:at]) == OK {
		before = counts[at-1]
	}
	p.y, p.mu, p.before, p.from = append(p.y, y), append(p.mu, mu), append(p.before, before), from-p.first
}

// statistic is the chart's value with y as the newest count.
func (c *ratioChart) statistic(m *Memory, y float64) float64 {
	p := &m.ratio
	n := len(p.y) - 1
	p.y[n] = y
	if c.known() {
		return max(0, m.chart.sum+logRatio(c.alpha, y, p.mu[n], c.Shift))
	}
	lo, hi := p.from, n-c.MinSegment+1
	if c.Window >= 0 {
		lo = max(lo, n-c.Window)
	}
	switch {
	case c.Change == Epidemic && c.alpha == 0:
		return c.epidemicPoisson(p, lo, hi)
	case c.Change == Epidemic:
		return c.epidemicNegBin(p, lo, hi)
	case c.alpha == 0:
		return c.interceptPoisson(p, lo, hi)
	}
	return c.interceptNegBin(p, lo, hi)
}

// reached reports an alarm. R asks for more than the limit where the shift is known and in the epidemic Poisson chart.
func (c *ratioChart) reached(statistic float64) bool {
	if c.known() || c.Mode == Reference && c.Change == Epidemic && c.alpha == 0 {
		return statistic > c.Limit
	}
	return statistic >= c.Limit
}

// logRatio is the log-likelihood ratio of one count for the mean mu exp(kappa) against mu.
func logRatio(alpha, y, mu, kappa float64) float64 {
	if alpha == 0 {
		return kappa*y + (1-math.Exp(kappa))*mu
	}
	return kappa*y + (y+1/alpha)*math.Log((1+alpha*mu)/(1+alpha*mu*math.Exp(kappa)))
}

// interceptPoisson has the maximum in closed form: κ = log Σy/Σmu.
func (c *ratioChart) interceptPoisson(p *ratioPast, lo, hi int) float64 {
	if c.Mode == Reference {
		if lo, hi = p.from, len(p.y)-1; c.Window > 0 {
			lo, hi = max(lo, len(p.y)-1-c.Window), len(p.y)-1-c.MinSegment
		} else if len(p.y)-p.from < c.MinSegment {
			return 0
		}
	}
	best, y, mu := 0.0, 0.0, 0.0
	for k := len(p.y) - 1; k >= lo; k-- {
		y += p.y[k]
		mu += p.mu[k]
		if k > hi {
			continue
		}
		if y == 0 {
			if c.Decrease && c.Mode == Guarded {
				best = max(best, mu)
			}
			continue
		}
		if kappa := math.Log(y / mu); (kappa > 0) != c.Decrease {
			best = max(best, kappa*y+(1-math.Exp(kappa))*mu)
		}
	}
	return best
}

// interceptNegBin finds κ by Newton's method for each k. R starts the one from where the last one ended.
func (c *ratioChart) interceptNegBin(p *ratioPast, lo, hi int) float64 {
	best, kappa := 0.0, 0.5
	for k := lo; k <= hi; k++ {
		kappa = c.clip(c.kappa(p, k, kappa))
		if v := c.likelihood(p, k, kappa); v > best {
			best = v
		}
	}
	return best
}

// clip takes κ in the direction asked for, and a failure as no change.
func (c *ratioChart) clip(kappa float64) float64 {
	if math.IsNaN(kappa) {
		return 0
	}
	if c.Decrease {
		return min(0, kappa)
	}
	return max(0, kappa)
}

// likelihood is the log-likelihood ratio of the periods from k on for the change κ.
func (c *ratioChart) likelihood(p *ratioPast, k int, kappa float64) float64 {
	if math.IsInf(kappa, -1) && c.Mode == Guarded { // no case at all: the limit is finite
		sum := 0.0
		for _, mu := range p.mu[k:] {
			sum += math.Log1p(c.alpha * mu)
		}
		return sum / c.alpha
	}
	sum, q := 0.0, math.Exp(kappa)
	y, mu := p.y[k:], p.mu[k:]
	for i, m := range mu {
		sum += kappa*y[i] + (y[i]+1/c.alpha)*math.Log((1+c.alpha*m)/(1+c.alpha*m*q))
	}
	return sum
}

// kappa solves the score equation Σ (y - mu e^κ)/(1 + alpha mu e^κ) = 0 over the periods from k on. For reference it is Newton's method
// from the given start, NaN where that fails, and left where it is once it falls to -18.
func (c *ratioChart) kappa(p *ratioPast, k int, start float64) float64 {
	y, mu := p.y[k:], p.mu[k:]
	if c.Mode == Guarded {
		return c.safeKappa(y, mu)
	}
	last := 0.4 // where R takes the iteration to have been before, so that it does not begin from there
	for range maxNewton {
		if !(start > -18) || math.Abs(start-last) <= 1e-6 {
			return start
		}
		score, slope := c.score(y, mu, start)
		last, start = start, start+score/slope
	}
	return math.NaN()
}

// maxNewton ends a Newton iteration that runs in circles. A step of 1 in the logarithm from where numbers overflow takes 700.
const maxNewton = 1000

// score is the derivative of the log-likelihood by κ and the negative of its second derivative.
func (c *ratioChart) score(y, mu []float64, kappa float64) (score, slope float64) {
	q := math.Exp(kappa)
	aq := c.alpha * q
	y = y[:len(mu)]
	for i, m := range mu {
		d := 1 + aq*m
		score += (y[i] - m*q) / d
		slope += (1 + c.alpha*y[i]) * m * q / (d * d)
	}
	return score, slope
}

// safeKappa is Newton's method kept inside a bracket: the score falls in κ, from Σy to -n/alpha, so that there is one root, which lies
// between the least and the largest log(y/mu). Without a case it is -Inf.
func (c *ratioChart) safeKappa(y, mu []float64) float64 {
	sum, most, least := 0.0, math.Inf(-1), math.Inf(1)
	total := 0.0
	for i, m := range mu {
		if m > 0 {
			r := y[i] / m
			most, least = max(most, r), min(least, r)
		}
		sum += y[i]
		total += m
	}
	if sum == 0 {
		return math.Inf(-1)
	}
	kappa, lo, hi := math.Log(sum/total), math.Log(least), math.Log(most)
	for range 200 {
		score, slope := c.score(y, mu, kappa)
		if score > 0 {
			lo = kappa
		} else {
			hi = kappa
		}
		next := kappa + score/slope
		if !(next > lo && next < hi) {
			if next = (lo + hi) / 2; math.IsInf(lo, -1) {
				next = hi - 1
			}
		}
		if math.Abs(next-kappa) <= 1e-9 {
			return next
		}
		kappa = next
	}
	return kappa
}
