package export

import (
	"archive/zip"
	"bufio"
	"compress/flate"
	"io"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/baqylau/baqylau"
)

// The parts of a workbook (ISO/IEC 29500-1, SpreadsheetML) that are the same in each, or nearly.
const (
	xmlHead  = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	mainSpec = `"http://schemas.openxmlformats.org/spreadsheetml/2006/main"`
	relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	packaged = "http://schemas.openxmlformats.org/package/2006/"
	kindOf   = "application/vnd.openxmlformats-officedocument.spreadsheetml."

	typesHead = xmlHead + `<Types xmlns="` + packaged + `content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>` +
		`<Override PartName="/xl/workbook.xml" ContentType="` + kindOf + `sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="` + kindOf + `styles+xml"/>`
	packageLinks = xmlHead + `<Relationships xmlns="` + packaged + `relationships"><Relationship Id="rId1" Type="` + relation + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`
	stylesPart   = xmlHead + `<styleSheet xmlns=` + mainSpec + `><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\-mm\-dd"/><numFmt numFmtId="165" formatCode="yyyy\-mm\-dd hh:mm"/></numFmts>` +
		`<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>` +
		`<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>` +
		`<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="5"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>` +
		`<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>` +
		`<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="2" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>` +
		`<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`
	frozen = `<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>`
)

// Styles of cells: their places in cellXfs of stylesPart.
const (
	plain = iota
	headStyle
	dateStyle
	momentStyle
	fixedStyle
)

// maxText is how many characters (UTF-16 units) a cell of the format holds.
const maxText = 32_767

// book is a workbook on its way: nothing of it is kept but the row that is being made.
type book struct {
	wide    *bufio.Writer // the file: an export that fails at once has sent nothing yet
	zip     *zip.Writer
	out     *bufio.Writer // the sheet
	line    []byte
	row     int
	sheets  int
	columns []string // letters
}

func newBook(w io.Writer, sheets ...string) (*book, error) {
	b := &book{wide: bufio.NewWriterSize(w, 1<<16)}
	b.zip = zip.NewWriter(b.wide)
	b.zip.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestSpeed) }) // harder, it took longer than making the rows
	types, links, list := typesHead, xmlHead+`<Relationships xmlns="`+packaged+`relationships"><Relationship Id="rIdS" Type="`+relation+`/styles" Target="styles.xml"/>`, ""
	for i, name := range sheets {
		no := strconv.Itoa(i + 1)
		types += `<Override PartName="/xl/worksheets/sheet` + no + `.xml" ContentType="` + kindOf + `worksheet+xml"/>`
		links += `<Relationship Id="rId` + no + `" Type="` + relation + `/worksheet" Target="worksheets/sheet` + no + `.xml"/>`
		list += `<sheet name="` + string(appendText(nil, name)) + `" sheetId="` + no + `" r:id="rId` + no + `"/>`
	}
	for _, part := range [][2]string{{"[Content_Types].xml", types + `</Types>`}, {"_rels/.rels", packageLinks}, {"xl/_rels/workbook.xml.rels", links + `</Relationships>`}, {"xl/styles.xml", stylesPart},
		{"xl/workbook.xml", xmlHead + `<workbook xmlns=` + mainSpec + ` xmlns:r="` + relation + `"><sheets>` + list + `</sheets></workbook>`}} {
		out, err := b.zip.Create(part[0])
		if err == nil {
			_, err = io.WriteString(out, part[1])
		}
		if err != nil {
			return nil, err
		}
	}
	return b, nil
}

// sheet begins the next sheet; its columns are as wide as these texts need.
func (b *book) sheet(view string, widths []string) error {
	if err := b.endSheet(); err != nil {
		return err
	}
	b.sheets++
	out, err := b.zip.Create("xl/worksheets/sheet" + strconv.Itoa(b.sheets) + ".xml")
	if err != nil {
		return err
	}
	b.out, b.row = bufio.NewWriterSize(out, 1<<16), 0
	b.line = append(append(b.line[:0], xmlHead+`<worksheet xmlns=`+mainSpec+`>`...), view...)
	if len(widths) > 0 {
		b.line = append(b.line, `<cols>`...)
		for i, h := range widths {
			no := strconv.Itoa(i + 1)
			b.line = append(b.line, `<col min="`+no+`" max="`+no+`" width="`+width(h)+`" customWidth="1"/>`...)
		}
		b.line = append(b.line, `</cols>`...)
	}
	_, err = b.out.Write(append(b.line, `<sheetData>`...))
	return err
}

