package mapping

import (
	"strings"

	"github.com/baqylau/baqylau"
)

// interpreter turns cells into a Record; it holds what does not change from row to row.
type interpreter struct {
	*bound
	names       []string // header, for messages
	joinedNames []string // header of the joined file
	head        header
	sheet       string // name of the sheet
	side        *sideTable
	persons     func(number string) (pseudonym string, ok bool)
	today       baqylau.Date
	xlsx        bool
	epoch       bool // day numbers count from 1904
}

// reading is the work on one row.
type reading struct {
	*interpreter
	cells  []string
	rec    *Record
	joined bool     // the cells are of the joined file
	figure int      // the column of the figure that a row is read for; its header is that of a pick
	open   []string // fields whose text is taken as it stands
	keyed  []string // the cells with pseudonyms for the numbers of persons; nil while there are none
	masked []string // and with asterisks
}

// columnName is the header of a column, for messages.
func (r *reading) columnName(at int) string {
	if r.joined {
		return cellAt(r.joinedNames, at)
	}
	return cellAt(r.names, at)
}

func (r *reading) fault(at int, key, remedy, value string) {
	r.rec.Problems = append(r.rec.Problems, Problem{Row: r.rec.Row, Sheet: r.rec.Sheet, Column: r.columnName(at), Key: key, Remedy: remedy, Value: clip(value)})
}

func (r *reading) warn(at int, key, remedy, value string) {
	r.fault(at, key, remedy, value)
	r.rec.Problems[len(r.rec.Problems)-1].Warning = true
}

// cell is the cleaned cell; the mapping's words for "nothing" are empty.
func (r *reading) cell(at int) string { return r.word(cellAt(r.cells, at)) }

func (r *reading) word(s string) string {
	s = clean(s)
	if s != "" && len(r.empty) > 0 && r.empty[fold(s)] {
		return ""
	}
	return s
}

// read fills a record from one line.
func (in *interpreter) read(line row) Record {
	rec := Record{Row: line.line, No: int64(line.line), Raw: line.cells}
	r := &reading{interpreter: in, cells: line.cells, rec: &rec, figure: -1}
	for i, p := range line.faults {
		p.Column = cellAt(in.names, line.cell[i])
		rec.Problems = append(rec.Problems, p)
	}
	if in.target != nil {
		r.rows(line)
		return rec
	}
	rec.Kind = r.coded("kind", true)
	r.occurred()
	r.known()
	r.region()
	rec.PlaceType = r.coded("place_type", false)
	rec.Form = r.coded("form", false)
	rec.Sex = r.coded("sex", false)
	rec.Outcome = r.coded("outcome", false)
	rec.Key = r.text("key", false).code
	r.quantity()
	r.age()
	r.notes()
	for _, x := range in.extra {
		if s := r.cell(x.at); s != "" {
			if rec.Extra == nil {
				rec.Extra = make(map[string]string, len(in.extra))
			}
			rec.Extra[x.name] = s
		}
	}
	r.mentions()
	return rec
}

// found is what the picks of a field gave.
type found struct {
	code  string // the value; "" if there is none
	raw   string // what the source wrote
	at    int    // the column it stood in, -1 for none
	coded bool   // code comes from a table or constant, not from the cell itself
	open  bool   // the mapping takes the cell whatever it says
	// A value that a table lacks is a fault only when no other pick gives a value.
	unknown   string
	unknownAt int
}

// value tries the picks of a field in turn.
func (r *reading) value(f boundField) found {
	v := found{at: -1}
	for i := range f.picks {
		p := &f.picks[i]
		if len(p.when) > 0 && p.from != fromJoined && !all(p.when, r.cells) {
			continue
		}
		if p.Value != "" {
			v.code, v.at, v.coded = p.Value, -1, true
			return v
		}
		s, at := r.textOf(p)
		if s == "" {
			continue
		}
		if v.raw == "" {
			v.raw, v.at = s, at
		}
		if p.table == nil && p.Flag == "" || p.Unknown == Keep && p.table != nil && !has(p.table, fold(s)) {
			return found{code: s, raw: s, at: at, open: p.Unknown == Keep}
		}
		if c, ok := p.meaning(s); ok {
			if c == "" {
				continue
			}
			return found{code: c, raw: s, at: at, coded: true}
		}
		if p.Unknown != Ignore && v.unknown == "" {
			v.unknown, v.unknownAt = s, at
		}
	}
	return v
}

