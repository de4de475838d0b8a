package interchange

import (
	"errors"
	"maps"
	"strings"
	"unicode/utf8"

	"github.com/baqylau/baqylau"
)

// Table is a file of any format read as rows of text under one header. It is for one goroutine.
type Table interface {
	// Header is the names of the columns.
	Header() []string
	// Next gives the next row; io.EOF after the last.
	Next() (Row, error)
}

// Row is one figure as it stands in the file.
type Row struct {
	Number int // of the data value in an XML or JSON file, from 1; of the line in a CSV file
	Cells  []string
	Faults []Fault
}

// Fault is what is wrong with a row: Cell is the index of the cell concerned, Key the message, Value the offending text.
type Fault struct {
	Cell       int
	Key, Value string
}

// Fault notes what is wrong with a cell.
func (r *Row) Fault(cell int, key, value string) {
	r.Faults = append(r.Faults, Fault{cell, key, Clip(value)})
}

// Computed names the columns that every reader adds at the end: what the row says in the words of this package, whatever the format.
var Computed = []string{"period_start", "period_end", "absence", "qualifier", "provisional", "note"}

// Compute is the cells of the computed columns.
func Compute(p Period, f Figure, note string) []string {
	provisional := ""
	if f.Provisional {
		provisional = "true"
	}
	return []string{p.Start.String(), p.End.String(), string(f.Absence), string(f.Qualifier), provisional, note}
}

// MaxColumns is how many columns a table may have.
const MaxColumns = 500

// Clip shortens a text so that it fits a message.
func Clip(s string) string {
	const limit = 80
	s = strings.ToValidUTF8(s[:min(len(s), 8*limit)], "\uFFFD")
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	return string([]rune(s)[:limit-1]) + "…"
}

// Plain refuses a text that not all formats can carry and bring back: bytes that are no UTF-8, and control characters other than tab and
// newline.
//
// Errors are Invalid with key "interchange.write.text".
func Plain(texts ...string) error {
	for _, s := range texts {
		bad := func(r rune) bool {
			return r < ' ' && r != '\t' && r != '\n' || r == 0x7f || r == utf8.RuneError || r == 0xFFFE || r == 0xFFFF || r == '\uFEFF'
		}
		if !utf8.ValidString(s) || strings.ContainsFunc(s, bad) {
			return baqylau.E(baqylau.Invalid, "interchange.write.text", "value", Clip(s))
		}
	}
	return nil
}

func invalid(key string, args ...any) *baqylau.Error { return baqylau.E(baqylau.Invalid, key, args...) }

// TooManyColumns is the error of a table beyond MaxColumns.
func TooManyColumns() error { return invalid("interchange.columns", "limit", MaxColumns) }

// AtRow adds to an error of a writer the number of the value that it stopped at.
func AtRow(err error, n int) error {
	var e *baqylau.Error
	if !errors.As(err, &e) {
		return err
	}
	c := *e
	c.Args = maps.Clone(e.Args)
	c.Args["row"] = n
	return &c
}

// NotSDMX is the error of a file that does not begin as an SDMX-CSV data message.
func NotSDMX() error { return invalid("interchange.sdmx") }
