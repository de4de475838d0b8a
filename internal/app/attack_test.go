package app_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/alert"
	"github.com/baqylau/baqylau/internal/app"
	"github.com/baqylau/baqylau/internal/intake"
	"github.com/baqylau/baqylau/internal/signal"
)

// attack tries what a hostile page, sender or address would.
func (h *house) attack(t *testing.T) {
	t.Run("cross-site", h.crossSite)
	t.Run("next", h.openRedirect)
	t.Run("headers", h.securityHeaders)
	t.Run("cookie", h.sessionCookie)
	t.Run("proxy", h.inventedAddresses)
	t.Run("language", h.languageIsKept)
	t.Run("receipt", h.receiptInjection)
	t.Run("planted session", h.plantedSession)
	t.Run("spraying", h.spraying)
	t.Run("who exists", h.whoExists)
	t.Run("strange values", h.strangeValues)
	t.Run("methods", h.otherMethods)
	t.Run("host", h.foreignHost)
	t.Run("smuggling", h.smuggled)
	t.Run("slow", h.slow)
	t.Run("more fields", h.moreFields)
	t.Run("guesses", h.guesses)
	t.Run("files", h.files)
	t.Run("kept", h.notKept)
	t.Run("content types", h.contentTypes)
	t.Run("other origins", h.openToOthers)
	t.Run("mail headers", h.mailHeaders)
	t.Run("refusals", h.refusalsLogged)
	t.Run("script", h.storedScript)
}

// crossSite sends every act of the route table as a page of another site would make a browser send it.
func (h *house) crossSite(t *testing.T) {
	values, officer := h.pathValues(t), h.people["officer"]
	before := h.count(t, "SELECT count(*) FROM audit_entry WHERE actor_id = ?", officer.ID)
	tried := 0
	for _, r := range h.Router.Routes() {
		if r.Method == http.MethodGet {
			continue
		}
		path := fill(t, r, values)[0].path
		for _, headers := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "https://evil.example"}, {"Origin", "null"}} {
			tried++
			if a := officer.do(t, r.Method, path, nil, headers...); a.status != http.StatusForbidden {
				t.Errorf("%s %s with %v: %d", r.Method, path, headers, a.status)
			}
		}
	}
	if after := h.count(t, "SELECT count(*) FROM audit_entry WHERE actor_id = ?", officer.ID); after != before || tried < 200 {
		t.Errorf("%d requests from elsewhere left %d entries in the journal", tried, after-before)
	}
	if a := officer.do(t, http.MethodPost, "/account/language", strings.NewReader("lang=en"), "Content-Type", "application/x-www-form-urlencoded", "Sec-Fetch-Site", "same-origin", "Origin", h.URL); a.status != http.StatusSeeOther {
		t.Errorf("our own page is refused too: %d", a.status)
	}
}

// signIn signs a visitor in by the form.
func (h *house) signIn(t *testing.T, v *person, who, next string) answer {
	t.Helper()
	return v.post(t, "/sign-in", "login", who+"@demo.baqylau", "password", app.DemoPassword, "next", next)
}

func (h *house) openRedirect(t *testing.T) {
	v := h.visitor(t)
	if a := h.signIn(t, v, "customs", "/reports?q=1"); a.location() != "/reports?q=1" {
		t.Fatalf("a path of our own: %d %s", a.status, a.location())
	}
	for _, next := range []string{"https://evil.example/", "//evil.example", `/\evil.example`, `\\evil.example`, "/\t/evil.example", "javascript:alert(1)", "evil.example", "/%0d%0aX-Evil:1\r\nX-Evil: 1"} {
		w := h.visitor(t)
		for _, a := range []answer{v.get(t, "/sign-in?next="+url.QueryEscape(next)), w.get(t, "/sign-in?next="+url.QueryEscape(next))} {
			h.staysHere(t, next, a)
		}
	}
	for _, next := range []string{"https://evil.example/", `/\evil.example`} { // few: tries are counted
		h.staysHere(t, next, h.signIn(t, h.visitor(t), "customs", next))
	}
}

