package interchange

import (
	"encoding/json"
	"errors"
	"io"
	"strings"

	"github.com/baqylau/baqylau"
)

// JSON reads a document's tokens and refuses deep nesting, huge tokens, and a key that stands twice in one object.
type JSON struct {
	dec  *json.Decoder
	text *Text
}

// NewJSON reads r.
func NewJSON(r io.Reader) *JSON {
	j := &JSON{text: NewText(r)}
	j.dec = json.NewDecoder(j.text)
	j.dec.UseNumber() // a number stands as it was written
	return j
}

// Line is the line of the token that was read last.
func (j *JSON) Line() int {
	line, _ := j.text.Position(j.dec.InputOffset())
	return line
}

// Next gives the next token: json.Delim, string, json.Number, bool or nil; io.EOF at the end.
func (j *JSON) Next() (json.Token, error) {
	j.text.Mark(j.dec.InputOffset())
	tok, err := j.dec.Token()
	if err == nil {
		return tok, nil
	}
	var own *baqylau.Error
	var syntax *json.SyntaxError
	offset := j.dec.InputOffset()
	switch {
	case errors.As(err, &own):
		return nil, own
	case errors.Is(err, io.EOF):
		return nil, io.EOF
	case errors.As(err, &syntax):
		offset = max(offset, syntax.Offset-1)
	case !errors.Is(err, io.ErrUnexpectedEOF):
		return nil, err
	}
	line, column := j.text.Position(offset)
	return nil, invalid("interchange.json.syntax", "line", line, "column", column).Because(err)
}

// Open reads the sign that begins an array or object.
func (j *JSON) Open(sign json.Delim, what string) error {
	tok, err := j.Next()
	if err != nil {
		return j.cut(err)
	}
	if tok != sign {
		return j.Wrong(what)
	}
	return nil
}

// More reports whether the array or object at hand has another member.
func (j *JSON) More() bool {
	j.text.Mark(j.dec.InputOffset())
	return j.dec.More()
}

// Close reads the sign that ends an array or object.
func (j *JSON) Close() error {
	_, err := j.Next()
	return j.cut(err)
}

// Key reads the name of an object's next member, which must not be among seen, and adds it there.
func (j *JSON) Key(seen map[string]bool) (string, error) {
	tok, err := j.Next()
	if err != nil {
		return "", j.cut(err)
	}
	key, _ := tok.(string) // the decoder lets nothing else stand there
	if seen[key] {
		return "", invalid("interchange.duplicate", "line", j.Line(), "value", Clip(key))
	}
	if len(seen) >= MaxColumns {
		return "", TooManyColumns()
	}
	seen[key] = true
	return key, nil
}

// Scalar reads a text, number, truth value or null as text; an array or object is refused. what names it in the message.
func (j *JSON) Scalar(what string) (string, error) {
	tok, err := j.Next()
	if err != nil {
		return "", j.cut(err)
	}
	switch v := tok.(type) {
	case nil:
		return "", nil
	case string:
		return v, nil
	case json.Number:
		return v.String(), nil
	case bool:
		if v {
			return "true", nil
		}
		return "false", nil
	}
	return "", j.Wrong(what)
}

// List reads an array of scalars, or null, joined by sep.
func (j *JSON) List(what, sep string) (string, error) {
	tok, err := j.Next()
	if err != nil || tok == nil {
		return "", j.cut(err)
	}
	if tok != json.Delim('[') {
		return "", j.Wrong(what)
	}
	var list []string
	size := 0
	for j.More() {
		s, err := j.Scalar(what)
		if err != nil {
			return "", err
		}
		if size += len(s) + 1; size > maxToken {
			return "", invalid("interchange.token", "line", j.Line(), "limit", maxToken>>20)
		}
		list = append(list, s)
	}
	return strings.Join(list, sep), j.Close()
}

// Skip passes over one value of any kind.
func (j *JSON) Skip() error {
	for depth := 0; ; {
		tok, err := j.Next()
		if err != nil {
			return j.cut(err)
		}
		switch tok {
		case json.Delim('['), json.Delim('{'):
			if depth++; depth > maxDepth {
				return invalid("interchange.deep", "line", j.Line(), "limit", maxDepth)
			}
		case json.Delim(']'), json.Delim('}'):
			depth--
		}
		if depth == 0 {
			return nil
		}
	}
}

// End refuses anything behind the document.
func (j *JSON) End() error {
	if _, err := j.Next(); !errors.Is(err, io.EOF) {
		if err != nil {
			return err
		}
		return j.Wrong("")
	}
	return nil
}

// Wrong is the error of a value that is of another kind than it must be.
func (j *JSON) Wrong(what string) error {
	return invalid("interchange.json.type", "line", j.Line(), "value", Clip(what))
}

// cut makes the end of the file in the middle of a document an error of its own.
func (j *JSON) cut(err error) error {
	if !errors.Is(err, io.EOF) {
		return err
	}
	line, column := j.text.Position(j.dec.InputOffset())
	return invalid("interchange.json.syntax", "line", line, "column", column).Because(io.ErrUnexpectedEOF)
}
