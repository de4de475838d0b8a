package mapping

import (
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/baqylau/baqylau"
)

// sheetStep parts the numbers of rows of two sheets: more rows than a sheet can have (1,048,576).
const sheetStep = 1 << 21

// turnSheet goes on with the next sheet of the mapping's pattern. One whose header is not found is a faulty record, so that nobody takes the workbook for read; an
// empty one is passed over.
func (r *Reader) turnSheet() (rec Record, told bool) {
	_ = r.src.close() // reading only
	sheet := r.more[0]
	r.more = r.more[1:]
	r.sheets++
	err := r.turn(sheet, r.m.File, r.m.columns(false), r.limits)
	if err == nil {
		err = r.bind()
	}
	if err == nil {
		return rec, false
	}
	r.src = noRows{}
	switch key := keyOf(err); key {
	case "import.file.empty":
		return rec, false
	case "import.header.missing", "import.header.duplicate", "import.cells.none":
		rec = Record{Row: 1, Sheet: sheet, No: r.sheets*sheetStep + 1, Raw: []string{sheet}}
		rec.Problems = []Problem{{Row: 1, Sheet: sheet, Column: sheet, Key: "import.sheet.header", Remedy: RemedyFile, Value: clip(fieldIn(err))}}
		return rec, true
	}
	r.src = brokenRows{err} // a damaged workbook is refused whole
	return rec, false
}

// place says in which sheet of several a record stands.
func (r *Reader) place(rec *Record) {
	rec.No = r.sheets*sheetStep + int64(rec.Row)
	if !isPattern(r.m.File.Sheet) || r.book == nil {
		return
	}
	rec.Sheet = r.in.sheet
	for i := range rec.Problems {
		rec.Problems[i].Sheet = r.in.sheet
	}
	for i := range rec.Rows {
		rec.Rows[i].Sheet = r.in.sheet
	}
}

// noRows is a sheet in which there is nothing to read, brokenRows one that cannot be read.
type noRows struct{}

func (noRows) next() (row, error) { return row{}, io.EOF }
func (noRows) close() error       { return nil }
func (noRows) ragged() bool       { return false }
func (noRows) date1904() bool     { return false }

type brokenRows struct{ err error }

func (b brokenRows) next() (row, error) { return row{}, b.err }
func (brokenRows) close() error         { return nil }
func (brokenRows) ragged() bool         { return false }
func (brokenRows) date1904() bool       { return false }

// numbering reports whether a line is the one of statistical forms that numbers their columns: «А Б 1 2 3» right below the header.
func (r *Reader) numbering(cells []string) bool {
	first := r.fresh
	r.fresh = false
	if !first || r.in.target == nil || r.in.target.figure == nil {
		return false
	}
	letters, next := 0, 1
	for _, c := range cells {
		switch c = strings.TrimSuffix(clean(c), ".0"); {
		case c == "":
		case next == 1 && utf8.RuneCountInString(c) == 1 && !isDigit(c[0]):
			letters++
		case c == strconv.Itoa(next):
			next++
		default:
			return false
		}
	}
	return next > 3 || next > 1 && letters > 0
}

// fieldIn is the column that an error is about.
func fieldIn(err error) string {
	var e *baqylau.Error
	if errors.As(err, &e) {
		if s, ok := e.Args["column"].(string); ok {
			return s
		}
	}
	return ""
}
