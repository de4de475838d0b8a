package mapping

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"io"
)

// What an honest workbook stays far below. The XML decoder holds every token and every open element, so the length of an element and the
// depth of nesting bound its memory.
const (
	maxElement = 2 << 20 // bytes of XML of one row or one shared text
	maxDepth   = 100     // nested elements
)

var errElement = errors.New("an element beyond maxElement")

// elements reads the XML of one part token by token.
type elements struct {
	part  io.ReadCloser
	dec   *xml.Decoder
	left  int // bytes that may still be read before the element at hand has to end
	over  bool
	depth int
}

func openElements(f *zip.File) (*elements, error) {
	part, err := f.Open()
	if err != nil {
		return nil, err
	}
	e := &elements{part: part}
	e.dec = xml.NewDecoder(e)
	e.begin()
	return e, nil
}

// begin allows the next element its length.
func (e *elements) begin() { e.left = maxElement }

// Read feeds the decoder.
func (e *elements) Read(b []byte) (int, error) {
	if e.left <= 0 {
		e.over = true
		return 0, errElement
	}
	n, err := e.part.Read(b)
	e.left -= n
	return n, err
}

// token gives the next token; io.EOF only when every element is closed.
func (e *elements) token() (xml.Token, error) {
	tok, err := e.dec.Token()
	if e.over { // whatever the decoder makes of it, half a character for example
		return nil, errElement
	}
	switch tok.(type) {
	case xml.StartElement:
		if e.depth++; e.depth > maxDepth {
			return nil, errors.New("elements nested too deep")
		}
	case xml.EndElement:
		e.depth--
	}
	return tok, err
}

// rest reads on to the end of the part, where its checksum is compared.
func (e *elements) rest() error {
	_, err := io.Copy(io.Discard, e.part)
	return err
}

func (e *elements) close() error { return e.part.Close() }

func attribute(el xml.StartElement, name string) string {
	for _, a := range el.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}
