package glm

import "math"

// bySingle fits a single level without slope or exposure, operation by operation as R does: one Householder reflection of one column. The
// prediction then equals R's to the last bit, which matters when a count equals the mean of its past: what is left of their difference
// is rounding alone, and the exceedance score is a multiple of it.
func (f *GroupedFit) bySingle(q *Grouped) bool {
	f.dense, f.Converged, f.SlopeKept, f.Singular, f.Slope, f.Steps, f.Rank = false, false, false, false, 0, 0, 1
	x, z := resize(f.centred, len(q.Y)), f.eta // neither is needed otherwise
	for i, s := range f.logStart {
		f.Mu[i] = Exp(s)
	}
	f.Deviance = f.start(q)
	epsilon, steps := q.Epsilon, q.MaxSteps
	if epsilon == 0 {
		epsilon = 1e-8
	}
	if steps == 0 {
		steps = 25
	}
	g := &f.groups[0]
	for f.Steps < steps && !f.Converged {
		f.Steps++
		last := f.Deviance
		g.w = 0
		for i, y := range q.Y {
			mu := f.Mu[i]
			w, eta := 1.0, f.logStart[i]
			if q.Weights != nil {
				w = q.Weights[i]
			}
			if f.Steps > 1 {
				eta = g.level
			}
			root := math.Sqrt(float64(w*float64(mu*mu)) / mu)
			x[i], z[i] = root, float64(eta+(y-mu)/mu)*root
			f.W[i] = root * root
			g.w += f.W[i]
		}
		g.level = reflectOne(x, z)
		mu := max(Exp(g.level), smallest)
		f.Deviance = 0
		for i, y := range q.Y {
			f.Mu[i] = mu
			d := mu - y
			switch {
			case y > f.near: // the difference of logarithms would lose digits
				d += y * math.Log(y/mu)
			case y > 0:
				d += y * (f.logY[i] - max(g.level, -52*math.Ln2))
			}
			if q.Weights != nil {
				d *= q.Weights[i]
			}
			f.Deviance += 2 * d
		}
		if math.IsNaN(f.Deviance) || math.IsInf(f.Deviance, 0) {
			return false
		}
		f.Converged = math.Abs(f.Deviance-last)/(math.Abs(f.Deviance)+0.1) < epsilon
	}
	g.shift = g.centre
	f.EtaNow, f.NowLeverage = g.level, 1/g.w
	return true
}

// reflectOne is the least-squares coefficient of z on the column x by the steps of LINPACK's dqrdc and dqrsl. The conversions keep
// compilers from fusing a product with a sum.
func reflectOne(x, z []float64) float64 {
	s := 0.0
	for _, v := range x {
		s += float64(v * v)
	}
	length := math.Sqrt(s)
	inverse := 1 / length
	for i := range x {
		x[i] *= inverse
	}
	x[0]++
	t := 0.0
	for i, v := range x {
		t -= float64(v * z[i])
	}
	t /= x[0]
	return (z[0] + float64(t*x[0])) / -length
}

// Exp is e^x to the last bit but for the rarest ties: the exponential in double-double arithmetic, rounded once. math.Exp may err in the
// last bit, and differently from system to system.
func Exp(x float64) float64 {
	if !(math.Abs(x) < 700) {
		return math.Exp(x)
	}
	e, hi, lo := exponential(x)
	return math.Ldexp(hi+lo, e)
}

// Log is the natural logarithm of a positive number, likewise: one Newton step from math.Log with the exact exponential.
func Log(v float64) float64 {
	l := math.Log(v)
	if !(math.Abs(l) < 700) {
		return l
	}
	e, hi, lo := exponential(-l)
	v = math.Ldexp(v, e)
	p := v * hi
	return l + ((p - 1) + (math.FMA(v, hi, -p) + v*lo))
}

// exponential is e^x = 2^e (hi + lo), by x = e ln 2 + r and the Taylor series of exp(r).
func exponential(x float64) (e int, hi, lo float64) {
	const (
		ln2a = 0x1.62e42fefap-1                                            // the first 36 bits, so that times e is exact
		ln2b = 0.69314718055994530941723212145817656807550013436025 - ln2a // exact to double precision
	)
	k := math.Round(x / math.Ln2)
	a, b := x-k*ln2a, -k*ln2b
	r := a + b
	rl := (a - r) + b
	tail := 0.0 // the terms from r⁹/9! on need no more than double precision
	for n := 22.0; n > 8; n-- {
		tail = r / n * (1 + tail)
	}
	hi, lo = 1+tail, 0
	lo = (1 - hi) + tail
	for n := 8.0; n > 0; n-- { // hi + lo becomes 1 + r/n (hi + lo)
		p := r * hi
		pl := math.FMA(r, hi, -p) + r*lo + rl*hi
		d := p / n
		dl := (math.FMA(-d, n, p) + pl) / n
		hi = 1 + d
		lo = (1 - hi) + d + dl
	}
	return int(k), hi, lo
}
