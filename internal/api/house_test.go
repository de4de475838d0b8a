package api_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/data"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/api"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/intake"
	"github.com/baqylau/baqylau/internal/registry"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/ui"
)

var ctx = context.Background()

// house is a seeded workspace whose API knows people by the token that is their name.
type house struct {
	t      testing.TB
	db     *store.DB
	rt     *web.Router
	people map[string]access.Actor
}

func open(t testing.TB, db *store.DB) *house {
	t.Helper()
	w := change.New(db)
	w.Now = func() time.Time { return time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC) }
	check(t, registry.Seed(ctx, db, w, data.FS))
	shelf, err := registry.NewShelf(ctx, db)
	check(t, err)
	h := &house{t: t, db: db, people: map[string]access.Actor{}}
	for _, p := range []struct {
		code, kind string
		domain     baqylau.Domain
		role       access.Role
	}{{"centre", "centre", baqylau.NeutralDomain, access.Officer}, {"hospital", "hospital", baqylau.HealthDomain, access.Reporter}, {"clinic", "hospital", baqylau.HealthDomain, access.Reporter},
		{"police", "police", baqylau.EnforcementDomain, access.Reporter}, {"author", "centre", baqylau.HealthDomain, access.Author}} {
		_, err := db.Write.NewRaw("INSERT INTO organisation (id, code, name, kind, domain, country, created_at) VALUES (?, ?, ?, ?, ?, 'KZ', 0)", "o-"+p.code, "t-"+p.code,
			baqylau.Same(p.code).JSON(), p.kind, string(p.domain)).Exec(ctx)
		check(t, err)
		h.people[p.code] = access.Actor{ID: "a-" + p.code, Name: p.code, OrgID: "o-" + p.code, Domain: p.domain, Roles: []access.Role{p.role}, Lang: baqylau.Russian, MaxTLP: baqylau.TLPAmber}
	}
	h.rt = web.NewRouter(web.Options{Log: slog.New(slog.DiscardHandler), Now: w.Now,
		Authenticate: func(r *http.Request) access.Actor {
			if a, ok := h.people[strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")]; ok {
				return a
			}
			return access.Anyone(baqylau.English)
		},
		Layout: func(c *web.Ctx, p web.Page) error {
			if p.Status != 0 {
				c.W.WriteHeader(p.Status)
			}
			return ui.Layout(ui.Page{Title: p.Title, Path: "/"}).Render(templ.WithChildren(c.Context(), p.Body), c.W)
		}})
	d := api.Deps{W: w, Shelf: shelf, Intake: &intake.Service{W: w, Shelf: shelf, Home: "KZ"}}
	h.collection(&d)
	api.Mount(h.rt, d)
	return h
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// reply is an answer of the API.
type reply struct {
	code int
	body string
	head http.Header
}

// into reads the body as JSON.
func (r reply) into(t testing.TB, v any) {
	t.Helper()
	if err := json.Unmarshal([]byte(r.body), v); err != nil {
		t.Fatalf("%v in %s", err, r.body)
	}
}

// call asks as a person, "" for nobody; pairs are names and values of headers.
func (h *house) call(as, method, path, body string, pairs ...string) reply {
	h.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if as != "" {
		r.Header.Set("Authorization", "Bearer "+as)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	r.Header.Set("Accept-Language", "en")
	for i := 0; i+1 < len(pairs); i += 2 {
		r.Header.Set(pairs[i], pairs[i+1])
	}
	w := httptest.NewRecorder()
	h.rt.ServeHTTP(w, r)
	return reply{w.Code, w.Body.String(), w.Header()}
}

func (h *house) get(as, path string) reply {
	h.t.Helper()
	return h.call(as, http.MethodGet, api.Prefix+path, "")
}

// must is get that has to succeed, read into v.
func (h *house) must(as, path string, v any) {
	h.t.Helper()
	r := h.get(as, path)
	if r.code != http.StatusOK {
		h.t.Fatalf("GET %s as %s: %d %s", path, as, r.code, r.body)
	}
	r.into(h.t, v)
}

// send posts a body that has to be taken.
func (h *house) send(as, path, body string, v any, pairs ...string) {
	h.t.Helper()
	r := h.call(as, http.MethodPost, api.Prefix+path, body, pairs...)
	if r.code != http.StatusCreated && r.code != http.StatusOK {
		h.t.Fatalf("POST %s as %s: %d %s", path, as, r.code, r.body)
	}
	r.into(h.t, v)
}

func (h *house) count(sql string, args ...any) (n int) {
	h.t.Helper()
	check(h.t, h.db.Read.NewRaw(sql, args...).Scan(ctx, &n))
	return n
}
