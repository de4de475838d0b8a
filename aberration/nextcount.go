package aberration

import (
	"math"

	"github.com/baqylau/baqylau/dist"
)

// nextCount is the negative binomial distribution of the next count: size, probability of success n/(n+1) with its log, and the error
// rate for which a bound is wanted, with its normal quantile z where that is known already.
type nextCount struct {
	size, n, logProb, alpha, z float64
}

// inverse are 1/k, for sums that would otherwise wait for divisions.
var inverse = func() (t [256]float64) {
	for k := 1; k < len(t); k++ {
		t[k] = 1 / float64(k)
	}
	return t
}()

// judge returns the smallest u with P(Y <= u) >= 1-alpha, and P(Y >= y).
func (p *nextCount) judge(y float64) (bound, tail float64) {
	y, p.alpha = max(0, math.Ceil(y)), max(p.alpha, dist.Tiny)
	if row := tails(p.size-0.5, p.n); row != nil {
		if u, ok := row.bound(p.alpha); ok {
			if y < float64(len(row)) {
				return u, row[int(y)]
			}
			return u, p.tail(y)
		}
	}
	if p.size < 64*p.n && p.alpha >= 1e-9 && -p.size*p.logProb < 600 {
		if bound, tail = p.fromZero(y); bound >= 0 {
			return bound, tail
		}
	}
	return p.fromGuess(y)
}

// fromZero adds up the probabilities from 0 on, each from the one before, which is fastest where the mean is small. It gives up, with a
// bound of -1, where the table of inverses ends.
func (p *nextCount) fromZero(y float64) (bound, tail float64) {
	mass := math.Exp(p.size * p.logProb)
	fail := 1 / (p.n + 1)
	wanted := 1 - p.alpha
	sum, k := mass, 0
	rising := (p.size - 1) * fail
	below, at := 0.0, mass // P(Y < y) and P(Y = y), once the sum has come to y
	seen := int(min(y, float64(len(inverse))))
	for sum < wanted {
		if k++; k == len(inverse) {
			return -1, 0
		}
		mass *= (rising + float64(k)*fail) * inverse[k]
		if k == seen {
			below, at = sum, mass
		}
		sum += mass
	}
	switch {
	case seen <= k && below < 0.5:
		return float64(k), 1 - below
	case seen <= k:
		return float64(k), p.upward(at, y)
	case seen-k > 64 || seen == len(inverse):
		return float64(k), p.tail(y)
	}
	for j := k + 1; j <= seen; j++ { // an outbreak
		mass *= (rising + float64(j)*fail) * inverse[j]
	}
	return float64(k), p.upward(mass, y)
}

// upward sums P(Y = k) = mass and all that is above, to full relative precision; k must not lie far below the mean.
func (p *nextCount) upward(mass, k float64) float64 {
	fail := 1 / (p.n + 1)
	rising := (p.size - 1) * fail
	total, ratio := mass, 1.0
	for { // eight terms at a time: to ask after each whether it is enough costs more than to add it
		if k < float64(len(inverse)-8) {
			for _, inv := range inverse[int(k)+1:][:8] {
				ratio = rising*inv + fail
				mass *= ratio
				total += mass
			}
		} else {
			for j := 1.0; j <= 8; j++ {
				ratio = rising/(k+j) + fail
				mass *= ratio
				total += mass
			}
		}
		k += 8
		if ratio < 1 && (mass < dist.Tiny || mass*ratio <= (1-ratio)*total*1e-16) || math.IsNaN(mass) {
			return min(1, total)
		}
	}
}

// mass is P(Y = k).
func (p *nextCount) mass(k float64) float64 {
	return math.Exp(dist.NegativeBinomialLogMass(k, p.size, p.n/(p.n+1), 1/(p.n+1)))
}

// tail is P(Y >= y).
func (p *nextCount) tail(y float64) float64 {
	switch {
	case y <= 0:
		return 1
	case y <= p.size/p.n || p.n < 1 && y > 1e4: // the sum upward would be long
		return dist.NegativeBinomialTail(y, p.size, p.n/(p.n+1), 1/(p.n+1))
	}
	return p.upward(p.mass(y), y)
}

// fromGuess starts at the quantile of Cornish and Fisher's expansion and walks to the bound, and from there to y when that is near.
func (p *nextCount) fromGuess(y float64) (bound, tail float64) {
	if p.z == 0 {
		p.z = dist.NormalQuantile(1 - p.alpha)
	}
	mean, fail := p.size/p.n, 1/(p.n+1)
	sd := math.Sqrt(mean * (1 + 1/p.n))
	if sd > 1e5 || p.n < 1e-5 { // the sums and the walk would be long
		return dist.LastQuietTo(1e15, func(k float64) bool { return p.tail(k) <= p.alpha }), p.tail(y)
	}
	k := max(0, math.Floor(mean+sd*p.z+(1+2/p.n)/6*(p.z*p.z-1)))
	mass := p.mass(k)
	var above float64 // P(Y > k)
	if next := mass * (k + p.size) / (k + 1) * fail; k >= mean {
		above = p.upward(next, k+1)
	} else {
		above = p.tail(k + 1)
	}
	for steps := 0; above > p.alpha; steps++ {
		if steps == 1000 { // a bad guess, for want of cases or of periods
			k = dist.LastQuiet(func(k float64) bool { return p.tail(k) <= p.alpha })
			return k, p.tail(y)
		}
		k++
		mass *= (k - 1 + p.size) / k * fail
		if d := above - mass; d > above*1e-3 {
			above = d
		} else {
			above = p.tail(k + 1) // the difference has lost its digits
		}
	}
	for k > 0 && above+mass <= p.alpha { // P(Y >= k) is small enough as well
		above += mass
		mass *= k / (k - 1 + p.size) * (p.n + 1)
		k--
	}
	switch d := y - k; {
	case d > 0 && d < 4*sd:
		for j := k + 1; j <= y; j++ {
			mass *= (j - 1 + p.size) / j * fail
		}
		return k, p.upward(mass, y)
	case d <= 0 && d > -9*sd:
		tail = above
		for j := k; j >= y; j-- {
			tail += mass
			mass *= j / (j - 1 + p.size) * (p.n + 1)
		}
		return k, min(1, tail)
	}
	return k, p.tail(y)
}
