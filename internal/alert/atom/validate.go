package atom

import (
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/baqylau/baqylau"
)

// Validate checks what RFC 4287 and RFC 6721 demand of the parts used here: ids, titles, dates, authors, links. The first
// fault is an Invalid error with key "error.atom" whose Field names the element.
func (f Feed) Validate() error {
	c := &check{}
	c.common(f.Lang, f.ID, f.Title, f.Updated, f.Authors, f.Links)
	c.text("rights", f.Rights)
	authored := len(f.Authors) > 0
	for _, e := range f.Entries {
		c.common(e.Lang, e.ID, e.Title, e.Updated, e.Authors, e.Links)
		c.must("published", e.Published == nil || writable(*e.Published))
		c.must("author", authored || len(e.Authors) > 0)
		for _, k := range e.Categories {
			c.must("category", k.Term != "" && carries(k.Term, k.Scheme, k.Label))
		}
		c.text("summary", e.Summary)
		c.text("content", e.Content)
	}
	for _, d := range f.Deleted {
		c.must("deleted-entry", isIRI(d.Ref) && writable(d.When))
		if d.By != nil {
			c.person("by", *d.By)
		}
		c.text("comment", d.Comment)
	}
	return c.err
}

// check keeps the first fault.
type check struct{ err error }

func (c *check) must(element string, ok bool) {
	if !ok && c.err == nil {
		c.err = baqylau.E(baqylau.Invalid, "error.atom", "Element", element).On(element)
	}
}

func (c *check) common(lang, id string, title Text, updated Time, authors []Person, links []Link) {
	c.must("lang", carries(lang))
	c.must("id", isIRI(id))
	c.text("title", &title)
	c.must("updated", writable(updated))
	for _, p := range authors {
		c.person("author", p)
	}
	for _, l := range links {
		c.must("link", l.Href != "" && l.Length >= 0 && carries(l.Href, l.Rel, l.Type, l.Hreflang, l.Title))
	}
}

func (c *check) person(element string, p Person) {
	c.must(element, p.Name != "" && carries(p.Name, p.URI, p.Email))
}

func (c *check) text(element string, t *Text) {
	c.must(element, t == nil || (t.Type == "text" || t.Type == "html") && carries(t.Body))
}

// carries tells whether XML 1.0 can carry the strings unchanged.
func carries(ss ...string) bool {
	for _, s := range ss {
		if !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool {
			return r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF
		}) {
			return false
		}
	}
	return true
}

// isIRI tells whether s is an absolute address or URN.
func isIRI(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.IsAbs() && carries(s)
}

// writable tells whether RFC 3339 can hold the moment: a year of four figures and an offset of whole minutes below a day.
func writable(t Time) bool {
	_, offset := t.Zone()
	return !t.IsZero() && t.Year() >= 1 && t.Year() <= 9999 && offset%60 == 0 && max(offset, -offset) < 24*60*60
}
