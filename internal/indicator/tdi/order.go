package tdi

import (
	"cmp"
	"slices"
)

// Order sorts secondary drugs as the protocol has them: clinical relevance for the person's problem, then drugs that are injected, then how often they are used,
// then the order of the drug list (collection template 2022, note to table 25.1.1). A step decides only where the one before leaves two drugs equal.
func Order(us []Use) {
	slices.SortStableFunc(us, func(a, b Use) int {
		return cmp.Or(cmp.Compare(a.Rank, b.Rank), cmp.Compare(a.injected(), b.injected()), cmp.Compare(a.Frequency, b.Frequency), cmp.Compare(a.Drug, b.Drug))
	})
}

func (u Use) injected() int {
	if u.Route == Routes.must("1") {
		return 0
	}
	return 1
}
