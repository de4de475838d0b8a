package mapping

import (
	"maps"
	"slices"
	"strings"

	"github.com/baqylau/baqylau"
)

// multiSeparator stands between the codes of a field of several.
const multiSeparator = ";"

// rows reads what a line gives to the mapping's target: one row, or one for each figure.
func (r *reading) rows(line row) {
	rec, t := r.rec, r.target
	r.mergedFigures(line)
	rec.Key = r.text("key", false).code
	known, prec := r.day("known")
	if prec != baqylau.Day && !known.IsZero() {
		known = lastDay(known, prec)
	}
	silent := t.figure != nil && !slices.ContainsFunc(t.figures, func(at int) bool { return r.cell(at) != "" })
	values := make(map[string]string, len(t.fields))
	for _, i := range t.common {
		r.put(values, &t.fields[i])
	}
	add := func(v map[string]string) {
		row := Row{Line: rec.Row, Sheet: rec.Sheet, Key: rec.Key, Known: known, Values: v, target: t.Name, titles: t.titles, open: r.open}
		if r.figure >= 0 {
			row.Column = cellAt(r.names, r.figure)
		}
		rec.Rows = append(rec.Rows, row)
	}
	if t.figure == nil {
		if t.Figure == "" || r.hasFigure(values) {
			add(values)
		}
	} else {
		r.eachFigure(values, add)
	}
	for _, x := range r.extra {
		if s := r.cell(x.at); s != "" {
			if rec.Extra == nil {
				rec.Extra = make(map[string]string, len(r.extra))
			}
			rec.Extra[x.name] = s
		}
	}
	if r.m.Group == NoGroup {
		r.finish(rec)
	}
	if silent && len(rec.Rows) == 0 { // the heading of a group of lines, or a remark
		rec.Problems = nil
	}
	if rec.keyed = r.keyed; r.masked != nil {
		rec.Raw = r.masked
	}
}

// finish brings the fields of each row together, once all lines of a record are read, and faults what is missing.
func (in *interpreter) finish(rec *Record) {
	if in.target == nil {
		return
	}
	r := &reading{interpreter: in, rec: rec}
	for i := range rec.Rows {
		row := &rec.Rows[i]
		if in.target.Complete != nil {
			in.target.Complete(row)
		}
		r.required(row)
		rec.Problems = append(rec.Problems, row.Problems...)
		row.Problems = nil
	}
}

// eachFigure reads the figures of a line, each with what its header says.
func (r *reading) eachFigure(common map[string]string, add func(map[string]string)) {
	t := r.target
	for _, at := range t.figures {
		r.figure = at
		values := maps.Clone(common)
		if r.putFigure(values, t.figure.Name, r.cell(at), at); !r.hasFigure(values) {
			continue
		}
		for _, i := range t.headed {
			r.put(values, &t.fields[i])
		}
		add(values)
	}
	r.figure = -1
}

// hasFigure reports whether there is a figure, or a reason why there is none.
func (r *reading) hasFigure(values map[string]string) bool {
	for _, field := range []string{r.target.Figure, "low", "high", "absence"} {
		if values[field] != "" {
			return true
		}
	}
	return false
}

// required faults what must not be missing: the target's own fields and those of the mapping.
func (r *reading) required(row *Row) {
	t := r.target
	for _, f := range t.Fields {
		if f.Required && row.Values[f.Name] == "" && f.Name != t.Figure && !r.faulted(row, f.Name) {
			row.Fault(f.Name, "import.value.missing", RemedyCell, "")
		}
	}
	for i := range t.fields {
		if f := &t.fields[i]; f.required && !f.Required && row.Values[f.Name] == "" && !r.faulted(row, f.Name) {
			row.Fault(f.Name, "import.value.missing", RemedyCell, "")
		}
	}
}

// faulted reports whether a field that has no value has been told already.
func (r *reading) faulted(row *Row, field string) bool {
	title := row.Title(field)
	same := func(p Problem) bool { return p.Column == title && !p.Warning }
	return slices.ContainsFunc(r.rec.Problems, same) || slices.ContainsFunc(row.Problems, same)
}

