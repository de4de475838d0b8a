package atom

import (
	"encoding/xml"
	"io"

	"github.com/baqylau/baqylau"
)

// maxSize bounds a feed that is read, in bytes.
const maxSize = 16 << 20

// Write writes the feed, after Validate.
func Write(w io.Writer, f Feed) error {
	if err := f.Validate(); err != nil {
		return err
	}
	f.XMLName = xml.Name{Space: Namespace, Local: "feed"}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(f); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// Parse reads a feed from anywhere and validates it: entities are not expanded, size is limited to 16 MB, unknown elements
// are ignored, relative addresses stay relative. What is no feed gives an Invalid error with key "error.atom_document", a
// faulty feed one with key "error.atom".
func Parse(r io.Reader) (Feed, error) {
	var f Feed
	lr := &io.LimitedReader{R: r, N: maxSize + 1}
	err := xml.NewDecoder(lr).Decode(&f)
	if lr.N <= 0 {
		return Feed{}, baqylau.E(baqylau.TooMany, "error.atom_document")
	}
	if err != nil {
		return Feed{}, baqylau.E(baqylau.Invalid, "error.atom_document").Because(err)
	}
	if err := f.Validate(); err != nil {
		return Feed{}, err
	}
	return f, nil
}
