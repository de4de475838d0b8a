package app_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/app"
)

// bySession walks all pages and the API again with a browser's session: it must give nothing that the token of the same person does not.
func (h *house) bySession(t *testing.T, p *person, values map[string][]string, reached map[string]bool) {
	t.Helper()
	if !p.SignedIn() {
		return
	}
	v := h.visitor(t)
	v.Actor, v.name, v.session = p.Actor, p.name, true
	a := v.do(t, http.MethodPost, "/sign-in", strings.NewReader(url.Values{"login": {p.name + "@demo.baqylau"}, "password": {app.DemoPassword}}.Encode()),
		"Content-Type", "application/x-www-form-urlencoded", "X-Forwarded-For", "198.51.100.200")
	if a.status != http.StatusSeeOther {
		t.Fatalf("%s signs in: %d", p.name, a.status)
	}
	for _, r := range h.Router.Routes() {
		if r.Method == http.MethodGet && access.May(p.Actor, r.Act) {
			h.reads(t, v, r, fill(t, r, values), reached)
		}
	}
}

var calendarLink = regexp.MustCompile(`/calendar/[A-Za-z0-9_-]+\.ics`)

// calendar reads the secret calendar of a person's clocks as a calendar program does, without an account.
func (h *house) calendar(t *testing.T, p *person, reached map[string]bool) {
	t.Helper()
	if !p.SignedIn() {
		return
	}
	path := calendarLink.FindString(p.post(t, "/due/calendar").body)
	a := h.people["public"].get(t, path)
	if a.status != http.StatusOK || !strings.HasPrefix(a.body, "BEGIN:VCALENDAR") {
		t.Fatalf("the calendar of %s: %d", p.name, a.status)
	}
	a.body = strings.ReplaceAll(a.body, "\r\n ", "") // folded lines
	h.leaks(t, p, place{path: path}, "", a, reached)
}

// letters holds every letter that went out so far against what its addressee may read.
func (h *house) letters(t *testing.T) {
	got := map[string]bool{}
	for _, p := range h.everyone() {
		for _, l := range h.box.of(p.name + "@demo.baqylau") {
			got[p.name] = true
			h.leaks(t, p, place{path: "a letter"}, "", answer{status: http.StatusOK, body: l.text + l.plain(t)}, map[string]bool{})
		}
	}
	if len(got) < 10 {
		t.Errorf("only %d people got a letter: the test proves little", len(got))
	}
}
