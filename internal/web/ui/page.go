package ui

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"
	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/locale"
)

// Page is what Layout needs to know around the content of a page.
type Page struct {
	Title  string    // of the page alone; the product's name is added
	Path   string    // path and query of this page, for the language switch; "/" when empty
	User   *User     // nil for a visitor without an account
	Nav    []NavItem // the rooms this person may enter
	Foot   []NavItem // links below every page
	Centre string    // name of the centre; "" while the settings have none
	Demo   string    // text of the banner on a demonstration workspace; "" elsewhere
	Prefs  Preferences
	Flash  *Flash // outcome of the act that led here; nil if none
	Kind   Kind   // width and arrangement of the content
	AsOf   string // stamped on every printed sheet, for example "as of 25.11.2026, 23:40"
	Search string // address that the command palette asks, for example "/search"; "" hides the palette
	Posted bool   // the answer to a form that was sent: no page that the browser could ask for again
	Wall   bool   // on a screen on the wall: a quarter larger, without controls
	Open   bool   // on a Split page: something is open in the reading pane, so a phone shows it instead of the list
}

// Kind is the arrangement of a page's content.
type Kind string

// The arrangements.
const (
	Full   Kind = ""       // up to 1400 px: overviews, tables, records
	Narrow Kind = "narrow" // 660 px: forms and reading
	Split  Kind = "split"  // a list of 380 px and a reading pane; on a phone one or the other
)

// NavItem is a link to a room or in a menu.
type NavItem struct {
	Label, Href string
	Current     bool
	Count       int // things that wait for this person; 0 shows nothing
}

// User is the person signed in, as the bar shows them.
type User struct {
	Name, Role, Org string
	Menu            []NavItem // own pages: account, activity, who may see what
	SignOut         string    // address that a POST signs out at
}

// Flash is the outcome of an act. With Undo it is a toast for ten seconds, without it a notice above the content.
type Flash struct {
	Text string
	Tone Tone
	Undo *Undo
}

// Undo takes an act back: a POST of Fields to Action.
type Undo struct {
	Action string
	Fields map[string]string
}

// Tone colours a notice; a shape always goes with it.
type Tone string

// The tones.
const (
	Plain Tone = ""
	Good  Tone = "good"
	Warn  Tone = "warn"
	Bad   Tone = "bad"
)

// LangHref is the address of this page in another language: the same path and query with lang set. The server keeps the choice.
func LangHref(path string, l baqylau.Lang) templ.SafeURL {
	u, err := url.Parse(path)
	if err != nil || path == "" || u.IsAbs() || u.Host != "" {
		u = &url.URL{Path: "/"}
	}
	q := u.Query()
	q.Set("lang", string(l))
	u.RawQuery = q.Encode()
	return templ.SafeURL(u.String())
}

// Preferences are a reader's own settings, kept in cookies: they need no account and hold nothing personal.
type Preferences struct {
	Theme string // "light", "dark" or "" for the system's
	Keys  string // "off" or "" for on: single-key shortcuts (WCAG 2.1.4)
}

// preferenceValues lists what each cookie may hold besides nothing.
var preferenceValues = map[string][]string{"theme": {"light", "dark"}, "keys": {"off"}}

// PreferencesOf reads the settings from the request's cookies; unknown values count as unset.
func PreferencesOf(r *http.Request) Preferences {
	read := func(name string) string {
		if c, err := r.Cookie(name); err == nil && known(name, c.Value) {
			return c.Value
		}
		return ""
	}
	return Preferences{Theme: read("theme"), Keys: read("keys")}
}

// SetPreferences answers POST /preferences, the form in the user menu, for readers without scripts: it sets the cookie named by
// the pressed button and goes back to the page in the field "back". Values it does not know clear the setting.
func SetPreferences(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		http.Error(w, http.StatusText(http.StatusBadRequest), http.StatusBadRequest)
		return
	}
	for name := range preferenceValues {
		if !r.PostForm.Has(name) {
			continue
		}
		c := &http.Cookie{Name: name, Path: "/", SameSite: http.SameSiteLaxMode, Secure: r.TLS != nil, MaxAge: -1}
		if v := r.PostForm.Get(name); known(name, v) {
			c.Value, c.MaxAge = v, 365*24*3600
		}
		http.SetCookie(w, c)
	}
	http.Redirect(w, r, localPath(r.PostForm.Get("back")), http.StatusSeeOther)
}

func known(name, value string) bool {
	for _, v := range preferenceValues[name] {
		if v == value {
			return true
		}
	}
	return false
}

// localPath keeps a redirect on this site: anything that is not a plain absolute path becomes "/".
func localPath(p string) string {
	u, err := url.Parse(p)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(p, "/") || strings.HasPrefix(p, "//") || strings.Contains(p, "\\") {
		return "/"
	}
	return p
}

// documentName stands after the title of every document: the centre, or the product where it has no name yet.
func documentName(ctx context.Context, p Page) string {
	if p.Centre != "" {
		return p.Centre
	}
	return locale.T(ctx, "ui.product")
}
