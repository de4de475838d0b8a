package mapping

import (
	"regexp"
	"slices"
	"strings"
)

// boundTarget is what the rows of a file become: the target's fields in its order, each with the picks of the mapping, and the columns of figures.
type boundTarget struct {
	Target
	fields  []boundTargetField
	figure  *boundTargetField // nil without cells: then it is among fields
	figures []int             // columns
	absent  map[string]string
	numbers string // decimal signs
	titles  map[string]string
	common  []int // places in fields of what is the same for all figures of a line
	headed  []int // and of what the header of a figure says
}

type boundTargetField struct {
	TargetField
	boundField
}

// fieldNames lists the fields that the mapping fills or may fill, in the order YAML writes them.
func (m *Mapping) fieldNames() []string {
	t, ok := TargetNamed(m.Target)
	if !ok {
		return FieldNames
	}
	var names []string
	for _, f := range append(slices.Clone(commonFields), t.Fields...) {
		begin, many := strings.CutSuffix(f.Name, "*")
		if !many {
			names = append(names, f.Name)
			continue
		}
		for _, name := range sortedKeys(m.Fields) {
			if len(name) > len(begin) && strings.HasPrefix(name, begin) {
				names = append(names, name)
			}
		}
	}
	return names
}

func (m *Mapping) bindTarget(t Target, b *bound, main header) *boundTarget {
	bt := &boundTarget{Target: t, absent: foldTable(m.Absent), numbers: string(b.decimal), titles: map[string]string{}}
	for _, name := range m.fieldNames() {
		f, ok := b.fields[name]
		if !ok || name == "key" || name == "known" {
			continue
		}
		tf, _ := t.Field(name)
		place := len(bt.fields)
		bt.fields = append(bt.fields, boundTargetField{tf, f})
		if slices.ContainsFunc(f.picks, func(p boundPick) bool { return p.from == fromHeader }) {
			bt.headed = append(bt.headed, place)
			continue // the column of the figure is its column
		}
		bt.common = append(bt.common, place)
		bt.titles[name] = name
		for _, p := range f.picks {
			if p.from == fromColumn || p.from == fromColumns {
				bt.titles[name] = cellAt(main.names, slices.Max(append(p.ats, p.at)))
				break
			}
		}
	}
	if m.Cells != nil {
		tf, _ := t.Field(t.Figure)
		bt.figure = &boundTargetField{TargetField: tf}
		bt.figures = m.figureColumns(main)
	}
	return bt
}

// figureColumns are the columns that hold figures: those of the mapping's patterns, or all titled ones that nothing else names.
func (m *Mapping) figureColumns(h header) (list []int) {
	named := map[int]bool{}
	for _, c := range m.columns(false) {
		if i := h.at(c.name); i >= 0 {
			named[i] = true
		}
	}
	cols, except := patterns(m.Cells.Columns), patterns(m.Cells.Except)
	for i, name := range h.names {
		name = foldName(name)
		if name == "" || named[i] || matchesAny(except, name, i) || cols != nil && !matchesAny(cols, name, i) {
			continue
		}
		list = append(list, i)
	}
	return list
}

// pattern is a column's name in which "*" stands for any text, or its position.
type pattern struct {
	at int // -1 for a name
	re *regexp.Regexp
}

func patterns(names []string) (list []pattern) {
	for _, n := range names {
		if i, ok := position(n); ok {
			list = append(list, pattern{at: i})
			continue
		}
		list = append(list, pattern{-1, wildcard(foldName(n))})
	}
	return list
}

func wildcard(s string) *regexp.Regexp {
	return regexp.MustCompile("^" + strings.ReplaceAll(regexp.QuoteMeta(s), `\*`, ".*") + "$")
}

func matchesAny(list []pattern, name string, at int) bool {
	return slices.ContainsFunc(list, func(p pattern) bool { return p.at == at || p.re != nil && p.re.MatchString(name) })
}
