package app_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/account"
	"github.com/baqylau/baqylau/internal/app"
)

// from signs in by the form from an address of its own, so that the limits of other stories do not meddle.
func (p *person) from(t *testing.T, address, path string, pairs ...string) answer {
	t.Helper()
	f := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		f.Set(pairs[i], pairs[i+1])
	}
	return p.do(t, http.MethodPost, path, strings.NewReader(f.Encode()), "Content-Type", "application/x-www-form-urlencoded", "X-Forwarded-For", address)
}

func sessionOf(a answer) string {
	for _, c := range (&http.Response{Header: a.header}).Cookies() {
		if c.Name == "session" {
			return c.Value
		}
	}
	return ""
}

// plantedSession gives the victim a cookie before they sign in: afterwards it opens nothing, whether it was invented or came from the server.
func (h *house) plantedSession(t *testing.T) {
	own := sessionOf(h.visitor(t).from(t, "198.51.100.31", "/sign-in", "login", "customs@demo.baqylau", "password", app.DemoPassword))
	if own == "" {
		t.Fatal("no session")
	}
	for name, planted := range map[string]string{"invented": strings.Repeat("A", 43), "of the attacker": own} {
		victim := h.visitor(t)
		victim.client.Jar = nil
		f := url.Values{"login": {"auditor@demo.baqylau"}, "password": {app.DemoPassword}}
		a := victim.do(t, http.MethodPost, "/sign-in", strings.NewReader(f.Encode()), "Content-Type", "application/x-www-form-urlencoded", "X-Forwarded-For", "198.51.100.32", "Cookie", "session="+planted)
		if got := sessionOf(a); a.status != http.StatusSeeOther || got == "" || got == planted {
			t.Errorf("%s: %d, the cookie is %q", name, a.status, got)
		}
		if a := victim.do(t, http.MethodGet, "/audit", nil, "Cookie", "session="+planted); a.status == http.StatusOK {
			t.Errorf("%s: the planted cookie opens the victim's pages", name)
		}
	}
}

// spraying tries one password at many logins from one place, and many places at one login: both are stopped.
func (h *house) spraying(t *testing.T) {
	stopped := func(address func(i int) string, login func(i int) string, tries int) bool {
		v := h.visitor(t)
		for i := range tries {
			a := v.from(t, address(i), "/sign-in", "login", login(i), "password", "Summer-2026-Summer")
			if a.status == http.StatusTooManyRequests {
				return true
			}
			if a.status != http.StatusUnauthorized {
				t.Fatalf("a wrong password: %d", a.status)
			}
		}
		return false
	}
	one := func(s string) func(int) string { return func(int) string { return s } }
	if !stopped(one("198.51.100.40"), func(i int) string { return fmt.Sprintf("person%d@demo.baqylau", i) }, 125) { // a minute may turn in between
		t.Error("one visitor may try any number of logins")
	}
	if !stopped(func(i int) string { return fmt.Sprintf("203.0.113.%d", i+100) }, one("sprayed@demo.baqylau"), 25) {
		t.Error("one login may be tried from any number of places")
	}
}

// whoExists compares the answers to logins that are there, are not, and may not: same words, same number of statements; nobody learns who has an account.
func (h *house) whoExists(t *testing.T) {
	if _, err := account.Add(ctx, h.Writer, account.NewAccount{Login: "gone@demo.baqylau", Name: "Бывший сотрудник", Org: "hospital", Roles: []access.Role{access.Reporter}, Lang: baqylau.English, Password: app.DemoPassword, Demo: true}); err != nil {
		t.Fatal(err)
	}
	if err := account.Disable(ctx, h.Writer, "gone@demo.baqylau"); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/sign-in", "/forgotten"} {
		var want answer
		logins := []string{"prison@demo.baqylau", "nobody@demo.baqylau", "gone@demo.baqylau"}
		for i, login := range logins {
			address := fmt.Sprintf("198.51.100.%d", 50+i)
			a := h.visitor(t).from(t, address, path, "login", login, "password", "not the password")
			for _, l := range logins { // the page of a demonstration lists them too
				a.body = strings.ReplaceAll(a.body, l, "…")
			}
			if i == 0 {
				want = a
				continue
			}
			if a.status != want.status || a.body != want.body {
				t.Errorf("%s: %s is answered otherwise: %d, %d", path, login, a.status, want.status)
			}
			if a.asked != want.asked {
				t.Errorf("%s: %s takes %d statements, one that exists %d", path, login, a.asked, want.asked)
			}
		}
	}
}
