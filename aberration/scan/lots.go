package scan

import "math/rand/v2"

// lots draw the cases of single places and periods for the two methods whose null hypothesis gives each of them a mean or a share:
// independent Poisson counts, or all N cases thrown on all places and periods, of which those before the window are not placed.
//
// Few cases are placed one by one, some nanoseconds each, after their number has been drawn; many by one draw for each place and period,
// some hundred nanoseconds each. Both are the same distribution.
type lots struct {
	weight  []float64 // of each place and period
	upTo    []float64 // and of those up to this one
	guide   []int32   // where to begin to look for the g-th of equal parts of the whole in upTo
	all     law       // of the number of cases in the window
	each    []law     // of that in each place and period, when they are many and independent
	poisson bool
}

func (l *lots) ready(m *model) {
	if m.method == SpaceTimePermutation {
		return
	}
	l.weight, l.poisson = m.single, m.method == ExpectationPoisson
	l.each = l.each[:0]
	l.upTo, l.guide = grown(l.upTo, len(l.weight)), grown(l.guide, len(l.weight))
	sum := 0.0
	for i, w := range l.weight {
		sum += w
		l.upTo[i] = sum
	}
	if l.all = binomial(m.total, sum); l.poisson {
		l.all = poisson(sum)
	}
	l.all = l.all.ready()
	if l.poisson && !l.few(sum) {
		for _, w := range l.weight {
			l.each = append(l.each, poisson(w).ready())
		}
	}
	at := 0
	for g := range l.guide {
		for at < len(l.upTo)-1 && l.upTo[at] < sum*float64(g)/float64(len(l.guide)) {
			at++
		}
		l.guide[g] = int32(at)
	}
}

func (l *lots) few(n float64) bool { return n < 8*float64(len(l.weight)) }

// draw adds the cases of each place and period.
func (l *lots) draw(rng *rand.PCG, cases []float64) {
	for i := range l.each {
		cases[i] = l.each[i].draw(rng)
	}
	if len(l.each) > 0 {
		return
	}
	n, all := l.all.draw(rng), l.upTo[len(l.upTo)-1]
	if l.poisson || l.few(n) {
		for range int(n) {
			cases[l.place(1-uniform(rng))]++
		}
		return
	}
	before := 0.0
	for i, upTo := range l.upTo {
		k := binomial(n, (upTo-before)/(all-before)).ready()
		cases[i] = k.draw(rng)
		n -= cases[i]
		before = upTo
	}
}

// place is the first place and period up to which lies a share u of the whole, 0 < u <= 1.
func (l *lots) place(u float64) int {
	part := u * l.upTo[len(l.upTo)-1]
	i := int(l.guide[min(len(l.guide)-1, int(u*float64(len(l.guide))))])
	for i < len(l.upTo)-1 && l.upTo[i] < part {
		i++
	}
	for i > 0 && l.upTo[i-1] >= part { // the guide went too far by rounding
		i--
	}
	return i
}
