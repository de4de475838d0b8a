// Package synthetic makes up treatment episodes for demonstrations, tests and measurements: plausible as a whole, of nobody in particular. What it makes is marked
// synthetic wherever it is kept and shown. The same seed gives the same episodes. The shares are guesses after published figures of Kazakhstan (a falling register, rising
// shares of synthetic drugs, nine men in ten); they are no estimate of anything.
package synthetic

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/indicator/tdi"
)

// Region is a region with its share of the episodes.
type Region struct {
	Code  string
	Share float64 // any positive number; only the proportions count
}

// Plan says what to make.
type Plan struct {
	Seed     uint64
	From, To int // years, inclusive
	Episodes int // in all
	Regions  []Region
	Until    baqylau.Date // no start after this day; zero: the end of To
}

// Episode is a made-up episode with a name for its made-up person; "" is anonymous.
type Episode struct {
	tdi.Episode
	Name string
}

// Make makes the episodes in the order of their starts within each year.
func Make(p Plan) []Episode {
	m := maker{Rand: rand.New(rand.NewPCG(p.Seed, 0x7d1)), plan: p} //nolint:gosec // no secret: the seed is stated
	for _, r := range p.Regions {
		m.weight += r.Share
	}
	out := make([]Episode, 0, p.Episodes)
	years := p.To - p.From + 1
	for y := range years {
		n := p.Episodes*(y+1)/years - p.Episodes*y/years
		for i := range n {
			out = append(out, m.episode(p.From+y, i, n))
		}
	}
	return out
}

type maker struct {
	*rand.Rand
	plan   Plan
	weight float64
	people []person // who has been in treatment
	named  int
}

// person is what stays of somebody between two episodes.
type person struct {
	name   string
	region string
	sex    string
	drug   drug
	born   int
	first  int // year of first use
	inject int // year of the first injection; 0 never
	oat    int // year of the first agonist treatment; 0 never
	last   int // year of the last start
}

// pick chooses an index by weights.
func (m *maker) pick(weights ...float64) int {
	sum := 0.0
	for _, w := range weights {
		sum += w
	}
	x := m.Float64() * sum
	for i, w := range weights {
		if x -= w; x < 0 {
			return i
		}
	}
	return len(weights) - 1
}

// code chooses one of the codes of an item by weights in the order of its list.
func (m *maker) code(e *tdi.Episode, i tdi.Item, weights ...float64) {
	e.Codes[i] = tdi.Code(m.pick(weights...))
}

func (m *maker) chance(p float64) bool { return m.Float64() < p }

// around is a whole number about mean, within limits.
func (m *maker) around(mean, sd float64, low, high int) int {
	return min(max(int(math.Round(mean+sd*m.NormFloat64())), low), high)
}

// person is somebody who comes into treatment in a year: often for the first time, else one of those who were there before.
func (m *maker) person(year int, t float64) (p *person, before bool) {
	if len(m.people) > 50 && m.chance(0.45) {
		if p := &m.people[m.IntN(len(m.people))]; year-p.last < 12 {
			return p, true
		}
	}
	d := drugs[m.pick(shares(t)...)]
	n := person{drug: d, sex: "male", region: m.region()}
	if m.chance(d.women) {
		n.sex = "female"
	}
	age := m.around(d.age, d.spread, 13, 74)
	n.born = year - age
	n.first = n.born + min(m.around(d.start, 4, 9, 60), age)
	if m.chance(d.inject) {
		n.inject = min(n.first+m.IntN(4), year)
	}
	if m.named++; !m.chance(0.04) {
		n.name = fmt.Sprintf("synthetic-%d-%07d", m.plan.Seed, m.named)
	}
	m.people = append(m.people, n)
	return &m.people[len(m.people)-1], m.chance(d.treated)
}

func (m *maker) region() string {
	x := m.Float64() * m.weight
	for _, r := range m.plan.Regions {
		if x -= r.Share; x < 0 {
			return r.Code
		}
	}
	return ""
}
