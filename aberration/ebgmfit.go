package aberration

import (
	"math"
	"slices"

	"github.com/baqylau/baqylau/dist"
)

// Cell is one cell of a table of substances by events: N reports where E were expected. Weight is the number of cells it stands for,
// when cells that are alike were put together; 0 stands for 1.
type Cell struct{ N, E, Weight float64 }

// MixtureFit is a prior estimated from a table.
type MixtureFit struct {
	// Prior is the estimate; its first component is the one with the larger mean Shape/Rate.
	Prior GammaMixture
	// LogLikelihood is the maximum, with the factorials of the counts in it.
	LogLikelihood float64
	// AtLimit reports that a parameter ran to the limit of the search (shapes e^±7, means and the weight's odds e^±12): the table
	// knows no second component, or no spread within one. The prior can still be used.
	AtLimit bool
}

// FitGammaMixture estimates the prior by maximum likelihood: the counts of the cells are independent mixtures of two negative
// binomials, with sizes Shape and probabilities Rate/(Rate+E) (DuMouchel 1999, equation 12). With zeros, cells without reports are
// part of the table; without, they were left out, and each term is divided by the probability of at least one report. The search is
// quasi-Newton (BFGS) on the logarithms of means and shapes and the logit of the weight; it begins at each of the given points, or at
// DuMouchelPrior and two more, and the best end is kept.
//
// Errors are MissingValue, NegativeValue, NotACount, ZeroCell (E = 0, or N = 0 without zeros), InvalidSettings (a weight or starting
// point out of range), TooFewCases (fewer than five cells, or no report at all), and NoFit when no search came to rest.
func FitGammaMixture(cells []Cell, zeros bool, starts ...GammaMixture) (MixtureFit, error) {
	l, r := newLikelihood(cells, zeros)
	if r != OK {
		return MixtureFit{}, r
	}
	if len(starts) == 0 {
		starts = []GammaMixture{DuMouchelPrior(), {2, 2, 10, 10, 0.2}, {0.5, 0.5, 1, 2, 0.05}}
	}
	best, found := MixtureFit{LogLikelihood: math.Inf(-1)}, false
	for _, s := range starts {
		if !s.valid() {
			return MixtureFit{}, InvalidSettings
		}
		x, f, ok := minimise(l.value, toVector(s))
		if ok && -f*l.weight > best.LogLikelihood {
			found = true
			best = MixtureFit{Prior: fromVector(x), LogLikelihood: -f * l.weight}
			for i, v := range x {
				best.AtLimit = best.AtLimit || math.Abs(v) >= limits[i]
			}
		}
	}
	if !found {
		return MixtureFit{}, NoFit
	}
	if p := &best.Prior; p.Shape1/p.Rate1 < p.Shape2/p.Rate2 {
		*p = GammaMixture{p.Shape2, p.Rate2, p.Shape1, p.Rate1, 1 - p.Weight}
	}
	return best, nil
}

// vector holds ln mean and ln shape of the first component, the same of the second, and the logit of the weight. A component's mean
// and shape are nearly uncorrelated, as shape and rate are not, which makes the search short.
type vector [5]float64

func toVector(g GammaMixture) vector {
	w := max(1e-5, min(1-1e-5, g.Weight))
	return vector{math.Log(g.Shape1 / g.Rate1), math.Log(g.Shape1), math.Log(g.Shape2 / g.Rate2), math.Log(g.Shape2), math.Log(w / (1 - w))}
}

func fromVector(x vector) GammaMixture {
	return GammaMixture{math.Exp(x[1]), math.Exp(x[1] - x[0]), math.Exp(x[3]), math.Exp(x[3] - x[2]), 1 / (1 + math.Exp(-x[4]))}
}

// likelihood is a table prepared for many evaluations: what depends on the count alone is computed once for each different count.
type likelihood struct {
	cells  []Cell
	count  []int     // for each cell, the place of its count in counts
	counts []float64 // the different counts, rising
	gamma  [2][]float64
	psi    [2][]float64
	logE   []float64
	zeros  bool
	fixed  float64 // Σ ln n!
	weight float64
}

