package mail

import (
	"mime"
	netmail "net/mail"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/baqylau/baqylau"
)

// Letter is one message to one person; recipients never see each other.
type Letter struct {
	MessageID   string // "unique@host" without angle brackets, chosen and kept by the caller
	InReplyTo   string // MessageID of the letter this one corrects or follows, "" for none
	Date        time.Time
	To          string // one address, with or without a display name
	Subject     string
	Text        string // plain text, always present
	HTML        string // the same as HTML, "" for none
	Lang        baqylau.Lang
	Attachments []Attachment
}

// Attachment is a file of a letter.
type Attachment struct {
	Name string // file name without a folder
	Type string // media type
	Data []byte
}

// messageID is the dot-atom form of RFC 5322, 3.6.4, without comments, quoting and brackets.
var messageID = regexp.MustCompile(`^[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]{1,200}@[A-Za-z0-9.-]{1,200}$`)

// check refuses whatever could forge a header (line breaks and other control characters), and gives the recipient. Faults
// are Invalid errors with key "error.mail_letter" and the part in Field.
func (l Letter) check() (*netmail.Address, error) {
	fault := func(field string) error {
		return baqylau.E(baqylau.Invalid, "error.mail_letter", "Field", field).On(field)
	}
	to, err := netmail.ParseAddress(l.To)
	switch {
	case err != nil || !oneLine(l.To) || !oneLine(to.Name) || !oneLine(to.Address):
		return nil, fault("to")
	case !messageID.MatchString(l.MessageID):
		return nil, fault("message_id")
	case l.InReplyTo != "" && !messageID.MatchString(l.InReplyTo):
		return nil, fault("in_reply_to")
	case l.Date.IsZero():
		return nil, fault("date")
	case l.Subject == "" || !oneLine(l.Subject):
		return nil, fault("subject")
	case l.Text == "":
		return nil, fault("text")
	}
	if _, known := baqylau.ParseLang(string(l.Lang)); l.Lang != "" && !known {
		return nil, fault("lang")
	}
	for _, a := range l.Attachments {
		kind, _, err := mime.ParseMediaType(a.Type)
		if a.Name == "" || !oneLine(a.Name) || strings.ContainsAny(a.Name, `/\"`) || err != nil || !oneLine(a.Type) || !strings.Contains(kind, "/") {
			return nil, fault("attachment")
		}
	}
	return to, nil
}

func oneLine(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, unicode.IsControl)
}
