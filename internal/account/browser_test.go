package account

import (
	"cmp"
	"context"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/secret"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/go-chi/httprate"
	"log/slog"
)

const password = "темір қазық жұлдызы"

// site is the room served as in the process, with a clock the test moves.
type site struct {
	*Service
	t    *testing.T
	url  string
	now  time.Time
	mail *letters
}

type letter struct{ purpose, to, body string }

type letters struct{ sent []letter }

func (l *letters) Queue(_ context.Context, _ *change.Tx, purpose, _, address string, _ baqylau.Lang, _, body string) error {
	l.sent = append(l.sent, letter{purpose, address, body})
	return nil
}

// each tells a story on both engines.
func each(t *testing.T, fn func(t *testing.T, s *site)) {
	storetest.Each(t, func(t *testing.T, db *store.DB) { fn(t, newSite(t, db)); noMissing(t) })
}

func newSite(t *testing.T, db *store.DB) *site {
	t.Helper()
	s := &site{t: t, now: time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC), mail: &letters{}}
	w := change.New(db)
	w.Now = func() time.Time { return s.now }
	key, err := secret.New([]byte(strings.Repeat("k", 32)))
	if err != nil {
		t.Fatal(err)
	}
	s.Service = New(Options{Writer: w, Key: key, Mail: s.mail, BaseURL: func() string { return "http://baqylau.test" }})
	s.clock.ran = func() time.Duration { return 0 } // only the test moves the clock
	s.perIP, s.perLogin = httprate.NewRateLimiter(10_000, time.Minute), httprate.NewRateLimiter(10_000, time.Minute)
	rt := web.NewRouter(web.Options{Authenticate: s.Authenticate, SignInPath: signInPath, Log: slog.New(slog.DiscardHandler), Now: w.Now,
		Layout: func(c *web.Ctx, p web.Page) error {
			c.W.Header().Set("Content-Type", "text/html; charset=utf-8")
			if p.Status == 0 {
				p.Status = http.StatusOK
			}
			c.W.WriteHeader(p.Status)
			return p.Body.Render(c.Context(), c.W)
		}})
	Routes(rt, s.Service)
	rt.Handle("GET /", access.PolicyRead, func(c *web.Ctx) error { return c.JSON(map[string]string{"who": c.Actor.ID}) })
	rt.Handle("GET /reports", access.ReportRead, func(c *web.Ctx) error { return c.JSON("reports") })
	srv := httptest.NewServer(s.Sessions(rt))
	t.Cleanup(srv.Close)
	s.url = srv.URL
	for _, o := range []struct{ code, domain string }{{"centre", "neutral"}, {"police", "enforcement"}, {"hospital", "health"}} {
		if _, err := db.Write.NewRaw("INSERT INTO organisation (id, code, name, kind, domain, country, created_at) VALUES (?, ?, ?, 'other', ?, 'KZ', 0)", o.code, o.code,
			baqylau.Same(o.code).JSON(), o.domain).Exec(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func (s *site) add(login, org string, roles ...access.Role) Account {
	s.t.Helper()
	a, err := Add(context.Background(), s.Writer, NewAccount{Login: login, Name: "Person", Org: org, Roles: roles, Password: password, Lang: baqylau.English})
	if err != nil {
		s.t.Fatal(err)
	}
	return a
}

// browser is one visitor with cookies that does not follow redirects by itself.
type browser struct {
	s      *site
	client *http.Client
	lang   string // that of the browser; English when empty
}

func (s *site) browser() *browser {
	jar, _ := cookiejar.New(nil)
	return &browser{s: s, client: &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

type answer struct {
	status         int
	body, location string
}

func (b *browser) do(r *http.Request) answer {
	b.s.t.Helper()
	r.Header.Set("Accept-Language", cmp.Or(b.lang, "en"))
	res, err := b.client.Do(r)
	if err != nil {
		b.s.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		b.s.t.Fatal(err)
	}
	return answer{res.StatusCode, html.UnescapeString(string(body)), res.Header.Get("Location")}
}

func (b *browser) get(path string) answer {
	r, _ := http.NewRequest(http.MethodGet, b.s.url+path, nil)
	return b.do(r)
}

// post sends name, value pairs.
func (b *browser) post(path string, pairs ...string) answer {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	r, _ := http.NewRequest(http.MethodPost, b.s.url+path, strings.NewReader(v.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.do(r)
}

func (b *browser) signIn(login, password string) answer {
	return b.post(signInPath, "login", login, "password", password)
}

// in reports whether the visitor is signed in.
func (b *browser) in() bool {
	b.s.t.Helper()
	a := b.get("/")
	if a.status != http.StatusOK && a.location == "" {
		b.s.t.Fatalf("start page: %+v", a)
	}
	return a.status == http.StatusOK
}

func (b *browser) cookie() string {
	u, _ := url.Parse(b.s.url)
	for _, c := range b.client.Jar.Cookies(u) {
		if c.Name == "session" {
			return c.Value
		}
	}
	return ""
}

var linkShape = regexp.MustCompile(`/link/[a-z0-9]{26}`)

// noMissing fails when a page asked for a message that does not exist.
func noMissing(t *testing.T) {
	t.Helper()
	for _, k := range locale.Missing() {
		t.Errorf("missing message %s", k)
	}
}
