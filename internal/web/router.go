// Package web is the way in for people: one router whose every route names its act of the policy, one context per request,
// one place where errors become pages. Rooms register routes and render components of package ui; they never touch cookies,
// sessions, headers or status codes.
package web

import (
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/locale"
)

// Handler answers a request. A returned error is localised and shown with its status; nothing may be written before it.
type Handler func(c *Ctx) error

// Route is one entry of the route table, which the tests of the wall walk.
type Route struct {
	Method  string
	Pattern string // path of net/http.ServeMux, for example /reports/{id}
	Act     access.Act
}

// Router collects the routes of every room.
type Router struct {
	mux    *http.ServeMux
	routes []Route
	o      Options
}

// Options is what the router needs from the process.
type Options struct {
	// Authenticate tells who asks; the public for an unknown or ended session.
	Authenticate func(r *http.Request) access.Actor
	// Layout wraps a page's content; set by package app, because the navigation knows every room.
	Layout func(c *Ctx, p Page) error
	// Refuse shows the sign-in page's address for a path that needs a session.
	SignInPath string
	Log        *slog.Logger
	Now        func() time.Time
	Demo       bool
}

// NewRouter returns an empty router.
func NewRouter(o Options) *Router {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Router{mux: http.NewServeMux(), o: o}
}

// Handle registers h for a pattern "METHOD /path" under act. The policy is asked before h runs.
func (rt *Router) Handle(pattern string, act access.Act, h Handler) {
	method, path, ok := strings.Cut(pattern, " ")
	if !ok {
		panic("web: pattern without method: " + pattern) // a programming error, found by the first test that starts the process
	}
	rt.routes = append(rt.routes, Route{Method: method, Pattern: path, Act: act})
	rt.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store") // a page of a person is not kept; what is public says otherwise itself
		c := rt.context(w, r)
		err := access.Check(c.Actor, act)
		if err == nil {
			err = h(c)
		}
		if err != nil {
			c.fail(err)
		}
	})
}

// Mount serves a ready handler (assets, the API) below a prefix, outside the page machinery.
func (rt *Router) Mount(pattern string, h http.Handler) { rt.mux.Handle(pattern, h) }

// Note adds a route of a mounted handler to the route table, so that the tests of the wall walk it too.
func (rt *Router) Note(method, path string, act access.Act) {
	rt.routes = append(rt.routes, Route{Method: method, Pattern: path, Act: act})
}

// Routes returns the route table in order of registration.
func (rt *Router) Routes() []Route { return rt.routes }

// Mux is the underlying mux, for adapters that register on it themselves.
func (rt *Router) Mux() *http.ServeMux { return rt.mux }

// Actor tells who asks, with the language of the answer, for handlers mounted outside the page machinery.
func (rt *Router) Actor(r *http.Request) access.Actor { return rt.context(nil, r).Actor }

func (rt *Router) context(w http.ResponseWriter, r *http.Request) *Ctx {
	actor := rt.o.Authenticate(r)
	lang := locale.Negotiate(r)
	if actor.SignedIn() && r.URL.Query().Get("lang") == "" && !hasLangCookie(r) && actor.Lang != "" {
		lang = actor.Lang
	}
	actor.Lang = lang
	if w != nil && !strings.HasPrefix(r.URL.Path, "/api/") {
		keepLang(w, r)
	}
	r = r.WithContext(locale.With(r.Context(), lang))
	return &Ctx{W: w, R: r, Actor: actor, rt: rt}
}

// keepLang remembers the language that the switch of a page chose, so that the next page has it too.
func keepLang(w http.ResponseWriter, r *http.Request) {
	l, ok := baqylau.ParseLang(r.URL.Query().Get("lang"))
	if c, err := r.Cookie(locale.Cookie); !ok || err == nil && c.Value == string(l) {
		return
	}
	http.SetCookie(w, &http.Cookie{Name: locale.Cookie, Value: string(l), Path: "/", MaxAge: 365 * 24 * 3600, HttpOnly: true, Secure: r.TLS != nil, SameSite: http.SameSiteLaxMode})
}

func hasLangCookie(r *http.Request) bool {
	c, err := r.Cookie("lang")
	if err != nil {
		return false
	}
	_, ok := baqylau.ParseLang(c.Value)
	return ok
}

// ServeHTTP answers with the matching route; an unknown path gets the same page as a row that is not yours.
func (rt *Router) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !readable(r.URL) {
		c := rt.context(w, r)
		c.fail(baqylau.E(baqylau.Invalid, "error.invalid"))
		return
	}
	h, pattern := rt.mux.Handler(r)
	if pattern == "" {
		rec := &statusOnly{header: http.Header{}}
		h.ServeHTTP(rec, r)
		c := rt.context(w, r)
		if rec.status == http.StatusMethodNotAllowed {
			w.Header().Set("Allow", rec.header.Get("Allow"))
			c.status(http.StatusMethodNotAllowed, baqylau.E(baqylau.Invalid, "error.method"))
			return
		}
		if rec.status >= 300 && rec.status < 400 { // the mux cleans paths by redirect
			http.Redirect(w, r, rec.header.Get("Location"), rec.status)
			return
		}
		c.fail(baqylau.E(baqylau.NotFound, "error.not_found"))
		return
	}
	rt.mux.ServeHTTP(w, r)
}

// readable reports whether an address is text: no database takes a null character or bytes that are no UTF-8.
func readable(u *url.URL) bool {
	text := []string{u.Path}
	for name, values := range u.Query() {
		text = append(append(text, name), values...)
	}
	return !slices.ContainsFunc(text, func(s string) bool { return !utf8.ValidString(s) || strings.IndexByte(s, 0) >= 0 })
}

// statusOnly learns what the mux would answer to a path it has no route for.
type statusOnly struct {
	header http.Header
	status int
}

func (s *statusOnly) Header() http.Header         { return s.header }
func (s *statusOnly) Write(b []byte) (int, error) { return len(b), nil }
func (s *statusOnly) WriteHeader(code int)        { s.status = code }
