package mapping

import (
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"
)

const searchLines = 50 // how far down a header is looked for

// header is the line of column names and where each needed column is.
type header struct {
	names  []string
	levels [][]string // of each column: its name in each header line
	above  string     // the text of the lines above, one per line
	line   int
	ahead  *row           // the first line of data, where it had to be read to see that the header ends
	index  map[string]int // folded name → position, for the columns the mapping names
}

const headerAll = "all" // of a header: all its levels together

// foldName makes header names comparable: case, spaces, line breaks and composed letters do not count.
func foldName(s string) string {
	return strings.ToLower(strings.Join(strings.Fields(norm.NFC.String(strings.TrimPrefix(s, "\uFEFF"))), " "))
}

// column is a column a mapping names, and whether the file must have it.
type column struct {
	name   string
	needed bool
}

// columns lists what the mapping reads from the main file (joined false) or the second file (joined true).
func (m *Mapping) columns(joined bool) (list []column) {
	add := func(name string, needed bool) {
		if name != "" {
			list = append(list, column{name, needed})
		}
	}
	tests := func(ts []Test) {
		for _, t := range ts {
			add(t.Column, true)
		}
	}
	field := func(f Field, needed, joined bool) {
		for _, p := range f.Picks {
			if p.Joined != joined {
				continue
			}
			for _, name := range append([]string{p.Column}, p.Columns...) {
				add(name, needed && !p.Optional)
			}
			if needed && !p.Optional {
				tests(p.When)
			}
		}
	}
	for _, name := range m.fieldNames() {
		field(m.Fields[name], true, joined)
	}
	if !joined {
		for _, name := range m.Extra {
			add(name, false)
		}
		tests(m.Skip)
		tests(m.Only)
		if m.Join != nil {
			add(m.Join.On, true)
		}
	} else {
		add(m.Join.Key, true)
	}
	for _, s := range m.Substances {
		if s.Joined != joined {
			continue
		}
		add(s.Column, !s.Optional)
		field(s.Role, !s.Optional, false)
		field(s.Level, !s.Optional, false)
		if !s.Optional {
			tests(s.When)
		}
	}
	return list
}

// position reads "#3" as column 3.
func position(name string) (int, bool) {
	if n, ok := strings.CutPrefix(name, "#"); ok {
		if i, err := strconv.Atoi(n); err == nil && i >= 1 {
			return i - 1, true
		}
	}
	return 0, false
}

// match tries names as the header: which needed columns are absent, and which named ones stand there twice.
func match(names []string, cols []column) (h header, missing, twice []string) {
	h = header{names: names, index: map[string]int{}}
	at := make(map[string]int, len(names))
	double := map[string]bool{}
	for i, n := range names {
		n = foldName(n)
		if _, ok := at[n]; ok && n != "" {
			double[n] = true
			continue
		}
		at[n] = i
	}
	for _, c := range cols {
		key := foldName(c.name)
		if i, ok := position(c.name); ok && i < len(names) {
			h.index[key] = i
			continue
		}
		i, ok := at[key]
		switch {
		case ok && double[key]:
			twice = appendNew(twice, c.name)
			fallthrough
		case ok:
			h.index[key] = i
		case c.needed:
			missing = appendNew(missing, c.name)
		}
	}
	return h, missing, twice
}

func appendNew(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}

// levelSign stands between the lines of a header in the name of a column.
const levelSign = " / "

// filled counts the different texts of a line.
func filled(r row) int {
	seen := map[string]bool{}
	for _, c := range r.cells {
		if c = foldName(c); c != "" {
			seen[c] = true
		}
	}
	return len(seen)
}

// joinNames makes one name per column of several header lines: "Substances / first". In a header of one line an area merged
// over several columns names only the first of them.
func joinNames(lines []row) []string {
	width := 0
	for _, l := range lines {
		width = max(width, len(l.cells))
	}
	names := make([]string, width)
	for _, l := range lines {
		for i, c := range l.cells {
			c = strings.TrimSpace(strings.TrimPrefix(c, "\uFEFF"))
			switch {
			case c == "" || c == names[i] || l.copied(i) && len(lines) == 1:
			case names[i] == "":
				names[i] = c
			default:
				names[i] += levelSign + c
			}
		}
	}
	return names
}

// levelNames is the header of each column line by line.
func levelNames(lines []row) [][]string {
	width := 0
	for _, l := range lines {
		width = max(width, len(l.cells))
	}
	levels := make([][]string, width)
	for i := range levels {
		for _, l := range lines {
			levels[i] = append(levels[i], clean(cellAt(l.cells, i)))
		}
	}
	return levels
}

// sentence is the text of a line: its cells, those of a merged area once.
func sentence(cells []string) string {
	var parts []string
	for _, c := range cells {
		if c = clean(c); c != "" && (len(parts) == 0 || parts[len(parts)-1] != c) {
			parts = append(parts, c)
		}
	}
	return strings.Join(parts, " ")
}

// copied reports whether the cell's text was copied from a merged area.
func (r *row) copied(cell int) bool {
	for i, c := range r.cell {
		if c == cell && r.faults[i].Key == "import.cell.merged" {
			return true
		}
	}
	return false
}
