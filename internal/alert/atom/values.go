package atom

import (
	"encoding/xml"
	"strings"
	"time"
)

// Time is a moment in RFC 3339 form; the zero value is not valid in a feed.
type Time struct{ time.Time }

// MarshalText writes RFC 3339 with the fraction of a second only if there is one.
func (t Time) MarshalText() ([]byte, error) { return []byte(t.Format(time.RFC3339Nano)), nil }

// UnmarshalText reads RFC 3339.
func (t *Time) UnmarshalText(b []byte) (err error) {
	t.Time, err = time.Parse(time.RFC3339Nano, strings.TrimSpace(string(b)))
	return err
}

// Text is a text construct: Type is "text" or "html".
type Text struct{ Type, Body string }

type textXML struct {
	Type  string `xml:"type,attr,omitempty"`
	Body  string `xml:",chardata"`
	Inner string `xml:",innerxml"`
}

// MarshalXML writes the text escaped, whatever its type.
func (t Text) MarshalXML(e *xml.Encoder, start xml.StartElement) error {
	return e.EncodeElement(struct {
		Type string `xml:"type,attr,omitempty"`
		Body string `xml:",chardata"`
	}{t.Type, t.Body}, start)
}

// UnmarshalXML reads any text construct. Inline XHTML becomes HTML as it stands in the source; a content that is neither
// text nor markup is left empty.
func (t *Text) UnmarshalXML(d *xml.Decoder, start xml.StartElement) error {
	var x textXML
	if err := d.DecodeElement(&x, &start); err != nil {
		return err
	}
	switch x.Type {
	case "", "text", "text/plain":
		*t = Text{"text", x.Body}
	case "html", "text/html":
		*t = Text{"html", x.Body}
	case "xhtml":
		*t = Text{"html", strings.TrimSpace(x.Inner)}
	default:
		*t = Text{"text", ""}
	}
	return nil
}
