package mapping

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// bound is a mapping whose columns are positions in one file and whose tables are folded for look-up.
type bound struct {
	m          *Mapping
	skip, only []boundTest
	fields     map[string]boundField
	target     *boundTarget // nil for reports
	extra      []boundExtra
	substances []boundSubstance
	empty      map[string]bool
	decimal    byte
	join       int // position of Join.On, or -1
}

type boundExtra struct {
	name string
	at   int
}

type boundTest struct {
	at     int
	values map[string]bool
}

type boundField struct {
	picks    []boundPick
	required bool
}

type boundPick struct {
	Pick
	last    *string // what was found above, for one that looks down; nil for others
	at      int     // column position, -1 for what is in no column
	ats     []int   // of several columns
	from    textFrom
	level   int // of the header, 0 for all of it
	match   *regexp.Regexp
	table   map[string]string
	when    []boundTest
	layouts []layout
	serial  bool
}

// textFrom is where a pick finds its text.
type textFrom int

const (
	fromNothing textFrom = iota // a constant, or a value that is made
	fromColumn
	fromColumns
	fromJoined // a column of the second file
	fromSheet
	fromAbove
	fromHeader
)

type boundSubstance struct {
	Substance
	at          int
	table       map[string]string
	yes, no     map[string]bool
	skip        map[string]bool
	role, level boundField
	when        []boundTest
}

// fold makes cells comparable with code tables.
func fold(s string) string {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c >= 'A' && c <= 'Z' || c >= 0x80 {
			return strings.ToLower(s)
		}
	}
	return s
}

// clean takes off the spaces around a cell, including the unbreakable ones of word processors, and the apostrophe with which
// spreadsheets and WriteRejects keep a text such as "=1+1" from being computed.
func clean(s string) string {
	if s == "" {
		return ""
	}
	if c := s[0]; c > ' ' && c < 0x7f && c != '\'' {
		if c = s[len(s)-1]; c > ' ' && c < 0x7f {
			return s
		}
	}
	s = strings.TrimFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r == '\uFEFF' || r == '\u200B' })
	if len(s) > 1 && s[0] == '\'' && computed(s[1:]) {
		s = s[1:]
	}
	return s
}

func set(list []string) map[string]bool {
	m := make(map[string]bool, len(list))
	for _, s := range list {
		m[fold(clean(s))] = true
	}
	return m
}

func foldTable(t map[string]string) map[string]string {
	m := make(map[string]string, len(t))
	for k, v := range t {
		m[fold(clean(k))] = v
	}
	return m
}

// bind places the mapping on a main file's header and, for columns of the joined file, on that one's.
func (m *Mapping) bind(main, joined header, hasJoin bool) *bound {
	b := &bound{m: m, fields: map[string]boundField{}, empty: set(m.File.Empty), decimal: '.', join: -1}
	if m.File.Decimal != "" {
		b.decimal = m.File.Decimal[0]
	}
	b.skip, b.only = bindTests(main, m.Skip), bindTests(main, m.Only)
	for name, f := range m.Fields {
		b.fields[name] = m.bindField(main, joined, f)
	}
	if t, ok := TargetNamed(m.Target); ok {
		b.target = m.bindTarget(t, b, main)
	}
	for _, name := range m.Extra {
		if at := main.at(name); at >= 0 {
			b.extra = append(b.extra, boundExtra{name, at})
		}
	}
	for _, s := range m.Substances {
		h := main
		if s.Joined {
			if !hasJoin {
				continue
			}
			h = joined
		}
		at := h.at(s.Column)
		if at < 0 {
			continue
		}
		bs := boundSubstance{Substance: s, at: at, skip: set(s.Skip), when: bindTests(h, s.When),
			role: m.bindField(h, h, s.Role), level: m.bindField(h, h, s.Level), yes: yesWords, no: noWords}
		if s.Table != "" || s.Codes != nil {
			bs.table = foldTable(m.tableOf(s.Table, s.Codes))
		}
		if s.Yes != nil {
			bs.yes = set(s.Yes)
		}
		if s.No != nil {
			bs.no = set(s.No)
		}
		b.substances = append(b.substances, bs)
	}
	if m.Join != nil {
		b.join = main.at(m.Join.On)
	}
	return b
}

func (h header) at(name string) int {
	if i, ok := h.index[foldName(name)]; ok {
		return i
	}
	return -1
}

func (m *Mapping) tableOf(name string, inline map[string]string) map[string]string {
	if name != "" {
		return m.Codes[name]
	}
	return inline
}

func bindTests(h header, ts []Test) (list []boundTest) {
	for _, t := range ts {
		list = append(list, boundTest{h.at(t.Column), set(t.Values)})
	}
	return list
}

// bindField drops the picks whose optional column this file lacks, and those of a second file that is not there.
func (m *Mapping) bindField(main, joined header, f Field) boundField {
	bf := boundField{required: f.Required}
	for _, p := range f.Picks {
		h := main
		if p.Joined {
			h = joined
		}
		bp := boundPick{Pick: p, at: -1, when: bindTests(h, p.When)}
		switch {
		case p.Column != "":
			if bp.at = h.at(p.Column); bp.at < 0 {
				continue
			}
			if bp.from = fromColumn; p.Joined {
				bp.from = fromJoined
			}
		case p.Columns != nil:
			bp.from = fromColumns
			for _, c := range p.Columns {
				bp.ats = append(bp.ats, h.at(c))
			}
		case p.Sheet:
			bp.from = fromSheet
		case p.Above:
			bp.from = fromAbove
		case p.Header != "":
			bp.from = fromHeader
			bp.level, _ = strconv.Atoi(p.Header) // all of it is level 0
		}
		if p.Down {
			bp.last = new(string)
		}
		if p.Match != "" {
			bp.match = regexp.MustCompile(p.Match) // Check has compiled it
		}
		if p.Table != "" || p.Codes != nil {
			bp.table = foldTable(m.tableOf(p.Table, p.Codes))
		}
		for _, s := range p.Formats {
			if l, ok := parseLayout(s); ok {
				bp.layouts = append(bp.layouts, l)
			} else if s == serialFormat {
				bp.serial = true
			}
		}
		bf.picks = append(bf.picks, bp)
		bf.required = bf.required && !p.Digest // a digest is never missing
	}
	return bf
}

func (t boundTest) holds(cells []string) bool { return t.values[fold(clean(cellAt(cells, t.at)))] }

func all(ts []boundTest, cells []string) bool {
	for _, t := range ts {
		if !t.holds(cells) {
			return false
		}
	}
	return true
}

// cellAt is the cell at a position, "" where the line is shorter or the column absent.
func cellAt(cells []string, at int) string {
	if at < 0 || at >= len(cells) {
		return ""
	}
	return cells[at]
}
