package glm

import (
	"math"

	"github.com/baqylau/baqylau/dist"
)

// NegativeBinomial is a regression of counts whose size theta is estimated too: variance mu + mu²/theta. Regression for given theta and
// estimation of theta for given means take turns, from a Poisson fit and the moment estimate on, until both stand still; the turns
// and the rules for their end are those of R's MASS::glm.nb, so that it ends at the same step.
//
// Sources: Venables and Ripley (2002), Modern Applied Statistics with S, 4th ed., section 7.4; Lawless (1987), Can J Stat 15, 209–225.
type NegativeBinomial struct {
	// Guard searches for theta where Newton's method ends at 0, which R takes for the answer.
	Guard bool
	// Fit is the regression of the last turn.
	Fit
	// Theta is the size.
	Theta float64
	// Turns is how often a regression and a theta were found after the Poisson fit.
	Turns int
	// Settled reports that the turns ended by themselves, and that theta did not run off.
	Settled bool

	means []float64 // those of the turn before, from which R takes the next theta
}

// Solve fits the problem, whose Theta and Start are not read. It is false where R stops with an error, or where theta is not a positive
// number: counts that vary no more than Poisson counts send it to infinity, which shows as a large theta that has not settled.
func (f *NegativeBinomial) Solve(q *Problem) bool {
	p := *q
	p.Theta, p.Start = 0, nil
	f.Theta, f.Turns, f.Settled = math.NaN(), 0, false
	if !f.Fit.Solve(&p) {
		return false
	}
	epsilon, turns := stopping(q.Epsilon, q.MaxSteps)
	var settled bool
	f.Theta, settled = f.size(q, f.Mu, turns)
	scale := math.Sqrt(2 * float64(max(1, f.n-f.Rank)))
	likelihood := likelihoodOf(q, f.Theta, f.Mu)
	last, moved := likelihood+2*scale, 1.0
	for ; math.Abs(last-likelihood)/scale+math.Abs(moved) > epsilon; f.Turns++ {
		if f.Turns == turns {
			return f.valid()
		}
		if !f.valid() {
			return false
		}
		f.means = append(f.means[:0], f.Mu...)
		p.Theta, p.Start = f.Theta, f.Eta
		if !f.Fit.Solve(&p) {
			return false
		}
		f.Theta, settled = f.size(q, f.means, turns)
		moved = p.Theta - f.Theta
		last, likelihood = likelihood, likelihoodOf(q, f.Theta, f.Mu)
	}
	f.Settled = settled && f.Converged
	return f.valid()
}

func (f *NegativeBinomial) valid() bool { return f.Theta > 0 && !math.IsInf(f.Theta, 1) }

// leastTheta is where the tolerance of Newton's method for theta is as large as theta itself, so that it says nothing any more.
const leastTheta = 0x1p-10

func (f *NegativeBinomial) size(q *Problem, mu []float64, turns int) (theta float64, settled bool) {
	theta, settled = size(q.Y, q.Weights, mu, turns)
	if f.Guard && !(theta > leastTheta) {
		return search(q, mu), true
	}
	return theta, settled
}

// search maximizes the likelihood over log theta by golden section, from leastTheta to one that is Poisson for all purposes.
func search(q *Problem, mu []float64) float64 {
	const golden = 0.6180339887498949
	lo, hi := math.Log(leastTheta), math.Log(1e7)
	a, b := hi-golden*(hi-lo), lo+golden*(hi-lo)
	atA, atB := likelihoodOf(q, math.Exp(a), mu), likelihoodOf(q, math.Exp(b), mu)
	for hi-lo > 1e-7 {
		if atA > atB {
			hi, b, atB = b, a, atA
			a = hi - golden*(hi-lo)
			atA = likelihoodOf(q, math.Exp(a), mu)
		} else {
			lo, a, atA = a, b, atB
			b = lo + golden*(hi-lo)
			atB = likelihoodOf(q, math.Exp(b), mu)
		}
	}
	return math.Exp((lo + hi) / 2)
}

// likelihoodOf is the log-likelihood less the part that only the counts make up, which stays the same from turn to turn.
func likelihoodOf(q *Problem, t float64, mu []float64) float64 {
	sum := 0.0
	atTheta, _ := math.Lgamma(t)
	for i, y := range q.Y {
		lg, _ := math.Lgamma(t + y)
		l := lg - atTheta + t*math.Log(t) - (t+y)*math.Log(t+mu[i])
		if y > 0 {
			l += y * math.Log(mu[i])
		}
		if q.Weights != nil {
			l *= q.Weights[i]
		}
		sum += l
	}
	return sum
}

// size is the maximum-likelihood theta for given means by Newton's method, from the moment estimate n / Σ (y/mu - 1)². It stops when a
// step is below the fourth root of the machine precision, and reports whether that came before the limit.
func size(y, weights, mu []float64, limit int) (theta float64, settled bool) {
	n, s := 0.0, 0.0
	for i, v := range y {
		w := 1.0
		if weights != nil {
			w = weights[i]
		}
		r := v/mu[i] - 1
		n += w
		s += w * r * r
	}
	theta = n / s
	step := 1.0
	for turn := 0; math.Abs(step) > 0x1p-13; turn++ {
		if turn == limit-1 || math.IsNaN(step) {
			return max(0, theta), false
		}
		theta = math.Abs(theta)
		step = newton(theta, y, weights, mu)
		theta += step
	}
	return max(0, theta), true
}

// newton is the score of theta over its observed information.
func newton(theta float64, y, weights, mu []float64) float64 {
	score, info := 0.0, 0.0
	d0, t0, l0 := dist.Digamma(theta), dist.Trigamma(theta), math.Log(theta)
	for i, v := range y {
		m, w := mu[i]+theta, 1.0
		if weights != nil {
			w = weights[i]
		}
		score += w * (dist.Digamma(theta+v) - d0 + l0 + 1 - math.Log(m) - (v+theta)/m)
		info += w * (-dist.Trigamma(theta+v) + t0 - 1/theta + 2/m - (v+theta)/(m*m))
	}
	return score / info
}
