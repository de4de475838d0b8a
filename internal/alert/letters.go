package alert

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/store"
)

// The purposes of letters about a communication.
const (
	purposeIssued     = "issued"
	purposeUpdated    = "updated"
	purposeSuperseded = "superseded" // to those who were told before and may not read the new version
	purposeCancelled  = "cancelled"
	purposeRetracted  = "retracted"
)

// letter is a row of table delivery before it is sent.
type letter struct {
	communicationID, purpose, objectID string
	to                                 Recipient
	subject, body, inReplyTo           string
	token                              string // of the link in the body
}

// Queue writes a letter in the transaction of an act, so that it is sent if and only if the act commits; other rooms use it for their
// own purposes ("red_signal", "reminder", "account"). Once accepted, its text is erased, because it may hold a one-time link.
func (s *Service) Queue(ctx context.Context, tx *change.Tx, purpose, objectID, address string, lang baqylau.Lang, subject, body string) error {
	return s.queue(ctx, tx, letter{purpose: purpose, objectID: objectID, to: Recipient{Address: address, Lang: lang}, subject: subject, body: body})
}

func (s *Service) queue(ctx context.Context, tx *change.Tx, l letter) error {
	if name := centre(locale.With(ctx, l.to.Lang), tx); name != "" {
		l.body = strings.TrimRight(l.body, "\n") + "\n\n-- \n" + name + "\n"
	}
	id := store.NewID()
	hash := ""
	if l.token != "" {
		hash = hashOf(l.token)
	}
	if _, err := tx.NewRaw(`INSERT INTO delivery (id, communication_id, purpose, object_id, subscription_id, org_id, address, lang, in_reply_to, message_id, subject, body, state,
		created_at, ack_hash, ack_required) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'queued', ?, ?, ?)`, id, store.Null(l.communicationID), l.purpose, l.objectID,
		store.Null(l.to.SubscriptionID), l.to.OrgID, l.to.Address, string(l.to.Lang), l.inReplyTo, id+"@"+s.host(), l.subject, l.body, tx.Now.UnixMicro(), hash,
		l.to.AckRequired && l.token != "").Exec(ctx); err != nil {
		return err
	}
	return tx.Enqueue(ctx, Send{DeliveryID: id}, nil)
}

// newToken is a secret for a link: 26 characters, 130 bits.
func newToken() string { return strings.ToLower(rand.Text()) }

// hashOf is how a token is kept.
func hashOf(token string) string {
	h := sha256.Sum256([]byte(token))
	return hex.EncodeToString(h[:])
}

// tell writes the letters of an issued communication. Of an update, those who were told before and are not told now learn that what
// they have is superseded, without its text.
func (s *Service) tell(ctx context.Context, tx *change.Tx, c Communication, purpose string) error {
	to, err := Recipients(ctx, tx, c.Draft)
	if err != nil {
		return err
	}
	past, err := pastRecipients(ctx, tx, c.RootID)
	if err != nil {
		return err
	}
	country, err := Country(ctx, tx)
	if err != nil {
		return err
	}
	if err := withPhotos(ctx, tx, &c); err != nil {
		return err
	}
	now := make([]string, 0, len(to))
	for _, r := range to {
		now = append(now, r.Address)
		l := letter{communicationID: c.ID, purpose: purpose, objectID: c.ID, to: r, token: newToken()}
		if i := slices.IndexFunc(past, func(p pastRecipient) bool { return p.Address == r.Address }); i >= 0 {
			l.inReplyTo = past[i].MessageID
		}
		l.subject, l.body = s.compose(locale.With(ctx, r.Lang), c, purpose, country, l.token, r.AckRequired)
		if err := s.queue(ctx, tx, l); err != nil {
			return err
		}
	}
	if purpose == purposeUpdated {
		return s.tellAgain(ctx, tx, c, purposeSuperseded, now)
	}
	return nil
}

