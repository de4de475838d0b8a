package cap

import (
	"encoding/xml"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Time is a moment to the second with its offset from UTC; the zero value is absent.
type Time struct{ time.Time }

const layout = "2006-01-02T15:04:05-07:00"

// String is the form of the standard, in which UTC is "-00:00" and never "Z".
func (t Time) String() string {
	s := t.Format(layout)
	if strings.HasSuffix(s, "+00:00") {
		s = s[:len(s)-6] + "-00:00"
	}
	return s
}

// MarshalXML leaves an absent time out.
func (t Time) MarshalXML(e *xml.Encoder, start xml.StartElement) error {
	if t.IsZero() {
		return nil
	}
	return e.EncodeElement(t.String(), start)
}

// UnmarshalText reads the standard's form and, since many senders write it, RFC 3339 with "Z" or fractions of a second,
// which are cut.
func (t *Time) UnmarshalText(b []byte) error {
	at, err := time.Parse(time.RFC3339, strings.TrimSpace(string(b)))
	t.Time = at.Truncate(time.Second)
	return err
}

// Reference names an earlier message.
type Reference struct {
	Sender, Identifier string
	Sent               Time
}

// References is the list "sender,identifier,sent sender,identifier,sent …".
type References []Reference

// MarshalText writes the list.
func (rs References) MarshalText() ([]byte, error) {
	parts := make([]string, len(rs))
	for i, r := range rs {
		parts[i] = r.Sender + "," + r.Identifier + "," + r.Sent.String()
	}
	return []byte(strings.Join(parts, " ")), nil
}

// UnmarshalText reads the list.
func (rs *References) UnmarshalText(b []byte) error {
	*rs = nil
	for _, part := range strings.Fields(string(b)) {
		f := strings.Split(part, ",")
		if len(f) != 3 {
			return fmt.Errorf("reference %q is not sender,identifier,sent", part)
		}
		var sent Time
		if err := sent.UnmarshalText([]byte(f[2])); err != nil {
			return err
		}
		*rs = append(*rs, Reference{f[0], f[1], sent})
	}
	return nil
}

// Words is a list separated by spaces, in which a word with a space stands in double quotes.
type Words []string

// MarshalText writes the list.
func (ws Words) MarshalText() ([]byte, error) {
	parts := make([]string, len(ws))
	for i, w := range ws {
		if parts[i] = w; strings.ContainsFunc(w, isSpace) {
			parts[i] = `"` + w + `"`
		}
	}
	return []byte(strings.Join(parts, " ")), nil
}

// UnmarshalText reads the list.
func (ws *Words) UnmarshalText(b []byte) error {
	*ws = nil
	s := strings.TrimFunc(string(b), isSpace)
	for s != "" {
		var w string
		if s[0] == '"' {
			var ok bool
			if w, s, ok = strings.Cut(s[1:], `"`); !ok {
				return fmt.Errorf("a quotation mark is not closed")
			}
		} else if i := strings.IndexFunc(s, isSpace); i >= 0 {
			w, s = s[:i], s[i:]
		} else {
			w, s = s, ""
		}
		if w != "" {
			*ws = append(*ws, w)
		}
		s = strings.TrimLeftFunc(s, isSpace)
	}
	return nil
}

func isSpace(r rune) bool { return r == ' ' || r == '\t' || r == '\n' || r == '\r' }

// Point is a WGS 84 position in degrees.
type Point struct{ Lat, Lon float64 }

func (p Point) String() string { return decimal(p.Lat) + "," + decimal(p.Lon) }

func (p Point) valid() bool { return math.Abs(p.Lat) <= 90 && math.Abs(p.Lon) <= 180 }

func decimal(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

func parsePoint(s string) (p Point, err error) {
	lat, lon, ok := strings.Cut(s, ",")
	var err1, err2 error
	p.Lat, err1 = strconv.ParseFloat(lat, 64)
	p.Lon, err2 = strconv.ParseFloat(lon, 64)
	if !ok || err1 != nil || err2 != nil || !p.valid() {
		return p, fmt.Errorf("%q is not latitude,longitude in degrees", s)
	}
	return p, nil
}

// Polygon is a ring of at least four points, the last of which repeats the first.
type Polygon []Point

// MarshalText writes "lat,lon lat,lon …".
func (p Polygon) MarshalText() ([]byte, error) {
	parts := make([]string, len(p))
	for i := range p {
		parts[i] = p[i].String()
	}
	return []byte(strings.Join(parts, " ")), nil
}

// UnmarshalText reads what MarshalText wrote.
func (p *Polygon) UnmarshalText(b []byte) error {
	*p = nil
	for _, s := range strings.Fields(string(b)) {
		at, err := parsePoint(s)
		if err != nil {
			return err
		}
		*p = append(*p, at)
	}
	return nil
}

// Circle is a centre and a radius in kilometres.
type Circle struct {
	Centre Point
	Radius float64
}

// MarshalText writes "lat,lon radius".
func (c Circle) MarshalText() ([]byte, error) {
	return []byte(c.Centre.String() + " " + decimal(c.Radius)), nil
}

// UnmarshalText reads what MarshalText wrote.
func (c *Circle) UnmarshalText(b []byte) (err error) {
	f := strings.Fields(string(b))
	if len(f) != 2 {
		return fmt.Errorf("%q is not a centre and a radius", b)
	}
	if c.Radius, err = strconv.ParseFloat(f[1], 64); err != nil {
		return err
	}
	c.Centre, err = parsePoint(f[0])
	return err
}
