package suppress

// Numbers are counts that add up in sums which need not be tables: what several tables publish of the same people, each number once.
type Numbers struct {
	N    []int
	Sums []Sum
	Rule Rule  // its rounding is left to the caller
	Out  []Out // of each number what left before; nil: nothing did
}

// Out is what a reader was told of a number before.
type Out uint8

// What he may have been told.
const (
	Never       Out = iota // nothing
	WasShown               // the number: hiding it now is of no use
	WasWithheld            // that it is hidden, and so it stays
)

// Sum says that one number is the sum of others. Sums of one block belong together, as those of one table do. What stands in several blocks is all that they have to do with each
// other; the less it is, the sooner there is an answer.
type Sum struct {
	Block int // from 0
	Whole int // place in N
	Parts []int
}

// ProtectNumbers tells which numbers stay hidden, by the same rule as tables and with a proof for each small one. The sums must hold. A small number that what left before has given away is hidden all the
// same, without a proof.
func ProtectNumbers(x Numbers) []Why {
	b := protectNumbers(x)
	why := make([]Why, len(x.N))
	for i, n := range x.N {
		switch c := b.of[i]; {
		case n > 0 && n < x.Rule.Threshold:
			why[i] = Primary
		case c >= 0 && (b.classes[c].state == hidden || x.Out != nil && x.Out[i] == WasWithheld):
			why[i] = Secondary
		}
	}
	return why
}

func protectNumbers(x Numbers) *blocks {
	need := make([]int, len(x.N))
	for i, n := range x.N {
		if n > 0 && n < x.Rule.Threshold {
			need[i] = x.Rule.Threshold - 1
		}
	}
	sums := make([]sum, len(x.Sums))
	for k, s := range x.Sums {
		sums[k].total = int32(s.Whole)
		for _, p := range s.Parts {
			sums[k].parts = append(sums[k].parts, int32(p))
		}
	}
	s := newSystem(x.N, need, sums)
	for i, out := range x.Out {
		s.told(s.of[i], out)
	}
	b := newBlocks(s, x.Sums)
	b.run()
	return b
}

// told takes over what left before of a number. Who knows one number of a class knows all.
func (s *system) told(class int32, out Out) {
	if class < 0 || out == Never {
		return
	}
	c := &s.classes[class]
	switch {
	case out == WasShown:
		c.state = known
	case c.state == open:
		c.state, c.weight = hidden, 0 // of no weight: it is not among what may be shown again
	}
}
