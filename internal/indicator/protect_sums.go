package indicator

import (
	"slices"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/indicator/define"
)

// along is a dimension along which counts are parts of others: how cells look without it, and what in a group of cells that are alike without it adds up to what.
type along struct {
	without func(counted) counted
	link    func([]counted, view)
}

func withoutSex(k counted) counted { k.sex = "*"; return k }

func withoutPeriod(k counted) counted { k.start, k.end = "", ""; return k }

// dimensions are all along which these counts may add up.
func (c *counts) dimensions() []along {
	lists := func(list string) func(whole, part string) bool {
		return func(whole, part string) bool {
			return whole == "" || whole == "all" || c.catalogue.Within(list, part, whole)
		}
	}
	country := func(k counted) string { place, _, _ := strings.Cut(k.place, "-"); return place }
	out := []along{
		{withoutSex, c.coded(func(k counted) string { return k.sex }, func(whole, _ string) bool { return whole == AllSexes }, true)},
		{func(k counted) counted { k.age = "*"; return k }, c.coded(func(k counted) string { return k.age }, older, true)},
		{func(k counted) counted { k.drug = "*"; return k }, c.coded(func(k counted) string { return k.drug }, lists("drug"), true)},
		{func(k counted) counted { k.place = country(k); return k }, c.coded(func(k counted) string { return k.place }, func(whole, part string) bool { return strings.HasPrefix(part, whole+"-") }, true)},
		{func(k counted) counted { k.coverage = "*"; return k }, c.coded(func(k counted) string { return k.coverage }, func(whole, _ string) bool { return whole == "" }, true)},
		// who is counted by one indicator may be by another of the same whole: each is a part by itself
		{func(k counted) counted { k.indicator = "*"; return k }, c.coded(func(k counted) string { return k.indicator }, func(whole, part string) bool { return c.partOf(part, whole) }, false)},
		{withoutPeriod, c.gaps},
	}
	var names []string
	for _, k := range c.order {
		for part := range strings.SplitSeq(k.breakdown, ";") {
			if name, _, ok := strings.Cut(part, "="); ok && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	for _, name := range names {
		code := func(k counted) string { code, _ := breakdownOf(k.breakdown, name); return code }
		out = append(out, along{func(k counted) counted { _, k.breakdown = breakdownOf(k.breakdown, name); return k }, c.coded(code, lists(name), true)})
	}
	return out
}

// older reports whether an age band includes another.
func older(whole, part string) bool {
	if whole == define.AllAges {
		return true
	}
	a, ok1 := define.ParseAge(whole)
	b, ok2 := define.ParseAge(part)
	return ok1 && ok2 && a.From <= b.From && b.To <= a.To
}

// coded links each cell with the largest cells that it contains, and with what they leave. Parts that may exclude one another are one division; where they are more than the whole, as people who take several
// drugs are counted with each, or are no division, every part stands against the whole by itself.
func (c *counts) coded(code func(counted) string, contains func(whole, part string) bool, divides bool) func([]counted, view) {
	return func(cells []counted, v view) {
		above := func(a, b counted) bool { return code(a) != code(b) && contains(code(a), code(b)) }
		for _, whole := range cells {
			parts := largest(cells, func(p counted) bool { return above(whole, p) }, above)
			for _, division := range divisions(parts, func(a, b counted) bool { return crossing(code(a), code(b)) }) {
				c.divide(v.at, whole, division, divides)
			}
		}
	}
}

// largest are the cells that are in a whole and in no other that is.
func largest(cells []counted, in func(counted) bool, above func(a, b counted) bool) []counted {
	var all []counted
	for _, p := range cells {
		if in(p) {
			all = append(all, p)
		}
	}
	return slices.DeleteFunc(slices.Clone(all), func(p counted) bool { return slices.ContainsFunc(all, func(q counted) bool { return above(q, p) }) })
}

// divide says that some parts exclude one another, or that each is a part by itself.
func (c *counts) divide(at func(counted) int, whole counted, parts []counted, divides bool) {
	n, places := 0, make([]int, len(parts))
	for i, p := range parts {
		places[i] = at(p)
		n += c.N[places[i]]
	}
	if divides && n <= c.N[at(whole)] {
		c.left(at(whole), places...)
		return
	}
	for _, p := range places {
		c.left(at(whole), p)
	}
}

// crossing reports whether two age bands have an age in common; other codes do not cross.
func crossing(a, b string) bool {
	x, ok1 := define.ParseAge(a)
	y, ok2 := define.ParseAge(b)
	return ok1 && ok2 && x.From <= y.To && y.From <= x.To
}

// divisions groups parts so that those of a group do not cross.
func divisions(parts []counted, cross func(a, b counted) bool) (out [][]counted) {
next:
	for _, p := range parts {
		for i, d := range out {
			if !slices.ContainsFunc(d, func(q counted) bool { return cross(p, q) }) {
				out[i] = append(d, p)
				continue next
			}
		}
		out = append(out, []counted{p})
	}
	return out
}

// dayAfter is the day after a day, both ISO.
func dayAfter(day string) string {
	d, _, _ := baqylau.ParseDate(day) // it was written by a date
	return d.AddDays(1).String()
}
