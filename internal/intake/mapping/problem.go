package mapping

import (
	"strings"
	"unicode/utf8"

	"github.com/baqylau/baqylau"
)

// Problem is a fault of one row: what, where, and what to do.
type Problem struct {
	Row     int
	Sheet   string // of a workbook that is read sheet by sheet, else ""
	Column  string // header name, "" when the whole row is concerned
	Key     string // message key; its text takes Row, Column and Value
	Value   string // the offending value, at most valueLimit characters
	Remedy  string // message key of what to do, for grouping many faults
	Warning bool   // the row is taken all the same
}

// What to do about a fault.
const (
	RemedyCell    = "import.remedy.cell"    // correct the cell at the source
	RemedyMapping = "import.remedy.mapping" // change the mapping
	RemedyFile    = "import.remedy.file"    // save the file again in another way
)

const valueLimit = 80

// Err is the problem as an error in the system's words.
func (p Problem) Err() *baqylau.Error {
	var row any = p.Row
	if p.Sheet != "" {
		row = address(p.Sheet, p.Row)
	}
	return baqylau.E(baqylau.Invalid, p.Key, "row", row, "column", p.Column, "value", p.Value).On(p.Column)
}

// Fault notes what is wrong with a cell of the record as far as only its reader can know; the row is kept out.
func (r *Record) Fault(column, key, remedy, value string) {
	r.Problems = append(r.Problems, Problem{Row: r.Row, Column: column, Key: key, Remedy: remedy, Value: clip(value)})
}

// clip keeps a value short and printable enough to be shown in a message.
func clip(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, s[:min(len(s), 8*valueLimit)])
	if utf8.RuneCountInString(s) <= valueLimit {
		return s
	}
	return string([]rune(s)[:valueLimit-1]) + "…"
}

func invalid(key string, args ...any) *baqylau.Error { return baqylau.E(baqylau.Invalid, key, args...) }
