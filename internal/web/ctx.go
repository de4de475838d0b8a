package web

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/a-h/templ"
	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/web/ui"
)

// Ctx is one request: who asks, in which language, and how to answer.
type Ctx struct {
	W     http.ResponseWriter
	R     *http.Request
	Actor access.Actor
	rt    *Router
}

// Page is what a room gives to be shown: its title, the path of its navigation entry and its content.
type Page struct {
	Title  string // localised
	Room   string // path of the current navigation entry, for example "/signals"
	Body   templ.Component
	Kind   ui.Kind   // arrangement: full, narrow, split
	Open   bool      // on a split page: something is open in the reading pane
	Status int       // HTTP status, 200 when 0
	AsOf   string    // stamped on every printed sheet
	Flash  *ui.Flash // outcome of an act on this very page; the one of the act before comes by Done
}

// Context carries language, zone and deadline.
func (c *Ctx) Context() context.Context { return c.R.Context() }

// Lang is the language of the answer.
func (c *Ctx) Lang() baqylau.Lang { return c.Actor.Lang }

// T translates a catalogue key.
func (c *Ctx) T(key string, args ...any) string { return locale.T(c.Context(), key, args...) }

// Now is the process's clock.
func (c *Ctx) Now() time.Time { return c.rt.o.Now() }

// Demo reports whether the workspace is a demonstration.
func (c *Ctx) Demo() bool { return c.rt.o.Demo }

// Path returns a path value of the route, {name}.
func (c *Ctx) Path(name string) string { return c.R.PathValue(name) }

// Query returns a query parameter, trimmed.
func (c *Ctx) Query(name string) string { return strings.TrimSpace(c.R.URL.Query().Get(name)) }

// Render shows a whole page.
func (c *Ctx) Render(p Page) error { return c.rt.o.Layout(c, p) }

// Fragment answers an htmx request with a component alone.
func (c *Ctx) Fragment(body templ.Component) error {
	c.W.Header().Set("Content-Type", "text/html; charset=utf-8")
	c.W.Header().Set("Cache-Control", "no-store")
	return body.Render(c.Context(), c.W)
}

// IsHTMX reports whether the request wants a fragment.
func (c *Ctx) IsHTMX() bool {
	return c.R.Header.Get("HX-Request") == "true" && c.R.Header.Get("HX-Boosted") == ""
}

// Redirect sends the browser to a path of this site after a successful act (303). Anything but a local path goes to "/".
func (c *Ctx) Redirect(path string) error {
	path = Local(path)
	if c.IsHTMX() {
		c.W.Header().Set("HX-Redirect", path)
		c.W.WriteHeader(http.StatusNoContent)
		return nil
	}
	http.Redirect(c.W, c.R, path, http.StatusSeeOther)
	return nil
}

// Local returns path if it is a path of this site and "/" otherwise, so that a forged "next" cannot lead away.
func Local(path string) string {
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.HasPrefix(path, "/\\") || strings.ContainsAny(path, "\r\n\t") {
		return "/"
	}
	return path
}

// Done redirects after a successful act and lets the next page say so: key is a catalogue message without placeholders that could hold
// personal data. undo, if not empty, is the address that takes the act back by POST.
func (c *Ctx) Done(path, key, undo string) error {
	v := url.Values{"key": {key}}
	if undo != "" {
		v.Set("undo", undo)
	}
	http.SetCookie(c.W, &http.Cookie{Name: "flash", Value: base64.RawURLEncoding.EncodeToString([]byte(v.Encode())), Path: "/", MaxAge: 30, HttpOnly: true, Secure: c.R.TLS != nil, SameSite: http.SameSiteLaxMode})
	return c.Redirect(path)
}

// TakeFlash returns what the act before left to say and forgets it; nil if nothing. Only keys of the catalogue are shown, so a forged
// cookie cannot put words on a page.
func (c *Ctx) TakeFlash() *ui.Flash {
	ck, err := c.R.Cookie("flash")
	if err != nil {
		return nil
	}
	http.SetCookie(c.W, &http.Cookie{Name: "flash", Path: "/", MaxAge: -1, HttpOnly: true, Secure: c.R.TLS != nil, SameSite: http.SameSiteLaxMode})
	b, err := base64.RawURLEncoding.DecodeString(ck.Value)
	if err != nil {
		return nil
	}
	v, err := url.ParseQuery(string(b))
	if err != nil || !locale.Has(v.Get("key")) {
		return nil
	}
	f := &ui.Flash{Text: c.T(v.Get("key")), Tone: ui.Good}
	if u := v.Get("undo"); u != "" && Local(u) == u {
		f.Undo = &ui.Undo{Action: u}
	}
	return f
}

// JSON answers with v.
func (c *Ctx) JSON(v any) error {
	c.W.Header().Set("Content-Type", "application/json; charset=utf-8")
	c.W.Header().Set("Cache-Control", "no-store")
	return json.NewEncoder(c.W).Encode(v)
}

// Download sets the headers of a file answer; name is shown to the person, so it must hold nothing secret.
func (c *Ctx) Download(mime, name string) {
	h := c.W.Header()
	h.Set("Content-Type", mime)
	h.Set("Content-Disposition", `attachment; filename="`+strings.Map(plainName, name)+`"`)
	h.Set("Cache-Control", "no-store")
}

// Abort cuts off an answer of which a part is on its way, so that nobody takes a file for whole that is not: the visitor's program sees the connection break.
func (c *Ctx) Abort(err error) {
	c.rt.o.Log.Error("answer cut off", "method", c.R.Method, "route", c.R.Pattern, "code", baqylau.CodeOf(err), "error", err.Error())
	panic(http.ErrAbortHandler)
}

func plainName(r rune) rune {
	if r < 0x20 || r > 0x7e || r == '"' || r == '\\' || r == '/' {
		return '_'
	}
	return r
}
