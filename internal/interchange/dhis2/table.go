package dhis2

import (
	"errors"
	"io"
	"slices"

	"github.com/baqylau/baqylau/internal/interchange"
)

// scan gives the data values of a document one after another, and its envelope once the document has ended.
type scan interface {
	next() (record, error) // io.EOF at the end of a complete document
	envelope() *envelope
}

// Table is a data value set in JSON or XML as rows: dataSet, completeDate, attributeCategoryOptions, the fields of a data value, and the
// computed columns.
type Table struct {
	scan  scan
	whole *envelope
	n     int
}

// Open reads a data value set in JSON or XML. It goes through the file twice: once to check all of it and to find what stands once for all
// data values, which JSON may put at the end; then to give the rows out.
//
// Errors are Invalid, with the line: not well-formed, not a data value set, a key or attribute twice, too deep, too large; or those of r.
func Open(r io.ReadSeeker) (*Table, error) {
	first, err := open(r)
	if err != nil {
		return nil, err
	}
	for {
		if _, err := first.next(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, err
		}
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	again, err := open(r)
	return &Table{scan: again, whole: first.envelope()}, err
}

// open tells XML from JSON by the first sign.
func open(r io.ReadSeeker) (scan, error) {
	text := interchange.NewText(r)
	for {
		b, err := text.ReadByte()
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		if err == nil && slices.Contains([]byte(" \t\r\n"), b) {
			text.Mark(0)
			continue
		}
		if _, err := r.Seek(0, io.SeekStart); err != nil {
			return nil, err
		}
		if b == '<' {
			return newXML(r)
		}
		return newJSON(r)
	}
}

// Header is the names of the columns.
func (t *Table) Header() []string {
	return slices.Concat(ownFields[:], fields[:], interchange.Computed)
}

// Next gives the next data value.
func (t *Table) Next() (interchange.Row, error) {
	r, err := t.scan.next()
	if err != nil {
		return interchange.Row{}, err
	}
	t.n++
	r.fill(t.whole)
	row := interchange.Row{Number: t.n}
	computed := r.judge(&row, func(field int) int { return len(ownFields) + field })
	row.Cells = slices.Concat(t.whole.own[:], r[:], computed)
	return row, nil
}
