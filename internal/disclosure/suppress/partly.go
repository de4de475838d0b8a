package suppress

// Partly are numbers of which a reader has some already: figures that are published stand beside figures that are not, and what is left of a sum of which only some parts are stated is
// nowhere written. The sums must hold.
type Partly struct {
	Numbers
	Known  []bool // the reader has it: it cannot be hidden, and helps to compute others
	Unsaid []bool // nobody states it: it is hidden at no cost, and must not be computed where it is small
	Must   []bool // protected like a small number, however large it is
	Spare  []bool // hidden at once where more than mostAtLeisure numbers hang together, instead of looking for the fewest
}

// mostAtLeisure is how many numbers may hang together for a page to wait until the fewest to hide are found: a second or so.
const mostAtLeisure = 200

// ProtectPartly tells which numbers stay hidden. A small number that the known ones give away is hidden all the same, and nothing more is hidden for it. A number that is known to be equal to
// a known one is as good as known.
func ProtectPartly(x Partly) []Why {
	why := make([]Why, len(x.N))
	for _, p := range x.pieces() {
		p.protect(&x, why)
	}
	return why
}

// piece are numbers that hang together through sums in which they may be hidden; what is known joins nothing.
type piece struct {
	numbers []int // known ones of its sums too
	sums    []int
	small   bool
}

// pieces are those that have a small number to protect.
func (x *Partly) pieces() (out []*piece) {
	root := make([]int, len(x.N))
	for i := range root {
		root[i] = i
	}
	find := func(i int) int {
		for root[i] != i {
			root[i] = root[root[i]]
			i = root[i]
		}
		return i
	}
	moves := func(i int) bool { return x.N[i] > 0 && !x.Known[i] }
	first := make([]int, len(x.Sums)) // a number of each sum that may be hidden
	for k, s := range x.Sums {
		first[k] = -1
		for _, i := range append([]int{s.Whole}, s.Parts...) {
			if !moves(i) {
				continue
			}
			if first[k] < 0 {
				first[k] = i
			}
			root[find(i)] = find(first[k])
		}
	}
	of := map[int]*piece{}
	for i := range x.N {
		if !moves(i) {
			continue
		}
		r := find(i)
		if of[r] == nil {
			of[r] = &piece{}
			out = append(out, of[r])
		}
		of[r].numbers = append(of[r].numbers, i)
		of[r].small = of[r].small || x.small(i)
	}
	for k, i := range first {
		if i >= 0 {
			p := of[find(i)]
			p.sums = append(p.sums, k)
		}
	}
	small := out[:0]
	for _, p := range out {
		if p.small {
			small = append(small, p)
		}
	}
	return small
}

// small reports whether a number needs protection.
func (x *Partly) small(i int) bool { return x.N[i] > 0 && (x.N[i] < x.Rule.Threshold || x.Must[i]) }

func (p *piece) protect(x *Partly, why []Why) {
	at := map[int]int32{}
	for k, i := range p.numbers {
		at[i] = int32(k) //nolint:gosec // as many as there are numbers
	}
	place := func(i int) int32 {
		k, ok := at[i]
		if !ok {
			k = int32(len(p.numbers)) //nolint:gosec // as many as there are numbers
			at[i], p.numbers = k, append(p.numbers, i)
		}
		return k
	}
	sums := make([]sum, len(p.sums))
	for j, k := range p.sums {
		sums[j].total = place(x.Sums[k].Whole)
		for _, i := range x.Sums[k].Parts {
			sums[j].parts = append(sums[j].parts, place(i))
		}
	}
	counts, need := make([]int, len(p.numbers)), make([]int, len(p.numbers))
	for k, i := range p.numbers {
		counts[k] = x.N[i]
		if x.small(i) && !x.Known[i] {
			need[k] = x.Rule.Threshold - 1
		}
	}
	s := newSystem(counts, need, sums)
	large := len(p.numbers) > mostAtLeisure
	for i := range s.classes {
		c := &s.classes[i]
		c.weight = 0
		for _, k := range c.cells {
			switch i := p.numbers[k]; {
			case x.Known[i]:
				c.state = known
			case !x.Unsaid[i] && !(x.Spare[i] && large):
				c.weight++
			}
		}
		if c.weight == 0 && c.state != known {
			c.state = hidden
		}
	}
	newGuard(s).run(Page)
	for k, i := range p.numbers {
		switch c := s.of[k]; {
		case need[k] > 0:
			why[i] = Primary
		case c >= 0 && s.classes[c].state == hidden:
			why[i] = Secondary
		}
	}
}
