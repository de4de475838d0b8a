package intake_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/intake"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/assets"
	"github.com/baqylau/baqylau/internal/web/ui"
)

// site serves the room's pages as whoever *actor is.
func (h *house) site(actor *access.Actor) http.Handler {
	rt := web.NewRouter(web.Options{
		Authenticate: func(*http.Request) access.Actor { return *actor },
		Layout: func(c *web.Ctx, p web.Page) error {
			c.W.Header().Set("Content-Type", "text/html; charset=utf-8")
			if p.Status != 0 {
				c.W.WriteHeader(p.Status)
			}
			page := ui.Layout(ui.Page{Title: p.Title, Path: c.R.URL.RequestURI(), Kind: p.Kind, Flash: c.TakeFlash(), Nav: []ui.NavItem{{Label: c.T("nav.occurrences"), Href: "/occurrences"}, {Label: c.T("nav.imports"), Href: "/imports"}}})
			return page.Render(templ.WithChildren(c.Context(), templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
				return p.Body.Render(templ.ClearChildren(ctx), w)
			})), c.W)
		},
		Log: slog.New(slog.DiscardHandler), Now: h.W.Now,
	})
	intake.Routes(rt, h.Service)
	intake.ImportRoutes(rt, h.Service)
	rt.Mount("GET "+assets.Prefix, assets.Handler())
	return rt
}

// visitor is a person in front of the pages, in a language.
type visitor struct {
	t    testing.TB
	site http.Handler
	lang baqylau.Lang
}

func (h *house) visitor(t testing.TB, a access.Actor) *visitor {
	return &visitor{t, h.site(&a), baqylau.Russian}
}

func (v *visitor) do(r *http.Request) *httptest.ResponseRecorder {
	v.t.Helper()
	r.AddCookie(&http.Cookie{Name: "lang", Value: string(v.lang)})
	w := httptest.NewRecorder()
	v.site.ServeHTTP(w, r)
	if i := strings.Index(w.Body.String(), "⟦"); i >= 0 {
		v.t.Errorf("%s: untranslated %.60s", r.URL, w.Body.String()[i:])
	}
	return w
}

// see opens a page and requires texts on it.
func (v *visitor) see(path string, texts ...string) string {
	v.t.Helper()
	w := v.do(httptest.NewRequest(http.MethodGet, path, nil))
	if w.Code != http.StatusOK {
		v.t.Fatalf("%s: status %d: %s", path, w.Code, w.Body)
	}
	for _, s := range texts {
		if !strings.Contains(w.Body.String(), s) {
			v.t.Errorf("%s in %s lacks %q", path, v.lang, s)
		}
	}
	return w.Body.String()
}

// status is that of a page that should not be shown.
func (v *visitor) status(path string) int {
	v.t.Helper()
	return v.do(httptest.NewRequest(http.MethodGet, path, nil)).Code
}

// press sends a form and returns where it led.
func (v *visitor) press(path string, f url.Values) string {
	v.t.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(f.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := v.do(r)
	if w.Code != http.StatusSeeOther {
		v.t.Fatalf("POST %s: status %d: %s", path, w.Code, w.Body)
	}
	return w.Header().Get("Location")
}

// refused sends a form that comes back, and returns the page.
func (v *visitor) refused(path string, f url.Values) string {
	v.t.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(f.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := v.do(r)
	if w.Code != http.StatusUnprocessableEntity && w.Code != http.StatusBadRequest {
		v.t.Errorf("POST %s: status %d", path, w.Code)
	}
	return w.Body.String()
}

// send uploads a file with a form.
func (v *visitor) send(path, name string, content []byte, fields map[string]string) *httptest.ResponseRecorder {
	v.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	if name != "" {
		p, err := m.CreateFormFile("file", name)
		if err != nil {
			v.t.Fatal(err)
		}
		if _, err := p.Write(content); err != nil {
			v.t.Fatal(err)
		}
	}
	for k, val := range fields {
		if err := m.WriteField(k, val); err != nil {
			v.t.Fatal(err)
		}
	}
	if err := m.Close(); err != nil {
		v.t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, path, &b)
	r.Header.Set("Content-Type", m.FormDataContentType())
	return v.do(r)
}