// head writes a row of titles.
func (b *book) head(titles []string) error {
	b.begin()
	for i, h := range titles {
		b.text(i, headStyle, h)
	}
	return b.end()
}

func (b *book) begin() {
	b.row++
	b.line = strconv.AppendInt(append(b.line[:0], `<row r="`...), int64(b.row), 10)
	b.line = append(b.line, `">`...)
}

func (b *book) end() error {
	_, err := b.out.Write(append(b.line, `</row>`...))
	return err
}

func (b *book) endSheet() error {
	if b.out == nil {
		return nil
	}
	if _, err := b.out.WriteString(`</sheetData></worksheet>`); err != nil {
		return err
	}
	return b.out.Flush()
}

func (b *book) close() error {
	if err := b.endSheet(); err != nil {
		return err
	}
	if err := b.zip.Close(); err != nil {
		return err
	}
	return b.wide.Flush()
}

// cell writes a value as flatten leaves it into column i.
func (b *book) cell(i int, v any) {
	switch v := v.(type) {
	case string:
		if v != "" {
			b.text(i, plain, v)
		}
	case Head:
		b.text(i, headStyle, string(v))
	case Fixed:
		if f := float64(v); !math.IsNaN(f) && !math.IsInf(f, 0) {
			b.number(i, fixedStyle, f)
		}
	case bool:
		b.open(i, plain, ` t="b"><v>`)
		if v {
			b.line = append(b.line, `1</v></c>`...)
		} else {
			b.line = append(b.line, `0</v></c>`...)
		}
	case int64:
		b.open(i, plain, `><v>`)
		b.line = append(strconv.AppendInt(b.line, v, 10), `</v></c>`...)
	case float64:
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			b.number(i, plain, v)
		}
	case baqylau.Date:
		if v.Before(firstDate) {
			b.text(i, plain, v.String())
		} else {
			b.number(i, dateStyle, serial(v.Time()))
		}
	case time.Time:
		if v.Before(firstDate.Time()) {
			b.text(i, plain, v.Format("2006-01-02 15:04"))
		} else {
			b.number(i, momentStyle, serial(v))
		}
	}
}

func (b *book) number(i, style int, v float64) {
	b.open(i, style, `><v>`)
	b.line = append(strconv.AppendFloat(b.line, v, 'g', -1, 64), `</v></c>`...)
}

func (b *book) text(i, style int, s string) {
	b.open(i, style, ` t="inlineStr"><is><t xml:space="preserve">`)
	b.line = append(appendText(b.line, s), `</t></is></c>`...)
}

// open begins the cell of column i; rest ends its tag.
func (b *book) open(i, style int, rest string) {
	for len(b.columns) <= i {
		b.columns = append(b.columns, column(len(b.columns)))
	}
	b.line = append(append(b.line, `<c r="`...), b.columns[i]...)
	b.line = append(strconv.AppendInt(b.line, int64(b.row), 10), '"')
	if style != plain {
		b.line = append(strconv.AppendInt(append(b.line, ` s="`...), int64(style), 10), '"')
	}
	b.line = append(b.line, rest...)
}

// disguised reports whether spreadsheet programs would read the beginning of s as another character, _x0041_ as A; its underscore is then written as such.
func disguised(s string) bool {
	return len(s) >= 7 && s[1] == 'x' && s[6] == '_' && strings.Trim(s[2:6], "0123456789ABCDEFabcdef") == ""
}

// appendText appends s as XML: cut to what a cell holds, its special characters escaped, and what XML cannot say replaced.
func appendText(to []byte, s string) []byte {
	units := 0
	for i := 0; i < len(s); {
		r, size := rune(s[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(s[i:])
		}
		if units++; r > 0xFFFF {
			units++
		}
		if units > maxText {
			break
		}
		switch {
		case r == '_' && disguised(s[i:]):
			to = append(to, "_x005F_"...)
		case r == '&':
			to = append(to, "&amp;"...)
		case r == '<':
			to = append(to, "&lt;"...)
		case r == '>':
			to = append(to, "&gt;"...)
		case r == '"':
			to = append(to, "&quot;"...)
		case r == '\r':
			to = append(to, "&#xD;"...)
		case r < 0x20 && r != '\t' && r != '\n', r == utf8.RuneError, r == 0xFFFE, r == 0xFFFF:
			to = append(to, "\uFFFD"...)
		default:
			to = append(to, s[i:i+size]...)
		}
		i += size
	}
	return to
}
