package mapping

import (
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"
)

const maxRow = 1_048_576 // the last row that the format has

// xlsxRows reads one sheet row by row. Rows in which no cell holds anything are passed over.
type xlsxRows struct {
	wb     *workbook
	in     *elements // nil for a sheet that the workbook lacks, and after the end
	inside bool      // between the beginning and the end of the rows
	line   int
	given  int64 // bytes of text so far: cells that share a long text may be many times larger than the file
	merged []span
}

func (x *xlsxRows) ragged() bool   { return false }
func (x *xlsxRows) date1904() bool { return x.wb.epoch }

func (x *xlsxRows) close() error {
	if x.in == nil {
		return nil
	}
	err := x.in.close()
	x.in = nil
	return err
}

func (x *xlsxRows) next() (row, error) {
	for x.in != nil {
		tok, err := x.in.token()
		if errors.Is(err, io.EOF) {
			return row{}, x.end()
		}
		if err != nil {
			return row{}, x.unreadable(err)
		}
		switch el := tok.(type) {
		case xml.StartElement:
			switch {
			case el.Name.Local == "sheetData":
				x.inside = true
			case x.inside && el.Name.Local == "row":
				r, err := x.row(el)
				if err != nil {
					return row{}, x.unreadable(err)
				}
				if r.blank() {
					continue
				}
				if lim := x.wb.limits; x.given > lim.Unpacked || x.given > ratioFrom && x.given/lim.Ratio > x.wb.packed.size {
					return row{}, invalid("import.file.bomb")
				}
				x.unmerge(&r)
				return r, nil
			}
		case xml.EndElement:
			if el.Name.Local == "sheetData" {
				return row{}, x.end()
			}
		}
	}
	return row{}, io.EOF
}

// end is io.EOF when the sheet is undamaged to its last byte.
func (x *xlsxRows) end() error {
	if err := x.in.rest(); err != nil {
		return x.unreadable(err)
	}
	if err := x.close(); err != nil {
		return err
	}
	return io.EOF
}

func (x *xlsxRows) unreadable(err error) error {
	if errors.Is(err, errElement) {
		return invalid("import.row.large", "row", x.line, "limit", maxLine>>20)
	}
	return unreadable(broken(err))
}

var errOrder = errors.New("rows or cells out of order, or beyond what a sheet has")

// row reads to the end of a row.
func (x *xlsxRows) row(el xml.StartElement) (row, error) {
	x.in.begin()
	n := x.line + 1
	if at := attribute(el, "r"); at != "" {
		var err error
		if n, err = strconv.Atoi(at); err != nil || n <= x.line {
			return row{}, errOrder
		}
	}
	if n > maxRow {
		return row{}, errOrder
	}
	x.line = n
	r := row{line: n}
	col, size := 0, 0
	for {
		tok, err := x.in.token()
		if err != nil {
			return r, broken(err)
		}
		if end, ok := tok.(xml.EndElement); ok && end.Name.Local == "row" {
			return r, nil
		}
		c, ok := tok.(xml.StartElement)
		if !ok || c.Name.Local != "c" {
			continue
		}
		last := col
		if col++; attribute(c, "r") != "" {
			if col, _ = cellAddress(attribute(c, "r")); col <= last {
				return r, errOrder
			}
		}
		s, calculated, err := x.cell(c)
		if err != nil {
			return r, err
		}
		if s == "" && calculated {
			continue
		}
		if col > x.wb.limits.Columns {
			return r, invalid("import.file.columns", "limit", x.wb.limits.Columns, "row", n)
		}
		if size += len(s); size > maxLine {
			return r, errElement
		}
		x.given += int64(len(s))
		for len(r.cells) < col {
			r.cells = append(r.cells, "")
		}
		r.cells[col-1] = tidy(s)
		examine(&r, col-1)
		if !calculated {
			r.fault(col-1, "import.cell.uncalculated", RemedyFile, "")
		}
	}
}

// cell reads to the end of a cell: its text or number as stored, and whether it is no formula without a result.
func (x *xlsxRows) cell(el xml.StartElement) (s string, calculated bool, err error) {
	kind := attribute(el, "t")
	var value strings.Builder
	in, formula, result := false, false, false
	for depth := x.in.depth; x.in.depth >= depth; {
		tok, err := x.in.token()
		if err != nil {
			return "", false, broken(err)
		}
		switch el := tok.(type) {
		case xml.StartElement:
			switch in = false; el.Name.Local {
			case "v":
				in, result = true, true
			case "f":
				formula = true
			case "is":
				result = true
				if s, err = x.in.text(); err != nil {
					return "", false, err
				}
			}
		case xml.EndElement:
			in = false
		case xml.CharData:
			if in {
				value.Write(el)
			}
		}
	}
	calculated = result || !formula
	switch kind {
	case "s":
		v := strings.TrimSpace(value.String())
		if v == "" {
			return "", calculated, nil
		}
		i, err := strconv.Atoi(v)
		s, ok := x.wb.texts.at(i)
		if err != nil || !ok {
			return "", false, errors.New("no such shared text")
		}
		return s, calculated, nil
	case "inlineStr":
		return s, calculated, nil
	case "str":
		return unescape(value.String()), calculated, nil
	}
	s = strings.TrimSpace(value.String())
	if (kind == "" || kind == "n") && x.wb.percent[attribute(el, "s")] {
		s = hundredfold(s)
	}
	return s, calculated, nil
}

// cellAddress reads "B12" as column 2 and row 12; 0 and 0 when it is no address of a sheet.
func cellAddress(s string) (col, line int) {
	i := 0
	for ; i < len(s) && i < 3 && s[i] >= 'A' && s[i] <= 'Z'; i++ {
		col = col*26 + int(s[i]-'A') + 1
	}
	line, err := strconv.Atoi(s[i:])
	if err != nil || i == 0 || col > 16_384 || line < 1 || line > maxRow {
		return 0, 0
	}
	return col, line
}

// longNumber is a number with the noise of binary fractions, such as 0.30000000000000004.
var longNumber = regexp.MustCompile(`^-?\d+\.\d{12,}(E[+-]?\d+)?$`)

// tidy rounds such a number to the 15 significant digits that a spreadsheet shows.
func tidy(s string) string {
	if len(s) > 14 && len(s) < 400 && longNumber.MatchString(s) {
		if f, err := strconv.ParseFloat(s, 64); err == nil {
			v, _ := strconv.ParseFloat(strconv.FormatFloat(f, 'e', 14, 64), 64) // what FormatFloat writes always reads back
			return strconv.FormatFloat(v, 'f', -1, 64)
		}
	}
	return s
}
