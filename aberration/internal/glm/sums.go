package glm

import "math"

// bySums runs the iteration on sums by group. It gives up, for byColumns to begin anew, where sums could lose digits or the deviance
// runs off: a group or slope that hardly any weight is left for, or predictors beyond the range of exp.
func (f *GroupedFit) bySums(q *Grouped) bool {
	f.dense, f.Converged, f.Collinear, f.SlopeKept, f.Slope, f.Steps = false, false, false, q.Slope, 0, 0
	whole := f.lags(q)
	for i, y := range q.Y {
		f.eta[i], f.Mu[i] = f.logStart[i], y+0.1
		if q.Exposure != nil {
			if !(q.Exposure[i] > 0) {
				return false
			}
			f.eta[i] -= f.offset[i] // here eta is without exposure
		}
	}
	f.Deviance = f.start(q)
	epsilon, steps := stopping(q.Epsilon, q.MaxSteps)
	for f.Steps < steps && !f.Converged {
		f.Steps++
		last := f.Deviance
		if !f.sums(q) || !f.levels(q) || !f.means(q, whole) {
			return false
		}
		f.Converged = math.Abs(f.Deviance-last)/(math.Abs(f.Deviance)+0.1) < epsilon
	}
	f.Rank = 0
	base, last := 0.0, 0.0
	for i := range f.groups {
		if g := &f.groups[i]; g.n > 0 {
			if f.Rank++; f.Rank == 1 {
				base = g.w
			}
			last = g.w
		}
	}
	// What is left of the last group's column after all others but the first group's were taken out is the first group's weight.
	f.Singular = f.Rank > 1 && base < 1e-14*(base+last)
	now := &f.groups[q.NowGroup]
	f.EtaNow, f.NowLeverage = now.level, 1/now.w
	if q.Slope {
		f.Rank++
		f.NowLeverage += now.shift * now.shift * f.SlopeLeverage
	}
	return true
}

// lags counts the time back from Now in whole units, and reports whether that can be done.
func (f *GroupedFit) lags(q *Grouped) bool {
	f.longest = 0
	for i, t := range q.Time {
		d := q.Now - t
		if !(d >= 0 && d < 1<<14) || d != math.Trunc(d) {
			return false
		}
		f.lag[i], f.longest = int32(d), max(f.longest, int(d))
	}
	return true
}

// start is the deviance of the starting means y + 0.1.
func (f *GroupedFit) start(q *Grouped) float64 {
	d := 0.0
	for i, y := range q.Y {
		r := y*(f.logY[i]-f.logStart[i]) + (f.Mu[i] - y)
		if q.Weights != nil {
			r *= q.Weights[i]
		}
		d += r
	}
	return 2 * d
}

// sums sets the working weights and adds up what the next step needs. From the second step on the linear predictor is one of the model, so
// that the step to take can be found from the residuals alone: it is small, and its rounding errors are.
func (f *GroupedFit) sums(q *Grouped) bool {
	first := f.Steps == 1
	for i := range f.groups {
		g := &f.groups[i]
		g.w, g.wt, g.wtt, g.wz, g.wtz = 0, 0, 0, 0, 0
	}
	for _, r := range f.runs {
		y, mu, eta, t, w := q.Y[r.from:r.to], f.Mu[r.from:r.to], f.eta[r.from:r.to], f.centred[r.from:r.to], f.W[r.from:r.to]
		mu, eta, t, w = mu[:len(y)], eta[:len(y)], t[:len(y)], w[:len(y)]
		copy(w, mu)
		if q.Weights != nil {
			prior := q.Weights[r.from:r.to][:len(y)]
			for i := range w {
				w[i] *= prior[i]
			}
		}
		g := &f.groups[r.group]
		sw, swt, swtt, swz, swtz := g.w, g.wt, g.wtt, g.wz, g.wtz
		for i, m := range mu {
			z := (y[i] - m) / m
			if first {
				z += eta[i]
			}
			wi, wt := w[i], w[i]*t[i]
			sw += wi
			swt += wt
			swtt += wt * t[i]
			swz += wi * z
			swtz += wt * z
		}
		g.w, g.wt, g.wtt, g.wz, g.wtz = sw, swt, swtt, swz, swtz
	}
	for i := range f.groups {
		if g := &f.groups[i]; g.n > 0 && !(g.w > 0x1p-500 && g.w < 0x1p500) {
			return false
		}
	}
	return true
}

// levels takes the step of the slope and the levels.
func (f *GroupedFit) levels(q *Grouped) bool {
	step := 0.0
	if q.Slope {
		var around, whole, with float64 // sums of squares within groups, around their weighted means and plain ones; product with z
		for i := range f.groups {
			if g := &f.groups[i]; g.n > 0 {
				around += g.wtt - g.wt*g.wt/g.w
				with += g.wtz - g.wt*g.wz/g.w
				whole += g.wtt
			}
		}
		if !(around > 0.01*whole) {
			return false
		}
		step, f.SlopeLeverage = with/around, 1/around
		f.Slope += step
	}
	for i := range f.groups {
		if g := &f.groups[i]; g.n > 0 {
			g.shift = g.centre + g.wt/g.w
			g.level += g.wz/g.w - step*g.shift
			g.factor = math.Exp(g.level)
			if !(math.Abs(g.level) < 300) {
				return false
			}
		}
	}
	return true
}

// means are those at the new coefficients, with their deviance. Where time is counted in whole units, exp(-slope lag) is a product of two
// of a few powers, and no exponential is taken for an observation.
func (f *GroupedFit) means(q *Grouped, whole bool) bool {
	var low [16]float64
	if whole {
		if !(math.Abs(f.Slope)*float64(f.longest) < 300) {
			return false
		}
		for j := range low {
			low[j] = math.Exp(-f.Slope * float64(j))
		}
		f.powers = resize(f.powers, f.longest/16+1)
		for j := range f.powers {
			f.powers[j] = math.Exp(-f.Slope * float64(16*j))
		}
	}
	total, lost := 0.0, 0.0 // runs are added with what rounding loses, as groups without cases add next to nothing for many steps
	for _, r := range f.runs {
		g := &f.groups[r.group]
		part := 0.0
		for i := r.from; i < r.to; i++ {
			y := q.Y[i]
			var eta, mu float64
			if whole {
				l := f.lag[i]
				eta = g.level - f.Slope*float64(l)
				mu = g.factor * f.powers[l>>4] * low[l&15]
			} else {
				eta = g.level + f.Slope*(f.centred[i]+g.centre)
				mu = math.Exp(eta)
			}
			f.eta[i] = eta
			if q.Exposure != nil {
				mu *= q.Exposure[i]
				eta += f.offset[i]
			}
			if mu < smallest {
				mu, eta = smallest, -52*math.Ln2
			}
			f.Mu[i] = mu
			d := mu - y
			switch {
			case y > f.large:
				d += y * math.Log(y/mu)
			case y > 0:
				d += y * (f.logY[i] - eta)
			}
			if q.Weights != nil {
				d *= q.Weights[i]
			}
			part += d
		}
		part -= lost
		sum := total + part
		lost = (sum - total) - part
		total = sum
	}
	f.Deviance = 2 * total
	return !math.IsNaN(total) && !math.IsInf(total, 0)
}
