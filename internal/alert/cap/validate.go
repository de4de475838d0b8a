package cap

import (
	"math"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/baqylau/baqylau"
)

// The code values of the standard.
var (
	statuses      = []string{"Actual", "Exercise", "System", "Test", "Draft"}
	msgTypes      = []string{"Alert", "Update", "Cancel", "Ack", "Error"}
	scopes        = []string{"Public", "Restricted", "Private"}
	categories    = []string{"Geo", "Met", "Safety", "Security", "Rescue", "Fire", "Health", "Env", "Transport", "Infra", "CBRNE", "Other"}
	responseTypes = []string{"Shelter", "Evacuate", "Prepare", "Execute", "Avoid", "Monitor", "Assess", "AllClear", "None"}
	urgencies     = []string{"Immediate", "Expected", "Future", "Past", "Unknown"}
	severities    = []string{"Extreme", "Severe", "Moderate", "Minor", "Unknown"}
	certainties   = []string{"Observed", "Likely", "Possible", "Unlikely", "Unknown"}
)

// language is the lexical form of xs:language.
var language = regexp.MustCompile(`^[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*$`)

// digits is the lexical form of xs:decimal.
var digits = regexp.MustCompile(`^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)$`)

// Validate checks the message against the standard: what its schema says, and what only its text says (which fields need
// which). The first fault is an Invalid error with key "error.cap" whose Field names the element.
func (a Alert) Validate() error {
	c := &check{}
	c.must("identifier", isName(a.Identifier))
	c.must("sender", isName(a.Sender))
	c.must("sent", writable(a.Sent) && !a.Sent.IsZero())
	c.one("status", a.Status, statuses)
	c.one("msgType", a.MsgType, msgTypes)
	c.one("scope", a.Scope, scopes)
	c.must("restriction", (a.Restriction != "") == (a.Scope == "Restricted"))
	c.must("addresses", len(a.Addresses) > 0 || a.Scope != "Private")
	c.must("references", len(a.References) > 0 || !slices.Contains([]string{"Update", "Cancel", "Ack"}, a.MsgType))
	for _, r := range a.References {
		c.must("references", isName(r.Sender) && isName(r.Identifier) && writable(r.Sent) && !r.Sent.IsZero())
	}
	for _, w := range slices.Concat(a.Addresses, a.Incidents) {
		c.must("addresses", w != "" && !strings.Contains(w, `"`))
	}
	c.text("alert", append([]string{a.Source, a.Restriction, a.Note}, slices.Concat(a.Codes, a.Addresses, a.Incidents)...)...)
	for _, i := range a.Infos {
		c.info(i)
	}
	return c.err
}

// check keeps the first fault.
type check struct{ err error }

func (c *check) must(element string, ok bool) {
	if !ok && c.err == nil {
		c.err = baqylau.E(baqylau.Invalid, "error.cap", "Element", element).On(element)
	}
}

func (c *check) one(element, value string, values []string) {
	c.must(element, slices.Contains(values, value))
}

func (c *check) text(element string, texts ...string) {
	for _, s := range texts {
		c.must(element, isText(s))
	}
}

func (c *check) info(i Info) {
	c.must("language", i.Language == "" || language.MatchString(i.Language))
	c.must("category", len(i.Categories) > 0)
	for _, v := range i.Categories {
		c.one("category", v, categories)
	}
	c.must("event", i.Event != "")
	for _, v := range i.ResponseTypes {
		c.one("responseType", v, responseTypes)
	}
	c.one("urgency", i.Urgency, urgencies)
	c.one("severity", i.Severity, severities)
	c.one("certainty", i.Certainty, certainties)
	c.must("effective", writable(i.Effective))
	c.must("onset", writable(i.Onset))
	c.must("expires", writable(i.Expires))
	c.must("web", i.Web == "" || isAbsolute(i.Web))
	c.text("info", i.Event, i.Audience, i.SenderName, i.Headline, i.Description, i.Instruction, i.Web, i.Contact)
	c.pairs("eventCode", i.EventCodes)
	c.pairs("parameter", i.Parameters)
	for _, r := range i.Resources {
		c.must("resource", r.Desc != "" && r.MimeType != "" && r.Size >= 0 && (r.URI == "" || isURI(r.URI)))
		c.text("resource", r.Desc, r.MimeType, r.URI, r.DerefURI, r.Digest)
	}
	for _, a := range i.Areas {
		c.area(a)
	}
}

func (c *check) area(a Area) {
	c.must("areaDesc", a.Desc != "")
	c.text("areaDesc", a.Desc)
	for _, p := range a.Polygons {
		c.must("polygon", len(p) >= 4 && p[0] == p[len(p)-1] && !slices.ContainsFunc(p, func(at Point) bool { return !at.valid() }))
	}
	for _, k := range a.Circles {
		c.must("circle", k.Centre.valid() && k.Radius >= 0 && !math.IsInf(k.Radius, 0))
	}
	c.pairs("geocode", a.Geocodes)
	c.must("altitude", a.Altitude == "" || digits.MatchString(a.Altitude))
	c.must("ceiling", a.Ceiling == "" || digits.MatchString(a.Ceiling) && a.Altitude != "")
}

func (c *check) pairs(element string, ps []Pair) {
	for _, p := range ps {
		c.must(element, p.Name != "")
		c.text(element, p.Name, p.Value)
	}
}

// isName tells whether s may be an identifier or sender: not empty, printable, no spaces, commas, < or &.
func isName(s string) bool {
	return s != "" && isText(s) && !strings.ContainsAny(s, ",<&") && !strings.ContainsFunc(s, unicode.IsSpace)
}

// isText tells whether XML 1.0 can carry s unchanged.
func isText(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool {
		return r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF
	})
}

// writable tells whether the form of the standard can hold t: a year of four figures and an offset of whole minutes
// within 14 hours, the limit of xs:dateTime.
func writable(t Time) bool {
	_, offset := t.Zone()
	return t.IsZero() || t.Year() >= 1 && t.Year() <= 9999 && offset%60 == 0 && max(offset, -offset) <= 14*60*60
}

func isAbsolute(s string) bool { u, err := url.Parse(s); return err == nil && u.IsAbs() }

func isURI(s string) bool { _, err := url.Parse(s); return err == nil }
