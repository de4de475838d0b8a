package aberration

import "math"

// epidemicPoisson is the chart for a share λ >= 0 of the count before that is added to the mean.
func (c *ratioChart) epidemicPoisson(p *ratioPast, lo, hi int) float64 {
	best, start := 0.0, math.Log(0.5)
	for k := lo; k <= hi; k++ {
		y, mu, before := p.y[k:], p.mu[k:], p.before[k:]
		var lambda float64
		if c.Mode == Reference {
			start = logLambda(y, mu, before, start)
			lambda = math.Exp(start)
		} else {
			lambda = c.safeLambda(y, mu, before)
		}
		if v := c.epidemicRatio(y, mu, before, lambda); v > best {
			best = v
		}
	}
	return best
}

// epidemicNegBin is the same for negative binomial counts.
func (c *ratioChart) epidemicNegBin(p *ratioPast, lo, hi int) float64 {
	best, kappa := 0.0, 0.5
	for k := lo; k <= hi; k++ {
		y, mu, before := p.y[k:], p.mu[k:], p.before[k:]
		var lambda float64
		if c.Mode == Reference {
			kappa = c.kappa(p, k, kappa)
			lambda = math.Exp(kappa)
		} else {
			lambda = c.safeLambda(y, mu, before)
		}
		if v := c.epidemicRatio(y, mu, before, lambda); v > best {
			best = v
		}
	}
	return best
}

// epidemicRatio is the log-likelihood ratio for λ.
func (c *ratioChart) epidemicRatio(y, mu, before []float64, lambda float64) float64 {
	sum := 0.0
	for i, m := range mu {
		if m == 0 || before[i] == 0 {
			continue
		}
		extra := lambda * before[i]
		if c.alpha == 0 {
			sum += y[i]*math.Log(1+extra/m) - extra
		} else {
			sum += y[i]*math.Log((m+extra)/m) - (y[i]+1/c.alpha)*math.Log((1+c.alpha*(m+extra))/(1+c.alpha*m))
		}
	}
	return sum
}

// logLambda maximizes the Poisson log-likelihood Σ y log(1 + λ y₋/mu) - λ y₋ as R does: log λ by Newton's method, from where it stood
// for the change before. It runs off where the function is convex, and is left where it is once it falls to -18.
func logLambda(y, mu, before []float64, start float64) float64 {
	last := 0.4 // as for kappa
	for range maxNewton {
		lambda, first, second := math.Exp(start), 0.0, 0.0
		if !(start > -18) || math.Abs(lambda-last) <= 1e-6 {
			return start
		}
		for i, m := range mu {
			b := before[i]
			if b == 0 || m == 0 {
				continue
			}
			u := m + lambda*b
			first += y[i]*b/u - b
			second -= y[i] * b * b / (u * u)
		}
		last, start = lambda, start-lambda*first/(lambda*first+lambda*lambda*second)
	}
	return math.NaN()
}

// safeLambda maximizes over λ >= 0. The score Σ y₋ (y - u)/(u (1 + alpha u)), u = mu + λ y₋, has a root below the largest (y - mu)/y₋, where
// every term is at most 0; it is found by scoring on λ kept inside a bracket. The negative binomial likelihood can have several maxima in
// λ, of which this is one.
func (c *ratioChart) safeLambda(y, mu, before []float64) float64 {
	lo, hi := 0.0, 0.0
	for i, m := range mu {
		if m > 0 && before[i] > 0 {
			hi = max(hi, (y[i]-m)/before[i])
		}
	}
	if hi == 0 {
		return 0
	}
	lambda, wide := 0.0, math.Inf(1)
	for range 200 {
		score, slope := c.epidemicScore(y, mu, before, lambda)
		if score > 0 {
			lo = lambda
		} else {
			hi = lambda
		}
		if lo >= hi {
			return lo
		}
		next := lambda + score/slope
		if !(next > lo && next < hi) || hi-lo > wide/2 { // scoring may jump to and fro, or creep
			next = (lo + hi) / 2
		}
		wide = hi - lo
		if math.Abs(next-lambda) <= 1e-9*(1e-9+lambda) {
			return next
		}
		lambda = next
	}
	return lambda
}

// epidemicScore is the derivative of the log-likelihood by λ and the expected information.
func (c *ratioChart) epidemicScore(y, mu, before []float64, lambda float64) (score, information float64) {
	for i, m := range mu {
		if m == 0 || before[i] == 0 {
			continue
		}
		b := before[i]
		u := m + lambda*b
		v := u * (1 + c.alpha*u)
		score += b * (y[i] - u) / v
		information += b * b / v
	}
	return score, information
}
