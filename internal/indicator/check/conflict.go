package check

import (
	"cmp"
	"slices"
	"strings"
)

// Conflict finds cells of which several statements say different things. Both stand; a person says which is used.
func Conflict(figures []Figure, _ Facts) (out []Finding) {
	cells := map[string][]*Figure{}
	for i := range figures {
		f := &figures[i]
		k := strings.TrimSuffix(f.key(), "|"+f.Statement)
		cells[k] = append(cells[k], f)
	}
	keys := make([]string, 0, len(cells))
	for k, list := range cells {
		if len(list) > 1 {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	for _, k := range keys {
		list := cells[k]
		slices.SortFunc(list, func(a, b *Figure) int {
			return cmp.Or(cmp.Compare(a.Value, b.Value), cmp.Compare(a.Statement, b.Statement))
		})
		low, high := list[0], list[len(list)-1]
		if Agree(low.Value, high.Value) {
			continue
		}
		first, second := Value{low.Issuer, number(low.Value)}, Value{high.Issuer, number(high.Value)}
		f := low.finding("conflict", Question, first, second)
		f.Mark = k
		out = append(out, f)
	}
	return out
}

// Agree reports whether one of two values is the other, rounded: 788 and 788.4 say the same.
func Agree(a, b float64) bool {
	if decimals(a) > decimals(b) {
		a, b = b, a
	}
	same, _ := printed(a, b)
	return same
}
