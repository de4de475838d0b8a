package intake

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/intake/mapping"
)

// resolve turns the places and substances of a record's rows into codes of the registry, and fills the day they became known. What the registry does not know
// is a fault, unless the mapping takes it as it stands: then a place is known to the country only, and a substance stays text.
func (c *converter) resolve(rec *mapping.Record) {
	for i := range rec.Rows {
		row := &rec.Rows[i]
		if row.Known.IsZero() {
			row.Known = c.today
		}
		for name, text := range row.Values {
			f, _ := c.target.about.Field(name)
			switch f.Kind {
			case mapping.KindPlace:
				c.placeOf(row, name, text)
			case mapping.KindSubstance:
				if id, ok := c.substanceOf(text); ok {
					row.Values[name] = id
				} else if !row.Open(name) {
					row.Fault(name, "import.substance.unknown", mapping.RemedyMapping, text)
				}
			}
		}
		rec.Problems = append(rec.Problems, row.Problems...)
		row.Problems = nil
	}
}

func (c *converter) placeOf(row *mapping.Row, field, text string) {
	if _, ok := c.book.Region(text); ok {
		return
	}
	if _, ok := c.book.Country(text); ok {
		return
	}
	country, _, _ := strings.Cut(c.source.Country, "-")
	if r, ok := c.region(country, text, row.Title(field)); ok {
		row.Values[field] = r.Code
		return
	}
	if row.Open(field) {
		row.Values[field] = country
		return
	}
	row.Fault(field, "import.region.unknown", mapping.RemedyCell, text)
}

func (c *converter) substanceOf(text string) (id string, ok bool) {
	if s, ok := c.book.Substance(text); ok {
		return s.ID, true
	}
	if s, ok := c.book.ByName(text); ok {
		return s.ID, true
	}
	return "", false
}

// personsText is the column of a text with an IIN that a target would keep, "" if there is none.
func (c *converter) personsText(rec *mapping.Record) string {
	for i := range rec.Rows {
		row := &rec.Rows[i]
		for name, text := range row.Values {
			if f, _ := c.target.about.Field(name); (f.Kind == mapping.KindText || f.Kind == mapping.KindNotes) && c.person(text) {
				return row.Title(name)
			}
		}
	}
	return ""
}

// pseudonym turns a personal number into a pseudonym of a domain. A number of Kazakhstan is checked by its length and its control digit; nothing is read out of it.
func (s *Service) pseudonym(country string, domain baqylau.Domain) mapping.Option {
	return mapping.Persons(func(number string) (string, bool) {
		if strings.HasPrefix(country, "KZ") && !wellFormed(number) {
			return "", false
		}
		if s.Pseudonym == nil {
			return "", true
		}
		return s.Pseudonym(domain, number), true
	})
}

// wellFormed reports whether a number has the twelve digits of an IIN and the control digit that they ask for.
func wellFormed(number string) bool {
	d := bareDigits(number)
	return len(d) == 12 && strings.Trim(d, "0123456789") == "" && control(d) == int(d[11]-'0')
}

// digestOfRows is the digest of a chunk's rows that the journal keeps instead of the rows.
func digestOfRows(rows []*mapping.Row) string {
	h := sha256.New()
	for _, r := range rows {
		names := make([]string, 0, len(r.Values))
		for name := range r.Values {
			names = append(names, name)
		}
		slices.SortFunc(names, cmp.Compare[string])
		h.Write([]byte(r.Key + "\x00"))
		for _, name := range names {
			h.Write([]byte(name + "\x00" + r.Values[name] + "\x00"))
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}
