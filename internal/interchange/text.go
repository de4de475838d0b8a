package interchange

import (
	"bytes"
	"errors"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// maxToken bounds what lies between two marks: a name, a value, a tag. Ordinary ones have some hundred bytes; a larger one is made to
// exhaust the memory of a reader that must hold it whole.
const maxToken = 1 << 20

const blockSize = 16 << 10

// Text is a file's text as UTF-8 without a byte order mark: UTF-16 is decoded, bytes that are no UTF-8 are refused with their line. It keeps
// count of lines, and stops when its user takes in more than a token may hold.
type Text struct {
	in    io.Reader
	wide  bool // UTF-16
	big   bool // with the high byte first
	begun bool
	raw   []byte // read, and not yet complete characters
	out   []byte // decoded, and not yet given out
	err   error

	given  int64   // bytes given out
	marked int64   // of them, those that the user is done with
	ends   []int64 // offsets behind the newlines given out and not yet passed by a mark
	line   int     // newlines before marked
	start  int64   // offset of that line's beginning
}

// NewText reads r.
func NewText(r io.Reader) *Text { return &Text{in: r, raw: make([]byte, 0, blockSize)} }

// Read gives the next bytes.
func (t *Text) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	if err := t.fill(); err != nil {
		return 0, err
	}
	n := copy(p, t.out)
	t.give(n)
	return n, nil
}

// ReadByte gives the next byte. The XML decoder reads by it and so never ahead of its token.
func (t *Text) ReadByte() (byte, error) {
	if err := t.fill(); err != nil {
		return 0, err
	}
	b := t.out[0]
	t.give(1)
	return b, nil
}

func (t *Text) give(n int) {
	for i, b := range t.out[:n] {
		if b == '\n' {
			t.ends = append(t.ends, t.given+int64(i)+1)
		}
	}
	t.given += int64(n)
	t.out = t.out[n:]
}

// Mark tells that everything before offset is done with: a new token begins.
func (t *Text) Mark(offset int64) {
	t.marked = offset
	t.line, t.start = t.at(offset)
	n := 0
	for n < len(t.ends) && t.ends[n] <= offset {
		n++
	}
	t.ends = t.ends[:copy(t.ends, t.ends[n:])]
}

// Position is the line and the byte within it, both from 1, of an offset not before the last mark.
func (t *Text) Position(offset int64) (line, column int) {
	line, start := t.at(offset)
	return line + 1, int(offset-start) + 1
}

func (t *Text) at(offset int64) (line int, start int64) {
	line, start = t.line, t.start
	for _, end := range t.ends {
		if end > offset {
			break
		}
		line, start = line+1, end
	}
	return line, start
}

// fill has something to give out, or an error.
func (t *Text) fill() error {
	for len(t.out) == 0 {
		if t.err != nil {
			return t.err
		}
		if t.given-t.marked > maxToken {
			line, _ := t.Position(t.marked)
			t.err = invalid("interchange.token", "line", line, "limit", maxToken>>20)
			return t.err
		}
		have := len(t.raw)
		n, err := io.ReadAtLeast(t.in, t.raw[have:cap(t.raw)], 1)
		t.raw = t.raw[:have+n]
		t.err = err // of a read that gave something too: there is nothing behind it
		if n > 0 && err == nil && !t.begun && len(t.raw) < 4 {
			continue // too little to tell by
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			t.err = io.EOF
		} else if err != nil {
			return err
		}
		t.begin()
		t.decode(t.err != nil)
	}
	return nil
}

// begin tells UTF-16 by its mark or, since files of these formats begin with a sign of ASCII, by the zero byte beside it.
func (t *Text) begin() {
	if t.begun {
		return
	}
	t.begun = true
	for _, m := range []struct {
		mark           string
		wide, big, cut bool
	}{{"\xEF\xBB\xBF", false, false, true}, {"\xFF\xFE", true, false, true}, {"\xFE\xFF", true, true, true}, {"<\x00", true, false, false},
		{"\x00<", true, true, false}, {"{\x00", true, false, false}, {"\x00{", true, true, false}} {
		if bytes.HasPrefix(t.raw, []byte(m.mark)) {
			t.wide, t.big = m.wide, m.big
			if m.cut {
				t.raw = t.raw[:copy(t.raw, t.raw[len(m.mark):])]
			}
			return
		}
	}
}

// decode turns the complete characters of raw into out. At the end of the file no character may be incomplete.
func (t *Text) decode(last bool) {
	var used int
	if t.wide {
		t.out, used = t.narrow(t.raw)
	} else {
		used = len(t.raw)
		for cut := 1; cut < utf8.UTFMax && cut <= len(t.raw); cut++ {
			if tail := t.raw[len(t.raw)-cut:]; utf8.RuneStart(tail[0]) {
				if !utf8.FullRune(tail) {
					used -= cut
				}
				break
			}
		}
		t.out = bytes.Clone(t.raw[:used])
	}
	t.raw = t.raw[:copy(t.raw, t.raw[used:])]
	if valid := utf8.Valid(t.out) && bytes.IndexByte(t.out, 0) < 0; !valid || last && len(t.raw) > 0 {
		line, _ := t.Position(t.given)
		if !valid {
			line += bytes.Count(t.out[:firstBad(t.out)], []byte("\n"))
		}
		t.out, t.err = nil, invalid("interchange.encoding", "line", line)
	}
}

func firstBad(b []byte) int {
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if r == 0 || r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return len(b)
}

// narrow decodes UTF-16. Half of a pair of surrogates comes out as a byte that is no UTF-8, and is refused with the rest.
func (t *Text) narrow(raw []byte) (out []byte, used int) {
	unit := func(i int) rune {
		if t.big {
			return rune(raw[i])<<8 | rune(raw[i+1])
		}
		return rune(raw[i+1])<<8 | rune(raw[i])
	}
	for used+1 < len(raw) {
		r, n := unit(used), 2
		if utf16.IsSurrogate(r) {
			if used+3 >= len(raw) && r < 0xDC00 {
				break
			}
			pair := rune(utf8.RuneError)
			if r < 0xDC00 {
				pair, n = utf16.DecodeRune(r, unit(used+2)), 4
			}
			if pair == utf8.RuneError {
				out, used = append(out, 0xFF), used+n
				continue
			}
			r = pair
		}
		out, used = utf8.AppendRune(out, r), used+n
	}
	return out, used
}
