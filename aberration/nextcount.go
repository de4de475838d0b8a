package aberration

import "math"

// nextCount is the negative binomial distribution of the next count: size, probability of success n/(n+1) with its log, and the error
// rate for which a bound is wanted, with its normal quantile z.
type nextCount struct {
	size, n, logProb, alpha, z float64
}

// judge returns the smallest u with P(Y <= u) >= 1-alpha, and P(Y >= y).
func (p nextCount) judge(y float64) (bound, tail float64) {
	// From zero upwards, by the ratio of neighbouring probabilities, is fastest where the mean is small.
	if p.size < 64*p.n && p.alpha >= 1e-9 && -p.size*p.logProb < 600 {
		return p.fromZero(y)
	}
	return p.fromGuess(), p.tail(y)
}

func (p nextCount) fromZero(y float64) (bound, tail float64) {
	mass := math.Exp(p.size * p.logProb)
	fail := 1 / (p.n + 1)
	wanted := 1 - p.alpha
	below, k := mass, 0.0
	tail = 1
	at := math.NaN() // P(Y = y), once passed, where the tail is small enough to be summed by itself
	y = math.Ceil(y)
	for below < wanted && mass > 0 {
		k++
		mass *= (k - 1 + p.size) / k * fail
		if k == y {
			if below < 0.5 {
				tail = 1 - below
			} else {
				at = mass
			}
		}
		below += mass
	}
	switch {
	case y > k && y-k < 64:
		for j := k + 1; j <= y; j++ {
			mass *= (j - 1 + p.size) / j * fail
		}
		at = mass
	case y > k:
		return k, p.tail(y)
	}
	if at == at {
		tail = p.upward(at, y)
	}
	return k, tail
}

// upward sums P(Y = k) = mass and all that is above, to full relative precision; k must not lie far below the mean.
func (p nextCount) upward(mass, k float64) float64 {
	fail := 1 / (p.n + 1)
	total := mass
	for {
		k++
		ratio := (k - 1 + p.size) / k * fail
		mass *= ratio
		total += mass
		if ratio < 1 && mass*ratio <= (1-ratio)*total*1e-17 {
			return min(1, total)
		}
	}
}

// tail is P(Y >= y).
func (p nextCount) tail(y float64) float64 {
	y = math.Ceil(y)
	if y <= 0 {
		return 1
	}
	prob := p.n / (p.n + 1)
	if y <= p.size/p.n {
		return negativeBinomialTail(y, p.size, prob)
	}
	return p.upward(math.Exp(negativeBinomialLogMass(y, p.size, prob)), y)
}

// fromGuess starts at the quantile of Cornish and Fisher's expansion and walks to the bound.
func (p nextCount) fromGuess() float64 {
	mean := p.size / p.n
	sd := math.Sqrt(mean * (1 + 1/p.n))
	k := max(0, math.Floor(mean+sd*p.z+(1+2/p.n)/6*(p.z*p.z-1)))
	above := p.tail(k + 1)
	mass := math.Exp(negativeBinomialLogMass(k, p.size, p.n/(p.n+1)))
	fail := 1 / (p.n + 1)
	if above > p.alpha {
		for above > p.alpha && mass > 0 {
			k++
			mass *= (k - 1 + p.size) / k * fail
			above = p.less(above, mass, k)
		}
		return k
	}
	for k > 0 && above+mass <= p.alpha { // P(Y >= k) is small enough as well
		above += mass
		mass *= k / (k - 1 + p.size) / fail
		k--
	}
	return k
}

// less is above - mass, summed anew where the difference has lost its digits.
func (p nextCount) less(above, mass, k float64) float64 {
	if d := above - mass; d > above*1e-3 {
		return d
	}
	return p.tail(k + 1)
}
