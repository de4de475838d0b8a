package cap

import (
	"encoding/xml"
	"io"
	"slices"

	"github.com/baqylau/baqylau"
)

// maxSize bounds a document that is read, in bytes; derefUri content makes it generous.
const maxSize = 8 << 20

// Write writes the message as a CAP 1.2 document, after Validate.
func Write(w io.Writer, a Alert) error {
	if err := a.Validate(); err != nil {
		return err
	}
	a.XMLName = xml.Name{Space: Namespace, Local: "alert"}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(a); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// Parse reads one CAP 1.2 document and validates it. It is for input from anywhere: entities are not expanded, size is
// limited to 8 MB, elements unknown to the standard are ignored, and order is not insisted on (see Conform). A document that
// is not CAP 1.2 gives an Invalid error with key "error.cap_document", a faulty message one with key "error.cap".
func Parse(r io.Reader) (Alert, error) {
	var a Alert
	lr := &io.LimitedReader{R: r, N: maxSize + 1}
	err := xml.NewDecoder(lr).Decode(&a)
	if lr.N <= 0 {
		return Alert{}, baqylau.E(baqylau.TooMany, "error.cap_document")
	}
	if err != nil {
		return Alert{}, baqylau.E(baqylau.Invalid, "error.cap_document").Because(err)
	}
	a.Codes = slices.DeleteFunc(a.Codes, func(s string) bool { return s == "" }) // an empty element says nothing
	if len(a.Codes) == 0 {
		a.Codes = nil
	}
	if err := a.Validate(); err != nil {
		return Alert{}, err
	}
	return a, nil
}
