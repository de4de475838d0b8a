package suppress

import "fmt"

// bundle is tables with their links, checked, their cells numbered through.
type bundle struct {
	grids  []*grid
	offset []int32
	counts []int
	need   []int // threshold − 1 of a primary cell, 0 of the others
	sums   []sum
	last   []int // the last table that a sum speaks of
}

func newBundle(r *Releases) (*bundle, error) {
	b := &bundle{}
	if len(r.Tables) == 0 {
		return nil, fault("releases", "there is no table; give at least one")
	}
	for i := range r.Tables {
		g, err := newGrid(&r.Tables[i], i+1)
		if err != nil {
			return nil, err
		}
		off := int32(len(b.counts))
		if len(b.counts)+g.size > MaxCells {
			return nil, g.fault("", "the tables have more than %d cells together; divide them", MaxCells)
		}
		b.grids, b.offset = append(b.grids, g), append(b.offset, off)
		for _, n := range g.counts {
			need := 0
			if n > 0 && n < g.table.Rule.Threshold {
				need = g.table.Rule.Threshold - 1
			}
			b.counts, b.need = append(b.counts, n), append(b.need, need)
		}
		for s := range g.sums {
			if g.counts[s.total] == 0 {
				continue
			}
			own := sum{total: s.total + off, parts: make([]int32, len(s.parts))}
			for k, p := range s.parts {
				own.parts[k] = p + off
			}
			b.sums, b.last = append(b.sums, own), append(b.last, i)
		}
	}
	for i := range r.Links {
		if err := b.link(&r.Links[i], i+1); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// link checks a link and adds it to the sums.
func (b *bundle) link(l *Link, number int) error {
	where := fmt.Sprintf("link %d", number)
	if len(l.Parts) == 0 {
		return fault(where, "it has no parts; give at least one")
	}
	last := 0
	at := func(r Ref) (int32, error) {
		if r.Release < 0 || r.Release >= len(b.grids) {
			return 0, fault(where, "it names table %d of %d; the first is 0", r.Release, len(b.grids))
		}
		p, err := b.grids[r.Release].place(r.Key)
		last = max(last, r.Release)
		if err != nil {
			return 0, fault(where, "it names no cell of table %d (%v)", r.Release, err)
		}
		return p + b.offset[r.Release], nil
	}
	total, err := at(l.Total)
	if err != nil {
		return err
	}
	s, n := sum{total: total}, 0
	for _, part := range l.Parts {
		p, err := at(part)
		if err != nil {
			return err
		}
		s.parts = append(s.parts, p)
		n += b.counts[p]
	}
	if n != b.counts[total] {
		return fault(where, "%s is %d, but its parts add up to %d; mend the counts or the link", cellName(l.Total.Key), b.counts[total], n)
	}
	b.sums, b.last = append(b.sums, s), append(b.last, last)
	return nil
}

// Protect answers one table.
func Protect(t Table, effort Effort) (Answer, error) {
	as, err := ProtectAll(Releases{Tables: []Table{t}}, effort)
	if err != nil {
		return nil, err
	}
	return as[0], nil
}

// ProtectAll answers linked tables. Tables that come out together are protected together. In a sequence each is answered so that it is safe together with those before it, whose answers
// stay as they were; where a primary cell of a later table would stay too narrow even with the whole table hidden, it is hidden and nothing more is done for it.
func ProtectAll(r Releases, effort Effort) ([]Answer, error) {
	decide := func(g *guard) { g.run(effort) }
	b, err := newBundle(&r)
	if err != nil {
		return nil, err
	}
	hide := make([]bool, len(b.counts))
	if !r.Sequence {
		b.protect(0, len(b.grids), hide, decide)
	} else {
		for i := range b.grids {
			b.protect(i, i+1, hide, decide)
		}
	}
	return b.answers(hide), nil
}

// protect decides which cells of the tables from first up to end are hidden, given what the tables before them hide.
func (b *bundle) protect(first, end int, hide []bool, decide func(*guard)) {
	from, to := int(b.offset[first]), len(b.counts)
	if end < len(b.grids) {
		to = int(b.offset[end])
	}
	var sums []sum
	for i, s := range b.sums {
		if b.last[i] < end {
			sums = append(sums, s)
		}
	}
	s := newSystem(b.counts[:to], b.need[:to], sums)
	for i := range s.classes {
		s.classes[i].settle(from, hide)
	}
	g := newGuard(s)
	decide(g)
	for i := range s.classes {
		c := &s.classes[i]
		for _, cell := range c.cells {
			if int(cell) >= from {
				hide[cell] = c.state == hidden || b.need[cell] > 0
			}
		}
	}
}

// settle takes over what earlier tables have decided: a class with a cell that is out is known, one with hidden cells alone stays hidden.
func (c *class) settle(from int, hide []bool) {
	c.weight = 0
	for _, cell := range c.cells {
		switch {
		case int(cell) >= from:
			c.weight++
		case !hide[cell]:
			c.state = known
		}
	}
	if c.weight == 0 && c.state != known {
		c.state = hidden
	}
}

func (b *bundle) answers(hide []bool) []Answer {
	as := make([]Answer, len(b.grids))
	for i, g := range b.grids {
		as[i] = make(Answer, len(g.placeOf))
		for k, p := range g.placeOf {
			switch cell := p + b.offset[i]; {
			case b.need[cell] > 0:
				as[i][k].Why = Primary
			case hide[cell]:
				as[i][k].Why = Secondary
			default:
				as[i][k].N = Rounded(b.counts[cell], g.table.Rule.Round)
			}
		}
	}
	return as
}