// textOf is the text that a pick reads, "" if it finds none, and the column it stands in.
func (r *reading) textOf(p *boundPick) (s string, at int) {
	switch at = -1; p.from {
	case fromColumn:
		s, at = r.cell(p.at), p.at
	case fromColumns:
		var parts []string
		for _, i := range p.ats {
			if part := r.cell(i); part != "" {
				parts = append(parts, part)
			}
			at = max(at, i)
		}
		s = strings.Join(parts, " ")
	case fromSheet:
		s = clean(r.sheet)
	case fromAbove:
		s = r.head.above
	case fromHeader:
		at = r.figure
		s = r.headerOf(at, p.level)
	case fromJoined:
		for _, cells := range r.joinedRows(p) {
			if s = r.word(cellAt(cells, p.at)); s != "" {
				break
			}
		}
	}
	s = p.matched(s)
	if p.last != nil {
		if s == "" {
			s = *p.last
		}
		*p.last = s
	}
	return s, at
}

// headerOf is the name of a column, or what stands in one line of a header of several.
func (r *reading) headerOf(at, level int) string {
	if level == 0 {
		return cellAt(r.names, at)
	}
	if at >= 0 && at < len(r.head.levels) {
		return cellAt(r.head.levels[at], level-1)
	}
	return ""
}

// joinedRows is the rows of the second file that belong to the row and fulfil the pick's conditions.
func (r *reading) joinedRows(p *boundPick) (list [][]string) {
	if r.side == nil {
		return nil
	}
	for _, s := range r.side.of(r.cells, r.join) {
		if all(p.when, s.cells) {
			list = append(list, s.cells)
		}
	}
	return list
}

// matched is the part of a text that the pick asks for.
func (p *boundPick) matched(s string) string {
	if p.match == nil || s == "" {
		return s
	}
	m := p.match.FindStringSubmatch(s)
	switch len(m) {
	case 0:
		return ""
	case 1:
		return clean(m[0])
	}
	return clean(m[1])
}

// meaning is what a text of a table or of a column of yes and no stands for.
func (p *boundPick) meaning(s string) (code string, ok bool) {
	if p.Flag == "" {
		code, ok = p.table[fold(s)]
		return code, ok
	}
	switch low := fold(s); {
	case yesWords[low]:
		return p.Flag, true
	case noWords[low]:
		return "", true
	}
	return "", false
}

func has(m map[string]string, k string) bool { _, ok := m[k]; return ok }

// text is the value of a field; an unknown code and a missing required value are faults.
func (r *reading) text(name string, required bool) found {
	f, ok := r.fields[name]
	if !ok {
		return found{at: -1}
	}
	v := r.value(f)
	if v.code == "" {
		if v.unknown != "" {
			r.fault(v.unknownAt, "import.code.unknown", RemedyMapping, v.unknown)
		} else if required || f.required {
			r.missing(name, f)
		}
	}
	return v
}

// missing names the first column that should have given the value, or the field when none could.
func (r *reading) missing(name string, f boundField) {
	for _, p := range f.picks {
		if p.at >= 0 {
			r.fault(p.at, "import.value.missing", RemedyCell, "")
			return
		}
	}
	r.fault(-1, "import.value.missing", RemedyCell, "")
	r.rec.Problems[len(r.rec.Problems)-1].Column = name
}

// coded is a field whose values are a closed list.
func (r *reading) coded(name string, required bool) string {
	v := r.text(name, required)
	return r.listed(name, v.code, v.at)
}

// listed checks a value against the list of the field; for sex the words of the three languages are understood.
func (r *reading) listed(name, code string, at int) string {
	if code == "" {
		return ""
	}
	low := fold(code)
	for _, v := range vocabulary[name] {
		if v == low {
			return v
		}
	}
	if name == "sex" {
		if v, ok := sexWords[low]; ok {
			return v
		}
	}
	r.fault(at, "import.code.unknown", RemedyMapping, code)
	return ""
}

// region keeps apart a code, which is final, and a name, which is text to be looked up.
func (r *reading) region() {
	v := r.text("region", false)
	if r.rec.RegionText = v.raw; v.at >= 0 {
		r.rec.RegionColumn = r.columnName(v.at)
	}
	if r.rec.RegionOpen = v.open || v.code == ""; v.coded { // what a table lacks and the mapping ignores is no name
		r.rec.Region = v.code
	}
}

func (r *reading) notes() { r.rec.Notes = r.lines(r.fields["notes"]) }

// lines is the text of a field that takes all its columns and not the first.
func (r *reading) lines(f boundField) string {
	var parts []string
	for i := range f.picks {
		p := &f.picks[i]
		if len(p.when) > 0 && !all(p.when, r.cells) {
			continue
		}
		s := p.Value
		if s == "" {
			s, _ = r.textOf(p)
		}
		if s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, "\n")
}

func (r *reading) addNote(s string) {
	if r.rec.Notes != "" {
		r.rec.Notes += "\n"
	}
	r.rec.Notes += s
}
