package ui

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/baqylau/baqylau"
)

func TestLangHref(t *testing.T) {
	for path, want := range map[string]string{
		"/signals":                    "/signals?lang=kk",
		"/signals?state=open&lang=ru": "/signals?lang=kk&state=open",
		"":                            "/?lang=kk",
		"https://example.org/x":       "/?lang=kk",
		"//example.org/x":             "/?lang=kk",
	} {
		if got := string(LangHref(path, baqylau.Kazakh)); got != want {
			t.Errorf("%q gives %q, want %q", path, got, want)
		}
	}
}

func TestSetPreferences(t *testing.T) {
	send := func(form url.Values) *http.Response {
		r := httptest.NewRequest("POST", "/preferences", strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		SetPreferences(w, r)
		return w.Result()
	}
	res := send(url.Values{"theme": {"dark"}, "back": {"/signals?x=1"}})
	if to := res.Header.Get("Location"); res.StatusCode != 303 || to != "/signals?x=1" {
		t.Errorf("status %d to %q", res.StatusCode, to)
	}
	cookies := res.Cookies()
	if len(cookies) != 1 || cookies[0].Name != "theme" || cookies[0].Value != "dark" || cookies[0].MaxAge <= 0 {
		t.Errorf("cookies %v", cookies)
	}
	r := httptest.NewRequest("GET", "/", nil)
	r.AddCookie(cookies[0])
	r.AddCookie(&http.Cookie{Name: "keys", Value: "sideways"})
	if p := PreferencesOf(r); p != (Preferences{Theme: "dark"}) {
		t.Errorf("read back %+v", p)
	}
	if c := send(url.Values{"theme": {"<b>"}}).Cookies(); len(c) != 1 || c[0].MaxAge >= 0 || c[0].Value != "" {
		t.Errorf("an unknown theme sets %v, want it cleared", c)
	}
	for _, back := range []string{"", "https://example.org", "//example.org", `/\example.org`, "signals"} {
		if to := send(url.Values{"keys": {"off"}, "back": {back}}).Header.Get("Location"); to != "/" {
			t.Errorf("back to %q leads to %q", back, to)
		}
	}
}
