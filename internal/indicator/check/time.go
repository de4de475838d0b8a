package check

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// A change of more than steep per cent and more than many of what is counted asks for a comment (guidance of data collections: ± 30 % and 20 cases).
const (
	steep = 30.0
	many  = 20.0
)

// Change checks series: a steep change to the year before, and a printed change that is not the computed one.
func Change(figures []Figure, facts Facts) (out []Finding) {
	series := map[string][]*Figure{}
	for i := range figures {
		f := &figures[i]
		k := strings.Join([]string{f.Indicator, f.Unit, f.Place, f.Sex, f.Age, f.Drug, breakdown(f.Breakdown, "")}, "\x00")
		series[k] = append(series[k], f)
	}
	keys := make([]string, 0, len(series))
	for k := range series {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, k := range keys {
		list := series[k]
		slices.SortFunc(list, func(a, b *Figure) int {
			return cmp.Or(cmp.Compare(a.End.String(), b.End.String()), cmp.Compare(a.Start.String(), b.Start.String()), cmp.Compare(a.Statement, b.Statement), cmp.Compare(a.ID, b.ID))
		})
		for _, f := range list {
			before := yearBefore(list, f)
			if before == nil {
				continue
			}
			out = append(out, changed(before, f, facts)...)
		}
	}
	return out
}

// yearBefore is the figure of the same part of the year before, of the same statement if there is one.
func yearBefore(list []*Figure, f *Figure) (found *Figure) {
	for _, g := range list {
		if !g.Start.Time().AddDate(1, 0, 0).Equal(f.Start.Time()) || g.End.Time().Year()+1 != f.End.Time().Year() || !sameDay(g, f) {
			continue
		}
		if found == nil || g.Statement == f.Statement {
			found = g
		}
	}
	return found
}

// sameDay reports whether two periods end on the same day of the year, or both with February.
func sameDay(a, b *Figure) bool {
	x, y := a.End.Time(), b.End.Time()
	return x.Month() == y.Month() && (x.Day() == y.Day() || x.Month() == 2 && x.AddDate(0, 0, 1).Month() == 3 && y.AddDate(0, 0, 1).Month() == 3)
}

func changed(before, f *Figure, facts Facts) (out []Finding) {
	if before.Value == 0 {
		return nil
	}
	change := 100 * (f.Value - before.Value) / math.Abs(before.Value)
	if f.Change != nil {
		if same, cut := printed(*f.Change, change); !same {
			s := asks(Error, before, f)
			if cut {
				s = Question
			}
			out = append(out, f.finding("printed_change", s, Value{"check.label.printed", number(*f.Change) + " %"}, Value{"check.label.computed", rounded(change, max(1, decimals(*f.Change))) + " %"}))
		}
	}
	ind, ok := facts.Catalogue.Indicator(f.Indicator)
	if ok && ind.Adds() && math.Abs(change) > steep && math.Abs(f.Value-before.Value) > many {
		out = append(out, f.finding("steep_change", Question, Value{"check.label.before", number(before.Value)}, Value{"check.label.now", number(f.Value)}))
	}
	return out
}
