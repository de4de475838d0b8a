package admin

import (
	"context"
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
	"github.com/baqylau/baqylau/internal/web"
)

type office struct {
	*Service
	t   *testing.T
	now time.Time
}

func newOffice(t *testing.T, db *store.DB) *office {
	t.Helper()
	o := &office{t: t, now: time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC)} // a Friday
	w := change.New(db)
	w.Now = func() time.Time { return o.now }
	o.Service = &Service{W: w, BaseURL: func() string { return "http://baqylau.test" }, Mail: MailServer{Host: "mail.test", Port: 587, User: "ews", From: "ews@mail.test", TLS: "starttls"}, Home: "KZ"}
	o.exec("INSERT INTO organisation (id, code, name, kind, domain, country, created_at) VALUES ('centre', 'centre', '{\"en\":\"Centre\"}', 'other', 'neutral', 'KZ', 0), ('police', 'police', '{\"en\":\"Police\"}', 'police', 'enforcement', 'KZ', 0), ('hospital', 'hospital', '{\"en\":\"Hospital\"}', 'health', 'health', 'KZ', 0)")
	o.exec("INSERT INTO account (id, login, name, org_id, lang, state, created_at) VALUES ('dpo', 'dpo@x', 'Protector', 'centre', 'en', 'active', 0), ('admin', 'admin@x', 'Admin', 'centre', 'en', 'active', 0), ('p', 'p@x', 'Policeman', 'police', 'en', 'active', 0), ('h', 'h@x', 'Nurse', 'hospital', 'en', 'active', 0)")
	return o
}

func (o *office) exec(q string, args ...any) {
	o.t.Helper()
	if _, err := o.W.DB.Write.NewRaw(q, args...).Exec(context.Background()); err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) count(q string, args ...any) (n int) {
	o.t.Helper()
	if err := o.W.DB.Read.NewRaw(q, args...).Scan(context.Background(), &n); err != nil {
		o.t.Fatal(err)
	}
	return n
}

func who(id, org string, d baqylau.Domain, roles ...access.Role) access.Actor {
	return access.Actor{ID: id, Name: id, OrgID: org, Domain: d, Roles: roles, Lang: baqylau.English}
}

var (
	dpo      = who("dpo", "centre", baqylau.NeutralDomain, access.DataProtector)
	admin    = who("admin", "centre", baqylau.NeutralDomain, access.Administrator)
	police   = who("p", "police", baqylau.EnforcementDomain, access.Reporter)
	hospital = who("h", "hospital", baqylau.HealthDomain, access.Reporter)
)

type answer struct {
	status         int
	body, location string
}

func (o *office) as(a access.Actor) func(method, path string, pairs ...string) answer {
	rt := web.NewRouter(web.Options{Authenticate: func(*http.Request) access.Actor { return a }, Log: slog.New(slog.DiscardHandler), Now: o.W.Now,
		Layout: func(c *web.Ctx, p web.Page) error {
			if p.Status != 0 {
				c.W.WriteHeader(p.Status)
			}
			return p.Body.Render(c.Context(), c.W)
		}})
	Routes(rt, o.Service)
	return func(method, path string, pairs ...string) answer {
		v := url.Values{}
		for i := 0; i+1 < len(pairs); i += 2 {
			v.Add(pairs[i], pairs[i+1])
		}
		r := httptest.NewRequest(method, path, strings.NewReader(v.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Accept-Language", "en")
		w := httptest.NewRecorder()
		rt.ServeHTTP(w, r)
		b, _ := io.ReadAll(w.Body)
		return answer{w.Code, html.UnescapeString(string(b)), w.Header().Get("Location")}
	}
}

func each(t *testing.T, fn func(t *testing.T, o *office)) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		fn(t, newOffice(t, db))
		for _, k := range locale.Missing() {
			t.Errorf("missing message %s", k)
		}
	})
}
