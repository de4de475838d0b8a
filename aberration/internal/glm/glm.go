// Package glm fits the log-linear regressions for counts that the detectors rest on: Poisson, quasi-Poisson and negative binomial with
// given theta, by iteratively reweighted least squares with the start, the stopping rule and the working weights of R's glm.fit, so
// that a fit ends at the same step with the same numbers. It allocates nothing once a Fit has grown to the size of its problem.
//
// Sources: Nelder and Wedderburn (1972), J R Stat Soc A 135, 370–384; McCullagh and Nelder (1989), Generalized Linear Models, 2nd ed.
package glm

import "math"

// Problem is a regression of counts on a design: E(Y) = exp(X beta + Offset).
type Problem struct {
	// X is the design, row by row, P numbers a row.
	X []float64
	P int
	// Y are the counts, 0 or more.
	Y []float64
	// Weights are prior weights, 0 or more; nil for 1.
	Weights []float64
	// Offset is added to the linear predictor; nil for 0.
	Offset []float64
	// Start is the linear predictor, offset included, to start from; nil for log(y + 0.1).
	Start []float64
	// Theta is the size of a negative binomial, whose variance is mu + mu²/Theta; 0 for Poisson.
	Theta float64
	// Epsilon is the relative change of the deviance at which the iteration stops; 0 for 1e-8.
	Epsilon float64
	// MaxSteps is the largest number of steps; 0 for 25.
	MaxSteps int
}

// Fit is the result of a regression and the working space for the next. Its slices are overwritten by the next Solve.
type Fit struct {
	// Coef are the coefficients; those of dropped columns are 0, see Kept.
	Coef []float64
	// Eta and Mu are the linear predictor with offset, and the mean exp(Eta).
	Eta, Mu []float64
	// W are the working weights of the last step, taken as R does from the means before it: w mu for Poisson.
	W []float64
	// Deviance belongs to Mu.
	Deviance float64
	// Steps is the number of least-squares steps done, Rank the number of columns that were not collinear.
	Steps, Rank int
	// Converged reports that the stopping rule was met within MaxSteps.
	Converged bool

	n, p    int
	x       []float64
	qr      []float64 // columns of sqrt(W) X, then R in the upper triangle
	z       []float64 // sqrt(W) times the working response
	pivot   []int
	scale   []float64 // norms of the columns before the reduction
	before  []float64 // coefficients of the step before
	solve   []float64
	started bool
}

// smallest is the least mean and the least derivative that R's log link gives.
const smallest = 0x1p-52

// Solve fits the problem and reports whether the iteration ran to its end. It is false where R stops with an error: no data, values that
// are not finite, or no step that leaves a finite deviance. Whether it converged stands in Converged.
func (f *Fit) Solve(q *Problem) bool {
	f.n, f.p, f.x = len(q.Y), q.P, q.X
	f.Converged, f.started, f.Steps, f.Rank = false, false, 0, 0
	if f.n == 0 || f.p < 1 || len(q.X) < f.n*f.p {
		return false
	}
	f.grow()
	for i, y := range q.Y {
		if q.Start != nil {
			f.Eta[i] = q.Start[i]
		} else {
			f.Eta[i] = Log(y + 0.1)
		}
		f.Mu[i] = mean(f.Eta[i])
	}
	clear(f.Coef)
	f.Deviance = f.deviance(q)
	epsilon, steps := stopping(q.Epsilon, q.MaxSteps)
	for f.Steps < steps {
		f.Steps++
		last := f.Deviance
		copy(f.before, f.Coef)
		f.weigh(q)
		f.leastSquares(min(1e-7, epsilon/1000))
		for _, c := range f.Coef {
			if math.IsNaN(c) || math.IsInf(c, 0) {
				copy(f.Coef, f.before)
				return f.started
			}
		}
		if !f.move(q, steps) {
			return false
		}
		f.started = true
		if math.Abs(f.Deviance-last)/(math.Abs(f.Deviance)+0.1) < epsilon {
			f.Converged = true
			return true
		}
	}
	return true
}

// mean is the inverse of R's log link.
func mean(eta float64) float64 { return max(Exp(eta), smallest) }

// weigh sets the working weights and the weighted response, and the weighted design for the next step.
func (f *Fit) weigh(q *Problem) {
	for i, mu := range f.Mu {
		w, variance := mu*mu, mu // in R's order of operations
		if q.Theta > 0 {
			variance = mu + mu*mu/q.Theta
		}
		if q.Weights != nil {
			w *= q.Weights[i]
		}
		root := math.Sqrt(w / variance)
		f.W[i] = root * root
		z := f.Eta[i]
		if q.Offset != nil {
			z -= q.Offset[i]
		}
		f.z[i] = root * (z + (q.Y[i]-mu)/mu)
		for j, v := range q.X[i*f.p : (i+1)*f.p] {
			f.qr[j*f.n+i] = root * v
		}
	}
}

// move takes the step to the new coefficients, and halves it towards the last ones as long as the deviance is not finite.
func (f *Fit) move(q *Problem, halvings int) bool {
	for half := 0; ; half++ {
		for i := range f.Eta {
			eta := 0.0
			for j, v := range q.X[i*f.p : (i+1)*f.p] {
				eta += v * f.Coef[j]
			}
			if q.Offset != nil {
				eta += q.Offset[i]
			}
			f.Eta[i], f.Mu[i] = eta, mean(eta)
		}
		f.Deviance = f.deviance(q)
		if !math.IsNaN(f.Deviance) && !math.IsInf(f.Deviance, 0) {
			return true
		}
		if !f.started || half >= halvings {
			return false
		}
		for j := range f.Coef {
			f.Coef[j] = (f.Coef[j] + f.before[j]) / 2
		}
	}
}

// deviance is twice the log-likelihood ratio between the saturated model and the fit, weighted.
func (f *Fit) deviance(q *Problem) float64 {
	d, lost := 0.0, 0.0 // summed with what rounding loses, as R sums in extended precision
	for i, y := range q.Y {
		mu := f.Mu[i]
		var r float64
		switch {
		case q.Theta > 0:
			r = y*math.Log(max(1, y)/mu) - (y+q.Theta)*math.Log((y+q.Theta)/(mu+q.Theta))
		case y > 0:
			r = y*math.Log(y/mu) - (y - mu)
		default:
			r = mu
		}
		if q.Weights != nil {
			r *= q.Weights[i]
		}
		r -= lost
		sum := d + r
		lost = (sum - d) - r
		d = sum
	}
	return 2 * d
}

func (f *Fit) grow() {
	f.Coef, f.before, f.scale, f.solve = resize(f.Coef, f.p), resize(f.before, f.p), resize(f.scale, f.p), resize(f.solve, f.p)
	f.Eta, f.Mu, f.W, f.z = resize(f.Eta, f.n), resize(f.Mu, f.n), resize(f.W, f.n), resize(f.z, f.n)
	f.qr, f.pivot = resize(f.qr, f.n*f.p), resize(f.pivot, f.p)
}

func resize[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}

// stopping fills in R's defaults, 1e-8 and 25 steps, where an iteration is given 0.
func stopping(epsilon float64, steps int) (float64, int) {
	if epsilon == 0 {
		epsilon = 1e-8
	}
	if steps == 0 {
		steps = 25
	}
	return epsilon, steps
}