// mergedFigures makes a fault of the figure of a merged area, which stands in one cell and would count in several. Merged names are what such tables are made of.
func (r *reading) mergedFigures(line row) {
	r.rec.Problems = r.rec.Problems[:0:0]
	for i, p := range line.faults {
		if p.Column = cellAt(r.names, line.cell[i]); p.Key == "import.cell.merged" {
			if !slices.Contains(r.target.figures, line.cell[i]) {
				continue
			}
			p.Warning = false
		}
		p.Sheet = r.rec.Sheet
		r.rec.Problems = append(r.rec.Problems, p)
	}
}

// put reads a field by its kind.
func (r *reading) put(values map[string]string, f *boundTargetField) {
	v := ""
	switch f.Kind {
	case KindDate:
		if d, prec := r.dayOf(f.boundField); !d.IsZero() {
			v = d.Truncated(prec)
		}
	case KindMulti:
		v = r.multi(f)
	case KindNotes:
		v = r.lines(f.boundField)
	case KindPerson:
		v = r.person(f)
	default:
		got := r.value(f.boundField)
		if got.code == "" {
			if got.unknown != "" {
				r.fault(got.unknownAt, "import.code.unknown", RemedyMapping, got.unknown)
			} else if f.Name == r.target.Figure && f.Kind == KindNumber {
				r.putFigure(values, f.Name, "", -1)
			}
			return
		}
		if f.Name == r.target.Figure && f.Kind == KindNumber {
			r.putFigure(values, f.Name, got.code, got.at)
			return
		}
		if got.open {
			r.open = append(r.open, f.Name)
		}
		v = r.normal(f, got)
	}
	if v != "" {
		values[f.Name] = v
	}
}

// normal writes a value as its kind is written.
func (r *reading) normal(f *boundTargetField, got found) string {
	switch f.Kind {
	case KindCode:
		return r.codeOf(&f.TargetField, got.code, got.at)
	case KindNumber, KindCount:
		fig, result := parseFigure(got.code, r.decimals(), r.m.Odd)
		switch {
		case result == zeroedFigure:
			r.fault(got.at, "import.number.zeros", RemedyCell, got.code)
		case result == noFigure || fig.value == "" || fig.qualifier != "":
			r.fault(got.at, "import.number.format", RemedyMapping, got.code)
		case f.Kind == KindCount && strings.ContainsAny(fig.value, "-."):
			r.fault(got.at, "import.number.whole", RemedyCell, got.code)
		default:
			return fig.value
		}
	case KindPeriod:
		if p, ok := r.period(f.boundField, got.code); ok {
			return p.String()
		}
		r.fault(got.at, "import.period.format", RemedyMapping, got.code)
	case KindYes:
		switch low := fold(got.code); {
		case yesWords[low]:
			return "yes"
		case noWords[low]:
			return "no"
		}
		r.fault(got.at, "import.code.unknown", RemedyMapping, got.code)
	default:
		return got.code
	}
	return ""
}

// decimals are the decimal signs of the file; number cells of a spreadsheet have a point whatever its language shows.
func (r *reading) decimals() string {
	if r.xlsx && r.decimal != '.' {
		return string(r.decimal) + "."
	}
	return string(r.decimal)
}

// period reads a period, by the pick's own formats first.
func (r *reading) period(f boundField, s string) (dayRange, bool) {
	for i := range f.picks {
		for _, l := range f.picks[i].layouts {
			if d, prec, got := l.parse(s); got == dateOK {
				return dayRange{d, lastDay(d, prec)}, true
			}
		}
	}
	return parsePeriod(s)
}

// lastDay is the last day of a year or month.
func lastDay(d baqylau.Date, prec baqylau.Precision) baqylau.Date {
	switch t := d.Time(); prec {
	case baqylau.Year:
		return months(t.Year(), 1, 12).to
	case baqylau.Month:
		return months(t.Year(), int(t.Month()), int(t.Month())).to
	}
	return d
}

// codeOf is a code of the field's list, "" with a fault when it is none. A field without a list takes any.
func (r *reading) codeOf(f *TargetField, code string, at int) string {
	if f.List == nil {
		return code
	}
	low := fold(code)
	for _, v := range f.List {
		if fold(v) == low {
			return v
		}
	}
	if v, ok := f.Words[low]; ok {
		return v
	}
	r.fault(at, "import.code.unknown", RemedyMapping, code)
	return ""
}

