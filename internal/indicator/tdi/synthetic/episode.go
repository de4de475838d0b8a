package synthetic

import (
	"fmt"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/indicator/tdi"
)

// episode makes start number i of n of a year.
func (m *maker) episode(year, i, n int) Episode {
	span := float64(max(m.plan.To-m.plan.From, 1))
	p, before := m.person(year, float64(year-m.plan.From)/span)
	e := tdi.New(m.start(year, i, n))
	e.Person, e.Region = tdi.Number(p.name), p.region
	m.code(&e, tdi.Centre, 52, 31, 6, 1, 8, 1, 1)
	e.Facility = fmt.Sprintf("%s-%s-%d", p.region, e.Get(tdi.Centre), 1+m.IntN(3))
	e.Set(tdi.Status, map[bool]string{false: "1", true: "2"}[before])
	if m.chance(0.03) {
		e.Set(tdi.Status, "3")
	}
	e.Set(tdi.Sex, p.sex)
	if !m.chance(0.01) {
		e.Age = tdi.Years(year - p.born)
	}
	m.life(&e)
	m.use(&e, p)
	m.harm(&e, p, year)
	p.last = year
	e.Derive()
	return Episode{e, p.name}
}

// start spreads the starts over the year, or its part before the plan's last day.
func (m *maker) start(year, i, n int) baqylau.Date {
	first, days := baqylau.NewDate(year, 1, 1), 365
	if u := m.plan.Until; !u.IsZero() && u.Time().Year() == year {
		days = u.Sub(first) + 1
	}
	return first.AddDays(i * days / max(n, 1))
}

// life fills how the person lives.
func (m *maker) life(e *tdi.Episode) {
	prison := e.Is(tdi.Centre, "prison")
	m.code(e, tdi.Referral, 17, 3, 6, 9, 2, 58, 2, 3)
	switch {
	case prison:
		e.Set(tdi.Referral, "1")
		e.Set(tdi.LivingWith, "5")
		e.Set(tdi.LivingWhere, "3")
		e.Set(tdi.LivingChildren, "1")
	default:
		m.code(e, tdi.LivingWith, 15, 41, 30, 5, 0, 2, 2, 5)
		m.code(e, tdi.LivingWhere, 82, 9, 0, 3, 6)
		m.code(e, tdi.LivingChildren, 62, 30, 8)
		if e.Is(tdi.LivingWith, "1") {
			e.Set(tdi.LivingChildren, "1")
		}
	}
	m.code(e, tdi.Education, 2, 6, 72, 14, 6)
	if e.Age.Known() && e.Age < 18 {
		m.code(e, tdi.Education, 2, 40, 55, 0, 3)
		m.code(e, tdi.Labour, 3, 2, 82, 6, 2, 1, 4)
		return
	}
	m.code(e, tdi.Labour, 19, 20, 4, 42, 8, 2, 5)
}

// use fills the drugs.
func (m *maker) use(e *tdi.Episode, p *person) {
	e.Set(tdi.Primary, p.drug.code)
	e.Leaf = p.drug.leaf
	e.Codes[tdi.Route] = tdi.Code(m.pick(p.drug.route...))
	if p.inject == 0 && e.Is(tdi.Route, "1") {
		p.inject = e.Start.Time().Year()
	}
	m.code(e, tdi.Frequency, 46, 18, 12, 8, 12, 4)
	if e.Is(tdi.Centre, "prison") {
		e.Set(tdi.Frequency, "5")
	}
	if !m.chance(0.07) {
		e.FirstUse = tdi.Years(p.first - p.born)
	}
	m.code(e, tdi.Polydrug, 14, 80, 6)
	for range m.pick(46, 34, 15, 4) {
		u := tdi.Use{Drug: m.secondary(e), Route: tdi.Routes.NotKnown(), Frequency: tdi.Frequent.NotKnown(), Rank: len(e.Secondary) + 1}
		fresh := u.Drug != e.Codes[tdi.Primary]
		for _, o := range e.Secondary {
			fresh = fresh && o.Drug != u.Drug
		}
		if fresh {
			e.Secondary = append(e.Secondary, u)
		}
	}
	if len(e.Secondary) == 0 && !m.chance(0.1) {
		none, _ := tdi.Drugs.Parse("none")
		e.Secondary = []tdi.Use{{Drug: none, Route: tdi.Routes.NotKnown(), Frequency: tdi.Frequent.NotKnown(), Rank: 1}}
		if e.Is(tdi.Polydrug, "1") {
			e.Set(tdi.Polydrug, "2")
		}
	}
}

func (m *maker) secondary(e *tdi.Episode) tdi.Code {
	codes := []string{"8", "7.1", "3.4", "1.1", "4.2", "4.4", "7.2", "3.1", "1.2", "2.1", "6"}
	c, _ := tdi.Drugs.Parse(codes[m.pick(44, 18, 9, 7, 6, 6, 4, 3, 1, 1, 1)])
	return c
}

// harm fills injecting, testing and agonist treatment.
func (m *maker) harm(e *tdi.Episode, p *person, year int) {
	switch {
	case p.inject == 0:
		e.Set(tdi.Injecting, "1")
		m.code(e, tdi.Sharing, 88, 0, 0, 0, 0, 2, 10)
	case e.Is(tdi.Route, "1") && !e.Is(tdi.Frequency, "5"):
		e.Set(tdi.Injecting, "2.3")
		m.code(e, tdi.Sharing, 41, 9, 18, 11, 8, 4, 9)
	default:
		m.code(e, tdi.Injecting, 0, 8, 46, 38, 0, 2, 6)
		m.code(e, tdi.Sharing, 52, 12, 22, 0, 0, 4, 10)
	}
	if p.inject != 0 && e.Is(tdi.Injecting, "2", "2.1", "2.2", "2.3") && !m.chance(0.06) && p.inject >= p.born+8 {
		e.FirstInj = tdi.Years(p.inject - p.born)
	}
	m.code(e, tdi.HIV, 22, 9, 21, 36, 2, 10)
	m.code(e, tdi.HCV, 31, 9, 20, 27, 2, 11)
	e.Set(tdi.OAT, "never")
	if code := p.drug.code; code[0] == '1' && p.drug.leaf != "tramadol" && year >= 2009 && !e.Is(tdi.Status, "1") && m.chance(0.09) {
		if p.oat == 0 {
			p.oat = max(year-m.IntN(8), 2008)
		}
		e.FirstOAT = tdi.Years(p.oat)
		e.Set(tdi.OAT, map[bool]string{true: "current", false: "ever"}[m.chance(0.45)])
	}
	if m.chance(0.03) && e.Is(tdi.OAT, "never") {
		e.Set(tdi.OAT, "unknown")
	}
}
