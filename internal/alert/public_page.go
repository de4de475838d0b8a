package alert

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/alert/atom"
	"github.com/baqylau/baqylau/internal/alert/cap"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/assets"
	"github.com/baqylau/baqylau/internal/web/ui"
)

// pastShown is how many past warnings the public list shows.
const pastShown = 50

// publicList lists the public warnings in force and those that are over.
func (s *Service) publicList(c *web.Ctx) error {
	ctx, db := c.Context(), s.W.DB.Read
	now, err := PublicNow(ctx, db)
	if err != nil {
		return err
	}
	past, err := PublicPast(ctx, db, pastShown)
	if err != nil {
		return err
	}
	return c.Render(web.Page{Title: c.T("alert.public.list"), Room: "/public", Kind: ui.Narrow, Body: publicListBody(s, now, past)})
}

// publicPage shows one warning to everyone, or its tombstone once it was retracted.
func (s *Service) publicPage(c *web.Ctx) error {
	ctx := c.Context()
	m, err := public(ctx, s.W.DB.Read, c.Path("ref"))
	if err != nil {
		return err
	}
	if s.unchanged(c, m) {
		c.W.WriteHeader(http.StatusNotModified)
		return nil
	}
	country, err := Country(ctx, s.W.DB.Read)
	if err != nil {
		return err
	}
	if err := withPhotos(ctx, s.W.DB.Read, &m); err != nil {
		return err
	}
	body := publicBody(s, m, country)
	if m.State == Retracted {
		body = tombstoneBody(m)
	}
	return c.Render(web.Page{Title: m.Content[Title].In(c.Lang()), Room: "/public", Kind: ui.Narrow, Body: body, AsOf: asOf(ctx, c.Now())})
}

// unchanged sets the caching headers of a public page and tells whether the reader has it already. A signed-in reader's page has their name
// in the bar, and one with a message from the act before is new every time: neither is kept.
func (s *Service) unchanged(c *web.Ctx, m Communication) bool {
	if _, err := c.R.Cookie("flash"); err == nil || c.Actor.SignedIn() {
		return false
	}
	prefs := ui.PreferencesOf(c.R)
	tag := etag(m.ID, m.UpdatedAt.String(), string(c.Lang()), prefs.Theme, prefs.Keys, assets.URL("main.css"), assets.URL("main.js"), s.BaseURL, s.issuer(c.Context()))
	h := c.W.Header()
	h.Set("ETag", tag)
	h.Set("Cache-Control", "private, no-cache")
	h.Set("Last-Modified", m.UpdatedAt.UTC().Format(http.TimeFormat))
	return strings.Contains(c.R.Header.Get("If-None-Match"), tag)
}

func etag(parts ...string) string {
	h := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return `"` + hex.EncodeToString(h[:12]) + `"`
}

// serveFeed answers with the Atom feed in the language of ?lang=, or the reader's.
func (s *Service) serveFeed(c *web.Ctx) error {
	doc, at, err := s.Feed(c.Context(), s.W.DB.Read)
	if err != nil {
		return err
	}
	document(c, atom.MediaType+"; charset=utf-8", doc, at)
	return nil
}

// serveJSONFeed answers with the same feed as JSON.
func (s *Service) serveJSONFeed(c *web.Ctx) error {
	doc, at, err := s.JSONFeed(c.Context(), s.W.DB.Read)
	if err != nil {
		return err
	}
	document(c, atom.JSONMediaType+"; charset=utf-8", doc, at)
	return nil
}

// serveCAP answers with the CAP document of a public warning, /cap/<number>.xml.
func (s *Service) serveCAP(c *web.Ctx) error {
	ref, ok := strings.CutSuffix(c.Path("file"), ".xml")
	if !ok {
		return baqylau.E(baqylau.NotFound, "error.not_found")
	}
	doc, at, err := s.CAP(c.Context(), s.W.DB.Read, ref)
	if err != nil {
		return err
	}
	document(c, cap.MediaType+"; charset=utf-8", doc, at)
	return nil
}

// document answers with a document for machines; anyone may keep it for a minute, and ask whether it has changed.
func document(c *web.Ctx, mime string, doc []byte, at time.Time) {
	h := c.W.Header()
	h.Set("Content-Type", mime)
	h.Set("Cache-Control", "public, max-age=60")
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.Set("ETag", etag(string(doc)))
	http.ServeContent(c.W, c.R, "", at, bytes.NewReader(doc))
}

// letterPage is where the link of a letter leads: confirm reading, or end the letters. Opening it changes nothing, since mail programs open links
// by themselves.
func (s *Service) letterPage(c *web.Ctx) error {
	l, err := LetterOf(c.Context(), s.W.DB.Read, c.Path("token"))
	if err != nil {
		return err
	}
	read := ""
	if !l.AcknowledgedAt.IsZero() {
		read = locale.DateTime(c.Context(), l.AcknowledgedAt)
	}
	return c.Render(web.Page{Title: l.Ref, Room: "/public", Kind: ui.Narrow, Body: letterBody(l, c.Path("token"), read)})
}

func (s *Service) doLetter(c *web.Ctx) error {
	token := c.Path("token")
	switch c.Path("step") {
	case "read":
		if err := s.Acknowledge(c.Context(), c.Actor, token); err != nil {
			return err
		}
		return c.Done("/letters/"+token, "alert.letter.thanks", "")
	case "leave":
		if err := s.Leave(c.Context(), c.Actor, token); err != nil {
			return err
		}
		return c.Done("/letters/"+token, "alert.mail.ended", "")
	}
	return baqylau.E(baqylau.NotFound, "error.not_found")
}

func (s *Service) verifyPage(c *web.Ctx) error {
	return c.Render(web.Page{Title: c.T("alert.verify"), Room: "/public", Kind: ui.Narrow, Body: verifyBody(c.Path("token"))})
}

func (s *Service) doVerify(c *web.Ctx) error {
	if err := s.Verify(c.Context(), c.Actor, c.Path("token")); err != nil {
		return err
	}
	return c.Done("/public", "alert.verify.done", "")
}
