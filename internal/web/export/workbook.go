package export

import (
	"context"
	"io"

	"github.com/baqylau/baqylau"
)

// Head is a text that stands as a title: bold in a workbook.
type Head string

// Fixed is a number that is written with two decimals.
type Fixed float64

// Sheet is one sheet of a workbook, row by row. An empty row stays empty.
type Sheet struct {
	Name   string
	Widths []string // texts that the columns are as wide as, up to 40 characters
	Rows   [][]any
}

// Workbook writes several sheets of any shape: tables with titles, notes between them. Names that the format forbids are mended; two sheets must not have one name. It stops
// at the first error of w, or of ctx; what was written by then is no whole file.
func Workbook(ctx context.Context, w io.Writer, sheets []Sheet) (err error) {
	defer baqylau.Wrap(&err, "export.Workbook")
	names := make([]string, len(sheets))
	for i, s := range sheets {
		names[i] = sheetName(s.Name)
	}
	book, err := newBook(w, names...)
	if err != nil {
		return err
	}
	for _, s := range sheets {
		if err := book.sheet("", s.Widths); err != nil {
			return err
		}
		for _, row := range s.Rows {
			if err := ctx.Err(); err != nil {
				return err
			}
			book.begin()
			for i, v := range row {
				book.cell(i, flatten(ctx, v))
			}
			if err := book.end(); err != nil {
				return err
			}
		}
	}
	return book.close()
}
