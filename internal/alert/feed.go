package alert

import (
	"bytes"
	"context"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/alert/atom"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/uptrace/bun"
)

// lingers is how long a cancelled communication stays in the feed, so that its CAP Cancel is found.
const lingers = 30 * 24 * time.Hour

// mostEntries bounds the feed.
const mostEntries = 200

// inFeed is the condition for entries: what is in force and public, and for a while what was cancelled.
const inFeed = "c.public AND c.tlp = 'CLEAR' AND (c.state = 'issued' OR c.state = 'cancelled' AND c.ended_at > ?)"

// PublicNow lists the public warnings in force, newest first.
func PublicNow(ctx context.Context, db bun.IDB) ([]Communication, error) {
	return query(ctx, db, "c.state = 'issued' AND c.public AND c.tlp = 'CLEAR' ORDER BY c.issued_at DESC, c.id DESC LIMIT ?", mostEntries)
}

// PublicPast lists the public warnings that are over, newest first.
func PublicPast(ctx context.Context, db bun.IDB, n int) ([]Communication, error) {
	return query(ctx, db, "c.state IN ('expired','cancelled','retracted') AND c.public AND c.tlp = 'CLEAR' AND c.issued_at > 0 AND "+Newest+" ORDER BY c.ended_at DESC, c.id DESC LIMIT ?", n)
}

// Feed is the Atom feed of public warnings in the language of ctx.
func (s *Service) Feed(ctx context.Context, db bun.IDB) (_ []byte, at time.Time, err error) {
	defer baqylau.Wrap(&err, "alert.Feed")
	f, err := s.feed(ctx, db)
	if err != nil {
		return nil, at, err
	}
	var b bytes.Buffer
	err = atom.Write(&b, f)
	return b.Bytes(), f.Updated.Time, err
}

// JSONFeed is the same feed as JSON Feed 1.1, for systems that read that.
func (s *Service) JSONFeed(ctx context.Context, db bun.IDB) (_ []byte, at time.Time, err error) {
	defer baqylau.Wrap(&err, "alert.JSONFeed")
	f, err := s.feed(ctx, db)
	if err != nil {
		return nil, at, err
	}
	var b bytes.Buffer
	err = atom.WriteJSON(&b, f, s.BaseURL+"/feed.json?lang="+string(locale.Lang(ctx)))
	return b.Bytes(), f.Updated.Time, err
}

// feed has one entry for each public warning with its CAP document, and a tombstone for each retracted one. A warning keeps its entry through
// all its versions.
func (s *Service) feed(ctx context.Context, db bun.IDB) (f atom.Feed, err error) {
	l := locale.Lang(ctx)
	now, err := query(ctx, db, inFeed+" ORDER BY c.issued_at DESC, c.id DESC LIMIT ?", s.W.Now().Add(-lingers).UnixMicro(), mostEntries)
	if err != nil {
		return f, err
	}
	gone, err := query(ctx, db, "c.state = 'retracted' AND c.public AND c.tlp = 'CLEAR' AND c.issued_at > 0 ORDER BY c.ended_at DESC, c.version DESC LIMIT ?", mostEntries)
	if err != nil {
		return f, err
	}
	at, err := changedAt(ctx, db)
	if err != nil {
		return f, err
	}
	self := s.BaseURL + "/feed.atom?lang=" + string(l)
	issuer := atom.Person{Name: s.issuer(ctx), URI: s.BaseURL}
	f = atom.Feed{Lang: string(l), ID: s.BaseURL + "/feed.atom?lang=" + string(l), Title: *atom.Plain(feedTitle(ctx, db)), Authors: []atom.Person{issuer},
		Links: []atom.Link{{Rel: "self", Href: self, Type: atom.MediaType}, {Rel: "alternate", Href: s.BaseURL + "/public?lang=" + string(l), Type: "text/html", Hreflang: string(l)},
			{Rel: "alternate", Href: s.BaseURL + "/feed.json?lang=" + string(l), Type: atom.JSONMediaType, Hreflang: string(l)}},
		Rights: atom.Plain("TLP:CLEAR"), Updated: atom.At(at.In(change.Zone))}
	for _, other := range baqylau.Langs {
		if other != l {
			f.Links = append(f.Links, atom.Link{Rel: "alternate", Href: s.BaseURL + "/feed.atom?lang=" + string(other), Type: atom.MediaType, Hreflang: string(other)})
		}
	}
	ids := make([]string, len(now))
	for i, c := range now {
		ids[i] = c.ID
	}
	photos, err := photosOf(ctx, db, ids...)
	if err != nil {
		return f, err
	}
	for _, c := range now {
		c.Photos = photos[c.ID]
		f.Entries = append(f.Entries, s.entry(ctx, c))
	}
	seen := map[string]bool{}
	for _, c := range gone {
		if seen[c.RootID] {
			continue
		}
		seen[c.RootID] = true
		f.Deleted = append(f.Deleted, atom.Tombstone{Ref: entryID(c), When: atom.At(c.EndedAt.In(change.Zone)), By: &issuer, Comment: atom.Plain(c.EndReason.In(l))})
	}
	return f, nil
}

// feedTitle says what the feed holds and whose it is.
func feedTitle(ctx context.Context, db bun.IDB) string {
	title := locale.T(ctx, "alert.feed.title")
	if name := centre(ctx, db); name != "" {
		title += " · " + name
	}
	return title
}

// changedAt is when the feed last changed: a public warning was issued or ended. Before the first one it is when the centre was set up, which is
// the first entry of its journal.
func changedAt(ctx context.Context, db bun.IDB) (time.Time, error) {
	var at int64
	err := db.NewRaw(`SELECT COALESCE(MAX(CASE WHEN c.ended_at > c.issued_at THEN c.ended_at ELSE c.issued_at END), (SELECT MIN(at) FROM audit_entry), 0)
		FROM communication c WHERE c.issued_at > 0 AND c.public AND c.tlp = 'CLEAR'`).Scan(ctx, &at)
	return time.UnixMicro(at), err
}

func entryID(c Communication) string { return "urn:uuid:" + c.RootID }

func (s *Service) entry(ctx context.Context, c Communication) atom.Entry {
	l := locale.Lang(ctx)
	title, summary, updated := c.Content[Title].In(l), c.Content[Summary].In(l), c.IssuedAt
	if c.State == Cancelled {
		title, summary, updated = locale.T(ctx, "alert.cancelled.headline", "Title", title), c.EndReason.In(l), c.EndedAt
	}
	issued := atom.At(c.IssuedAt.In(change.Zone))
	page := s.BaseURL + "/public/" + c.Ref + "?lang=" + string(l)
	e := atom.Entry{Lang: string(l), ID: entryID(c), Title: *atom.Plain(title), Updated: atom.At(updated.In(change.Zone)), Published: &issued,
		Links: []atom.Link{{Rel: "alternate", Href: page, Type: "text/html", Hreflang: string(l)}, atom.Enclosure(s.BaseURL+"/cap/"+c.Ref+".xml", 0)},
		Categories: []atom.Category{{Term: string(c.Severity), Scheme: s.BaseURL + "/severity", Label: locale.Code(ctx, "severity", string(c.Severity))},
			{Term: string(c.Type), Scheme: s.BaseURL + "/type", Label: locale.Code(ctx, "communication", string(c.Type))}},
		Summary: atom.Plain(summary)}
	if c.State == Issued {
		for _, p := range c.Photos {
			e.Links = append(e.Links, atom.Link{Rel: "enclosure", Href: s.photoAddress(p), Type: p.MIME, Title: p.Alt.In(l), Length: p.Size})
		}
	}
	return e
}
