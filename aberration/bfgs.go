package aberration

import "math"

// limits bound the search. A shape of e^7 is a spread of 3 %, which no table of reports can tell from none.
var limits = vector{7, 7, 7, 7, 12}

// minimise is the quasi-Newton method of Broyden, Fletcher, Goldfarb and Shanno within the box |x| <= limits, with halving of steps
// (Nocedal and Wright 2006, Numerical Optimization, 2nd ed., algorithm 6.1). ok is false when it did not come to rest.
func minimise(value func(vector) (float64, vector), x vector) (at vector, f float64, ok bool) {
	x = boxed(x)
	f, g := value(x)
	h := identity()
	var held vector
	for range 500 {
		steepest := free(x, g)
		if now := atLimit(x, g); now != held { // another face of the box: what was learnt of the curvature is of no use
			h, held = identity(), now
		}
		if norm(steepest) <= 1e-10 {
			return x, f, true
		}
		d := free(x, minus(vector{}, times(h, steepest)))
		if dot(d, g) >= 0 { // no way down: begin anew
			h, d = identity(), steepest
		}
		next, fn, gn, moved := search(value, x, f, g, d)
		if !moved {
			if norm(steepest) <= 1e-6 { // as far as the value can tell
				return x, f, true
			}
			if h == identity() {
				return x, f, false
			}
			h = identity()
			continue
		}
		y := minus(gn, g)
		for i := range y {
			y[i] *= 1 - held[i]
		}
		h = update(h, minus(next, x), y)
		x, f, g = next, fn, gn
	}
	return x, f, norm(free(x, g)) <= 1e-6
}

// search halves the step along d until the value falls enough, or, where it can no longer be told apart, the gradient shrinks.
func search(value func(vector) (float64, vector), x vector, f float64, g, d vector) (next vector, fn float64, gn vector, moved bool) {
	for step := 1.0; step > 1e-12; step /= 2 {
		for i := range x {
			next[i] = x[i] + step*max(-2, min(2, d[i]))
		}
		next = boxed(next)
		fn, gn = value(next)
		if math.IsNaN(fn) || math.IsInf(fn, 0) {
			continue
		}
		falls := fn <= f+1e-4*dot(g, minus(next, x))
		if next != x && (falls || math.Abs(fn-f) <= 1e-13*math.Abs(f) && norm(free(next, gn)) < norm(free(x, g))) {
			return next, fn, gn, true
		}
	}
	return x, f, g, false
}

// free is the direction -g without what would leave the box.
func free(x, g vector) (d vector) {
	held := atLimit(x, g)
	for i := range g {
		d[i] = -g[i] * (1 - held[i])
	}
	return d
}

// atLimit is 1 where x lies on the box and -g points out of it.
func atLimit(x, g vector) (held vector) {
	for i := range g {
		if x[i] >= limits[i] && g[i] < 0 || x[i] <= -limits[i] && g[i] > 0 {
			held[i] = 1
		}
	}
	return held
}

type matrix [5]vector

func identity() (m matrix) {
	for i := range m {
		m[i][i] = 1
	}
	return m
}

// update is the inverse form, (I - s y'/y's) H (I - y s'/y's) + s s'/y's; it is left out where the curvature is not positive.
func update(h matrix, s, y vector) matrix {
	sy := dot(s, y)
	if !(sy > 1e-14*norm(s)*norm(y)) {
		return h
	}
	hy := times(h, y)
	yhy := dot(y, hy)
	for i := range h {
		for j := range h {
			h[i][j] += (1+yhy/sy)*s[i]*s[j]/sy - (hy[i]*s[j]+s[i]*hy[j])/sy
		}
	}
	return h
}

func times(h matrix, v vector) (out vector) {
	for i := range h {
		out[i] = dot(h[i], v)
	}
	return out
}

func dot(a, b vector) float64 {
	s := 0.0
	for i := range a {
		s += a[i] * b[i]
	}
	return s
}

func minus(a, b vector) vector {
	for i := range a {
		a[i] -= b[i]
	}
	return a
}

func norm(a vector) float64 {
	m := 0.0
	for _, v := range a {
		m = max(m, math.Abs(v))
	}
	return m
}

func boxed(x vector) vector {
	for i := range x {
		x[i] = max(-limits[i], min(limits[i], x[i]))
	}
	return x
}
