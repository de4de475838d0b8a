package glm

import "math"

// bySingle fits a single level without slope or exposure, operation by operation as R does: one Householder reflection of one column. The
// prediction then equals R's to the last bit, which matters when a count equals the mean of its past: what is left of their difference
// is rounding alone, and the exceedance score is a multiple of it.
func (f *GroupedFit) bySingle(q *Grouped) bool {
	f.dense, f.Converged, f.Collinear, f.SlopeKept, f.Singular, f.Slope, f.Steps, f.Rank = false, false, false, false, false, 0, 0, 1
	x, z := resize(f.centred, len(q.Y)), f.eta // neither is needed otherwise
	for i, s := range f.logStart {
		f.Mu[i] = Exp(s)
	}
	f.Deviance = f.start(q)
	epsilon, steps := stopping(q.Epsilon, q.MaxSteps)
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
			case y > f.large:
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
