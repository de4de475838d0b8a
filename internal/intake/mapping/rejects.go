package mapping

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Rejected is a row that was not taken, with the reasons in the language of its sender.
type Rejected struct {
	Row     int
	Cells   []string
	Reasons []string
	Sheet   string // of a workbook that is read sheet by sheet
}

// RejectStyle is how the file of refused rows is written.
type RejectStyle struct {
	RowTitle, ReasonTitle string // headers of the two columns added at the end, in the sender's language
	Comma                 rune   // delimiter, 0 for a comma; ';' suits spreadsheet programs set to Kazakh or Russian
}

// WriteRejects writes refused rows as CSV in UTF-8 with a mark, the header in the first line and two more columns at the end:
// the row in the sender's file and the reasons. Corrected, the file can be read again by the same mapping. Cells that a
// spreadsheet program would compute get an apostrophe in front, which reading takes off again.
func WriteRejects(w io.Writer, header []string, rows []Rejected, style RejectStyle) error {
	if _, err := io.WriteString(w, "\uFEFF"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	if style.Comma != 0 {
		out.Comma = style.Comma
	}
	if err := out.Write(append(fit(header, len(header)), style.RowTitle, style.ReasonTitle)); err != nil {
		return err
	}
	for _, r := range rows {
		line := append(fit(r.Cells, len(header)), address(r.Sheet, r.Row), strings.Join(r.Reasons, " "))
		if err := out.Write(line); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// address is a row as spreadsheets write it: 12, or Астана!12.
func address(sheet string, row int) string {
	if sheet == "" {
		return strconv.Itoa(row)
	}
	return sheet + "!" + strconv.Itoa(row)
}

// fit copies cells to the width of the header. Cells beyond it go into the last one, so that nothing the sender wrote is lost
// and the row stays readable.
func fit(cells []string, width int) []string {
	line := make([]string, width, width+2)
	for i, c := range cells {
		if i < width {
			line[i] = harmless(c)
		} else if c != "" && width > 0 {
			line[width-1] += " | " + c
		}
	}
	return line
}

func harmless(s string) string {
	if computed(s) {
		if _, number := parseDecimal(s, '.'); !number {
			if _, number = parseDecimal(s, ','); !number {
				return "'" + s
			}
		}
	}
	return s
}

// computed reports whether a spreadsheet program may take a text for a formula or a command: it begins with a sign of one, in either width, or with
// a character that such programs pass over.
func computed(s string) bool {
	r, n := utf8.DecodeRuneInString(s)
	return n > 0 && strings.ContainsRune("=+-@\t\r\n＝＋－＠", r)
}
