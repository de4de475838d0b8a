package sdmxcsv

import (
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/baqylau/baqylau/internal/interchange"
)

// table is a data message. The file's columns stay where they are, named by the ids of their components; where the message has names beside
// the codes ("A: Annual"), these come behind in columns called "FREQ (label)"; then the computed columns, which take the place of columns of
// their name that a file of refused rows has.
type table struct {
	rows    interchange.Rows
	header  []string
	width   int    // columns of the file
	split   []int  // for each column of the file the column of its label, or -1
	sep     string // between the values of a multi-valued component; "" when the message has none
	extra   []int  // for each computed column its index in the header
	columns map[string]int
}

// IsHeader reports whether a line is the header of a data message: its first column is DATAFLOW (1.0), or STRUCTURE followed by STRUCTURE_ID
// (2.0).
func IsHeader(cells []string) bool {
	if len(cells) < 2 {
		return false
	}
	first := strings.TrimPrefix(strings.TrimSpace(cells[0]), "\uFEFF")
	return first == "DATAFLOW" || structure.MatchString(first) && strings.TrimSpace(cells[1]) == "STRUCTURE_ID"
}

var (
	structure = regexp.MustCompile(`^STRUCTURE(\[(.)\])?$`)
	code      = regexp.MustCompile(`^[A-Za-z0-9_@$.+\-]+$`) // an id of SDMX, or a time period
)

// FromCSV reads the lines of a data message.
//
// Errors are those of rows, and Invalid: no data message, or too many columns.
func FromCSV(rows interchange.Rows) (interchange.Table, error) {
	first, err := rows()
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if !IsHeader(first.Cells) {
		return nil, interchange.NotSDMX()
	}
	if len(first.Cells) > interchange.MaxColumns {
		return nil, interchange.TooManyColumns()
	}
	t := &table{rows: rows, width: len(first.Cells), columns: map[string]int{}}
	t.name(slices.Clone(first.Cells))
	for _, c := range interchange.Computed {
		i := slices.Index(t.header, c)
		if own := slices.Index(t.header, "QUALIFIER"); i < 0 && c == "qualifier" && own >= 0 {
			i, t.header[own] = own, c // an importer does not tell apart names that differ in case alone
			t.columns["QUALIFIER"] = own
		}
		if i < 0 {
			i = len(t.header)
			t.header = append(t.header, c)
		}
		t.extra = append(t.extra, i)
	}
	for i := t.width - 1; i >= 0; i-- {
		t.columns[t.header[i]] = i
	}
	return t, nil
}

// name makes the header of the file's own, by the way in which it gives labels: both in one cell, in a column behind, or none.
func (t *table) name(names []string) {
	for i := range names {
		names[i] = strings.TrimSpace(strings.TrimPrefix(names[i], "\uFEFF"))
	}
	if m := structure.FindStringSubmatch(names[0]); m != nil {
		names[0], t.sep = "STRUCTURE", m[2]
	}
	t.split = make([]int, len(names))
	for i := range t.split {
		t.split[i] = -1
	}
	switch {
	case slices.ContainsFunc(names[1:], func(s string) bool { return strings.Contains(s, ": ") }):
		t.both(names)
	case len(names) > 2 && names[2] == "STRUCTURE_NAME":
		t.header = besides(names)
	default:
		t.header = names
	}
}

// both takes "FREQ: Frequency" apart, and makes a column for the label of each component.
func (t *table) both(names []string) {
	var labels []string
	for i, n := range names {
		id, _, labelled := strings.Cut(n, ": ")
		if i > 0 && labelled && id != "STRUCTURE_ID" && !isText(id) {
			t.split[i] = len(names) + len(labels)
			labels = append(labels, label(id))
		}
		if labelled {
			names[i] = id
		}
	}
	t.header = append(names, labels...)
}

// besides finds the columns of names that stand behind each component's, and calls them so. A custom column, which has none behind it, is
// told by the next one looking like the id of a component.
func besides(names []string) []string {
	for i := 3; i+1 < len(names); i++ {
		if slices.Contains([]string{"ACTION", "SERIES_KEY", "OBS_KEY"}, names[i]) || names[i+1] != names[i] && names[i+1] == strings.ToUpper(names[i+1]) &&
			code.MatchString(names[i+1]) {
			continue
		}
		names[i+1] = label(names[i])
		i++
	}
	return names
}

