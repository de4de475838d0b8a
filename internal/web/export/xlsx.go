package export

import (
	"context"
	"io"
	"iter"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/baqylau/baqylau"
)

// MaxRows is how many rows under the header a sheet of the format holds.
const MaxRows = 1_048_576 - 1

// XLSX writes one sheet with a fixed header and the rows while they come, and returns how many rows were written. Numbers, dates and times
// are cells of their kind; texts are never formulas; a text longer than the format's 32,767 characters is cut. It stops at the first error of rows, of w,
// or of ctx; what was written by then is no whole file. More than MaxRows rows give a TooMany error with key "error.export_rows".
func XLSX(ctx context.Context, w io.Writer, sheet string, header []string, rows iter.Seq2[[]any, error]) (n int, err error) {
	defer baqylau.Wrap(&err, "export.XLSX")
	book, err := newBook(w, sheetName(sheet))
	if err == nil {
		err = book.sheet(frozen, header)
	}
	if err == nil {
		err = book.head(header)
	}
	if err != nil {
		return 0, err
	}
	for row, err := range rows {
		if err == nil {
			err = ctx.Err()
		}
		if err == nil && n == MaxRows {
			err = TooLong()
		}
		if err != nil {
			return n, err
		}
		book.begin()
		for i, v := range row {
			book.cell(i, flatten(ctx, v))
		}
		if err := book.end(); err != nil {
			return n, err
		}
		n++
	}
	return n, book.close()
}

// TooLong is the error of a list that has more rows than a sheet.
func TooLong() error { return baqylau.E(baqylau.TooMany, "error.export_rows", "Rows", MaxRows) }

// firstDate is the first day that spreadsheet programs agree on; earlier days are written as text.
var firstDate = baqylau.NewDate(1900, time.March, 1)

// epoch is day 0 of the format, by which 1 March 1900 is day 61: it counts a 29 February 1900.
var epoch = time.Date(1899, time.December, 30, 0, 0, 0, 0, time.UTC)

// serial is a moment on the reader's wall as the format has it: days since epoch. The format knows no zones.
func serial(t time.Time) float64 {
	wall := time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, time.UTC)
	return float64(wall.Unix()-epoch.Unix()) / (24 * 60 * 60)
}

// sheetName is s without what the format forbids in a sheet's name, at most 31 characters, and never empty.
func sheetName(s string) string {
	s = strings.Trim(strings.Map(func(r rune) rune {
		if r < 0x20 || strings.ContainsRune(`[]:*?/\`, r) || r == utf8.RuneError {
			return ' '
		}
		return r
	}, s), "' ")
	if runes := []rune(s); len(runes) > 31 {
		s = strings.Trim(string(runes[:31]), "' ")
	}
	if s == "" {
		return "Data"
	}
	return s
}

// column is the letters of column i, counted from 0.
func column(i int) string {
	if i < 26 {
		return string(rune('A' + i))
	}
	return column(i/26-1) + column(i%26)
}

func width(head string) string { // between 12 and 40 characters
	return strconv.Itoa(min(max(utf8.RuneCountInString(head)+2, 12), 40))
}
