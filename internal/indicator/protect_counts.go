package indicator

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/disclosure"
	"github.com/baqylau/baqylau/internal/disclosure/suppress"
	"github.com/baqylau/baqylau/internal/indicator/define"
)

// counts are the figures of indicators that count persons as one system of numbers and sums, for suppress: a number for each value that is stated of a cell, and one for what is left where the stated parts
// are not the whole, which nobody states and a reader could compute.
type counts struct {
	suppress.Partly
	catalogue *define.Catalogue
	stated    map[counted][]*stating
	order     []counted
	grown     bool            // a cell was added
	seen      map[string]bool // sums, so that none is looked at twice
	spans     [][2]string     // periods of which there is a figure
}

// counted names what a figure counts, whoever states it.
type counted struct {
	indicator, unit, place, coverage, definition string
	start, end                                   string // ISO; the last day is included
	sex, age, drug, breakdown                    string
}

// stating is a value that is stated of a cell: its place among the numbers, by whom, and the figures that state it.
type stating struct {
	at         int
	statements []string
	figures    []*Observation
}

func newCounts(catalogue *define.Catalogue) *counts {
	c := &counts{catalogue: catalogue, stated: map[counted][]*stating{}, seen: map[string]bool{}}
	c.Rule = suppress.Rule{Threshold: disclosure.Threshold}
	return c
}

// number puts a number into the system.
func (c *counts) number(n int, known, unsaid bool) int {
	c.N, c.Known, c.Unsaid = append(c.N, n), append(c.Known, known), append(c.Unsaid, unsaid)
	c.Spare, c.Must = append(c.Spare, false), append(c.Must, false)
	return len(c.N) - 1
}

// sum says that one number is the sum of others.
func (c *counts) sum(whole int, parts ...int) {
	parts = slices.Sorted(slices.Values(parts))
	key := strconv.Itoa(whole)
	for _, p := range parts {
		key += " " + strconv.Itoa(p)
	}
	if !c.seen[key] {
		c.seen[key] = true
		c.Sums = append(c.Sums, suppress.Sum{Whole: whole, Parts: parts})
	}
}

// off says that a number is nearly the sum of two; what does not fit is taken as known.
func (c *counts) off(whole, a, b int) {
	key := "off " + strconv.Itoa(whole) + " " + strconv.Itoa(a) + " " + strconv.Itoa(b)
	if c.seen[key] {
		return
	}
	c.seen[key] = true
	d := c.N[whole] - c.N[a] - c.N[b]
	if d > 0 {
		c.sum(whole, a, b, c.number(d, true, true))
		return
	}
	both := c.number(c.N[a]+c.N[b], c.Known[whole], true)
	c.sum(both, a, b)
	c.sum(both, whole, c.number(-d, true, true))
}

// follows is the number of a cell that nobody states, but that follows from others; who knows those knows it.
func (c *counts) follows(k counted, n int, v view, from ...int) int {
	if c.stated[k] == nil {
		c.order = append(c.order, k)
		c.grown = true
	}
	for _, s := range c.stated[k] {
		if c.N[s.at] == n {
			return s.at
		}
	}
	known := !slices.ContainsFunc(from, func(i int) bool { return !c.Known[i] })
	at := c.number(n, known, true)
	c.stated[k] = append(c.stated[k], &stating{at: at, statements: []string{v.by}})
	return at
}

// left says that a number is the sum of others and of what is left, unless there is nothing left.
func (c *counts) left(whole int, parts ...int) {
	n, known := c.N[whole], c.Known[whole]
	key := "left " + strconv.Itoa(whole)
	for _, p := range slices.Sorted(slices.Values(parts)) {
		n, known = n-c.N[p], known && c.Known[p]
		key += " " + strconv.Itoa(p)
	}
	if n < 0 || c.seen[key] {
		return
	}
	c.seen[key] = true
	if n > 0 {
		parts = append(slices.Clone(parts), c.number(n, known, true))
	}
	c.sum(whole, parts...)
}

// add takes a figure in, one that must be hidden or not. A published one is known to every reader.
func (c *counts) add(o *Observation, must bool) {
	b := o.Breakdown
	if o.FacilityID != "" && b["facility"] == "" {
		b = Breakdown{"facility": o.FacilityID}
		for name, code := range o.Breakdown {
			b[name] = code
		}
	}
	start := o.Start
	if o.Cumulative {
		start = baqylau.NewDate(o.End.Time().Year(), 1, 1)
	}
	k := counted{indicator: o.Indicator, unit: o.Unit, place: o.Place, coverage: o.Coverage, definition: o.Definition, start: start.String(), end: o.End.String(), sex: o.Sex, age: o.Age, drug: o.Drug, breakdown: b.String()}
	n, by := max(0, int(math.Round(*o.Value))), o.SourceID+"|"+o.Issuer+"|"+o.Citation
	if c.stated[k] == nil {
		c.order = append(c.order, k)
	}
	i := slices.IndexFunc(c.stated[k], func(s *stating) bool { return c.N[s.at] == n })
	if i < 0 {
		i = len(c.stated[k])
		c.stated[k] = append(c.stated[k], &stating{at: c.number(n, false, false)})
	}
	s := c.stated[k][i]
	c.Known[s.at] = c.Known[s.at] || o.Published
	c.Must[s.at] = c.Must[s.at] || must && n > 0
	c.Spare[s.at] = o.End.Sub(o.Start) < 360 && c.flows(k) // parts of a year
	s.statements, s.figures = append(s.statements, by), append(s.figures, o)
}

