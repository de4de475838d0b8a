package jsoncases

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
)

// reader takes cases from a stream that holds one a line, objects printed over several lines, or both. A case that is cut off or broken
// ends where the next one begins: at a line that starts with a brace, without an indent.
type reader struct {
	in   *bufio.Reader
	held []byte // the rest of a line, or a line that was read too far
	line int    // number of the line last read
	flat bool   // a whole case has been found on one line
}

// raw is the text of one case and the line at which it begins.
type raw struct {
	text []byte
	line int
}

func newReader(in io.Reader) *reader {
	r := &reader{in: bufio.NewReaderSize(in, 1<<16)}
	if b, err := r.in.Peek(3); err == nil && string(b) == "\ufeff" { // the mark that some programs put before UTF-8
		_, _ = r.in.Discard(3)
	}
	return r
}

// next gives up to n cases; with the last of them comes io.EOF.
func (r *reader) next(n int) (raws []raw, err error) {
	for len(raws) < n {
		one, err := r.one()
		if len(one.text) > 0 {
			raws = append(raws, one)
		}
		if err != nil {
			return raws, err
		}
	}
	return raws, nil
}

// read gives the next line or what is held of it.
func (r *reader) read() (line []byte, err error) {
	if line, r.held = r.held, nil; line != nil {
		return line, nil
	}
	r.line++
	return r.in.ReadBytes('\n')
}

func (r *reader) one() (one raw, err error) {
	var in nesting
	for err == nil {
		var line []byte
		line, err = r.read()
		if len(one.text) == 0 {
			line = bytes.TrimLeft(line, " \t\r\n")
			if len(line) == 0 {
				continue
			}
			if one.line = r.line; line[0] != '{' && line[0] != '[' {
				one.text = bytes.TrimSpace(line) // not a case, which it is for Decode to say
				return one, err
			}
		} else if line := bytes.TrimRight(line, " \t\r\n"); bytes.HasPrefix(line, []byte(`{"`)) || string(line) == "{" {
			r.held = append(line, '\n')
			if errors.Is(err, io.EOF) {
				err = nil // what is held comes first
			}
			break
		}
		first := len(one.text) == 0
		end := in.end(line)
		one.text = append(one.text, line[:end]...)
		if in.depth > 0 && first && r.cutOff(line, in.quoted) {
			break
		}
		in.quoted, in.escaped = false, false // JSON has no string over several lines: an open quote must not swallow what follows
		if in.depth == 0 {
			r.flat = r.flat || first
			if rest := bytes.TrimSpace(line[end:]); len(rest) > 0 {
				r.held = append(rest, '\n')
				if errors.Is(err, io.EOF) {
					err = nil
				}
			}
			break
		}
	}
	one.text = bytes.TrimSpace(one.text)
	return one, err
}

// cutOff reports that an object which is still open at the end of its first line is a damaged line and not the head of an object over
// several lines: it ends within a string, or among cases of one line each where a head would end with an opening, a comma or a colon.
func (r *reader) cutOff(line []byte, quoted bool) bool {
	line = bytes.TrimRight(line, " \t\r\n")
	return quoted || r.flat && !bytes.ContainsRune([]byte("{[,:"), rune(line[len(line)-1]))
}

// nesting is how many braces and brackets are open.
type nesting struct {
	depth           int
	quoted, escaped bool
}

// end is where in the line the last of them is closed, or the line's end.
func (n *nesting) end(line []byte) int {
	for i, b := range line {
		switch {
		case n.escaped:
			n.escaped = false
		case n.quoted:
			n.escaped, n.quoted = b == '\\', b != '"'
		case b == '"':
			n.quoted = true
		case b == '{' || b == '[':
			n.depth++
		case b == '}' || b == ']':
			if n.depth--; n.depth == 0 {
				return i + 1
			}
		}
	}
	return len(line)
}

// where is the place at which the case begins: the file, and the line unless the case is alone in it.
func (r raw) where(name string, alone bool) string {
	if alone {
		return name
	}
	return strings.TrimSpace(fmt.Sprintf("%s line %d", name, r.line))
}
