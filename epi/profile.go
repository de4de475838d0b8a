package epi

import (
	"math"

	"github.com/baqylau/baqylau/dist"
)

// Profile is the profile-likelihood interval for the size of the population under a model of these captures: with n₀ hidden persons put into the cell of the empty
// history and the model fitted to the full table of μ,
//
//	L(n₀) = ln Γ(n+n₀+1) − Σ ln Γ(Y+1) + Σ Y ln(μ/Σμ)
//
// the n₀ with L(n₀) ≥ max L − χ²₁(level)/2. The lower limit is the number on the lists where L(0) is within, the upper limit +Inf where L stays within for ever. It
// follows the skewness of the likelihood and cannot fall below the persons seen, and is the interval to publish beside a model. It does not
// cover the choice of the model.
//
// Errors: level, terms as for Fit, and the Reason of a model that has no estimate.
//
// Source: R. M. Cormack (1992), Interval estimation for mark–recapture studies of closed populations, Biometrics 48, 567–576.
func (c *Captures) Profile(level float64, terms ...Term) (Interval, error) {
	z, err := normalQuantile(level)
	if err != nil {
		return Undefined(), err
	}
	m, err := c.Fit(terms...)
	if err != nil {
		return Undefined(), err
	}
	if m.Reason != OK {
		return Undefined(), refuse(m.Reason, "terms")
	}
	p := profile{total: c.total, cells: c.histories(0), columns: c.columns(terms), y: append([]float64(nil), c.count...)}
	for _, y := range c.count {
		lg, _ := math.Lgamma(y + 1)
		p.constant += lg
	}
	at, top, ok := p.maximum(m.N - c.total)
	if !ok {
		return Undefined(), refuse(NoConvergence, "terms")
	}
	cut := top - z*z/2 // z² is the chi-square quantile on one degree of freedom
	out := Interval{Lower: c.total, Upper: math.Inf(1)}
	if l, _ := p.at(0); l < cut {
		out.Lower += p.crossing(0, at, cut)
	}
	for far := 2*at + 1; far < 1e9*(c.total+1); far *= 2 {
		if l, _ := p.at(far); l < cut {
			out.Upper = c.total + p.crossing(far, at, cut)
			break
		}
	}
	if p.failed {
		return Undefined(), refuse(NoConvergence, "terms")
	}
	return out, nil
}

// profile is the profile likelihood of a model.
type profile struct {
	total, constant float64
	cells, columns  []int
	y, beta         []float64
	failed          bool
}

// at is L(n₀) and its slope ψ(n+n₀+1) − ψ(n₀+1) + ln(μ₀/Σμ): the parameters are at their maximum, so that they do not add to it.
func (p *profile) at(hidden float64) (l, slope float64) {
	p.y[0] = hidden
	f := fitPoisson(p.cells, p.y, p.columns, p.beta)
	if f.reason == NoConvergence && p.beta != nil { // from afar instead
		f = fitPoisson(p.cells, p.y, p.columns, nil)
	}
	if f.reason == NoConvergence {
		p.failed = true
		return math.NaN(), math.NaN()
	}
	p.beta = nil
	if !f.boundary {
		p.beta = f.beta
	}
	all := p.total + hidden
	over, _ := math.Lgamma(all + 1)
	under, _ := math.Lgamma(hidden + 1)
	l = over - under - p.constant
	for i, y := range p.y {
		if y > 0 {
			l += y * math.Log(f.mu[i]/all)
		}
	}
	return l, dist.Digamma(all+1) - dist.Digamma(hidden+1) + math.Log(f.mu[0]/all)
}

// maximum is where the slope changes its sign, looked for around the likelihood estimate of the hidden persons.
func (p *profile) maximum(guess float64) (at, top float64, ok bool) {
	low, high := 0.0, max(guess, 0.5)
	if l, slope := p.at(0); !(slope > 0) {
		return 0, l, !p.failed
	}
	for {
		_, slope := p.at(high)
		if !(slope > 0) {
			break
		}
		low, high = high, 2*high
		if high > 1e12*(p.total+1) {
			return 0, 0, false
		}
	}
	for range 200 {
		at = (low + high) / 2
		if _, slope := p.at(at); slope > 0 {
			low = at
		} else {
			high = at
		}
		if high-low < 1e-9*high {
			break
		}
	}
	top, _ = p.at(at)
	return at, top, !p.failed
}

// crossing is the n₀ between one outside of the interval and one inside where L reaches cut: Newton's steps, and halving where they leave the
// bracket.
func (p *profile) crossing(outside, inside, cut float64) float64 {
	at := (outside + inside) / 2
	for range 200 {
		l, slope := p.at(at)
		if l < cut {
			outside = at
		} else {
			inside = at
		}
		next := at - (l-cut)/slope
		if !(next > min(outside, inside) && next < max(outside, inside)) {
			next = (outside + inside) / 2
		}
		if math.Abs(next-at) <= 1e-11*(at+1e-3) || p.failed {
			return next
		}
		at = next
	}
	return at
}