func newLikelihood(cells []Cell, zeros bool) (*likelihood, Reason) {
	l := &likelihood{cells: slices.Clone(cells), zeros: zeros}
	reports := 0.0
	for i := range l.cells {
		c := &l.cells[i]
		if c.Weight == 0 {
			c.Weight = 1
		}
		if r := check([]float64{c.N, c.E}); r != OK {
			return nil, r
		}
		switch {
		case c.N != math.Trunc(c.N) || c.N > maxCount:
			return nil, NotACount
		case c.E == 0 || c.N == 0 && !zeros:
			return nil, ZeroCell
		case !(c.Weight > 0 && c.Weight <= maxCount):
			return nil, InvalidSettings
		}
		reports += c.N
		l.weight += c.Weight
		l.counts = append(l.counts, c.N)
		f, _ := math.Lgamma(c.N + 1)
		l.fixed += c.Weight * f
	}
	if len(cells) < 5 || reports == 0 {
		return nil, TooFewCases
	}
	slices.Sort(l.counts)
	l.counts = slices.Compact(l.counts)
	for _, c := range l.cells {
		i, _ := slices.BinarySearch(l.counts, c.N)
		l.count, l.logE = append(l.count, i), append(l.logE, math.Log(c.E))
	}
	for k := range 2 {
		l.gamma[k], l.psi[k] = make([]float64, len(l.counts)), make([]float64, len(l.counts))
	}
	return l, OK
}

// value is the negative log-likelihood and its gradient.
func (l *likelihood) value(x vector) (f float64, g vector) {
	theta := fromVector(x)
	shape, rate := [2]float64{theta.Shape1, theta.Shape2}, [2]float64{theta.Rate1, theta.Rate2}
	w := [2]float64{theta.Weight, 1 / (1 + math.Exp(x[4]))}
	for k := range 2 {
		at, _ := math.Lgamma(shape[k])
		psi := dist.Digamma(shape[k])
		for i, n := range l.counts {
			v, _ := math.Lgamma(shape[k] + n)
			l.gamma[k][i], l.psi[k][i] = v-at, dist.Digamma(shape[k]+n)-psi
		}
	}
	f = l.fixed
	logRate := [2]float64{math.Log(rate[0]), math.Log(rate[1])}
	for i, c := range l.cells {
		var logs, none, dm, ds [2]float64 // log mass, log mass at 0, derivatives of the log mass by ln mean and ln shape
		for k := range 2 {
			lp := -math.Log1p(c.E / rate[k]) // ln rate/(rate+E)
			logs[k] = l.gamma[k][l.count[i]] + shape[k]*lp + c.N*(l.logE[i]-logRate[k]+lp)
			none[k] = shape[k] * lp
			dm[k] = (shape[k]+c.N)*rate[k]/(rate[k]+c.E) - shape[k]
			ds[k] = shape[k]*(l.psi[k][l.count[i]]+lp) - dm[k]
		}
		top := max(logs[0], logs[1])
		m0, m1 := w[0]*math.Exp(logs[0]-top), w[1]*math.Exp(logs[1]-top)
		f -= c.Weight * (top + math.Log(m0+m1))
		q := m0 / (m0 + m1)
		g[0] -= c.Weight * q * dm[0]
		g[1] -= c.Weight * q * ds[0]
		g[2] -= c.Weight * (1 - q) * dm[1]
		g[3] -= c.Weight * (1 - q) * ds[1]
		g[4] -= c.Weight * (q - w[0])
		if l.zeros {
			continue
		}
		some := -w[0]*math.Expm1(none[0]) - w[1]*math.Expm1(none[1]) // P(N >= 1)
		f += c.Weight * math.Log(some)
		for k := range 2 {
			m := w[k] * math.Exp(none[k]) / some
			byMean := -shape[k] * c.E / (rate[k] + c.E)
			g[2*k] -= c.Weight * m * byMean
			g[2*k+1] -= c.Weight * m * (none[k] - byMean)
		}
		g[4] -= c.Weight * w[0] * w[1] * (math.Exp(none[0]) - math.Exp(none[1])) / some
	}
	return f / l.weight, l.mean(g)
}

// mean scales the gradient to one cell, so that the stopping rule does not depend on the size of the table.
func (l *likelihood) mean(g vector) vector {
	for i := range g {
		g[i] /= l.weight
	}
	return g
}