// tellAgain writes to everybody who was sent any version, but for the addresses in except, what became of it, and holds back what has
// not been sent yet.
func (s *Service) tellAgain(ctx context.Context, tx *change.Tx, c Communication, purpose string, except []string) error {
	past, err := pastRecipients(ctx, tx, c.RootID)
	if err != nil {
		return err
	}
	if _, err := tx.NewRaw(`UPDATE delivery SET state = 'withdrawn' WHERE state = 'queued' AND communication_id IN (SELECT id FROM communication WHERE root_id = ?)
		AND NOT (communication_id = ? AND purpose = 'updated' AND ? = 'superseded')`, c.RootID, c.ID, purpose).Exec(ctx); err != nil {
		return err
	}
	for _, p := range past {
		if slices.Contains(except, p.Address) {
			continue
		}
		in := locale.With(ctx, p.Lang)
		l := letter{communicationID: c.ID, purpose: purpose, objectID: c.ID, to: p.Recipient, inReplyTo: p.MessageID}
		l.to.AckRequired = false
		l.subject = locale.T(in, "alert.mail."+purpose+".subject", "Ref", c.Ref)
		l.body = locale.T(in, "alert.mail."+purpose+".body", "Ref", c.Ref)
		if purpose != purposeSuperseded && c.TLP != baqylau.TLPRed { // what is red does not travel by mail
			l.body += "\n\n" + locale.T(in, "alert.mail.reason", "Reason", c.EndReason)
		}
		l.body += "\n\n" + s.address(c)
		if err := s.queue(ctx, tx, l); err != nil {
			return err
		}
	}
	return nil
}

// address is the page of a communication for its readers.
func (s *Service) address(c Communication) string {
	if c.Open() {
		return s.BaseURL + "/public/" + c.Ref
	}
	return s.BaseURL + "/warnings/" + c.Ref
}

// compose writes the letter in the language of ctx. TLP 2.0 wants the label in the subject and above the text. What is TLP:RED does not
// travel by mail: the letter only says where to read it.
func (s *Service) compose(ctx context.Context, c Communication, purpose, country, token string, ack bool) (subject, body string) {
	l := locale.Lang(ctx)
	title := c.Content[Title].In(l)
	if c.TLP == baqylau.TLPRed {
		title = locale.Code(ctx, "communication", string(c.Type))
	}
	subject = strings.Join(strings.Fields(locale.T(ctx, "alert.mail.subject", "Label", locale.Code(ctx, "tlp", string(c.TLP)), "Severity", locale.Code(ctx, "severity", string(c.Severity)),
		"Ref", c.Ref, "Title", title)), " ")
	var b strings.Builder
	line := func(parts ...string) { b.WriteString(strings.Join(parts, "") + "\n") }
	line(locale.Code(ctx, "tlp", string(c.TLP)), ": ", locale.Code(ctx, "tlp_meaning", string(c.TLP)))
	line()
	line(c.Ref, " · ", locale.Code(ctx, "communication", string(c.Type)), " · ", locale.Code(ctx, "severity", string(c.Severity)), " · ", locale.Code(ctx, "confidence", string(c.Confidence)))
	line(locale.DateTime(ctx, c.IssuedAt), " · ", s.places(ctx, c.Regions, country))
	if purpose == purposeUpdated {
		line(locale.T(ctx, "alert.version", "Version", c.Version))
	}
	if c.TLP == baqylau.TLPRed {
		line()
		line(locale.T(ctx, "alert.mail.red"))
	} else {
		for _, block := range Blocks {
			if text := c.Content[block].In(l); text != "" {
				line()
				if block != Title && block != Summary {
					line(strings.ToUpper(locale.T(ctx, "alert.block."+string(block))))
				}
				line(text)
			}
		}
		for i, f := range c.Figures {
			if i == 0 {
				line()
			}
			line(f.Label.In(l), ": ", locale.Int(ctx, f.Value))
		}
	}
	line()
	if len(c.Photos) > 0 && c.TLP != baqylau.TLPRed {
		line(locale.T(ctx, "alert.mail.photos"))
	}
	line(s.address(c))
	line()
	if ack {
		line(locale.T(ctx, "alert.mail.acknowledge"))
	} else {
		line(locale.T(ctx, "alert.mail.manage"))
	}
	line(s.BaseURL, "/letters/", token)
	return subject, b.String()
}
