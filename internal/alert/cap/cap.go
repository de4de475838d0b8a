// Package cap writes and reads OASIS Common Alerting Protocol 1.2 messages (OASIS Standard, 1 July 2010): what an alert says,
// to machines, once per language. It is pure: no disk, network or clock.
//
// A message that corrects or withdraws another names it in References; a withdrawal has MsgType Cancel. Digital signatures
// are not written and are ignored when read.
package cap

import (
	"encoding/xml"
	"time"

	"github.com/baqylau/baqylau"
)

// Namespace is the XML namespace of CAP 1.2.
const Namespace = "urn:oasis:names:tc:emergency:cap:1.2"

// MediaType is the registered type of a CAP document.
const MediaType = "application/cap+xml"

// Alert is one CAP message. Field names and meanings are those of the standard, section 3.2.1.
type Alert struct {
	XMLName     xml.Name   `xml:"urn:oasis:names:tc:emergency:cap:1.2 alert"`
	Identifier  string     `xml:"identifier"` // unique for the sender; no spaces, commas, < or &
	Sender      string     `xml:"sender"`     // globally unique, such as an e-mail address; same restrictions
	Sent        Time       `xml:"sent"`
	Status      string     `xml:"status"`  // Actual, Exercise, System, Test, Draft
	MsgType     string     `xml:"msgType"` // Alert, Update, Cancel, Ack, Error
	Source      string     `xml:"source,omitempty"`
	Scope       string     `xml:"scope"`                 // Public, Restricted, Private
	Restriction string     `xml:"restriction,omitempty"` // the rule, required when Restricted
	Addresses   Words      `xml:"addresses,omitempty"`   // the recipients, required when Private
	Codes       []string   `xml:"code,omitempty"`
	Note        string     `xml:"note,omitempty"`
	References  References `xml:"references,omitempty"` // earlier messages; required for Update, Cancel and Ack
	Incidents   Words      `xml:"incidents,omitempty"`
	Infos       []Info     `xml:"info,omitempty"`
}

// Info is the message in one language, section 3.2.2.
type Info struct {
	Language      string     `xml:"language,omitempty"` // RFC 3066; absent means en-US
	Categories    []string   `xml:"category"`           // Health, Safety, Security, CBRNE …; at least one
	Event         string     `xml:"event"`
	ResponseTypes []string   `xml:"responseType,omitempty"` // Avoid, Monitor, Assess, AllClear …
	Urgency       string     `xml:"urgency"`                // Immediate, Expected, Future, Past, Unknown
	Severity      string     `xml:"severity"`               // Extreme, Severe, Moderate, Minor, Unknown
	Certainty     string     `xml:"certainty"`              // Observed, Likely, Possible, Unlikely, Unknown
	Audience      string     `xml:"audience,omitempty"`
	EventCodes    []Pair     `xml:"eventCode,omitempty"`
	Effective     Time       `xml:"effective"`
	Onset         Time       `xml:"onset"`
	Expires       Time       `xml:"expires"`
	SenderName    string     `xml:"senderName,omitempty"`
	Headline      string     `xml:"headline,omitempty"`
	Description   string     `xml:"description,omitempty"`
	Instruction   string     `xml:"instruction,omitempty"`
	Web           string     `xml:"web,omitempty"` // absolute address of more information
	Contact       string     `xml:"contact,omitempty"`
	Parameters    []Pair     `xml:"parameter,omitempty"`
	Resources     []Resource `xml:"resource,omitempty"`
	Areas         []Area     `xml:"area,omitempty"`
}

// Pair is a named value: an event code, a parameter or a geocode.
type Pair struct {
	Name  string `xml:"valueName"`
	Value string `xml:"value"`
}

// Resource points to a file that belongs to the message, section 3.2.3.
type Resource struct {
	Desc     string `xml:"resourceDesc"`
	MimeType string `xml:"mimeType"`
	Size     int64  `xml:"size,omitempty"` // bytes
	URI      string `xml:"uri,omitempty"`
	DerefURI string `xml:"derefUri,omitempty"` // base64 content
	Digest   string `xml:"digest,omitempty"`   // SHA-1, hexadecimal
}

// Area is where the message applies, section 3.2.4. Coordinates are WGS 84.
type Area struct {
	Desc     string    `xml:"areaDesc"`
	Polygons []Polygon `xml:"polygon,omitempty"`
	Circles  []Circle  `xml:"circle,omitempty"`
	Geocodes []Pair    `xml:"geocode,omitempty"` // such as ISO 3166-2, KZ-75
	Altitude string    `xml:"altitude,omitempty"`
	Ceiling  string    `xml:"ceiling,omitempty"`
}

// Follow starts a message of the given type (Update, Cancel) about prev: it has prev's content, names prev and all that prev
// followed, and a Cancel answers "all clear". The caller then changes what is new.
func Follow(prev Alert, msgType, identifier string, sent time.Time) Alert {
	next := prev
	next.MsgType, next.Identifier, next.Sent = msgType, identifier, Time{sent}
	next.References = append(append(References{}, prev.References...),
		Reference{Sender: prev.Sender, Identifier: prev.Identifier, Sent: prev.Sent})
	next.Infos = append([]Info{}, prev.Infos...)
	if msgType == "Cancel" {
		for i := range next.Infos {
			next.Infos[i].ResponseTypes = []string{"AllClear"}
		}
	}
	return next
}

// Grade is CAP's urgency and severity of the centre's severity. The mapping is ours: CAP has no drug profile.
func Grade(s baqylau.Severity) (urgency, severity string) {
	switch s {
	case baqylau.Red:
		return "Immediate", "Severe"
	case baqylau.Amber:
		return "Expected", "Moderate"
	case baqylau.Yellow:
		return "Future", "Minor"
	}
	return "Unknown", "Minor"
}

// Certainty is CAP's certainty of the centre's confidence, by our mapping.
func Certainty(c baqylau.Confidence) string {
	switch c {
	case baqylau.Confirmed:
		return "Observed"
	case baqylau.Probable:
		return "Likely"
	case baqylau.Suspected:
		return "Possible"
	}
	return "Unknown"
}
