package mapping

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/transform"
)

const (
	maxCell  = 32_767  // characters; more does not fit a spreadsheet cell and is a sign of a lost quote
	maxLine  = 1 << 20 // bytes of one record
	maxLines = 2_000   // lines of one record
)

// csvRows reads delimited text by RFC 4180, forgiving what agencies write: any line ending, stray quotes, a missing last
// newline. encoding/csv is not used because a lost closing quote makes it swallow the rest of the file into memory.
type csvRows struct {
	in       *bufio.Reader
	comma    byte
	encoding string
	line     int      // of the line last read
	queue    [][]byte // lines read ahead in search of a closing quote that never came
	long     bool     // the line last read was cut
	legacy   bool     // the encoding is a Cyrillic code page
	cells    int      // of the last row, to size the next
	ahead    *row     // read to see what the file is, and not yet given out
}

func openCSV(in io.Reader, head []byte, f File) *csvRows {
	c := &csvRows{encoding: f.Encoding}
	if c.encoding == "" {
		c.encoding = detectEncoding(head)
	}
	c.legacy = c.encoding == "windows-1251" || c.encoding == "kz-1048"
	if strings.HasPrefix(c.encoding, "utf-16") { // without "mark required", a named encoding also reads files without mark
		for _, m := range boms[1:] {
			if bytes.HasPrefix(head, []byte(m.mark)) {
				c.encoding = m.name
			}
		}
	}
	sample := head
	if t := decoderOf(c.encoding); t != nil {
		sample, _, _ = transform.Bytes(t, head)
		in = transform.NewReader(in, decoderOf(c.encoding))
	}
	text := string(bytes.TrimPrefix(sample, []byte("\xEF\xBB\xBF")))
	if strings.Contains(text, "\r") && !strings.Contains(text, "\n") { // old Macintosh
		text, in = strings.ReplaceAll(text, "\r", "\n"), &crReader{in}
	}
	if c.comma = detectDelimiter(text); f.Delimiter != "" {
		c.comma = f.Delimiter[0]
	}
	c.in = bufio.NewReaderSize(in, sampleSize)
	if b, _ := c.in.Peek(3); bytes.Equal(b, []byte("\xEF\xBB\xBF")) {
		_, _ = c.in.Discard(3) // just peeked
	}
	if b, _ := c.in.Peek(6); bytes.HasPrefix(b, []byte("sep=")) {
		_, _ = c.readLine() // an error comes back on the next read
	}
	return c
}

func (c *csvRows) close() error   { return nil }
func (c *csvRows) ragged() bool   { return true }
func (c *csvRows) date1904() bool { return false }

// readLine returns the next line without its ending. A line beyond maxLine is cut there and c.long set.
func (c *csvRows) readLine() ([]byte, error) {
	c.line++
	c.long = false
	if len(c.queue) > 0 {
		l := c.queue[0]
		c.queue = c.queue[1:]
		return l, nil
	}
	part, err := c.in.ReadSlice('\n')
	line := part
	if errors.Is(err, bufio.ErrBufferFull) {
		line = bytes.Clone(part)
		for errors.Is(err, bufio.ErrBufferFull) {
			part, err = c.in.ReadSlice('\n')
			if len(line) < maxLine {
				line = append(line, part...)
			} else {
				c.long = true
			}
		}
	}
	if err != nil && (!errors.Is(err, io.EOF) || len(line) == 0) {
		return nil, err
	}
	line = bytes.TrimSuffix(line, []byte("\n"))
	return bytes.TrimSuffix(line, []byte("\r")), nil
}

func (c *csvRows) next() (row, error) {
	if c.ahead != nil {
		r := *c.ahead
		c.ahead = nil
		return r, nil
	}
	line, err := c.readLine()
	if err != nil {
		if !errors.Is(err, io.EOF) {
			err = readError(err)
		}
		return row{}, err
	}
	r := row{line: c.line}
	long := c.long
	if bytes.IndexByte(line, '"') < 0 {
		r.cells = c.split(string(line))
	} else {
		c.quoted(&r, line)
	}
	c.cells = len(r.cells)
	for i := range r.cells {
		examine(&r, i)
		if c.legacy && mixed(r.cells[i]) {
			r.fault(i, "import.encoding.mixed", RemedyFile, r.cells[i])
		}
	}
	if long {
		r.fault(-1, "import.row.huge", RemedyFile, string(line[:min(len(line), 200)]))
	}
	return r, nil
}

