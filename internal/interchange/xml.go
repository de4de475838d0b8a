package interchange

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"github.com/baqylau/baqylau"
)

// maxDepth is how deep elements or objects may stand in each other; the formats need four.
const maxDepth = 32

// XML reads a document's tokens and refuses what is made to harm its reader or what two readers would take differently: a document type with
// its entities, deep nesting, huge tokens, an attribute that stands twice, an encoding other than Unicode.
type XML struct {
	dec   *xml.Decoder
	text  *Text
	depth int
	root  bool // the root has been closed
}

// NewXML reads r.
func NewXML(r io.Reader) *XML {
	x := &XML{text: NewText(r)}
	x.dec = xml.NewDecoder(x.text)
	x.dec.CharsetReader = func(name string, in io.Reader) (io.Reader, error) {
		switch strings.ToLower(name) {
		case "utf-16", "utf-16le", "utf-16be", "us-ascii": // Text has decoded it, and would have refused anything else
			return in, nil
		}
		return nil, invalid("interchange.xml.encoding", "value", Clip(name))
	}
	return x
}

// Line is the line of the token that comes next.
func (x *XML) Line() int {
	line, _ := x.text.Position(x.dec.InputOffset())
	return line
}

// Next gives the next token; io.EOF at the end of a complete document. A token is valid until the next call.
func (x *XML) Next() (xml.Token, error) {
	x.text.Mark(x.dec.InputOffset())
	line := x.Line()
	tok, err := x.dec.Token()
	if err != nil {
		return nil, x.fault(err)
	}
	switch t := tok.(type) {
	case xml.Directive:
		return nil, invalid("interchange.xml.doctype", "line", line)
	case xml.StartElement:
		if x.depth++; x.depth > maxDepth {
			return nil, invalid("interchange.deep", "line", line, "limit", maxDepth)
		}
		if x.root {
			return nil, invalid("interchange.xml.syntax", "line", line)
		}
		if err := unique(t.Attr, line); err != nil {
			return nil, err
		}
	case xml.EndElement:
		x.depth--
		x.root = x.root || x.depth == 0
	case xml.CharData:
		if x.depth == 0 && strings.TrimSpace(string(t)) != "" {
			return nil, invalid("interchange.xml.syntax", "line", line)
		}
	}
	return tok, nil
}

func (x *XML) fault(err error) error {
	var own *baqylau.Error
	var syntax *xml.SyntaxError
	switch {
	case errors.As(err, &own):
		return own
	case errors.Is(err, io.EOF) && x.root && x.depth == 0:
		return io.EOF
	case errors.Is(err, io.EOF): // it must not look like the end of a complete one
		line, _ := x.dec.InputPos()
		return invalid("interchange.xml.syntax", "line", line).Because(io.ErrUnexpectedEOF)
	case errors.As(err, &syntax):
		line, _ := x.dec.InputPos()
		return invalid("interchange.xml.syntax", "line", line).Because(err)
	case strings.HasPrefix(err.Error(), "xml: "):
		return invalid("interchange.xml.syntax", "line", x.Line()).Because(err)
	}
	return err
}

func unique(attrs []xml.Attr, line int) error {
	if len(attrs) < 2 {
		return nil
	}
	seen := make(map[xml.Name]bool, len(attrs))
	for _, a := range attrs {
		if seen[a.Name] {
			return invalid("interchange.duplicate", "line", line, "value", Clip(a.Name.Local))
		}
		seen[a.Name] = true
	}
	return nil
}

// Attributes are those of an element that belong to no other namespace, in the order of the file.
func Attributes(e xml.StartElement) (list []xml.Attr) {
	for _, a := range e.Attr {
		if a.Name.Space == "" && a.Name.Local != "xmlns" {
			list = append(list, a)
		}
	}
	return list
}

// Skip passes over the rest of an element whose start has just been read.
func (x *XML) Skip() error {
	for at := x.depth; x.depth >= at; {
		if _, err := x.Next(); err != nil {
			return err
		}
	}
	return nil
}

// Content is the text of an element whose start has just been read; an element inside it is refused.
func (x *XML) Content() (string, error) {
	var b strings.Builder
	for {
		line := x.Line()
		tok, err := x.Next()
		if err != nil {
			return "", err
		}
		switch t := tok.(type) {
		case xml.EndElement:
			return b.String(), nil
		case xml.CharData:
			if b.Len()+len(t) > maxToken {
				return "", invalid("interchange.token", "line", line, "limit", maxToken>>20)
			}
			b.Write(t)
		case xml.StartElement:
			return "", Unexpected(t, line)
		}
	}
}

// Unexpected is the error of an element that has no place where it stands.
func Unexpected(e xml.StartElement, line int) error {
	name := e.Name.Local
	if e.Name.Space != "" {
		name = "{" + e.Name.Space + "}" + name
	}
	return invalid("interchange.xml.element", "line", line, "value", Clip(name))
}

// Root tells the local name of the root element from the beginning of a file, "" when it is no XML.
func Root(head []byte) string {
	x := NewXML(strings.NewReader(string(head)))
	for {
		tok, err := x.Next()
		if err != nil {
			return ""
		}
		if e, ok := tok.(xml.StartElement); ok {
			return e.Name.Local
		}
	}
}

// BadXML is the error of a document that is not well-formed at a line.
func BadXML(line int) error { return invalid("interchange.xml.syntax", "line", line) }
