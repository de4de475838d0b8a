// Package mail sends one letter to one recipient through the organisation's SMTP server (RFC 5321) and says whether the
// server took it, may take it later, or never will. It keeps no queue: the caller repeats a temporary failure with the same
// Message-ID, by which receiving servers know a letter they already have.
package mail

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	netmail "net/mail"
	"net/textproto"
	"time"

	gomail "github.com/wneessen/go-mail"

	"github.com/baqylau/baqylau"
)

// TLS says how the connection is protected.
type TLS string

// The ways, safest first. The server's certificate is always verified when there is TLS.
const (
	Implicit      TLS = "implicit"      // TLS from the first byte, usually port 465
	Required      TLS = "required"      // STARTTLS or nothing, usually port 587
	Opportunistic TLS = "opportunistic" // STARTTLS if the server offers it
	None          TLS = "none"          // plain text; for a server on the same machine
)

// Config is the organisation's mail server.
type Config struct {
	Host     string
	Port     int           // 0 means the usual port of the TLS mode: 465, 587 or 25
	From     string        // "ews@example.org" or "Centre <ews@example.org>"
	TLS      TLS           // "" means Required
	Username string        // "" means no authentication
	Password string        // sent only over TLS
	Hello    string        // name this machine greets with; "" means its host name
	Timeout  time.Duration // for connecting and for each step; 0 means 30 s
	Roots    *tls.Config   // extra TLS settings such as an own certificate authority; nil means the system's
}

// Result is what became of a letter.
type Result string

// The results.
const (
	Accepted  Result = "accepted"  // the server answers for the letter from now on
	Away      Result = "away"      // the server was not reached or not trusted and the letter not offered; try again
	Temporary Result = "temporary" // not now, or unknown; try again with the same Message-ID
	Permanent Result = "permanent" // the server or the letter's own faults rule it out; do not try again
)

// Sender sends letters. It is safe for concurrent use; each letter has its own connection.
type Sender struct {
	from    *netmail.Address
	host    string
	options []gomail.Option
}

// New checks the configuration. It does not connect. Faults are Invalid errors with key "error.mail_settings" and the
// setting in Field.
func New(c Config) (*Sender, error) {
	fault := func(field string) error {
		return baqylau.E(baqylau.Invalid, "error.mail_settings", "Setting", field).On(field)
	}
	from, err := netmail.ParseAddress(c.From)
	if err != nil {
		return nil, fault("from")
	}
	settings, err := c.options()
	if err != nil {
		return nil, fault("tls")
	}
	if _, err := gomail.NewClient(c.Host, settings...); err != nil {
		return nil, fault("host")
	}
	return &Sender{from, c.Host, settings}, nil
}

func (c Config) options() ([]gomail.Option, error) {
	timeout := c.Timeout
	if timeout == 0 {
		timeout = 30 * time.Second
	}
	trust := &tls.Config{MinVersion: tls.VersionTLS12}
	if c.Roots != nil {
		trust = c.Roots.Clone()
	}
	if trust.ServerName == "" {
		trust.ServerName = c.Host
	}
	o := []gomail.Option{gomail.WithTimeout(timeout), gomail.WithTLSConfig(trust)}
	port, usual := c.Port, 587
	switch c.TLS {
	case Implicit:
		o, usual = append(o, gomail.WithSSL()), 465
	case Required, "":
		o = append(o, gomail.WithTLSPolicy(gomail.TLSMandatory))
	case Opportunistic:
		o, usual = append(o, gomail.WithTLSPolicy(gomail.TLSOpportunistic)), 25
	case None:
		o, usual = append(o, gomail.WithTLSPolicy(gomail.NoTLS)), 25
	default:
		return nil, fmt.Errorf("unknown TLS mode %q", c.TLS)
	}
	if port == 0 {
		port = usual
	}
	o = append(o, gomail.WithPort(port))
	if c.Hello != "" {
		o = append(o, gomail.WithHELO(c.Hello))
	}
	if c.Username != "" {
		o = append(o, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(c.Username), gomail.WithPassword(c.Password))
	}
	return o, nil
}

