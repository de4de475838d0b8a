package interchange

import (
	"bufio"
	"encoding/csv"
	"errors"
	"io"
	"strings"

	"github.com/baqylau/baqylau"
)

// Rows gives the lines of a table one after another, the header first; io.EOF after the last. The readers of CSV formats take one, so that
// the product's importer can give them lines that it has read by its own, more forgiving rules.
type Rows func() (Row, error)

// CSV reads delimited text in Unicode. The delimiter is the comma, semicolon or tab that comes first in the first line outside quotes.
func CSV(r io.Reader) Rows {
	text := NewText(r)
	var in *csv.Reader
	return func() (Row, error) {
		if in == nil {
			head := bufio.NewReaderSize(text, blockSize)
			sample, err := head.Peek(blockSize)
			if err != nil && !errors.Is(err, io.EOF) {
				return Row{}, err
			}
			in = csv.NewReader(head)
			in.Comma = delimiter(string(sample))
			in.FieldsPerRecord = -1
		}
		text.Mark(in.InputOffset())
		cells, err := in.Read()
		var own *baqylau.Error
		var syntax *csv.ParseError
		switch {
		case err == nil:
			line, _ := in.FieldPos(0)
			return Row{Number: line, Cells: cells}, nil
		case errors.As(err, &own):
			return Row{}, own
		case errors.As(err, &syntax):
			return Row{}, invalid("interchange.csv.syntax", "line", syntax.StartLine).Because(err)
		}
		return Row{}, err
	}
}

func delimiter(sample string) rune {
	quoted := false
	for _, r := range sample {
		switch {
		case r == '"':
			quoted = !quoted
		case quoted:
		case r == '\n':
			return ','
		case strings.ContainsRune(",;\t", r):
			return r
		}
	}
	return ','
}
