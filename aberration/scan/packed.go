package scan

import (
	"math"
	"math/bits"
)

// packed answers for one replication after the other whether any cell reaches a floor, four durations to a machine word. It adds and
// compares whole numbers of 15 bits, which decides nearly all cells, and looks closer at the few that may reach it.
type packed struct {
	words       int
	need        []uint64 // of each zone and duration 2^15 less the cases it must have, so that a sum shows them in the highest bit
	cases, sums []uint64 // of places; of zones, after a row for the empty set
}

const (
	lanes    = 4
	laneBits = 64 / lanes
	laneMost = 1<<(laneBits-1) - 1
	laneHigh = 0x8000_8000_8000_8000
)

// ready computes the needs: no cell with fewer than e + √(floor/curve) cases has a ratio above the floor.
func (p *packed) ready(m *model, floor float64) {
	w, n := m.window, m.zones.Len()
	p.words = (w + lanes - 1) / lanes
	p.need = zeroed(p.need, n*p.words)
	p.cases, p.sums = grown(p.cases, m.places*p.words), grown(p.sums, (n+1)*p.words)
	clear(p.sums[:p.words])
	floor = max(0, floor)
	for i := range n {
		need := p.need[i*p.words : (i+1)*p.words]
		for t := range w {
			e, k := m.expected[i*w+t], m.curve[i*w+t]
			if c := max(math.Ceil(e+math.Sqrt(floor/k)*(1-1e-9)), m.minCases); c <= laneMost {
				need[t/lanes] |= (laneMost + 1 - uint64(c)) << (t % lanes * laneBits)
			}
		}
	}
}

// load packs the cases of places in the last d+1 periods, and reports whether they are few enough.
func (p *packed) load(m *model, cases []float64) bool {
	w, total := m.window, 0.0
	for i := range m.places {
		row := cases[i*w : (i+1)*w]
		total += row[w-1]
		for j := range p.words {
			var word uint64
			for k, c := range row[j*lanes : min(w, (j+1)*lanes)] {
				word |= uint64(int64(c)) << (k * laneBits)
			}
			p.cases[i*p.words+j] = word
		}
	}
	return total <= laneMost
}

// reaches reports whether a cell has a ratio above the floor.
func (p *packed) reaches(m *model, floor float64) bool {
	if p.words == 2 && m.zones.grown() {
		return p.pairs(m, floor)
	}
	z, n := m.zones, p.words
	for i, parent := range z.parent {
		row := p.sums[(i+1)*n : (i+2)*n]
		base := p.sums[(int(parent)+1)*n:][:len(row)]
		added := z.added[z.start[i]:z.start[i+1]]
		for j := range row {
			sum := base[j]
			for _, place := range added {
				sum += p.cases[int(place)*n+j]
			}
			row[j] = sum
			if hit := (sum + p.need[i*n+j]) & laneHigh; hit != 0 && m.closer(sum, hit, i*m.window+j*lanes, floor) {
				return true
			}
		}
	}
	return false
}

// pairs is reaches for 5 to 8 durations and zones that each add one place to another, the usual case, without inner loops.
func (p *packed) pairs(m *model, floor float64) bool {
	parents := m.zones.parent
	added, need, sums := m.zones.added[:len(parents)], p.need[:2*len(parents)], p.sums[:2*len(parents)+2]
	for i, parent := range parents {
		base, more := 2*int(parent)+2, 2*int(added[i])
		low, high := sums[base]+p.cases[more], sums[base+1]+p.cases[more+1]
		sums[2*i+2], sums[2*i+3] = low, high
		a, b := low+need[2*i], high+need[2*i+1]
		if (a|b)&laneHigh != 0 && (m.closer(low, a&laneHigh, i*m.window, floor) || m.closer(high, b&laneHigh, i*m.window+lanes, floor)) {
			return true
		}
	}
	return false
}

// closer looks at the cells, beginning with the given one, whose counts stand in the lanes of sum that hit marks.
func (m *model) closer(sum, hit uint64, cell int, floor float64) bool {
	for ; hit != 0; hit &= hit - 1 {
		lane := bits.TrailingZeros64(hit) / laneBits
		c := float64(sum >> (lane * laneBits) & (1<<laneBits - 1))
		if e := m.expected[cell+lane]; c > e && m.ratio(c, e) > floor {
			return true
		}
	}
	return false
}
