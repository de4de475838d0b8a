package mapping

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"
)

// Bounds of the texts that the cells of a workbook share.
const (
	maxTexts     = 8 << 20 // their number
	maxTextBytes = 1 << 30 // and bytes together, on disk
	keptText     = 4 * (maxCell + 1)
)

// texts are the texts that cells name by number. A text longer than a cell may hold is kept so far that the cell is seen to be too long.
type texts struct {
	bytes spill
	ends  []uint32
}

// readTexts reads the part of shared texts.
func readTexts(f *zip.File) (*texts, error) {
	in, err := openElements(f)
	if err != nil {
		return nil, err
	}
	t := &texts{}
	err = errors.Join(t.read(in), in.close(), t.bytes.done())
	if err != nil {
		return nil, errors.Join(err, t.bytes.Close())
	}
	return t, nil
}

func (t *texts) read(in *elements) error {
	for {
		tok, err := in.token()
		if errors.Is(err, io.EOF) {
			return in.rest()
		}
		if err != nil {
			return err
		}
		if el, ok := tok.(xml.StartElement); ok && el.Name.Local == "si" {
			in.begin()
			s, err := in.text()
			if err != nil {
				return err
			}
			if _, err := io.WriteString(&t.bytes, s); err != nil {
				return err
			}
			if len(t.ends) == maxTexts || t.bytes.size > maxTextBytes {
				return invalid("import.file.bomb")
			}
			t.ends = append(t.ends, uint32(t.bytes.size))
		}
	}
}

// at is the text of a number.
func (t *texts) at(i int) (string, bool) {
	if t == nil || i < 0 || i >= len(t.ends) {
		return "", false
	}
	from := uint32(0)
	if i > 0 {
		from = t.ends[i-1]
	}
	b := make([]byte, t.ends[i]-from)
	if len(b) == 0 {
		return "", true
	}
	_, err := t.bytes.ReadAt(b, int64(from))
	return string(b), err == nil
}

// text reads to the end of the open element and joins its runs; the reading aids of East Asian scripts (rPh) are no part of a text.
func (e *elements) text() (string, error) {
	var b strings.Builder
	in, aid := false, 0
	for depth := e.depth; e.depth >= depth; {
		tok, err := e.token()
		if err != nil {
			return "", broken(err)
		}
		switch el := tok.(type) {
		case xml.StartElement:
			if in = el.Name.Local == "t"; el.Name.Local == "rPh" {
				aid++
			}
		case xml.EndElement:
			if in = false; el.Name.Local == "rPh" {
				aid--
			}
		case xml.CharData:
			if in && aid == 0 && b.Len() < keptText {
				b.Write(el[:min(len(el), keptText)])
			}
		}
	}
	return unescape(strings.ToValidUTF8(b.String(), "")), nil
}

// escaped are characters that XML has no place for, as workbooks write them (ECMA-376, ST_Xstring).
var escaped = regexp.MustCompile(`_x[0-9A-Fa-f]{4}_`)

func unescape(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	return escaped.ReplaceAllStringFunc(s, func(m string) string {
		v, _ := strconv.ParseUint(m[2:6], 16, 16) // four hexadecimal digits
		return string(rune(v))                    // half a surrogate becomes U+FFFD, which is told as a fault
	})
}

// broken makes an unexpected end, which is no end of file here, and passes everything else on.
func broken(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
