package returns_test

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
	"github.com/baqylau/baqylau/internal/indicator/check"
	"github.com/baqylau/baqylau/internal/indicator/returns"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/registry"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
	"github.com/baqylau/baqylau/internal/web"
)

// house is a node with a hospital, a clinic, the police and the centre.
type house struct {
	t   *testing.T
	s   *returns.Service
	db  *store.DB
	now time.Time
}

func actor(org string, domain baqylau.Domain, roles ...access.Role) access.Actor {
	return access.Actor{ID: "person-of-" + org, OrgID: org, Domain: domain, Roles: roles, Lang: baqylau.English}
}

var (
	hospital     = actor("hospital", baqylau.HealthDomain, access.Reporter)
	clinic       = actor("clinic", baqylau.HealthDomain, access.Provider)
	police       = actor("police", baqylau.EnforcementDomain, access.Reporter)
	epidemiology = actor("centre", baqylau.NeutralDomain, access.Epidemiology)
	author       = actor("centre", baqylau.NeutralDomain, access.Author)
)

// each tells a story on both engines.
func each(t *testing.T, story func(t *testing.T, h *house)) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := &house{t: t, db: db, now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
		w := change.New(db)
		w.Now = func() time.Time { return h.now }
		for _, org := range []struct{ id, domain string }{{"hospital", "health"}, {"clinic", "health"}, {"police", "enforcement"}, {"centre", "neutral"}} {
			h.exec("INSERT INTO organisation (id, code, name, kind, domain, country, created_at) VALUES (?, ?, ?, 'hospital', ?, 'KZ', 0)", org.id, org.id, `{"en":"`+strings.ToUpper(org.id[:1])+org.id[1:]+`"}`, org.domain)
			h.exec("INSERT INTO account (id, login, name, org_id, lang, state, created_at) VALUES (?, ?, ?, ?, 'en', 'active', 0)", "person-of-"+org.id, org.id+"@example.org", "A. "+org.id, org.id)
			h.exec("INSERT INTO source (id, code, name, country, domain) VALUES (?, ?, '{}', 'KZ', ?)", "source-of-"+org.id, org.id, org.domain)
		}
		h.exec("INSERT INTO account_role (account_id, role) VALUES ('person-of-hospital', ?), ('person-of-clinic', ?)", string(access.Reporter), string(access.Provider))
		shelf, err := registry.NewShelf(t.Context(), db)
		if err != nil {
			t.Fatal(err)
		}
		h.s = &returns.Service{W: w, Shelf: shelf, Home: "KZ"}
		story(t, h)
	})
}

// seed puts in what the product ships: regions among it.
func (h *house) seed() {
	h.t.Helper()
	if err := registry.Seed(h.t.Context(), h.db, h.s.W, data.FS); err != nil {
		h.t.Fatal(err)
	}
	var err error
	if h.s.Shelf, err = registry.NewShelf(h.t.Context(), h.db); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) exec(q string, args ...any) {
	h.t.Helper()
	if _, err := h.db.Write.NewRaw(q, args...).Exec(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
}

// found keeps findings as a check does.
func (h *house) found(fs ...check.Finding) {
	h.t.Helper()
	err := h.s.W.Do(h.t.Context(), access.TheSystem(), access.CheckResolve, func(ctx context.Context, tx *change.Tx) error {
		tx.Subject("check", "test", "", nil)
		return check.Keep(ctx, tx, fs)
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

// finding is the identifier of the finding with a mark.
func (h *house) finding(mark string) (id string) {
	h.t.Helper()
	if err := h.db.Read.NewRaw("SELECT id FROM check_finding WHERE mark = ?", mark).Scan(h.t.Context(), &id); err != nil {
		h.t.Fatal(err)
	}
	return id
}

// count is what a query counts.
func (h *house) count(q string, args ...any) (n int) {
	h.t.Helper()
	if err := h.db.Read.NewRaw(q, args...).Scan(h.t.Context(), &n); err != nil {
		h.t.Fatal(err)
	}
	return n
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
	returns.Routes(rt, h.s)
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
			h.t.Errorf("the page holds %q:\n%.4000s", w, rec.Body.String())
		}
	}
}

func code(err error) baqylau.Code { return baqylau.CodeOf(err) }
