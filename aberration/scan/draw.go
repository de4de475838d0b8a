package scan

import "math/rand/v2"

// bench is the working space of one goroutine that draws.
type bench struct {
	rng    rand.PCG
	cases  []float64 // of each place in the last d+1 periods
	sums   []float64 // of zones
	labels []int32
	swaps  []int32
	left   []float64
}

// maxLabels is the number of cases up to which the place of every single one is kept to be shuffled.
const maxLabels = 1 << 18

// ready gets a bench ready for a model.
func (b *bench) ready(m *model) {
	b.cases = grown(b.cases, m.places*m.window)
	b.sums = grown(b.sums, (m.zones.Len()+1)*m.window)
	clear(b.sums[:m.window])
	if m.method == SpaceTimePermutation {
		b.left = grown(b.left, m.places)
		b.labels = b.labels[:0]
		if m.shuffles() {
			for p, n := range m.placeCases {
				for range int(n) {
					b.labels = append(b.labels, int32(p))
				}
			}
		}
	}
}

// null draws the cases of replication number r under the null hypothesis; equal numbers give equal draws.
func (b *bench) null(m *model, seed uint64, r int) {
	at := scramble(seed) + 2*uint64(r)
	b.rng.Seed(scramble(at), scramble(at+1))
	clear(b.cases)
	switch m.method {
	case SpaceTimePermutation:
		if m.shuffles() {
			b.shuffle(m)
		} else {
			b.urn(m)
		}
	default:
		m.lots.draw(&b.rng, b.cases)
	}
	for w, i := m.window, 0; i < len(b.cases); i += w {
		row := b.cases[i : i+w]
		for t := 1; t < w; t++ {
			row[t] += row[t-1]
		}
	}
}

// shuffles decides between two ways to the same distribution: by single cases, some nanoseconds each, or by places and periods, some
// hundred nanoseconds each.
func (m *model) shuffles() bool {
	return m.total <= maxLabels && m.periodCases[m.window-1] < 40*float64(m.places*m.window)
}

// shuffle deals the places of all cases, in random order, to the periods of the window, and takes the deal back so that every
// replication begins with the same order.
func (b *bench) shuffle(m *model) {
	n, w := uint64(len(b.labels)), m.window
	b.swaps = b.swaps[:0]
	i, before := 0, 0.0
	for t, upTo := range m.periodCases {
		for range int(upTo - before) {
			j := i + int(below(&b.rng, n-uint64(i)))
			p := b.labels[j]
			b.labels[j] = b.labels[i]
			b.labels[i] = p
			b.swaps = append(b.swaps, int32(j))
			b.cases[int(p)*w+t]++
			i++
		}
		before = upTo
	}
	for i := len(b.swaps) - 1; i >= 0; i-- {
		j := b.swaps[i]
		b.labels[i], b.labels[j] = b.labels[j], b.labels[i]
	}
}

// urn does as shuffle, drawing for one place and period at a time how many of the cases left in the place fall in the period.
func (b *bench) urn(m *model) {
	copy(b.left, m.placeCases)
	all, w, before := m.total, m.window, 0.0
	for t, upTo := range m.periodCases {
		n, rest := upTo-before, all
		for p := range b.left {
			if n == 0 {
				break
			}
			l := hypergeometric(n, b.left[p], rest).ready()
			k := l.draw(&b.rng)
			rest -= b.left[p]
			n -= k
			b.left[p] -= k
			b.cases[p*w+t] = k
		}
		all -= upTo - before
		before = upTo
	}
}
