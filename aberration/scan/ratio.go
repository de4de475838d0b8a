package scan

import "math"

// ratio is the log likelihood ratio of c cases where e were expected, for c > e.
func (m *model) ratio(c, e float64) float64 {
	if m.method == ExpectationPoisson {
		return c*math.Log(c/e) + e - c
	}
	inside := c * math.Log(c/e)
	if c >= m.total {
		return inside
	}
	return inside + (m.total-c)*math.Log1p((e-c)/(m.total-e))
}

// curvature is the factor k for which (c-e)² k bounds the ratio from above, whatever c > e. With it most cells need no logarithm.
//
// Poisson: with x = (c-e)/e the ratio is e((1+x) ln(1+x) - x) <= e x²/2. Otherwise with q = e/N and p = c/N it is N KL(p, q). Take
// f(p) = (p-q)²/(2q(1-q)) - KL(p, q): f and f' are 0 at p = q, f” = 1/(q(1-q)) - 1/(p(1-p)) is positive up to p = 1-q and negative
// beyond, so f >= 0 everywhere if f(1) >= 0, that is if -ln q <= (1-q)/(2q), q <= 0.2846. For larger q KL <= χ², without the 2, holds.
func (m *model) curvature(e float64) float64 {
	const rounding = 1 + 1e-9
	switch {
	case math.IsInf(e, 1):
		return 1
	case m.method == ExpectationPoisson:
		return rounding / (2 * e)
	case e < 0.28*m.total:
		return rounding * (m.total / (m.total - e)) / (2 * e)
	}
	return rounding * m.total / (e * max(0, m.total-e))
}

// search finds the cell with the largest ratio above the floor, given the cases of places in the last d+1 periods. It returns the
// floor and -1 when there is none. The cases of zones are left in sums.
func (m *model) search(cases, sums []float64, floor float64) (best float64, cell int) {
	z, w := m.zones, m.window
	best, cell = floor, -1
	for i, parent := range z.parent {
		row := sums[(i+1)*w : (i+2)*w]
		base := sums[(int(parent)+1)*w:][:len(row)]
		added := z.added[z.start[i]:z.start[i+1]]
		if len(added) > 1 {
			copy(row, base)
			for _, p := range added[1:] {
				for t, c := range cases[int(p)*w:][:len(row)] {
					row[t] += c
				}
			}
			base = row
		}
		more := cases[int(added[0])*w:][:len(row)]
		expected, curve := m.expected[i*w:][:len(row)], m.curve[i*w:][:len(row)]
		for t := range row {
			c := base[t] + more[t]
			row[t] = c
			x := c - expected[t]
			if x*math.Abs(x)*curve[t] > best && c >= m.minCases {
				if l := m.ratio(c, expected[t]); l > best {
					best, cell = l, i*w+t
				}
			}
		}
	}
	return best, cell
}

// clusters appends the most likely cluster and those after it that share no place with one before, n at the most.
func (m *model) clusters(dst []Cluster, n int) []Cluster {
	if m.silent {
		return dst
	}
	if n <= 1 {
		if l, cell := m.search(m.seen, m.sums, 0); cell >= 0 {
			dst = append(dst, m.cluster(cell, l))
		}
		return dst
	}
	m.rank()
	m.taken, m.marked = zeroed(m.taken, m.zones.Len()), zeroed(m.marked, m.places)
	for len(dst) < n {
		top, zone := 0.0, -1
		for i, l := range m.best {
			if l > top && !m.taken[i] {
				top, zone = l, i
			}
		}
		if zone < 0 {
			break
		}
		dst = append(dst, m.cluster(zone*m.window+int(m.long[zone]), top))
		m.exclude(zone)
	}
	return dst
}

// rank finds the largest ratio of every zone.
func (m *model) rank() {
	w := m.window
	m.search(m.seen, m.sums, math.Inf(1)) // for the sums
	m.best, m.long = zeroed(m.best, m.zones.Len()), zeroed(m.long, m.zones.Len())
	for i := range m.best {
		for t := range w {
			c, e := m.sums[(i+1)*w+t], m.expected[i*w+t]
			if c > e && c >= m.minCases {
				if l := m.ratio(c, e); l > m.best[i] {
					m.best[i], m.long[i] = l, int32(t)
				}
			}
		}
	}
}

// exclude takes the zones that share a place with the given one out of the choice.
func (m *model) exclude(zone int) {
	z := m.zones
	for i := int32(zone); i >= 0; i = z.parent[i] {
		for _, p := range z.added[z.start[i]:z.start[i+1]] {
			m.marked[p] = true
		}
	}
	for i, parent := range z.parent {
		m.taken[i] = m.taken[i] || parent >= 0 && m.taken[parent]
		for _, p := range z.added[z.start[i]:z.start[i+1]] {
			m.taken[i] = m.taken[i] || m.marked[p]
		}
	}
}

func (m *model) cluster(cell int, llr float64) Cluster {
	zone, t := cell/m.window, cell%m.window
	return Cluster{Zone: zone, Duration: t + 1, Cases: m.sums[m.window+cell], Expected: m.expected[cell], LLR: llr,
		PValue: math.NaN(), GumbelPValue: math.NaN(), Bound: math.NaN(), Recurrence: math.NaN()}
}
