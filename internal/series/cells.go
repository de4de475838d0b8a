package series

import (
	"cmp"
	"slices"

	"github.com/baqylau/baqylau"
)

// Overlap is the kind of the negative deltas that make the sum over all kinds count an occurrence once, although several kinds of
// report describe it: an occurrence with k kinds has k deltas of +1 and one overlap of -(k-1).
const Overlap = "overlap"

// Key is one cell: where, what, which kind of report, which week.
type Key struct {
	Country, Region string
	Dim             Dim
	ID              string // substance id or family code; "" for Total
	Kind            string // kind of report or Overlap
	Week            baqylau.Week
}

// Cells maps cells to counts: what one occurrence contributes, or the change of many.
type Cells map[Key]int

// Minus returns the change from old to c.
func (c Cells) Minus(old Cells) Cells {
	d := Cells{}
	for k, n := range c {
		d[k] += n
	}
	for k, n := range old {
		d[k] -= n
	}
	return d
}

// sorted lists the cells that are not zero subject by subject, as the table's index has them, so that the many rows of an import land beside each other.
func (c Cells) sorted() []Key {
	keys := make([]Key, 0, len(c))
	for k, n := range c {
		if n != 0 {
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, func(a, b Key) int {
		return cmp.Or(cmp.Compare(a.Dim, b.Dim), cmp.Compare(a.ID, b.ID), cmp.Compare(a.Country, b.Country), cmp.Compare(a.Week, b.Week), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Region, b.Region))
	})
	return keys
}

// Occurrence is what a count needs to know of one occurrence: the kinds of its reports and, per subject, the kinds that found it.
type Occurrence struct {
	Country, Region string
	Week            baqylau.Week
	Kinds           map[string]bool
	Found           map[Subject]map[string]bool // subject -> kinds of report that found it
}

// Cells is what the occurrence contributes: one per subject and kind, less the overlaps.
func (o Occurrence) Cells() Cells {
	c := Cells{}
	add := func(s Subject, kinds map[string]bool) {
		for k := range kinds {
			c[Key{o.Country, o.Region, s.Dim, s.ID, k, o.Week}]++
		}
		if n := len(kinds); n > 1 {
			c[Key{o.Country, o.Region, s.Dim, s.ID, Overlap, o.Week}] -= n - 1
		}
	}
	if len(o.Kinds) > 0 {
		add(Subject{Total, ""}, o.Kinds)
	}
	for s, kinds := range o.Found {
		add(s, kinds)
	}
	return c
}

// Week returns the week an occurrence counts in: that of its day or month, and for year-precise or unknown days the week it became known.
func Week(occurred baqylau.Date, p baqylau.Precision, known baqylau.Date) baqylau.Week {
	if occurred.IsZero() || p == baqylau.Year {
		return known.Week()
	}
	return occurred.Week()
}
