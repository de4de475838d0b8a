package mapping

import (
	"bytes"
	"errors"
	"io"
	"slices"

	"github.com/baqylau/baqylau/internal/interchange"
	"github.com/baqylau/baqylau/internal/interchange/adx"
	"github.com/baqylau/baqylau/internal/interchange/dhis2"
	"github.com/baqylau/baqylau/internal/interchange/sdmxcsv"
)

// Standards are what a mapping may say of the format of its file: a format of national statistics, or "table", an ordinary table whatever its
// header looks like.
var Standards = []string{"dhis2", "adx", "sdmx-csv", "table"}

// exchangeRows gives a file of national statistics as a table with a header: the columns of the format, and those that the reader computes
// (the period's first and last day, absence, qualifier, provisional).
type exchangeRows struct {
	table  interchange.Table
	headed bool   // the header has been given out
	under  *row   // the line of a CSV file that the last row was made of, with its faults
	free   func() // gives the temporary file back
}

// document tells a file in JSON or XML by its beginning; standard is empty for any other.
func document(head []byte, f File) (format, standard string) {
	if f.Format == "table" {
		return "", ""
	}
	switch start := bytes.TrimLeft(head, "\xEF\xBB\xBF\xFE\xFF\x00 \t\r\n"); {
	case bytes.HasPrefix(start, []byte("<")):
		switch interchange.Root(head) {
		case "dataValueSet":
			return "xml", "dhis2"
		case "adx":
			return "xml", "adx"
		}
	case bytes.HasPrefix(start, []byte("{")) && (f.Format == "dhis2" || bytes.Contains(bytes.ReplaceAll(head, []byte{0}, nil), []byte(`"dataValues"`))):
		return "json", "dhis2"
	}
	return "", ""
}

// openDocument keeps the file, because its readers go through it twice.
func openDocument(in io.Reader, standard string, f File, lim Limits) (rows, error) {
	if err := f.expects(standard); err != nil {
		return nil, err
	}
	kept := &spill{}
	x := &exchangeRows{free: func() { _ = kept.Close() }}
	n, err := io.Copy(kept, io.LimitReader(in, lim.Packed+1))
	if err == nil {
		err = kept.done()
	}
	if err == nil && n > lim.Packed {
		err = invalid("interchange.large", "limit", lim.Packed>>20)
	}
	if err == nil {
		section := io.NewSectionReader(kept, 0, kept.size)
		if standard == "adx" {
			x.table, err = adx.Open(section)
		} else {
			x.table, err = dhis2.Open(section)
		}
	}
	if err != nil {
		x.free()
		return nil, readError(err)
	}
	return x, nil
}

// expects refuses a file of another standard than the mapping says.
func (f File) expects(standard string) error {
	if f.Format != "" && f.Format != "table" && f.Format != standard {
		return invalid("import.file.standard", "value", standard, "want", f.Format)
	}
	return nil
}

// openExchange looks at the first line of a CSV file, and reads the file by the rules of its standard if it begins as one does. Any other is
// the table that it was.
func openExchange(c *csvRows, f File) (rows, string, error) {
	if f.Format == "table" {
		return c, "", nil
	}
	first, err := c.next()
	if err != nil { // the same comes again where the header is looked for
		return c, "", nil //nolint:nilerr // and is told there
	}
	c.ahead = &first
	open, standard := dhis2.FromCSV, "dhis2"
	switch {
	case sdmxcsv.IsHeader(first.cells):
		open, standard = sdmxcsv.FromCSV, "sdmx-csv"
	case dhis2.IsHeader(first.cells), f.Format == "dhis2" && dhis2.IsValue(first.cells):
	default:
		return c, "", nil
	}
	if err := f.expects(standard); err != nil {
		return nil, standard, err
	}
	x := &exchangeRows{free: func() {}}
	x.table, err = open(func() (interchange.Row, error) {
		r, err := c.next()
		x.under = &r
		return interchange.Row{Number: r.line, Cells: r.cells}, err
	})
	return x, standard, err
}

func (x *exchangeRows) next() (row, error) {
	if !x.headed {
		x.headed = true
		return row{line: 1, cells: slices.Clone(x.table.Header())}, nil
	}
	in, err := x.table.Next()
	if err != nil {
		if !errors.Is(err, io.EOF) {
			err = readError(err)
		}
		return row{}, err
	}
	r := row{line: in.Number, cells: in.Cells}
	if x.under != nil {
		r.faults, r.cell = slices.Clone(x.under.faults), slices.Clone(x.under.cell)
	} else {
		for i := range r.cells {
			examine(&r, i)
		}
	}
	for _, fault := range in.Faults {
		r.fault(fault.Cell, fault.Key, RemedyCell, fault.Value)
	}
	return r, nil
}

func (x *exchangeRows) close() error {
	x.free()
	return nil
}

// ragged: in CSV a short line is a fault; a document fills every column.
func (x *exchangeRows) ragged() bool   { return x.under != nil }
func (x *exchangeRows) date1904() bool { return false }