// split cuts a line without quotes.
func (c *csvRows) split(s string) []string {
	cells := make([]string, 0, c.cells+1)
	for {
		i := strings.IndexByte(s, c.comma)
		if i < 0 {
			return append(cells, s)
		}
		cells = append(cells, s[:i])
		s = s[i+1:]
	}
}

// quoted gathers the lines of a record with quotes and cuts it.
func (c *csvRows) quoted(r *row, line []byte) {
	start := c.line
	buf := bytes.Clone(line)
	open := c.scan(buf, 0, -1)
	var ahead [][]byte
	for open >= 0 && len(buf) < maxLine && len(ahead) < maxLines {
		l, err := c.readLine()
		if err != nil {
			break
		}
		l = bytes.Clone(l)
		ahead = append(ahead, l)
		from := len(buf)
		buf = append(append(buf, '\n'), l...)
		open = c.scan(buf, from, open)
	}
	if open >= 0 { // the quote is never closed: it is a slip, and the lines after it are rows of their own
		c.queue = append(ahead, c.queue...)
		c.line = start
		r.cells = c.split(string(line))
		r.fault(-1, "import.csv.unclosed", RemedyCell, string(line[min(open, len(line)):]))
		return
	}
	c.cut(r, string(buf))
}

// scan goes on from offset i, where the quoted cell that began at open continues (or, when open is negative, a cell begins),
// and returns the offset of the quoted cell that b leaves open, or -1.
func (c *csvRows) scan(b []byte, i, open int) int {
	for {
		if open < 0 {
			if i < len(b) && b[i] == '"' {
				open = i
				i++
				continue
			}
		} else {
			n := bytes.IndexByte(b[i:], '"')
			if n < 0 {
				return open
			}
			if i += n + 1; i < len(b) && b[i] == '"' {
				i++
				continue
			}
			open = -1
		}
		n := bytes.IndexByte(b[i:], c.comma)
		if n < 0 {
			return -1
		}
		i += n + 1
	}
}

// afterQuote returns the offset behind the quote that closes a cell whose text begins at i.
func afterQuote(s string, i int) int {
	for i < len(s) {
		n := strings.IndexByte(s[i:], '"')
		if n < 0 {
			break
		}
		if i += n + 1; i >= len(s) || s[i] != '"' {
			return i
		}
		i++
	}
	return len(s)
}

// cut parts a complete record into cells.
func (c *csvRows) cut(r *row, s string) {
	r.cells = make([]string, 0, c.cells+1)
	for {
		if strings.HasPrefix(s, `"`) {
			end := afterQuote(s, 1)
			cell := strings.ReplaceAll(strings.TrimSuffix(s[1:end], `"`), `""`, `"`)
			s = s[end:]
			i := strings.IndexByte(s, c.comma)
			rest := s
			if i >= 0 {
				rest = s[:i]
			}
			if strings.TrimSpace(rest) != "" {
				cell += rest
				r.fault(len(r.cells), "import.csv.quote", RemedyCell, cell)
			}
			r.cells = append(r.cells, cell)
			if i < 0 {
				return
			}
			s = s[i+1:]
			continue
		}
		i := strings.IndexByte(s, c.comma)
		if i < 0 {
			r.cells = append(r.cells, s)
			return
		}
		r.cells = append(r.cells, s[:i])
		s = s[i+1:]
	}
}

// examine finds what no cell may hold.
func examine(r *row, i int) {
	s := r.cells[i]
	plain := true
	for j := 0; j < len(s); j++ {
		if s[j] == 0 || s[j] >= 0x80 {
			plain = false
			break
		}
	}
	if !plain {
		if strings.IndexByte(s, 0) >= 0 {
			r.fault(i, "import.cell.nul", RemedyFile, s)
			r.cells[i] = strings.ReplaceAll(s, "\x00", "")
		}
		if !utf8.ValidString(s) || strings.ContainsRune(s, utf8.RuneError) {
			r.fault(i, "import.encoding.invalid", RemedyMapping, s)
			r.cells[i] = strings.ToValidUTF8(r.cells[i], "\uFFFD")
		}
	}
	if s := r.cells[i]; len(s) > maxCell && utf8.RuneCountInString(s) > maxCell {
		r.fault(i, "import.cell.long", RemedyCell, s)
	}
}

// crReader turns the line endings of old Macintosh files into newlines.
type crReader struct{ io.Reader }

func (r crReader) Read(b []byte) (int, error) {
	n, err := r.Reader.Read(b)
	for i := range b[:n] {
		if b[i] == '\r' {
			b[i] = '\n'
		}
	}
	return n, err
}
