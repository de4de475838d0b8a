package estimate_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/data"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/indicator/estimate"
	"github.com/baqylau/baqylau/internal/indicator/estimate/compute"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/registry"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
	"github.com/baqylau/baqylau/internal/web"
)

type house struct {
	t  *testing.T
	s  *estimate.Service
	db *store.DB
}

func actor(org string, domain baqylau.Domain, roles ...access.Role) access.Actor {
	return access.Actor{ID: "person-of-" + org, OrgID: org, Domain: domain, Roles: roles, Lang: baqylau.English}
}

var (
	epidemiology = actor("centre", baqylau.NeutralDomain, access.Epidemiology)
	author       = actor("centre", baqylau.NeutralDomain, access.Author)
	police       = actor("police", baqylau.EnforcementDomain, access.Reporter, access.Authority)
	hospital     = actor("hospital", baqylau.HealthDomain, access.Reporter)
)

// each tells a story on both engines.
func each(t *testing.T, story func(t *testing.T, h *house)) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := change.New(db)
		w.Now = func() time.Time { return time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC) }
		if err := registry.Seed(t.Context(), db, w, data.FS); err != nil {
			t.Fatal(err)
		}
		if _, err := db.Write.ExecContext(t.Context(), "INSERT INTO source (id, code, name, country, domain) VALUES ('own', 'org:centre', '{}', 'KZ', 'neutral')"); err != nil {
			t.Fatal(err)
		}
		shelf, err := registry.NewShelf(t.Context(), db)
		if err != nil {
			t.Fatal(err)
		}
		h := &house{t: t, db: db, s: &estimate.Service{W: w, Shelf: shelf, Home: "KZ", OwnSource: func(context.Context, *change.Tx, string) (string, error) { return "own", nil }}}
		story(t, h)
	})
}

// about is an estimate of people who inject in a region in 2024.
func about(method string, in compute.Inputs) *estimate.Estimate {
	return &estimate.Estimate{Method: method, Title: "Injecting in the region", Target: "injecting", Place: "KZ-75", Start: baqylau.NewDate(2024, 1, 1), End: baqylau.NewDate(2024, 12, 31), Age: "15-64", Citation: "treatment and police registers, 2024", Inputs: in}
}

func (h *house) run(e *estimate.Estimate) string {
	h.t.Helper()
	if err := h.s.Run(h.t.Context(), epidemiology, e); err != nil {
		h.t.Fatal(err)
	}
	return e.ID
}

// visit asks a page as somebody, in a language; a form is sent by POST.
func (h *house) visit(a access.Actor, l baqylau.Lang, path string, form url.Values) *httptest.ResponseRecorder {
	h.t.Helper()
	a.Lang = l
	rt := web.NewRouter(web.Options{Authenticate: func(*http.Request) access.Actor { return a }, Now: h.s.W.Now, Layout: func(c *web.Ctx, p web.Page) error {
		if p.Status != 0 {
			c.W.WriteHeader(p.Status)
		}
		return p.Body.Render(locale.With(c.Context(), l), c.W)
	}})
	estimate.Routes(rt, h.s)
	req := httptest.NewRequest("GET", path, nil)
	if form != nil {
		req = httptest.NewRequest("POST", path, strings.NewReader(form.Encode()))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	rec := httptest.NewRecorder()
	rt.ServeHTTP(rec, req)
	return rec
}

// shows fails where a page does not hold some words.
func (h *house) shows(rec *httptest.ResponseRecorder, words ...string) {
	h.t.Helper()
	for _, w := range words {
		if !strings.Contains(rec.Body.String(), w) {
			h.t.Errorf("status %d, the page lacks %q:\n%.4000s", rec.Code, w, rec.Body.String())
		}
	}
}

// hides fails where a page holds some words.
func (h *house) hides(rec *httptest.ResponseRecorder, words ...string) {
	h.t.Helper()
	for _, w := range words {
		if strings.Contains(rec.Body.String(), w) {
			h.t.Errorf("status %d, the page has %q", rec.Code, w)
		}
	}
}