// hide marks the figures that must be hidden, with the organisation of each: all that are not published of a cell in which one must be, so that none tells of another.
func (c *counts) hide(hidden map[string]string) {
	if !slices.ContainsFunc(c.order, func(k counted) bool {
		return slices.ContainsFunc(c.stated[k], func(s *stating) bool { return !c.Known[s.at] })
	}) {
		return // everything is published
	}
	c.link()
	why := suppress.ProtectPartly(c.Partly)
	for _, k := range c.order {
		if !slices.ContainsFunc(c.stated[k], func(s *stating) bool { return len(s.figures) > 0 && why[s.at] != suppress.Shown }) {
			continue
		}
		for _, s := range c.stated[k] {
			for _, o := range s.figures {
				if !o.Published {
					hidden[o.ID] = o.OrgID
				}
			}
		}
	}
}

// view is one way in which cells may be read that differ in one dimension only: as one speaker states them, and where that one says nothing as another does.
type view struct {
	by string
	at func(counted) int
}

// views are all ways in which cells may be read.
func (c *counts) views(cells []counted) (out []view) {
	var speakers []string
	for _, k := range cells {
		if len(c.stated[k]) < 2 {
			continue
		}
		for _, s := range c.stated[k] {
			speakers = append(speakers, s.statements...)
		}
	}
	slices.Sort(speakers)
	if speakers = slices.Compact(speakers); len(speakers) == 0 {
		speakers = []string{""}
	}
	for _, by := range speakers {
		out = append(out, view{by, func(k counted) int {
			for _, s := range c.stated[k] {
				if slices.Contains(s.statements, by) {
					return s.at
				}
			}
			return c.stated[k][0].at
		}})
	}
	return out
}

// mostRounds bounds how often cells that follow are looked for among those that followed.
const mostRounds = 4

// link finds the cells that follow by periods and sexes, and then all sums.
func (c *counts) link() {
	for _, k := range c.order {
		if span := [2]string{k.start, k.end}; !slices.Contains(c.spans, span) {
			c.spans = append(c.spans, span)
		}
	}
	for range mostRounds {
		c.grown = false
		c.each(withoutPeriod, c.periods)
		c.each(withoutSex, c.sexes)
		if !c.grown {
			break
		}
	}
	for _, d := range c.dimensions() {
		c.each(d.without, d.link)
	}
}

// each calls for the cells that are alike without a dimension, in each way to read them.
func (c *counts) each(without func(counted) counted, do func([]counted, view)) {
	groups := map[counted][]counted{}
	var keys []counted
	slices.SortFunc(c.order, compareCounted)
	for _, k := range c.order {
		g := without(k)
		if groups[g] == nil {
			keys = append(keys, g)
		}
		groups[g] = append(groups[g], k)
	}
	for _, g := range keys {
		if cells := groups[g]; len(cells) > 1 {
			for _, v := range c.views(cells) {
				do(cells, v)
			}
		}
	}
}

func compareCounted(a, b counted) int {
	return cmp.Or(cmp.Compare(a.indicator, b.indicator), cmp.Compare(a.unit, b.unit), cmp.Compare(a.place, b.place), cmp.Compare(a.start, b.start), cmp.Compare(a.end, b.end), cmp.Compare(a.sex, b.sex),
		cmp.Compare(a.age, b.age), cmp.Compare(a.drug, b.drug), cmp.Compare(a.breakdown, b.breakdown), cmp.Compare(a.coverage, b.coverage), cmp.Compare(a.definition, b.definition))
}

// partOf reports whether an indicator counts some of those whom another counts, by the rules of the catalogue.
func (c *counts) partOf(part, whole string) bool {
	for range 5 { // rules that go round in a circle end too
		if part == whole {
			return true
		}
		i := slices.IndexFunc(c.catalogue.Rules(), func(r define.Rule) bool { return r.Name == "part" && r.First == part })
		if i < 0 {
			return false
		}
		part = c.catalogue.Rules()[i].Second
	}
	return false
}

// breakdownOf is the code of a breakdown and the breakdown without it, both as text.
func breakdownOf(breakdown, name string) (code, rest string) {
	var others []string
	for part := range strings.SplitSeq(breakdown, ";") {
		if value, is := strings.CutPrefix(part, name+"="); is {
			code = value
		} else if part != "" {
			others = append(others, part)
		}
	}
	return code, strings.Join(others, ";")
}