// putFigure reads the text of a figure: a number, or a reason why there is none.
func (r *reading) putFigure(values map[string]string, field, s string, at int) {
	if reason, ok := r.target.absent[fold(s)]; ok {
		if reason != "" {
			values["absence"] = reason
		}
		return
	}
	if s == "" {
		return
	}
	f, got := parseFigure(s, r.decimals(), r.m.Odd)
	switch got {
	case zeroedFigure:
		r.fault(at, "import.number.zeros", RemedyCell, s)
	case noFigure:
		r.fault(at, "import.number.format", RemedyMapping, s)
	default:
		for name, v := range map[string]string{field: f.value, "low": f.low, "high": f.high, "qualifier": f.qualifier} {
			if v != "" {
				values[name] = v
			}
		}
	}
}

// multi gathers the values of all picks.
func (r *reading) multi(f *boundTargetField) string {
	var list []string
	for i := range f.picks {
		p := &f.picks[i]
		if len(p.when) > 0 && p.from != fromJoined && !all(p.when, r.cells) {
			continue
		}
		for _, part := range r.parts(p) {
			code := part
			if p.Value == "" && (p.table != nil || p.Flag != "") {
				var known bool
				if code, known = p.meaning(part); !known {
					switch {
					case p.Unknown == Keep:
						code = part
					case p.Unknown != Ignore:
						r.fault(p.at, "import.code.unknown", RemedyMapping, part)
					}
				}
			}
			for c := range strings.SplitSeq(code, multiSeparator) {
				if c = clean(c); c == "" {
					continue
				}
				if c = r.codeOf(&f.TargetField, c, p.at); c != "" && !slices.Contains(list, c) && len(list) < maxMentions {
					list = append(list, c)
				}
			}
		}
	}
	return strings.Join(list, multiSeparator)
}

// parts is the texts that a pick of a field of several reads: of a second file, one of each row.
func (r *reading) parts(p *boundPick) (list []string) {
	if p.Value != "" {
		return []string{p.Value}
	}
	texts := []string{}
	if p.from == fromJoined {
		for _, cells := range r.joinedRows(p) {
			texts = append(texts, p.matched(r.word(cellAt(cells, p.at))))
		}
	} else {
		s, _ := r.textOf(p)
		texts = append(texts, s)
	}
	for _, s := range texts {
		if p.Separator == "" {
			list = append(list, s)
			continue
		}
		for _, part := range strings.SplitN(s, p.Separator, maxMentions+1) {
			list = append(list, r.word(part))
		}
	}
	return slices.DeleteFunc(list, func(s string) bool { return s == "" })
}

// person turns a personal number into a pseudonym and blackens it in what is kept of the row.
func (r *reading) person(f *boundTargetField) string {
	for i := range f.picks {
		p := &f.picks[i]
		if len(p.when) > 0 && p.from != fromJoined && !all(p.when, r.cells) {
			continue
		}
		s, at := r.textOf(p)
		if s == "" {
			continue
		}
		pseudonym, ok := "", true
		if r.persons != nil {
			pseudonym, ok = r.persons(s)
		}
		if at >= 0 {
			if r.keyed == nil {
				r.keyed, r.masked = slices.Clone(r.cells), slices.Clone(r.cells)
			}
			r.keyed[at], r.masked[at] = pseudonym, asterisks(r.cells[at])
		}
		if !ok {
			r.fault(at, "import.person.number", RemedyCell, "")
			return ""
		}
		return pseudonym
	}
	return ""
}

// asterisks stands for a number that must not be kept, and whatever else stands in its cell.
func asterisks(s string) string {
	return strings.Map(func(c rune) rune {
		if c == ' ' || c == '-' {
			return c
		}
		return '*'
	}, s)
}

// day is the date of a field that reports and targets share.
func (r *reading) day(name string) (baqylau.Date, baqylau.Precision) {
	f, ok := r.fields[name]
	if !ok {
		return baqylau.Date{}, baqylau.Day
	}
	return r.dayOf(f)
}

// dayOf reads a date; a constant is one that Check has read.
func (r *reading) dayOf(f boundField) (baqylau.Date, baqylau.Precision) {
	d, prec, _, tried := r.dateOf(f)
	if tried {
		return d, prec
	}
	for i := range f.picks {
		if p := &f.picks[i]; p.Value != "" && (len(p.when) == 0 || all(p.when, r.cells)) {
			if d, prec, err := baqylau.ParseDate(p.Value); err == nil {
				return d, prec
			}
		}
	}
	return baqylau.Date{}, baqylau.Day
}
