package aberration

import "math"

// The standard deviations of the priors: of the trend, in log units a year, and of each coefficient of the season.
const (
	trendPrior  = 0.2
	seasonPrior = 0.5
)

// regress fits the regression by Newton steps. After the first three, periods that look like outbreaks lose weight; from then on the
// information is renewed only every third step. It reports whether the estimates settled.
func (f *routineFit) regress() bool {
	prior := [6]float64{0, 1 / (trendPrior * trendPrior), 1 / (seasonPrior * seasonPrior), 1 / (seasonPrior * seasonPrior), 1 / (seasonPrior * seasonPrior), 1 / (seasonPrior * seasonPrior)}
	f.beta = [6]float64{math.Log((f.cases + 0.5) / f.exposure)}
	most := 0.0
	for step := range 12 {
		most = 0
		g := [6]float64{0.5} // half a case, as Jeffreys' prior has
		if fresh := step < 4 || step%3 == 0; fresh {
			var h [21]float64
			sum, n := f.gather(&g, &h, step == 0, step >= 3)
			f.phi = max(1, sum/max(1, n-6))
			f.factor(&h, &prior)
		} else {
			sum, n := f.gradient(&g)
			f.phi = max(1, sum/max(1, n-6))
		}
		for j := range g {
			g[j] -= prior[j] * f.phi * f.beta[j]
		}
		f.solve(&g)
		for j, d := range g {
			f.beta[j] += max(-2, min(2, d))
			most = max(most, math.Abs(d))
		}
		if step >= 4 && most < 5e-4 {
			break
		}
	}
	return most < 0.05
}

// gather sums the gradient and the lower triangle of the information, the squared Pearson residuals and the weights. With level, all
// coefficients but the first are still 0.
func (f *routineFit) gather(g *[6]float64, h *[21]float64, level, robust bool) (sum, n float64) {
	b := f.beta
	rate := math.Exp(b[0])
	for i, y := range f.y {
		t, s, c := f.t[i], f.sin[i], f.cos[i]
		s2, c2 := 2*s*c, 2*c*c-1
		mean := rate * f.share[i]
		if !level {
			mean = math.Exp(min(mostLog, b[0]+b[1]*t+b[2]*s+b[3]*c+b[4]*s2+b[5]*c2+f.log[i]))
		}
		w := 1.0
		if robust && y > mean {
			w = f.calm(y, mean)
		}
		r := w * (y - mean)
		sum += r * (y - mean) / mean
		n += w
		g[0] += r
		g[1] += r * t
		g[2] += r * s
		g[3] += r * c
		g[4] += r * s2
		g[5] += r * c2
		w *= mean
		h[0] += w
		wt, ws, wc, w2 := w*t, w*s, w*c, w*s2
		h[1] += wt
		h[2] += wt * t
		h[3] += ws
		h[4] += ws * t
		h[5] += ws * s
		h[6] += wc
		h[7] += wc * t
		h[8] += wc * s
		h[9] += wc * c
		h[10] += w2
		h[11] += w2 * t
		h[12] += w2 * s
		h[13] += w2 * c
		h[14] += w2 * s2
		w *= c2
		h[15] += w
		h[16] += w * t
		h[17] += w * s
		h[18] += w * c
		h[19] += w * s2
		h[20] += w * c2
	}
	return sum, n
}

// gradient is gather without the information.
func (f *routineFit) gradient(g *[6]float64) (sum, n float64) {
	b := f.beta
	for i, y := range f.y {
		t, s, c := f.t[i], f.sin[i], f.cos[i]
		s2, c2 := 2*s*c, 2*c*c-1
		mean := math.Exp(min(mostLog, b[0]+b[1]*t+b[2]*s+b[3]*c+b[4]*s2+b[5]*c2+f.log[i]))
		w := 1.0
		if y > mean {
			w = f.calm(y, mean)
		}
		r := w * (y - mean)
		sum += r * (y - mean) / mean
		n += w
		g[0] += r
		g[1] += r * t
		g[2] += r * s
		g[3] += r * c
		g[4] += r * s2
		g[5] += r * c2
	}
	return sum, n
}

// factor is Cholesky's decomposition of the information with the priors, which make it positive definite.
func (f *routineFit) factor(h *[21]float64, prior *[6]float64) {
	at := 0
	for j := range 6 {
		for k := range j + 1 {
			v := h[at]
			at++
			for q := range k {
				v -= f.root[j][q] * f.root[k][q]
			}
			if j == k {
				f.root[j][j] = math.Sqrt(max(1e-12, v+prior[j]*f.phi))
			} else {
				f.root[j][k] = v / f.root[k][k]
			}
		}
	}
}

// solve replaces x by the solution of information × x.
func (f *routineFit) solve(x *[6]float64) {
	f.forward(x)
	for j := 5; j >= 0; j-- {
		for q := j + 1; q < 6; q++ {
			x[j] -= f.root[q][j] * x[q]
		}
		x[j] /= f.root[j][j]
	}
}

// forward replaces x by the solution of root × x, whose squared length is x' information⁻¹ x.
func (f *routineFit) forward(x *[6]float64) {
	for j := range x {
		for q := range j {
			x[j] -= f.root[j][q] * x[q]
		}
		x[j] /= f.root[j][j]
	}
}