// staysHere fails when an answer leads to another site.
func (h *house) staysHere(t *testing.T, next string, a answer) {
	t.Helper()
	if l := a.location(); l != "" && (!strings.HasPrefix(l, "/") || strings.HasPrefix(l, "//") || strings.HasPrefix(l, `/\`)) || a.header.Get("X-Evil") != "" {
		t.Errorf("next=%q leads to %q", next, l)
	}
}

// securityHeaders looks at every kind of answer: pages, errors, redirects, files, the API.
func (h *house) securityHeaders(t *testing.T) {
	officer, values, seen := h.people["officer"], h.pathValues(t), 0
	paths := []string{"/nowhere", "/healthz", "/assets/none.js", "/reports/" + unknown, "/reports?format=csv"}
	for _, r := range h.Router.Routes() {
		if r.Method == http.MethodGet {
			paths = append(paths, fill(t, r, values)[0].path)
		}
	}
	for _, p := range []*person{officer, h.people["public"]} {
		for _, path := range paths {
			a := p.get(t, path)
			seen++
			csp := a.header.Get("Content-Security-Policy")
			if csp == "" || strings.Contains(csp, "unsafe") || strings.Contains(csp, "*") {
				t.Errorf("%s as %s: policy %q", path, p.name, csp)
			}
			if strings.Contains(a.header.Get("Content-Type"), "text/html") && (!strings.Contains(csp, "script-src 'self'") || !strings.Contains(csp, "default-src 'none'")) {
				t.Errorf("%s as %s: policy %q", path, p.name, csp)
			}
			for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin"} {
				if a.header.Get(name) != want {
					t.Errorf("%s as %s: %s %q", path, p.name, name, a.header.Get(name))
				}
			}
			if p == officer && a.status != http.StatusSeeOther && strings.Contains(a.header.Get("Content-Type"), "text/html") && a.header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s: a page of a person may be kept: %q", path, a.header.Get("Cache-Control"))
			}
		}
	}
	if seen < 100 {
		t.Errorf("only %d answers seen", seen)
	}
}

func (h *house) sessionCookie(t *testing.T) {
	a := h.signIn(t, h.visitor(t), "auditor", "/")
	found := false
	for _, c := range (&http.Response{Header: a.header}).Cookies() {
		if strings.Contains(c.Name, "session") {
			found = true
			if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode && c.SameSite != http.SameSiteStrictMode || c.Path != "/" || c.Domain != "" || len(c.Value) < 32 || !c.Expires.IsZero() {
				t.Errorf("%+v", c)
			}
		}
	}
	if !found {
		t.Errorf("no session cookie: %d %v", a.status, a.header)
	}
}

// inventedAddresses sends tips from one place that names another address each time; the limit counts the address that our proxy saw. A
// second place is not held up by the first, and a visitor by HTTPS gets a cookie that travels over TLS only.
func (h *house) inventedAddresses(t *testing.T) {
	send := func(forwarded string) int {
		return h.people["public"].do(t, http.MethodPost, "/tip", strings.NewReader(""), "Content-Type", "application/x-www-form-urlencoded", "X-Forwarded-For", forwarded).status
	}
	refused := false
	for i := range 40 {
		refused = refused || send(fmt.Sprintf("198.51.100.%d, 203.0.113.9", i)) == http.StatusTooManyRequests
	}
	if !refused {
		t.Error("a sender escaped the limit by inventing addresses")
	}
	if s := send("203.0.113.9, 203.0.113.77"); s == http.StatusTooManyRequests {
		t.Error("the limit of one place holds up another behind the same proxy")
	}
	for proto, want := range map[string]string{"https": "__Host-session", "http": "session"} {
		v := h.visitor(t)
		a := v.do(t, http.MethodPost, "/sign-in", strings.NewReader(url.Values{"login": {"auditor@demo.baqylau"}, "password": {app.DemoPassword}}.Encode()),
			"Content-Type", "application/x-www-form-urlencoded", "X-Forwarded-For", "203.0.113.9", "X-Forwarded-Proto", proto)
		ok := false
		for _, c := range (&http.Response{Header: a.header}).Cookies() {
			ok = ok || c.Name == want && c.Secure == (proto == "https")
			if c.Secure != (proto == "https") {
				t.Errorf("%s: the cookie %s", proto, c.Name)
			}
		}
		if !ok || (a.header.Get("Strict-Transport-Security") != "") != (proto == "https") {
			t.Errorf("%s: %v", proto, a.header)
		}
	}
}

// languageIsKept presses the language switch: the pages after it have the chosen language, whatever the browser prefers.
func (h *house) languageIsKept(t *testing.T) {
	v := h.visitor(t)
	v.get(t, "/public?lang=ru")
	if a := v.get(t, "/tip"); !strings.Contains(a.body, `<html lang="ru"`) {
		t.Errorf("the next page is in another language: %.200s", a.body)
	}
	if a := v.get(t, "/tip?lang=xx"); !strings.Contains(a.body, `<html lang="ru"`) || strings.Contains(strings.Join(a.header.Values("Set-Cookie"), ""), "xx") {
		t.Errorf("a language that there is not was kept")
	}
}

func (h *house) receiptInjection(t *testing.T) {
	for _, evil := range []string{"%0d%0aX-Evil:%201", "%0D%0ASet-Cookie:%20session=x", "x%0aX-Evil:1", "/evil.example", "%2F%2Fevil.example", "..%2F..%2Fadmin", "%5Cevil.example", "<script>alert(1)</script>"} {
		for _, path := range []string{"/r/" + strings.ReplaceAll(strings.TrimPrefix(evil, "/"), "<script>alert(1)</script>", "%3Cscript%3Ealert(1)%3C%2Fscript%3E"), "/r?receipt=" + strings.ReplaceAll(evil, "<script>alert(1)</script>", "%3Cscript%3E")} {
			a := h.people["public"].get(t, path)
			if a.header.Get("X-Evil") != "" || strings.Contains(strings.Join(a.header.Values("Set-Cookie"), ""), "session=x") || strings.Contains(a.body, "<script>alert") || a.status >= 500 {
				t.Errorf("%s: %d %v", path, a.status, a.header)
			}
			h.staysHere(t, path, a)
		}
	}
}

// evil closes whatever it may stand in and would open a dialog.
const evil = `"'><script>alert(1)</script><img src=x onerror=alert(2)>`

// storedScript puts it in every text field of a report, a question and answer, a signal, its notes and an alert, and opens the pages in a browser.
func (h *house) storedScript(t *testing.T) {
	officer, police := h.people["officer"].Actor, h.people["police"].Actor
	d := intake.Detail{Agency: evil, Circumstances: evil, Form: evil, SoldAs: evil, Colour: evil, Logo: evil, Packaging: evil, Route: evil, Origin: evil, Destination: evil, Channel: evil, OnlineSource: evil,
		Matrix: evil, Features: evil, Antidote: evil, SampleRef: evil, Contact: evil, Quantity: intake.Amount{Value: "1", Unit: evil}, SourceFields: map[string]string{evil: evil}}
	rec, err := h.Intake.Submit(ctx, police, intake.Submission{Incoming: intake.Incoming{Kind: intake.Seizure, Channel: "form", Region: "KZ-35", PlaceType: "unknown", Text: evil, Detail: d, Occurred: h.today(),
		Precision: baqylau.Day, Findings: []intake.Finding{{Unidentified: evil, Matched: evil, Role: "main", Level: baqylau.NotIdentified, Confidence: baqylau.Suspected}}}})
	if err != nil {
		t.Fatal(err)
	}
	s, err := h.Signals.Create(ctx, officer, signal.Draft{Type: "other", Title: evil, Explanation: evil, Country: "KZ", Confidence: baqylau.Suspected})
	if err != nil {
		t.Fatal(err)
	}
	draft := alert.Draft{Type: alert.PublicWarning, TLP: baqylau.TLPClear, Public: true, Severity: baqylau.Amber, Confidence: baqylau.Suspected, Expires: h.today().AddDays(9), Content: alert.Content{},
		Figures: []alert.Figure{{Label: baqylau.Same(evil), Value: 7}}}
	for _, b := range alert.Blocks {
		draft.Content[b] = baqylau.Same(evil + "\n" + evil)
	}
	draft.Content[alert.Title] = baqylau.Same(evil)
	id, err := h.Alerts.Save(ctx, officer, "", 0, draft)
	if err != nil {
		t.Fatal(err)
	}
	steps := []error{h.Intake.Step(ctx, officer, rec.ReportID, "ask", evil), h.Intake.Step(ctx, police, rec.ReportID, "answer", evil)}
	_, err = h.Signals.Refute(ctx, officer, s.ID, 0, signal.Checks{}, evil)
	steps = append(steps, err)
	for _, st := range []struct{ by, step string }{{"officer", alert.Submit}, {"assessor", alert.Return}, {"officer", alert.Submit}, {"assessor", alert.Review}, {"approver", alert.Clear}, {"officer", alert.Issue}} {
		_, err := h.Alerts.Step(ctx, h.people[st.by].Actor, id, 0, st.step, baqylau.Same(evil))
		steps = append(steps, err)
	}
	for i, err := range steps {
		if err != nil {
			t.Fatalf("step %d: %v", i, err)
		}
	}
	c, err := alert.Get(ctx, h.DB.Read, officer, id)
	if err != nil {
		t.Fatal(err)
	}
	b := newTab(t)
	b.signIn(h.URL, "officer", "en")
	for _, path := range []string{"/reports/" + rec.ReportID, "/reports", "/reports?q=" + url.QueryEscape("script"), "/occurrences", "/occurrences/" + rec.OccurrenceID, "/signals/" + s.ID, "/signals", "/signals/table?state=all",
		"/alerts", "/alerts/" + id, "/warnings", "/warnings/" + c.Ref, "/public", "/public/" + c.Ref, "/overview", "/search?q=" + url.QueryEscape(evil), "/reports?q=" + url.QueryEscape(evil), "/imports/new", "/r/" + url.PathEscape(evil)} {
		b.open(h.URL + path)
		b.is(path+": the script is not an element", "![...document.querySelectorAll('img')].some(i => i.getAttribute('src') === 'x') && ![...document.scripts].some(s => s.textContent.includes('alert('))")
		if strings.HasSuffix(path, rec.ReportID) || strings.HasSuffix(path, s.ID) || strings.HasSuffix(path, c.Ref) {
			b.is(path+": the script is shown as text", fmt.Sprintf("document.body.innerText.includes(%q)", "<script>alert(1)</script>"))
		}
		for _, x := range b.complaints() {
			if !strings.Contains(x, "404") || !strings.HasPrefix(path, "/r/") { // a receipt that does not exist
				t.Errorf("%s: the console says %s", path, x)
			}
		}
	}
	if n := b.dialogs(); n != 0 {
		t.Errorf("%d dialogs opened", n)
	}
	if a := h.people["public"].get(t, "/feed.json"); a.status != http.StatusOK || strings.Contains(a.body, "<script>") || !strings.Contains(a.body, `\u003cscript\u003e`) {
		t.Errorf("/feed.json: %d, the script is not escaped", a.status)
	}
	for _, path := range []string{"/feed.atom", "/cap/" + c.Ref + ".xml"} {
		if a := h.people["public"].get(t, path); a.status != http.StatusOK || strings.Contains(a.body, "<script>") || !strings.Contains(a.body, "&lt;script&gt;") {
			t.Errorf("%s: %d, the script is not escaped", path, a.status)
		}
	}
}
