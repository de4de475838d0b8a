package alert

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"html"
	"regexp"
	"strings"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/alert/atom"
	"github.com/baqylau/baqylau/internal/alert/cap"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/uptrace/bun"
)

// Foreign is an alert of somebody else: another country's system, a health service, a drug checking network.
type Foreign struct {
	ID, FeedID string
	FeedName   string // "" when a person entered it
	Identifier string // of the sender; unique
	Sender     string
	SentAt     time.Time
	Title      string
	Summary    string
	Link       string // http or https, "" for none
	Severity   string // CAP severity, "" when not stated
	Raw        string // the document as it came, "" when typed
	SignalID   string
	State      string // new, signal, dismissed, cancelled (by its sender)
	ReceivedAt time.Time
}

// Raiser turns a foreign alert into a signal and returns its identifier; package signal does, through the process. Raising the same
// alert again must give the same signal.
type Raiser interface {
	RaiseForeign(ctx context.Context, a access.Actor, f Foreign) (signalID string, err error)
}

// maxDocument bounds a pasted or uploaded document, in bytes.
const maxDocument = 4 << 20

// Enter keeps an alert that a person typed in. Codes: Invalid, Forbidden, Conflict when it is known already.
func (s *Service) Enter(ctx context.Context, actor access.Actor, f Foreign) (_ string, err error) {
	defer baqylau.Wrap(&err, "alert.Enter")
	if f.Identifier == "" {
		h := sha256.Sum256([]byte(f.Sender + "\x00" + f.Title + "\x00" + f.SentAt.Format(time.DateOnly)))
		f.Identifier = "entered:" + hex.EncodeToString(h[:12])
	}
	added, err := s.keep(ctx, actor, "", []Foreign{f}, nil)
	if err == nil && len(added) == 0 {
		err = baqylau.E(baqylau.Conflict, "alert.error.foreign_known")
	}
	if err != nil {
		return "", err
	}
	return added[0], nil
}

// Read keeps the alerts of a CAP or Atom document and returns the identifiers of those that were not known. A CAP Cancel and a tombstone mark
// the alert they name as cancelled. Codes: Invalid when it is neither, TooMany when it is too large.
func (s *Service) Read(ctx context.Context, actor access.Actor, doc []byte) (_ []string, err error) {
	defer baqylau.Wrap(&err, "alert.Read")
	list, gone, err := parse(doc)
	if err != nil {
		return nil, err
	}
	return s.keep(ctx, actor, "", list, gone)
}

// parse reads a CAP or Atom document: the alerts in it and the identifiers of the withdrawn ones.
func parse(doc []byte) (list []Foreign, gone []string, err error) {
	if len(doc) > maxDocument {
		return nil, nil, baqylau.E(baqylau.TooMany, "alert.error.document_size")
	}
	if a, err := cap.Parse(bytes.NewReader(doc)); err == nil {
		list, gone = ofCAP(a, string(doc))
		return list, gone, nil
	}
	f, err := atom.Parse(bytes.NewReader(doc))
	if err != nil {
		return nil, nil, baqylau.E(baqylau.Invalid, "alert.error.document").On("document").Because(err)
	}
	for _, e := range f.Entries {
		list = append(list, ofEntry(f, e))
	}
	for _, d := range f.Deleted {
		gone = append(gone, d.Ref)
	}
	return list, gone, nil
}

func ofCAP(a cap.Alert, raw string) (list []Foreign, gone []string) {
	for _, r := range a.References {
		gone = append(gone, r.Sender+","+r.Identifier)
	}
	if a.MsgType == "Cancel" || a.MsgType == "Ack" || a.MsgType == "Error" {
		if a.MsgType != "Cancel" {
			gone = nil
		}
		return nil, gone
	}
	f := Foreign{Identifier: a.Sender + "," + a.Identifier, Sender: a.Sender, SentAt: a.Sent.Time, Raw: raw, Title: a.Identifier}
	if len(a.Infos) > 0 {
		i := a.Infos[0]
		f.Severity, f.Link = i.Severity, link(i.Web)
		if i.SenderName != "" {
			f.Sender = i.SenderName
		}
		if f.Title = i.Headline; f.Title == "" {
			f.Title = i.Event
		}
		f.Summary = strings.TrimSpace(i.Description + "\n\n" + i.Instruction)
	}
	return []Foreign{f}, gone
}

func ofEntry(feed atom.Feed, e atom.Entry) Foreign {
	f := Foreign{Identifier: e.ID, Sender: feed.Title.Body, SentAt: e.Updated.Time, Title: plain(&e.Title)}
	for _, authors := range [][]atom.Person{feed.Authors, e.Authors} {
		if len(authors) > 0 {
			f.Sender = authors[0].Name
		}
	}
	if f.Summary = plain(e.Summary); f.Summary == "" {
		f.Summary = plain(e.Content)
	}
	for _, l := range e.Links {
		if l.Rel == "" || l.Rel == "alternate" {
			f.Link = link(l.Href)
			break
		}
	}
	return f
}

var tags = regexp.MustCompile(`(?s)<(script|style)\b.*?</(script|style)>|<[^>]*>`)

// plain is a text construct without markup; pages escape it like any other text.
func plain(t *atom.Text) string {
	if t == nil {
		return ""
	}
	s := t.Body
	if t.Type == "html" {
		s = html.UnescapeString(tags.ReplaceAllString(s, " "))
	}
	return strings.Join(strings.Fields(s), " ")
}