func label(id string) string { return id + " (label)" }

// isText reports whether a component is free text by the concepts of SDMX's cross-domain guidelines, so that a colon in it divides nothing.
func isText(id string) bool {
	return strings.HasPrefix(id, "COMMENT") || strings.HasPrefix(id, "TITLE") || strings.HasSuffix(id, "_NOTE")
}

// Header is the names of the columns.
func (t *table) Header() []string { return t.header }

// Next gives the next observation. A line with fewer cells than the header is given as it is: what its cells are cannot be told.
func (t *table) Next() (interchange.Row, error) {
	row, err := t.rows()
	if err != nil || len(row.Cells) < t.width || blank(row.Cells) {
		return row, err
	}
	cells := append(slices.Clone(row.Cells[:t.width]), make([]string, len(t.header)-t.width)...)
	beyond := row.Cells[t.width:]
	for i := range t.width {
		t.cut(cells, i)
	}
	get := func(name string) string {
		if i, ok := t.columns[name]; ok {
			return strings.TrimSpace(cells[i])
		}
		return ""
	}
	value := get("OBS_VALUE")
	f := figure(value, get("OBS_STATUS"), get("QUALIFIER"), get("RELEASE"))
	if strings.EqualFold(value, "NaN") {
		if cells[t.columns["OBS_VALUE"]] = ""; f.Absence == "" {
			f.Absence = interchange.NotKnown
		}
		value = ""
	}
	if value != "" && f.Absence != "" {
		row.Fault(t.columns["OBS_VALUE"], "interchange.both", value)
	}
	p, ok := ParsePeriod(get("TIME_PERIOD"), get("REPORTING_YEAR_START_DAY"))
	if at, has := t.columns["TIME_PERIOD"]; has && !ok {
		if key, text := "interchange.period", get("TIME_PERIOD"); text != "" {
			row.Fault(at, key, text)
		} else if value != "" {
			row.Fault(at, "import.value.missing", "")
		}
	}
	switch action := get("ACTION"); action {
	case "", "I", "A", "M", "R":
	case "D":
		row.Fault(t.columns["ACTION"], "interchange.deleted", action)
	default:
		row.Fault(t.columns["ACTION"], "interchange.action", action)
	}
	note := ""
	if i, ok := t.columns["COMMENT_OBS"]; ok {
		note = cells[i]
	}
	for i, c := range interchange.Compute(p, f, note) {
		if at := t.extra[i]; at >= t.width || c != "" || cells[at] == "EXACT" || t.header[at] != "qualifier" { // a code of another structure stays, and that of a file of refused rows
			cells[at] = c
		}
	}
	row.Cells = append(cells, beyond...)
	return row, nil
}

// cut takes "A: Annual" apart where the message has labels; each value of a multi-valued component by itself.
func (t *table) cut(cells []string, i int) {
	if i == 0 && t.header[0] == "DATAFLOW" || i == 1 && t.header[0] == "STRUCTURE" { // "MD:MD_TEST(1.0): a name"
		cells[i], _, _ = strings.Cut(cells[i], ": ")
		return
	}
	if t.split[i] < 0 {
		return
	}
	parts := []string{cells[i]}
	if t.sep != "" && strings.HasSuffix(t.header[i], "[]") {
		parts = strings.Split(cells[i], t.sep)
	}
	var ids, labels []string
	for _, p := range parts {
		id, text, labelled := strings.Cut(p, ": ")
		if !labelled || !code.MatchString(id) {
			id, text = p, ""
		}
		ids, labels = append(ids, id), append(labels, text)
	}
	cells[i], cells[t.split[i]] = strings.Join(ids, t.sep), strings.Join(labels, t.sep)
}

func blank(cells []string) bool {
	return !slices.ContainsFunc(cells, func(c string) bool { return strings.TrimSpace(c) != "" })
}
