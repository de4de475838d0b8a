package adx

import (
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/baqylau/baqylau/internal/interchange"
)

const namespace = "urn:ihe:qrph:adx:2015"

// absent is the name of the processing instruction of an absent figure.
const absent = "absent"

// first and last are the columns that every table has, around those of the document's own attributes.
var (
	first = []string{"dataSet", "period", "orgUnit", "dataElement"}
	last  = []string{"value", "annotation"}
)

// pair is an attribute.
type pair struct{ name, text string }

// scan reads a document's data values one after another.
type scan struct {
	in    *interchange.XML
	root  bool   // the root has begun
	whole []pair // attributes of the root
	group []pair // of the group at hand, those of the root before them
	deep  bool   // within a group
}

func newScan(r io.Reader) *scan { return &scan{in: interchange.NewXML(r)} }

// next gives the attributes of the next data value: those of the document, the group and its own, and the annotation.
func (s *scan) next() ([]pair, error) {
	for {
		line := s.in.Line()
		tok, err := s.in.Next()
		if err != nil {
			return nil, err
		}
		switch t := tok.(type) {
		case xml.ProcInst:
			if t.Target == absent {
				own, err := absence(string(t.Inst), line)
				return slices.Concat(s.whole, own), err
			}
		case xml.EndElement:
			s.deep = false
		case xml.StartElement:
			switch {
			case t.Name.Space != namespace && t.Name.Space != "":
				return nil, interchange.Unexpected(t, line)
			case !s.root && t.Name.Local == "adx":
				s.root, s.whole = true, pairs(t)
			case s.root && !s.deep && t.Name.Local == "group":
				s.deep, s.group = true, slices.Concat(s.whole, pairs(t))
			case s.deep && t.Name.Local == "dataValue":
				return s.value(t)
			default:
				return nil, interchange.Unexpected(t, line)
			}
		}
	}
}

func pairs(e xml.StartElement) (list []pair) {
	for _, a := range interchange.Attributes(e) {
		list = append(list, pair{a.Name.Local, a.Value})
	}
	return list
}

// value reads a data value to its end. Only annotations may stand in it.
func (s *scan) value(e xml.StartElement) ([]pair, error) {
	list := slices.Concat(s.group, pairs(e))
	for {
		line := s.in.Line()
		tok, err := s.in.Next()
		if err != nil {
			return nil, err
		}
		switch t := tok.(type) {
		case xml.EndElement:
			return list, nil
		case xml.StartElement:
			if t.Name.Local != "annotation" {
				return nil, interchange.Unexpected(t, line)
			}
			text, err := s.in.Content()
			if err != nil {
				return nil, err
			}
			list = append(list, pair{"annotation", text})
		}
	}
}

// absence reads the attributes of the processing instruction by the rules of a tag.
func absence(inst string, line int) ([]pair, error) {
	in := interchange.NewXML(strings.NewReader("<absent " + inst + "/>"))
	tok, err := in.Next()
	e, ok := tok.(xml.StartElement)
	if err == nil && ok {
		_, err = in.Content()
	}
	if err == nil {
		_, err = in.Next()
	}
	if !ok || !errors.Is(err, io.EOF) {
		return nil, interchange.BadXML(line)
	}
	return pairs(e), nil
}

// Table is an ADX document as rows: dataSet, period, orgUnit, dataElement, the document's other attributes in the order in which they first
// come, value, annotation, and the computed columns. An attribute of a data value wins over that of its group.
type Table struct {
	scan   *scan
	header []string
	at     map[string]int
	n      int
}

// Open reads a document. It goes through it twice: once to check all of it and to find which attributes there are, then to give the rows out.
//
// Errors are Invalid, with the line: not well-formed, not ADX, an attribute twice, too many different ones, too deep, too large; or those of r.
func Open(r io.ReadSeeker) (*Table, error) {
	t := &Table{header: slices.Clone(first), at: map[string]int{}}
	var own []string
	reserved := slices.Concat(first, last, interchange.Computed)
	for s := newScan(r); ; {
		list, err := s.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		for _, p := range list {
			if _, known := t.at[p.name]; known || slices.Contains(reserved, p.name) {
				continue
			}
			if t.at[p.name] = -1; len(t.at) > interchange.MaxColumns {
				return nil, interchange.TooManyColumns()
			}
			own = append(own, p.name)
		}
	}
	t.header = slices.Concat(first, own, last, interchange.Computed)
	for i, name := range t.header {
		t.at[name] = i
	}
	_, err := r.Seek(0, io.SeekStart)
	t.scan = newScan(r)
	return t, err
}

// Header is the names of the columns.
func (t *Table) Header() []string { return t.header }

// Next gives the next data value.
func (t *Table) Next() (interchange.Row, error) {
	list, err := t.scan.next()
	if err != nil {
		return interchange.Row{}, err
	}
	t.n++
	computed := len(t.header) - len(interchange.Computed)
	row := interchange.Row{Number: t.n, Cells: make([]string, computed)}
	for _, p := range list {
		if i := t.at[p.name]; i < computed && p.text != "" { // a computed column is computed, whatever the document says
			row.Cells[i] = p.text
		}
	}
	cell := func(name string) string { return strings.TrimSpace(row.Cells[t.at[name]]) }
	for _, name := range []string{"dataElement", "orgUnit", "period"} {
		if cell(name) == "" {
			row.Fault(t.at[name], "import.value.missing", "")
		}
	}
	p, ok := interchange.ParseInterval(cell("period"))
	if !ok && cell("period") != "" {
		row.Fault(t.at["period"], "interchange.period", cell("period"))
	}
	figure, note := interchange.ParseNote(row.Cells[t.at["annotation"]])
	if figure.Absence != "" && cell("value") != "" {
		row.Fault(t.at["value"], "interchange.both", cell("value"))
	}
	row.Cells = append(row.Cells, interchange.Compute(p, figure, note)...)
	return row, nil
}
