package indicator

import (
	"cmp"
	"maps"
	"slices"

	"github.com/baqylau/baqylau/internal/indicator/define"
)

// periods completes the counts of a flow by those of the periods that follow from them. Where two begin on the same day, the longer is the shorter and the time between their ends: January to April less
// January to March is April. What the differences leave is taken apart in the same way from the earliest day on, which finds all that follows by subtracting periods, since it is the elimination of one day
// after the other from the differences of a running total. Then what follow one another without a gap are added up, where a figure of anything is of that time.
func (c *counts) periods(cells []counted, v view) {
	if !c.flows(cells[0]) {
		return
	}
	t := timeline{c, v, map[string]map[string]counted{}}
	for _, k := range cells {
		t.put(k)
	}
	done := ""
	for {
		start := ""
		for s := range t.from {
			if s > done && (start == "" || s < start) {
				start = s
			}
		}
		if start == "" {
			break
		}
		done = start
		ends := slices.Sorted(maps.Keys(t.from[start]))
		for i := 1; i < len(ends); i++ {
			t.between(t.from[start][ends[i]], t.from[start][ends[i-1]])
		}
	}
	for _, span := range c.spans {
		t.fill(cells[0], span)
	}
}

func (c *counts) flows(k counted) bool {
	ind, ok := c.catalogue.Indicator(k.indicator)
	return ok && ind.Span == define.Flow
}

// timeline are counts that differ in their period only, by first day and day after the last.
type timeline struct {
	c    *counts
	v    view
	from map[string]map[string]counted
}

func (t *timeline) put(k counted) {
	if t.from[k.start] == nil {
		t.from[k.start] = map[string]counted{}
	}
	t.from[k.start][dayAfter(k.end)] = k
}

// between links a period with a shorter one of the same first day and the time between their ends.
func (t *timeline) between(long, short counted) {
	rest := long
	rest.start = dayAfter(short.end)
	a, b := t.v.at(long), t.v.at(short)
	n := t.c.N[a] - t.c.N[b]
	if _, is := t.from[rest.start][dayAfter(rest.end)]; is {
		if r := t.v.at(rest); t.c.N[r] == n {
			t.c.sum(a, b, r)
		} else if 10*max(n-t.c.N[r], t.c.N[r]-n) <= t.c.N[a] { // near enough to tell a reader something
			t.c.off(a, b, r)
		}
	} else if n >= 0 { // else people are counted in every month that they come: there is nothing to subtract
		t.c.sum(a, b, t.c.follows(rest, n, t.v, a, b))
		t.put(rest)
	}
}

// fill adds up periods that follow one another from the first to the last day of a span.
func (t *timeline) fill(k counted, span [2]string) {
	k.start, k.end = span[0], span[1]
	last := dayAfter(k.end)
	if _, is := t.from[k.start][last]; is {
		return
	}
	before := map[string]counted{} // the period that leads to a day
	days := []string{k.start}
	for i := 0; i < len(days); i++ {
		for _, end := range slices.Backward(slices.Sorted(maps.Keys(t.from[days[i]]))) {
			if _, been := before[end]; !been && end <= last {
				before[end] = t.from[days[i]][end]
				days = append(days, end)
			}
		}
	}
	n, parts := 0, []int{}
	for day := last; day != k.start; {
		p, is := before[day]
		if !is {
			return
		}
		parts = append(parts, t.v.at(p))
		n += t.c.N[t.v.at(p)]
		day = p.start
	}
	t.c.sum(t.c.follows(k, n, t.v, parts...), parts...)
	t.put(k)
}

// gaps links each period with the largest that it contains, where they leave gaps.
func (c *counts) gaps(cells []counted, v view) {
	if !c.flows(cells[0]) {
		return
	}
	within := func(a, b counted) bool { return a != b && a.start <= b.start && b.end <= a.end }
	for _, whole := range cells {
		parts := largest(cells, func(p counted) bool { return within(whole, p) }, within)
		slices.SortFunc(parts, func(a, b counted) int { return cmp.Compare(a.start, b.start) })
		for _, d := range divisions(parts, func(a, b counted) bool { return a.start <= b.end && b.start <= a.end }) {
			if !fills(whole, d) {
				c.divide(v.at, whole, d, true)
			}
		}
	}
}

// fills reports whether periods in order leave no day of a whole.
func fills(whole counted, parts []counted) bool {
	next := whole.start
	for _, p := range parts {
		if p.start != next {
			return false
		}
		next = dayAfter(p.end)
	}
	return next == dayAfter(whole.end)
}

// sexes completes the counts of men, women and all by the third of them.
func (c *counts) sexes(cells []counted, v view) {
	of := map[string]counted{}
	for _, k := range cells {
		of[k.sex] = k
	}
	all, whole := of[AllSexes]
	third := cells[0]
	_, men := of["male"]
	_, women := of["female"]
	switch {
	case len(of) != 2:
	case men && women:
		third.sex = AllSexes
		a, b := v.at(cells[0]), v.at(cells[1])
		c.sum(c.follows(third, c.N[a]+c.N[b], v, a, b), a, b)
	case whole && (men || women):
		one := of["male"]
		if third.sex = "female"; women {
			one, third.sex = of["female"], "male"
		}
		if a, b := v.at(all), v.at(one); c.N[a] >= c.N[b] {
			c.sum(a, b, c.follows(third, c.N[a]-c.N[b], v, a, b))
		}
	}
}
