package suppress

// Numbers are counts that add up in sums which need not be tables: what several tables publish of the same people, each number once.
type Numbers struct {
	N    []int
	Sums []Sum
	Rule Rule // its rounding is left to the caller
}

// Sum says that one number is the sum of others. Sums of one block belong together, as those of one table do. What stands in several blocks is all that they have to do with each
// other; the less it is, the sooner there is an answer.
type Sum struct {
	Block int // from 0
	Whole int // place in N
	Parts []int
}

// ProtectNumbers tells which numbers stay hidden, by the same rule as tables and with a proof for each small one. The sums must hold.
func ProtectNumbers(x Numbers) []Why {
	b := protectNumbers(x)
	why := make([]Why, len(x.N))
	for i, n := range x.N {
		switch c := b.of[i]; {
		case n > 0 && n < x.Rule.Threshold:
			why[i] = Primary
		case c >= 0 && b.classes[c].state == hidden:
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
	b := newBlocks(newSystem(x.N, need, sums), x.Sums)
	b.run()
	return b
}
