package scan

import (
	"math"
	"math/bits"
	"math/rand/v2"

	"github.com/baqylau/baqylau/dist"
)

// law is the distribution of a count: Poisson with mean m; Binomial of n trials with probability q; or Hypergeometric, the cases with
// a mark among n drawn without replacement from N of which r are marked. Neighbouring probabilities of all three have the form
//
//	P(k+1)/P(k) = (a-k)(b-k)/((k+1)(d+k))
//
// with the factors that a law does not have left out, so that one way of summing tails and one of drawing serve them all.
type law struct {
	kind              kind
	n, r, rest        float64 // trials; marked; N-n-r
	odds              float64 // m, or q/(1-q)
	least, mode, most float64
	atMode            float64 // P(mode), which draw needs
}

type kind uint8

const (
	poissonKind kind = iota
	binomialKind
	hypergeometricKind
)

func poisson(mean float64) law {
	l := law{kind: poissonKind, odds: mean, mode: math.Floor(mean), most: math.Inf(1)}
	if mean == 0 {
		l.most = 0
	}
	return l
}

func binomial(n, q float64) law {
	switch {
	case !(q > 0) || n == 0:
		return law{}
	case q >= 1:
		return law{least: n, mode: n, most: n}
	}
	return law{kind: binomialKind, n: n, odds: q / (1 - q), mode: min(n, math.Floor((n+1)*q)), most: n}
}

func hypergeometric(n, r, total float64) law {
	l := law{kind: hypergeometricKind, n: n, r: r, rest: total - n - r, least: max(0, n+r-total), most: min(n, r)}
	l.mode = min(l.most, max(l.least, math.Floor((n+1)*(r+1)/(total+2))))
	return l
}

// ratio is P(k+1)/P(k).
func (l *law) ratio(k float64) float64 {
	switch l.kind {
	case poissonKind:
		return l.odds / (k + 1)
	case binomialKind:
		return (l.n - k) / (k + 1) * l.odds
	}
	return (l.n - k) / (k + 1) * ((l.r - k) / (l.rest + k + 1))
}

// mass is P(X = k).
func (l *law) mass(k float64) float64 {
	switch {
	case k < l.least || k > l.most:
		return 0
	case l.least == l.most:
		return 1
	}
	switch l.kind {
	case poissonKind:
		return dist.PoissonMass(k, l.odds)
	case binomialKind:
		return math.Exp(dist.BinomialLogMass(k, l.n, l.odds/(1+l.odds), 1/(1+l.odds)))
	}
	return dist.HypergeometricMass(k, l.n, l.r, l.rest+l.n+l.r)
}

// tail is P(X >= c), summed away from the mode so that it stays accurate however small.
func (l *law) tail(c float64) float64 {
	switch {
	case c <= l.least:
		return 1
	case c > l.most:
		return 0
	case c <= l.mode:
		// below the mode the probabilities fall towards least
		k := c - 1
		term := l.mass(k)
		below := term
		for k > l.least && term > max(below*1e-17, 1e-300) {
			k--
			term /= l.ratio(k)
			below += term
		}
		return max(0, 1-below)
	}
	term := l.mass(c)
	sum := term
	for k := c; k < l.most && term > max(sum*1e-17, 1e-300); k++ { // below that numbers do not become smaller when multiplied by 0.9
		term *= l.ratio(k)
		sum += term
	}
	return min(1, sum)
}

// ready computes what draw needs beyond tail.
func (l law) ready() law {
	l.atMode = l.mass(l.mode)
	return l
}

// draw inverts the distribution function from the mode outwards, which takes a few standard deviations of steps.
func (l *law) draw(rng *rand.PCG) float64 {
	u := uniform(rng) - l.atMode
	if u < 0 {
		return l.mode
	}
	up, down := l.mode, l.mode
	above, below := l.atMode, l.atMode
	for {
		if up < l.most {
			above *= l.ratio(up)
			up++
			if u -= above; u < 0 {
				return up
			}
		} else {
			above = 0
		}
		if down > l.least {
			down--
			below /= l.ratio(down)
			if u -= below; u < 0 {
				return down
			}
		} else {
			below = 0
		}
		if above+below < 1e-20 { // what is left of u is rounding
			return l.mode
		}
	}
}

// uniform is a number in 0 <= u < 1.
func uniform(rng *rand.PCG) float64 { return float64(rng.Uint64()>>11) * 0x1p-53 }

// below is a whole number from 0 to n-1, each equally likely (Lemire 2019).
func below(rng *rand.PCG, n uint64) uint64 {
	hi, lo := bits.Mul64(rng.Uint64(), n)
	if lo < n {
		for least := -n % n; lo < least; {
			hi, lo = bits.Mul64(rng.Uint64(), n)
		}
	}
	return hi
}
