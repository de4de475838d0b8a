package aberration

import (
	"math"

	"github.com/baqylau/baqylau/dist"
)

// CountChart is a CUSUM of plain counts, S(t) = max(0, S(t-1) + x(t) - K) from S(0) = 0 with an alarm when S(t) >= H, for which the
// average run length is known: the expected number of periods until the alarm. In control it is the time between false alarms, out
// of control the delay of a true one.
//
// S only takes multiples of 10^-Digits, so that it is a Markov chain with finitely many states below H; the run length is the time
// until it is absorbed. The equations are solved without a subtraction, so that all digits hold however long the runs.
//
// Sources: Brook and Evans (1972), An approach to the probability distribution of cusum run length, Biometrika 59, 539–549; Hawkins
// (1992), Commun Stat Simul Comput 21, 1001–1020; Grassmann, Taksar and Heyman (1985), Oper Res 33, 1107–1116, for the elimination.
type CountChart struct {
	// K is the reference value and H the decision interval, in cases.
	K, H float64
	// Digits is the number of decimals to which K and H are rounded, 0 to 6; usually 1.
	Digits int
	// Trials is the number of trials of binomial counts; 0 stands for Poisson counts.
	Trials int
	// Winsor cuts each count to at most so many cases, which makes the chart robust against single large ones; 0 leaves them.
	Winsor int
}

// maxStates bounds the size of the system of equations.
const maxStates = 2000

// RunLength is the average run length when the counts have mean theta, or for binomial counts probability theta: from S(0) = 0, and
// from the head start S(0) = H/2 rounded to Digits (fast initial response; Lucas and Crosier 1982, Technometrics 24, 199–205). It is
// infinite when no count can lift the sum to H. The error is InvalidSettings when a setting is out of range or the chart has more than
// 2000 states.
func (c CountChart) RunLength(theta float64) (zero, head float64, err error) {
	l, reason := c.lattice()
	if reason == OK && !c.possible(theta) {
		reason = InvalidSettings
	}
	if reason != OK {
		return math.NaN(), math.NaN(), reason
	}
	zero, head = newRunLengths(l, c.counts(theta, l)).solve()
	return zero, head, nil
}

func (c CountChart) possible(theta float64) bool {
	if c.Trials > 0 {
		return theta > 0 && theta < 1
	}
	return theta > 0 && theta <= 1e5
}

// lattice is a chart in whole steps of 10^-Digits: one case is so many steps.
type lattice struct{ one, k, h, head int }

func (c CountChart) lattice() (lattice, Reason) {
	if c.Digits < 0 || c.Digits > 6 || c.Trials < 0 || c.Trials > maxCount || c.Winsor < 0 || !(c.K >= 0 && c.K <= 1e5) || !(c.H > 0 && c.H <= 1e5) {
		return lattice{}, InvalidSettings
	}
	one := int(math.Pow10(c.Digits))
	l := lattice{one: one, k: int(math.RoundToEven(c.K * float64(one))), h: int(math.RoundToEven(c.H * float64(one)))}
	if l.h == 0 {
		return lattice{}, InvalidSettings
	}
	l.head = l.h / 2
	if l.h/gcd(l.one, l.k) > maxStates/2 { // there are at most twice as many, with the head start
		return lattice{}, InvalidSettings
	}
	return l, OK
}

// counts are the probabilities of 0, 1, 2 … cases and of at least so many, as far as they matter: from any state below h, the count of
// (h+k)/one ends the run.
type counts struct{ mass, tail []float64 }

func (c CountChart) counts(theta float64, l lattice) counts {
	n := (l.h+l.k)/l.one + 2
	p := counts{make([]float64, n), make([]float64, n)}
	for x := range n {
		if c.Winsor > 0 && x > c.Winsor {
			continue // 0, as is the tail
		}
		y := float64(x)
		last := x == n-1 || x == c.Winsor && x > 0
		switch {
		case c.Trials == 0:
			p.mass[x] = dist.QuasiPoissonMass(y, theta, 1)
			if last {
				p.tail[x] = dist.QuasiPoissonTail(y, theta, 1)
			}
		case x <= c.Trials:
			p.mass[x] = math.Exp(dist.BinomialLogMass(y, float64(c.Trials), theta, 1-theta))
			if last || x == c.Trials {
				p.tail[x], _ = dist.BinomialTail(y, float64(c.Trials), theta, 1-theta)
			}
		}
		if x == c.Winsor && x > 0 {
			p.mass[x] = p.tail[x]
		}
	}
	for x := n - 2; x >= 0; x-- {
		if p.tail[x] == 0 {
			p.tail[x] = min(1, p.tail[x+1]+p.mass[x])
		}
	}
	return p
}
