package glm

import "math"

// leastSquares solves the weighted problem by Householder reflections, operation by operation in the order of LINPACK. A column of which
// less than the share tolerance is left after the columns before it were taken out counts as collinear with them: it moves to the end
// and gets no coefficient. This is the limited pivoting that R documents for qr(). See Golub and Van Loan, Matrix Computations, 4th
// ed., section 5.2.
func (f *Fit) leastSquares(tolerance float64) {
	for j := range f.p {
		f.pivot[j] = j
		f.scale[j] = norm(f.column(j))
	}
	f.Rank = f.p
	for l := 0; l < min(f.n, f.Rank); l++ {
		for l < f.Rank && !(norm(f.column(l)[l:]) >= f.scale[l]*tolerance && f.scale[l] > 0) {
			if math.IsNaN(f.scale[l]) {
				break
			}
			f.toEnd(l)
			f.Rank--
		}
		if l < f.Rank {
			f.reflect(l)
		}
	}
	f.Rank = min(f.n, f.Rank)
	clear(f.Coef)
	for j := f.Rank - 1; j >= 0; j-- {
		v := f.z[j]
		for k := f.Rank - 1; k > j; k-- {
			v -= f.qr[k*f.n+j] * f.solve[k]
		}
		f.solve[j] = v / f.qr[j*f.n+j]
		f.Coef[f.pivot[j]] = f.solve[j]
	}
}

func (f *Fit) column(j int) []float64 { return f.qr[j*f.n : (j+1)*f.n] }

// reflect zeroes column l below the diagonal and applies the same reflection to the columns after it and to the response. The
// reflection is I - v v'/v_l with v the column, scaled by its norm, plus 1 in v_l.
func (f *Fit) reflect(l int) {
	v := f.column(l)[l:]
	length := norm(v)
	if length == 0 || math.IsInf(length, 0) {
		return
	}
	if v[0] < 0 {
		length = -length
	}
	inverse := 1 / length
	for i := range v {
		v[i] *= inverse
	}
	v[0]++
	for j := l + 1; j < f.p; j++ {
		apply(v, f.column(j)[l:])
	}
	apply(v, f.z[l:])
	v[0] = -length // R; what is below is not needed again
}

func apply(v, c []float64) {
	c = c[:len(v)]
	d := 0.0
	for i, a := range v {
		d += float64(a * c[i]) // the conversions keep compilers from fusing a product with a sum
	}
	d /= v[0]
	for i, a := range v {
		c[i] -= float64(d * a)
	}
}

// norm is the Euclidean length. The weighted design is of moderate size, so that squares neither over- nor underflow to matter; where
// they do, the fit is not finite and says so.
func norm(v []float64) float64 {
	s := 0.0
	for _, a := range v {
		s += a * a
	}
	return math.Sqrt(s)
}

// toEnd moves column l behind the others.
func (f *Fit) toEnd(l int) {
	for j := l; j < f.p-1; j++ {
		a, b := f.column(j), f.column(j+1)
		for i := range a {
			a[i], b[i] = b[i], a[i]
		}
		f.scale[j], f.scale[j+1] = f.scale[j+1], f.scale[j]
		f.pivot[j], f.pivot[j+1] = f.pivot[j+1], f.pivot[j]
	}
}

// Kept reports whether column j has a coefficient, and is not collinear with those before it.
func (f *Fit) Kept(j int) bool {
	for _, k := range f.pivot[:f.Rank] {
		if k == j {
			return true
		}
	}
	return false
}

// Leverage is x'(X'WX)⁻¹x over the kept columns, with the working weights of the last step: the variance of x'beta in units of the
// dispersion.
func (f *Fit) Leverage(x []float64) float64 {
	s := 0.0
	for j := range f.Rank { // solve R'u = x
		v := x[f.pivot[j]]
		c := f.column(j)
		for k := range j {
			v -= c[k] * f.solve[k]
		}
		f.solve[j] = v / c[j]
		s += f.solve[j] * f.solve[j]
	}
	return s
}

// singular reports whether a kept column has less than 1e-7 of its length left after those before it were taken out.
func (f *Fit) singular() bool {
	for j := range f.Rank {
		if math.Abs(f.qr[j*f.n+j]) < 1e-7*f.scale[j] {
			return true
		}
	}
	return false
}

// Hat writes the diagonal of the hat matrix into dst: W_i x_i'(X'WX)⁻¹x_i.
func (f *Fit) Hat(dst []float64) {
	for i, w := range f.W {
		dst[i] = w * f.Leverage(f.x[i*f.p:(i+1)*f.p])
	}
}

// Covariance writes (X'WX)⁻¹ into dst, P×P row by row, NaN where a column was dropped. Times the dispersion it is the covariance of the
// coefficients.
func (f *Fit) Covariance(dst []float64) {
	for i := range f.p * f.p {
		dst[i] = math.NaN()
	}
	for k := range f.Rank { // the sum of u u' over the columns u of R⁻¹
		f.inverseColumn(k, f.solve)
		for a, i := range f.pivot[:k+1] {
			for b, j := range f.pivot[:k+1] {
				if a == k || b == k {
					dst[i*f.p+j] = 0
				}
				dst[i*f.p+j] += f.solve[a] * f.solve[b]
			}
		}
	}
}

// inverseColumn is column k of R⁻¹ down to the diagonal.
func (f *Fit) inverseColumn(k int, u []float64) {
	for j := k; j >= 0; j-- {
		v := 0.0
		if j == k {
			v = 1
		}
		for c := j + 1; c <= k; c++ {
			v -= f.qr[c*f.n+j] * u[c]
		}
		u[j] = v / f.qr[j*f.n+j]
	}
}

// Dispersion is the moment estimate of the ratio of variance to the model's: the sum of W r² over n - rank with r = (y - mu)/mu, where n
// counts the observations of positive weight. The weights are given, so that the estimate can be made with other weights than W.
// It is NaN when no degree of freedom is left.
func (f *Fit) Dispersion(y, weights []float64) float64 {
	s, n := 0.0, -f.Rank
	for i, mu := range f.Mu {
		if w := weights[i]; w > 0 {
			n++
			r := (y[i] - mu) / mu
			s += w * r * r
		}
	}
	if n <= 0 {
		return math.NaN()
	}
	return s / float64(n)
}
