package mapping

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"path"
	"strings"
	"unicode/utf16"

	"github.com/baqylau/baqylau"
)

// Detected says how a table turned out to be written.
type Detected struct {
	Format     string   // "csv", "xlsx", "json" or "xml"
	Standard   string   // "dhis2", "adx" or "sdmx-csv"; "" for a table that is none of these
	Encoding   string   // csv
	Delimiter  string   // csv
	Sheets     []string // xlsx: all sheets
	Sheet      string   // xlsx: the one read
	HeaderRow  int      // 1-based line of the first header row
	Compressed bool
}

// row is one line of a table as it stands.
type row struct {
	line   int
	cells  []string
	faults []Problem // of the line itself; Column is filled in later from cell, when it is not negative
	cell   []int     // for each fault the index of its cell, or -1
}

func (r *row) fault(cell int, key, remedy, value string) {
	r.faults = append(r.faults, Problem{Row: r.line, Key: key, Remedy: remedy, Value: clip(value)})
	r.cell = append(r.cell, cell)
}

func (r *row) blank() bool {
	for _, c := range r.cells {
		if strings.TrimSpace(c) != "" {
			return false
		}
	}
	return len(r.faults) == 0
}

// rows is a table read line by line. next returns io.EOF at the end. The row stays valid after the next call.
type rows interface {
	next() (row, error)
	close() error
	ragged() bool // whether a short line is a fault: in CSV it is, a spreadsheet just leaves trailing cells out
	date1904() bool
}

const sampleSize = 64 << 10

// magics are beginnings of files that are not tables, with the message that says what to do.
var magics = []struct{ mark, key string }{
	{"%PDF", "import.file.type"}, {"\x89PNG", "import.file.type"}, {"\xFF\xD8\xFF", "import.file.type"}, {"{\\rtf", "import.file.type"},
	{"<html", "import.file.type"}, {"<HTML", "import.file.type"}, {"<!DOCTYPE", "import.file.type"}, {"<?xml", "import.file.type"},
	{"<table", "import.file.type"}, {"Rar!", "import.file.zip"}, {"7z\xBC\xAF", "import.file.zip"},
}

// openSource looks at the beginning of r, not at the name alone, and opens a CSV stream or a workbook.
func openSource(r io.Reader, name string, f File, lim Limits) (rows, *workbook, Detected, error) {
	var det Detected
	packed := &counter{r: r}
	br := bufio.NewReaderSize(packed, sampleSize)
	head, err := peek(br)
	if err != nil {
		return nil, nil, det, err
	}
	var in io.Reader = &guard{r: br, limits: lim}
	if bytes.HasPrefix(head, []byte("\x1f\x8b")) {
		det.Compressed = true
		z, err := gzip.NewReader(br)
		if err != nil {
			return nil, nil, det, invalid("import.file.broken").Because(err)
		}
		br = bufio.NewReaderSize(&guard{r: z, packed: packed, limits: lim}, sampleSize)
		if head, err = peek(br); err != nil {
			return nil, nil, det, err
		}
		in = br
	}
	if len(bytes.TrimSpace(bytes.TrimPrefix(head, []byte("\xEF\xBB\xBF")))) == 0 && len(head) < sampleSize {
		return nil, nil, det, invalid("import.file.empty")
	}
	if format, standard := document(head, f); standard != "" {
		det.Format, det.Standard = format, standard
		x, err := openDocument(in, standard, f, lim)
		return x, nil, det, err
	}
	if err := refuse(head); err != nil {
		return nil, nil, det, err
	}
	if bytes.HasPrefix(head, []byte("PK\x03\x04")) || bytes.HasPrefix(head, []byte("PK\x05\x06")) {
		det.Format = "xlsx"
		wb, err := openWorkbook(in, lim)
		if err != nil {
			return nil, nil, det, err
		}
		det.Sheets = wb.sheets
		return nil, wb, det, nil
	}
	if ext := strings.ToLower(path.Ext(strings.TrimSuffix(strings.ToLower(name), ".gz"))); ext == ".xlsx" || ext == ".xls" {
		return nil, nil, det, invalid("import.file.broken")
	}
	det.Format = "csv"
	c := openCSV(in, head, f)
	det.Encoding, det.Delimiter = c.encoding, string(c.comma)
	x, standard, err := openExchange(c, f)
	det.Standard = standard
	return x, nil, det, err
}

func peek(br *bufio.Reader) ([]byte, error) {
	head, err := br.Peek(sampleSize)
	if err != nil && err != io.EOF {
		return nil, readError(err)
	}
	return head, nil
}

// readError passes on our own errors and calls anything else of a decompressor a broken file.
func readError(err error) error {
	var e *baqylau.Error
	if errors.As(err, &e) {
		return e
	}
	if errors.Is(err, gzip.ErrChecksum) || errors.Is(err, gzip.ErrHeader) || errors.Is(err, io.ErrUnexpectedEOF) || isFlate(err) {
		return invalid("import.file.broken").Because(err)
	}
	return baqylau.E(baqylau.Unavailable, "import.file.read").Because(err)
}

func isFlate(err error) bool { return strings.HasPrefix(err.Error(), "flate:") }

// refuse names the files that look like tables to a person but are something else inside.
func refuse(head []byte) error {
	if bytes.HasPrefix(head, []byte("\xD0\xCF\x11\xE0")) { // the container of .xls and of encrypted .xlsx
		var mark []byte
		for _, u := range utf16.Encode([]rune("EncryptedPackage")) {
			mark = append(mark, byte(u), byte(u>>8))
		}
		if bytes.Contains(head, mark) {
			return invalid("import.file.encrypted")
		}
		return invalid("import.file.xls")
	}
	start := bytes.TrimLeft(head, "\xEF\xBB\xBF \r\n\t")
	for _, m := range magics {
		if bytes.HasPrefix(start, []byte(m.mark)) {
			return invalid(m.key)
		}
	}
	return nil
}