// link keeps web addresses only.
func link(s string) string {
	if strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "http://") {
		return s
	}
	return ""
}

// keep writes what is not known yet and marks what was withdrawn, and returns the identifiers of the new rows.
func (s *Service) keep(ctx context.Context, actor access.Actor, feedID string, list []Foreign, gone []string) (added []string, err error) {
	err = s.W.Do(ctx, actor, access.ForeignEnter, func(ctx context.Context, tx *change.Tx) error {
		added = nil
		for _, f := range list {
			if f.SentAt.IsZero() {
				f.SentAt = tx.Now
			}
			id := store.NewID()
			res, err := tx.NewRaw(`INSERT INTO foreign_alert (id, feed_id, identifier, sender, sent_at, title, summary, link, severity, raw, text_fold, state, received_at)
				VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'new', ?) ON CONFLICT (identifier) DO NOTHING`, id, store.Null(feedID), clip(f.Identifier, 500), clip(f.Sender, 300), f.SentAt.UnixMicro(),
				clip(f.Title, 300), clip(f.Summary, 10000), clip(f.Link, 1000), f.Severity, clip(f.Raw, maxDocument),
				locale.Fold(clip(f.Title+" "+f.Sender, 600)), tx.Now.UnixMicro()).Exec(ctx)
			if err != nil {
				return err
			}
			if n, err := res.RowsAffected(); err != nil {
				return err
			} else if n == 1 {
				added = append(added, id)
			}
		}
		for _, identifier := range gone {
			if _, err := tx.NewRaw("UPDATE foreign_alert SET state = 'cancelled' WHERE identifier = ? AND state <> 'cancelled'", clip(identifier, 500)).Exec(ctx); err != nil {
				return err
			}
		}
		tx.Subject("foreign_alert", feedID, actor.OrgID, map[string]any{"read": len(list), "new": len(added), "withdrawn": len(gone)})
		return nil
	})
	return added, err
}

// clip cuts a foreign text to n characters and drops what PostgreSQL cannot hold.
func clip(s string, n int) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "�"), "\x00", "")
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}

// Dismiss puts a foreign alert aside; Codes: NotFound, Conflict when it is no longer new.
func (s *Service) Dismiss(ctx context.Context, actor access.Actor, id string) (err error) {
	defer baqylau.Wrap(&err, "alert.Dismiss(%s)", id)
	return s.setForeign(ctx, actor, id, "dismissed", "")
}

// ToSignal makes a signal of a foreign alert and returns the signal's identifier. Codes: NotFound, Forbidden, Conflict.
func (s *Service) ToSignal(ctx context.Context, actor access.Actor, id string) (_ string, err error) {
	defer baqylau.Wrap(&err, "alert.ToSignal(%s)", id)
	if s.Raise == nil {
		return "", baqylau.E(baqylau.Unavailable, "alert.error.no_signals")
	}
	if err := access.Check(actor, access.ForeignEnter); err != nil {
		return "", err
	}
	f, err := foreignBy(ctx, s.W.DB.Read, id)
	if err != nil {
		return "", err
	}
	if f.State != "new" && f.State != "dismissed" {
		return "", conflict()
	}
	signalID, err := s.Raise.RaiseForeign(ctx, actor, f)
	if err != nil {
		return "", err
	}
	return signalID, s.setForeign(ctx, actor, id, "signal", signalID)
}

func (s *Service) setForeign(ctx context.Context, actor access.Actor, id, state, signalID string) error {
	return s.W.Do(ctx, actor, access.ForeignEnter, func(ctx context.Context, tx *change.Tx) error {
		tx.Subject("foreign_alert", id, actor.OrgID, map[string]any{"state": state})
		res, err := tx.NewRaw("UPDATE foreign_alert SET state = ?, signal_id = ? WHERE id = ? AND state IN ('new','dismissed') AND state <> ?", state, store.Null(signalID), id, state).Exec(ctx)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n != 1 {
			return conflict()
		}
		return nil
	})
}

const foreignColumns = `f.id, COALESCE(f.feed_id,''), COALESCE(e.name,''), f.identifier, f.sender, f.sent_at, f.title, f.summary, f.link, f.severity, f.raw,
	COALESCE(f.signal_id,''), f.state, f.received_at`

const foreignFrom = "foreign_alert f LEFT JOIN foreign_feed e ON e.id = f.feed_id"

func scanForeign(row interface{ Scan(dest ...any) error }) (f Foreign, err error) {
	var sent, received int64
	err = row.Scan(&f.ID, &f.FeedID, &f.FeedName, &f.Identifier, &f.Sender, &sent, &f.Title, &f.Summary, &f.Link, &f.Severity, &f.Raw, &f.SignalID, &f.State, &received)
	f.SentAt, f.ReceivedAt = store.Time(sent), store.Time(received)
	return f, err
}

func foreignBy(ctx context.Context, db bun.IDB, id string) (Foreign, error) {
	f, err := scanForeign(db.QueryRowContext(ctx, "SELECT "+foreignColumns+" FROM "+foreignFrom+" WHERE f.id = ?", id))
	return f, store.One(err)
}

// severityName is a CAP severity in words, "" when it was not stated.
func severityName(ctx context.Context, severity string) string {
	if severity == "" {
		return ""
	}
	return locale.Code(ctx, "cap_severity", severity)
}
