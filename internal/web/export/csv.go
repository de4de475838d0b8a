package export

import (
	"bufio"
	"context"
	"encoding/csv"
	"io"
	"iter"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/baqylau/baqylau"
)

// Options of a CSV file. The zero value is RFC 4180: commas, decimal points, no byte-order mark.
type Options struct {
	BOM          bool // lets spreadsheet programs see that the file is UTF-8
	Semicolon    bool // the separator that spreadsheet programs expect where the decimal sign is a comma
	DecimalComma bool
}

// CSV writes a header and the rows and returns how many rows were written. Dates are ISO 8601, times RFC 3339, truth values
// true and false. A text that a spreadsheet program would run as a formula gets an apostrophe before it. It stops at the
// first error of rows, of w, or of ctx.
func CSV(ctx context.Context, w io.Writer, header []string, rows iter.Seq2[[]any, error], o Options) (n int, err error) {
	wide := bufio.NewWriterSize(w, 1<<16) // a write to the network for every few rows costs as much as making them
	if o.BOM {
		if _, err := wide.WriteString("\uFEFF"); err != nil {
			return 0, err
		}
	}
	out := csv.NewWriter(wide) // which writes into wide itself
	out.UseCRLF = true
	if o.Semicolon {
		out.Comma = ';'
	}
	record := make([]string, len(header))
	for i, h := range header {
		record[i] = text(h)
	}
	if err := out.Write(record); err != nil {
		return 0, err
	}
	for row, err := range rows {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return n, err
		}
		record = record[:0]
		for _, v := range row {
			record = append(record, o.cell(flatten(ctx, v)))
		}
		if err := out.Write(record); err != nil {
			return n, err
		}
		n++
	}
	out.Flush()
	return n, out.Error()
}

func (o Options) cell(v any) string {
	switch v := v.(type) {
	case string:
		return text(v)
	case Head:
		return text(string(v))
	case Fixed:
		s := strconv.FormatFloat(float64(v), 'f', 2, 64)
		if o.DecimalComma {
			s = strings.Replace(s, ".", ",", 1)
		}
		return s
	case bool:
		return strconv.FormatBool(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		s := strconv.FormatFloat(v, 'f', -1, 64)
		if o.DecimalComma {
			s = strings.Replace(s, ".", ",", 1)
		}
		return s
	case baqylau.Date:
		return v.String()
	case time.Time:
		return v.Format(time.RFC3339)
	}
	return ""
}

// text makes a text safe: valid UTF-8 (bytes that are none could join into another character when the writer drops what
// stands between them), line breaks alike (the writer drops a lone carriage return), no null characters (readers drop them, and
// what stood behind one would come first), and no formula.
func text(s string) string {
	if strings.IndexByte(s, 0) >= 0 {
		s = strings.ReplaceAll(s, "\x00", "")
	}
	if s = strings.ToValidUTF8(s, "\uFFFD"); strings.IndexByte(s, '\r') >= 0 {
		s = breaks.Replace(s)
	}
	return Guard(s)
}

var breaks = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// Guard puts an apostrophe before a text that begins as a formula, a command or their disguise in a spreadsheet program
// (OWASP, CSV injection): = + - @, their full-width forms, tab, carriage return or line feed.
func Guard(s string) string {
	if r, n := utf8.DecodeRuneInString(s); n > 0 && strings.ContainsRune("=+-@\t\r\n＝＋－＠", r) {
		return "'" + s
	}
	return s
}
