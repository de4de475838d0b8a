package dhis2

import (
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/baqylau/baqylau/internal/interchange"
)

// positions are the columns of a file without a header, in the order that DHIS2 reads.
var positions = []string{"dataElement", "period", "orgUnit", "categoryOptionCombo", "attributeOptionCombo", "value", "storedBy", "lastUpdated",
	"comment", "followup", "deleted"}

// csvTable is a data value set in CSV. The file's columns stay where they are; the computed ones come behind, or take the place of
// columns of their name, which a file of refused rows has.
type csvTable struct {
	rows   interchange.Rows
	held   *interchange.Row // the first row of a file without a header
	header []string
	width  int   // columns of the file
	at     []int // for each field its column, or -1
	extra  []int // for each computed column its index in the header
}

// IsHeader reports whether a line is the header of a data value set in CSV. Case does not count.
func IsHeader(cells []string) bool {
	at := columns(cells)
	return at[dataElement] >= 0 && at[period] >= 0 && at[orgUnit] >= 0 && at[value] >= 0
}

func columns(cells []string) []int {
	at := make([]int, len(fields))
	for i, f := range fields {
		at[i] = slices.IndexFunc(cells, func(c string) bool { return strings.EqualFold(canonical(c), f) })
	}
	return at
}

// canonical is a column's name as the other forms of the data value set write it; any other name stays.
func canonical(name string) string {
	trimmed := strings.TrimSpace(name)
	for _, f := range fields {
		if strings.EqualFold(trimmed, f) {
			return f
		}
	}
	if strings.EqualFold(trimmed, "timestamp") {
		return aliases["timestamp"]
	}
	return name
}

// FromCSV reads the lines of a data value set in CSV. A first line that is no header is taken for a data value, its columns in the order of
// DHIS2.
//
// Errors are those of rows, and Invalid for a header of too many columns; a file without lines is an empty table.
func FromCSV(rows interchange.Rows) (interchange.Table, error) {
	first, err := rows()
	if errors.Is(err, io.EOF) {
		first, rows = interchange.Row{Cells: positions}, func() (interchange.Row, error) { return interchange.Row{}, io.EOF }
	} else if err != nil {
		return nil, err
	}
	t := &csvTable{rows: rows}
	names := slices.Clone(positions)
	if IsHeader(first.Cells) {
		names = slices.Clone(first.Cells)
		for i := range names {
			names[i] = canonical(names[i])
		}
	} else {
		t.held = &first
		names = names[:min(len(names), len(first.Cells))]
	}
	if len(names) > interchange.MaxColumns {
		return nil, interchange.TooManyColumns()
	}
	t.width, t.at = len(names), columns(names)
	for _, c := range interchange.Computed {
		i := slices.Index(names, c)
		if i < 0 {
			i = len(names)
			names = append(names, c)
		}
		t.extra = append(t.extra, i)
	}
	t.header = names
	return t, nil
}

// Header is the names of the columns.
func (t *csvTable) Header() []string { return t.header }

// Next gives the next data value. A line with fewer cells than the header is given as it is: what its cells are cannot be told.
func (t *csvTable) Next() (row interchange.Row, err error) {
	if t.held != nil {
		row, t.held = *t.held, nil
	} else if row, err = t.rows(); err != nil {
		return row, err
	}
	if len(row.Cells) < t.width || blank(row.Cells) {
		return row, nil
	}
	var r record
	for f, i := range t.at {
		if i >= 0 {
			r[f] = row.Cells[i]
		}
	}
	computed := r.judge(&row, func(field int) int { return t.at[field] })
	beyond := row.Cells[t.width:]
	cells := append(slices.Clip(slices.Clone(row.Cells[:t.width])), make([]string, len(t.header)-t.width)...)
	for i, c := range t.extra {
		cells[c] = computed[i]
	}
	row.Cells = append(cells, beyond...)
	return row, nil
}

func blank(cells []string) bool {
	return !slices.ContainsFunc(cells, func(c string) bool { return strings.TrimSpace(c) != "" })
}

// IsValue reports whether a line can be a data value of a file without a header: its second cell is a period of DHIS2, and it reaches to the
// value.
func IsValue(cells []string) bool {
	if len(cells) < slices.Index(positions, "value")+1 {
		return false
	}
	_, ok := ParsePeriod(strings.TrimSpace(cells[period]))
	return ok
}
