package export

import (
	"context"
	"fmt"
	"io"
	"iter"
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"github.com/baqylau/baqylau"
)

// MaxRows is how many rows under the header a sheet of the format holds.
const MaxRows = 1_048_576 - 1

// firstDate is the first day that spreadsheet programs agree on; earlier days are written as text.
var firstDate = baqylau.NewDate(1900, time.March, 1)

// XLSX writes one sheet with a fixed header and the rows, and returns how many rows were written. Numbers, dates and times
// are cells of their kind; texts are never formulas; a text longer than the format's 32,767 characters is cut. Rows go through a
// temporary file; w gets its first byte after the last row. It stops at the first error of rows, of w, or of ctx; more than
// MaxRows rows give a TooMany error with key "error.export_rows".
func XLSX(ctx context.Context, w io.Writer, sheet string, header []string, rows iter.Seq2[[]any, error]) (n int, err error) {
	defer baqylau.Wrap(&err, "export.XLSX")
	book := excelize.NewFile()
	defer func() { _ = book.Close() }() // removes the temporary file
	if err := book.SetSheetName("Sheet1", sheetName(sheet)); err != nil {
		return 0, err
	}
	styles, err := newStyles(book)
	if err != nil {
		return 0, err
	}
	out, err := book.NewStreamWriter(sheetName(sheet))
	if err != nil {
		return 0, err
	}
	if err := head(out, styles, header); err != nil {
		return 0, err
	}
	for row, err := range rows {
		if err == nil {
			err = ctx.Err()
		}
		if err == nil && n == MaxRows {
			err = baqylau.E(baqylau.TooMany, "error.export_rows", "Rows", MaxRows)
		}
		if err != nil {
			return n, err
		}
		cells := make([]any, len(row))
		for i, v := range row {
			cells[i] = styles.cell(flatten(ctx, v))
		}
		if err := out.SetRow(fmt.Sprintf("A%d", n+2), cells); err != nil {
			return n, err
		}
		n++
	}
	if err := out.Flush(); err != nil {
		return n, err
	}
	return n, book.Write(w)
}

type styles struct{ header, date, moment int }

func newStyles(book *excelize.File) (s styles, err error) {
	date, moment := "yyyy-mm-dd", "yyyy-mm-dd hh:mm"
	for _, want := range []struct {
		id    *int
		style *excelize.Style
	}{
		{&s.header, &excelize.Style{Font: &excelize.Font{Bold: true}, Alignment: &excelize.Alignment{Vertical: "top", WrapText: true}}},
		{&s.date, &excelize.Style{CustomNumFmt: &date}},
		{&s.moment, &excelize.Style{CustomNumFmt: &moment}},
	} {
		if *want.id, err = book.NewStyle(want.style); err != nil {
			return s, err
		}
	}
	return s, nil
}

func head(out *excelize.StreamWriter, s styles, header []string) error {
	for i, h := range header { // between 12 and 40 characters wide
		width := float64(min(max(utf8.RuneCountInString(h)+2, 12), 40))
		if err := out.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
	}
	if err := out.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	cells := make([]any, len(header))
	for i, h := range header {
		cells[i] = excelize.Cell{StyleID: s.header, Value: h}
	}
	return out.SetRow("A1", cells)
}

func (s styles) cell(v any) any {
	switch v := v.(type) {
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil
		}
	case baqylau.Date:
		if v.Before(firstDate) {
			return v.String()
		}
		return excelize.Cell{StyleID: s.date, Value: v.Time()}
	case time.Time: // the format knows no zones: the clock on the reader's wall
		wall := time.Date(v.Year(), v.Month(), v.Day(), v.Hour(), v.Minute(), v.Second(), 0, time.UTC)
		return excelize.Cell{StyleID: s.moment, Value: wall}
	}
	return v
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
