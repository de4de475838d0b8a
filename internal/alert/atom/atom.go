// Package atom writes and reads Atom 1.0 feeds (RFC 4287) whose withdrawn entries leave tombstones (RFC 6721) and whose
// entries may enclose a CAP document. It is pure: no disk, network or clock.
package atom

import (
	"encoding/xml"
	"time"
)

// The XML namespaces of feeds and of tombstones.
const (
	Namespace          = "http://www.w3.org/2005/Atom"
	TombstoneNamespace = "http://purl.org/atompub/tombstones/1.0"
)

// MediaType is the registered type of a feed.
const MediaType = "application/atom+xml"

// Feed is a list of entries, newest first by custom, and of the entries that were withdrawn.
type Feed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang    string      `xml:"http://www.w3.org/XML/1998/namespace lang,attr,omitempty"`
	ID      string      `xml:"id"` // absolute IRI that never changes
	Title   Text        `xml:"title"`
	Updated Time        `xml:"updated"`
	Authors []Person    `xml:"author,omitempty"` // needed unless every entry has its own
	Links   []Link      `xml:"link,omitempty"`
	Rights  *Text       `xml:"rights"`
	Entries []Entry     `xml:"entry,omitempty"`
	Deleted []Tombstone `xml:"http://purl.org/atompub/tombstones/1.0 deleted-entry,omitempty"`
}

// Entry is one published item.
type Entry struct {
	Lang       string     `xml:"http://www.w3.org/XML/1998/namespace lang,attr,omitempty"`
	ID         string     `xml:"id"` // absolute IRI that never changes
	Title      Text       `xml:"title"`
	Updated    Time       `xml:"updated"`
	Published  *Time      `xml:"published"`
	Authors    []Person   `xml:"author,omitempty"`
	Links      []Link     `xml:"link,omitempty"`
	Categories []Category `xml:"category,omitempty"`
	Summary    *Text      `xml:"summary"`
	Content    *Text      `xml:"content"`
}

// Tombstone says that the entry Ref was withdrawn.
type Tombstone struct {
	Ref     string  `xml:"ref,attr"`  // ID of the entry
	When    Time    `xml:"when,attr"` // moment of withdrawal
	By      *Person `xml:"http://purl.org/atompub/tombstones/1.0 by"`
	Comment *Text   `xml:"http://purl.org/atompub/tombstones/1.0 comment"` // the reason
}

// Person is an author; it may be an organisation.
type Person struct {
	Name  string `xml:"http://www.w3.org/2005/Atom name"`
	URI   string `xml:"http://www.w3.org/2005/Atom uri,omitempty"`
	Email string `xml:"http://www.w3.org/2005/Atom email,omitempty"`
}

// Link points to another form of the same thing; Rel "" means alternate.
type Link struct {
	Rel      string `xml:"rel,attr,omitempty"` // self, alternate, enclosure, related, via
	Href     string `xml:"href,attr"`
	Type     string `xml:"type,attr,omitempty"`
	Hreflang string `xml:"hreflang,attr,omitempty"`
	Title    string `xml:"title,attr,omitempty"`
	Length   int64  `xml:"length,attr,omitempty"` // bytes
}

// Category is a label for machines; Label is its name for people.
type Category struct {
	Term   string `xml:"term,attr"`
	Scheme string `xml:"scheme,attr,omitempty"`
	Label  string `xml:"label,attr,omitempty"`
}

// Enclosure is the link to the CAP document of an entry.
func Enclosure(href string, length int64) Link {
	return Link{Rel: "enclosure", Href: href, Type: "application/cap+xml", Length: length}
}

// CAP returns the address of the CAP document that the entry encloses or links to, "" if there is none. Its type decides,
// since weather services link CAP documents as alternates.
func (e Entry) CAP() string {
	for _, l := range e.Links {
		if l.Type == "application/cap+xml" {
			return l.Href
		}
	}
	return ""
}

// At is the Time of t.
func At(t time.Time) Time { return Time{t} }

// Plain is a text without markup.
func Plain(s string) *Text { return &Text{Type: "text", Body: s} }

// HTML is a text with markup; whoever shows a text that was read sanitises it first.
func HTML(s string) *Text { return &Text{Type: "html", Body: s} }