// Send hands the letter to the server. The result is always set; the error, nil for Accepted, has the server's codes and
// never an address or a text of the letter. A connection that breaks while the server answers is Temporary, so that a
// letter may arrive twice but never silently not at all.
func (s *Sender) Send(ctx context.Context, l Letter) (Result, error) {
	m, err := s.compose(l)
	if err != nil {
		return Permanent, err
	}
	client, err := gomail.NewClient(s.host, s.options...)
	if err != nil {
		return Permanent, baqylau.E(baqylau.Invalid, "error.mail_settings", "Setting", "host").Because(err)
	}
	if err := client.DialWithContext(ctx); err != nil {
		return Away, baqylau.E(baqylau.Unavailable, whyAway(err)).Because(err)
	}
	err = client.Send(m)
	_ = client.Close() // the server has answered for the letter already, or has not
	if m.IsDelivered() {
		return Accepted, nil
	}
	var refusal *gomail.SendError
	if !errors.As(err, &refusal) {
		return Temporary, baqylau.E(baqylau.Unavailable, "error.mail_server").Because(err)
	}
	cause := fmt.Errorf("SMTP %d %s, %s", refusal.ErrorCode(), refusal.EnhancedStatusCode(), refusal.Reason)
	if refusal.ErrorCode() >= 500 {
		return Permanent, baqylau.E(baqylau.Conflict, "error.mail_refused").Because(cause)
	}
	return Temporary, baqylau.E(baqylau.Unavailable, "error.mail_server").Because(cause)
}

// whyAway names what keeps the server from being reached: most often nothing but its certificate, which its administrator can renew once somebody says so.
func whyAway(err error) string {
	var ended x509.CertificateInvalidError
	var distrusted *tls.CertificateVerificationError
	switch {
	case errors.As(err, &ended) && ended.Reason == x509.Expired:
		return "error.mail_certificate_ended"
	case errors.As(err, &distrusted):
		return "error.mail_certificate"
	}
	var answer *textproto.Error
	if errors.As(err, &answer) && answer.Code >= 500 {
		return signInRefused
	}
	return "error.mail_server"
}

const signInRefused = "error.mail_sign_in"

// SignInRefused reports whether a letter waits because the server refuses the centre itself: its login, its password, or the way it signs in.
func SignInRefused(err error) bool {
	var e *baqylau.Error
	return errors.As(err, &e) && e.Key == signInRefused
}

func (s *Sender) compose(l Letter) (*gomail.Msg, error) {
	to, err := l.check()
	if err != nil {
		return nil, err
	}
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	m.FromMailAddress(s.from)
	m.ToMailAddress(to)
	m.SetMessageIDWithValue(l.MessageID)
	m.SetDateWithValue(l.Date)
	m.Subject(l.Subject)
	// no answering machine should answer (RFC 3834)
	m.SetGenHeader("Auto-Submitted", "auto-generated")
	if l.Lang != "" {
		m.SetGenHeader(gomail.HeaderContentLang, string(l.Lang))
	}
	if l.InReplyTo != "" {
		m.SetGenHeaderPreformatted(gomail.HeaderInReplyTo, "<"+l.InReplyTo+">")
		m.SetGenHeaderPreformatted(gomail.HeaderReferences, "<"+l.InReplyTo+">")
	}
	m.SetBodyString(gomail.TypeTextPlain, l.Text)
	if l.HTML != "" {
		m.AddAlternativeString(gomail.TypeTextHTML, l.HTML)
	}
	for _, a := range l.Attachments {
		if err := m.AttachReader(a.Name, bytes.NewReader(a.Data), gomail.WithFileContentType(gomail.ContentType(a.Type))); err != nil {
			return nil, baqylau.E(baqylau.Invalid, "error.mail_letter", "Field", "attachment").On("attachment").Because(err)
		}
	}
	return m, nil
}
