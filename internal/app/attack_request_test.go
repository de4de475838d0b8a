package app_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/baqylau/baqylau/internal/access"
)

// strange are values that no row has and that break careless readers.
var strange = []string{"%00", "%ff%fe", "..%2f..%2f..%2fetc%2fpasswd", "%2e%2e%2f", "'%20OR%201=1--", "0", "-1", "99999999999999999999", "%f0%9f%92%a9", strings.Repeat("9", 5000), "%0d%0aX-Evil:1", "$%7Bjndi:x%7D", "%7B%7B7*7%7D%7D"}

// strangeValues puts them into every hole and every parameter of lists: the answer is an ordinary refusal, never a fault of the server.
func (h *house) strangeValues(t *testing.T) {
	officer, tried := h.people["officer"], 0
	try := func(p *person, path string) {
		tried++
		if a := p.get(t, path); a.status >= 500 || a.header.Get("X-Evil") != "" || strings.Contains(a.everything(), "root:x:0") || strings.Contains(strings.ToLower(a.body), "sql") && strings.Contains(a.body, "SELECT ") {
			t.Errorf("GET %.120s as %s: %d", path, p.name, a.status)
		}
	}
	for _, r := range h.Router.Routes() {
		if r.Method != http.MethodGet || r.Pattern == "/link/{token}" { // whose tries are counted
			continue
		}
		p := officer
		for _, name := range []string{"hospital", "analyst", "administrator", "protection", "auditor"} {
			if !access.May(p.Actor, r.Act) {
				p = h.people[name]
			}
		}
		pattern := strings.TrimSuffix(r.Pattern, "{$}")
		for _, v := range strange {
			if hole.MatchString(pattern) {
				try(p, hole.ReplaceAllString(pattern, strings.ReplaceAll(v, "$", "$$")))
				continue
			}
			if len(v) < 100 { // one request with all of them, and one by one for what breaks most
				all := "?"
				for _, key := range []string{"q", "sort", "page", "after", "region", "from", "to", "as_of", "limit", "cursor", "lang", "format"} {
					all += key + "=" + v + "&"
				}
				try(p, pattern+all)
			}
		}
		if !hole.MatchString(pattern) {
			for _, query := range []string{"q=%00", "sort=%00", "after=%00", "region=%ff", "from=x", "as_of=9999-99-99", "page=-1"} {
				try(p, pattern+"?"+query)
			}
		}
	}
	for _, path := range []string{"/views/new", "/signals/new", "/reports/new/seizure", "/alerts/recipients", "/substances/new", "/due/deputies", "/duty"} {
		if a := officer.post(t, path, "name", "a\x00b", "title", "a\x00b", "text", "\xff\xfe", "org", "a\x00", "deputy", "a\x00", "account", "\x00", "region", "\x00"); a.status != http.StatusUnprocessableEntity {
			t.Errorf("POST %s with NUL: %d", path, a.status)
		}
	}
	for _, body := range []string{`{"kind":"seizure","region":"KZ-35","text":"a\u0000b"}`, `{"kind":"seizure","region":"\u0000","text":"ab"}`, "{\"kind\":\"seizure\",\"text\":\"\xff\"}", `[[[[[[`, `{"kind":{"a":1}}`, "null", strings.Repeat("[", 100000)} {
		if a := h.people["police"].do(t, http.MethodPost, "/api/v1/reports", strings.NewReader(body), "Content-Type", "application/json", "Idempotency-Key", "strange"); a.status < 400 || a.status >= 500 {
			t.Errorf("POST %.60q: %d", body, a.status)
		}
	}
	if tried < 700 {
		t.Errorf("only %d requests", tried)
	}
	for _, path := range []string{"/assets/../../../../etc/passwd", "/assets/%2e%2e/%2e%2e/go.mod", "/assets/..%5c..%5cgo.mod", "/assets//etc/passwd", "/assets/", "/.git/config", "/assets/%00", "/node.key", "/baqylau.db", "/debug/pprof/", "/metrics"} {
		if a := officer.get(t, path); a.status == http.StatusOK || a.status >= 500 || strings.Contains(a.body, "module github.com") {
			t.Errorf("%s: %d", path, a.status)
		}
	}
}

// otherMethods asks by methods that no route has, and by headers and fields that would turn a reading into an act.
func (h *house) otherMethods(t *testing.T) {
	officer := h.people["officer"]
	before := h.entries(t, officer)
	for _, method := range []string{"TRACE", "CONNECT", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND", "QUERY"} {
		if a := officer.do(t, method, "/reports", nil); a.status < 400 || a.status >= 500 || strings.Contains(a.everything(), "Bearer") {
			t.Errorf("%s: %d", method, a.status)
		}
	}
	for _, override := range []string{"X-HTTP-Method-Override", "X-Method-Override", "X-HTTP-Method"} {
		if a := officer.do(t, http.MethodGet, "/account", nil, override, "POST"); a.status != http.StatusOK {
			t.Errorf("%s: %d", override, a.status)
		}
	}
	for _, path := range []string{"/account/language?_method=POST&lang=kk", "/sign-out?_method=POST", "/views/delete?_method=POST"} {
		if a := officer.get(t, path); a.status < 400 {
			t.Errorf("%s: %d", path, a.status)
		}
	}
	if after := h.entries(t, officer); after != before {
		t.Errorf("%d entries in the journal", after-before)
	}
}

// foreignHost asks under another name: no page and no redirect repeats it.
func (h *house) foreignHost(t *testing.T) {
	for _, p := range []*person{h.people["officer"], h.people["public"]} {
		for _, r := range h.Router.Routes() {
			if r.Method != http.MethodGet || hole.MatchString(strings.TrimSuffix(r.Pattern, "{$}")) {
				continue
			}
			path := strings.TrimSuffix(r.Pattern, "{$}")
			req, err := http.NewRequestWithContext(ctx, http.MethodGet, h.URL+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			req.Host = "evil.example"
			req.Header.Set("X-Forwarded-Host", "evil.example")
			req.Header.Set("Forwarded", "host=evil.example")
			if p.token != "" {
				req.Header.Set("Authorization", "Bearer "+p.token)
			}
			res, err := p.client.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			b, err := io.ReadAll(res.Body)
			if err != nil {
				t.Fatal(err)
			}
			_ = res.Body.Close()
			if strings.Contains(answer{res.StatusCode, string(b), res.Header, 0}.everything(), "evil.example") {
				t.Errorf("%s as %s repeats the name it was asked by", path, p.name)
			}
		}
	}
}

// raw sends bytes as they are and returns what comes back within a short while.
func (h *house) raw(t *testing.T, text string) string {
	t.Helper()
	u, err := url.Parse(h.URL)
	if err != nil {
		t.Fatal(err)
	}
	c, err := net.Dial("tcp", u.Host)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.SetDeadline(time.Now().Add(2 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(c, text); err != nil {
		return ""
	}
	b, _ := io.ReadAll(c) // until the server closes or the deadline: either is an answer
	return string(b)
}

// smuggled sends messages whose end two readers would see in different places: none of the hidden requests is answered.
func (h *house) smuggled(t *testing.T) {
	const hidden = "GET /feed.json HTTP/1.1\r\nHost: x\r\n\r\n"
	for name, text := range map[string]string{
		"two lengths":           "POST /tip HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nContent-Length: 40\r\n\r\n" + hidden,
		"length and chunks":     "POST /tip HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nX" + hidden,
		"unknown coding":        "POST /tip HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\nContent-Length: 0\r\n\r\n" + hidden,
		"two codings":           "POST /tip HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n" + hidden,
		"space before colon":    "POST /tip HTTP/1.1\r\nHost: x\r\nContent-Length : 40\r\n\r\n" + hidden,
		"negative length":       "POST /tip HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n" + hidden,
		"signed length":         "POST /tip HTTP/1.1\r\nHost: x\r\nContent-Length: +40\r\n\r\n" + hidden,
		"broken chunk":          "POST /tip HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n" + hidden,
		"two hosts":             "GET /public HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n" + hidden,
		"no host":               "GET /public HTTP/1.1\r\n\r\n" + hidden,
		"line break in a value": "GET /public HTTP/1.1\r\nHost: x\r\nX-A: a\rb\r\n\r\n" + hidden,
		"a header too large":    "GET /public HTTP/1.1\r\nHost: x\r\nX-A: " + strings.Repeat("a", 200<<10) + "\r\n\r\n" + hidden,
	} {
		if got := h.raw(t, text); strings.Contains(got, "jsonfeed.org") {
			t.Errorf("%s: the hidden request was answered: %.200s", name, got)
		}
	}
}

// slow holds many connections open with half a request each; an ordinary visitor is answered all the same, and the server has a deadline for each part.
func (h *house) slow(t *testing.T) {
	u, err := url.Parse(h.URL)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 300 {
		c, err := net.Dial("tcp", u.Host)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		half := "GET /public HTTP/1.1\r\nHost: x\r\nX-Slow: "
		if i%2 == 0 {
			half = "POST /tip HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\ntext="
		}
		if _, err := io.WriteString(c, half); err != nil {
			t.Fatal(err)
		}
	}
	for _, path := range []string{"/public", "/sign-in"} {
		v := h.visitor(t)
		v.site = h.URL
		v.asked = nil
		if a := v.get(t, path); a.status != http.StatusOK {
			t.Errorf("%s while 300 others dawdle: %d", path, a.status)
		}
	}
	header, body, answer, idle := h.Deadlines()
	if header <= 0 || header > 15*time.Second || body <= 0 || body > 10*time.Minute || answer <= 0 || answer > 15*time.Minute || idle <= 0 || idle > 5*time.Minute {
		t.Errorf("deadlines: header %v, body %v, answer %v, idle %v", header, body, answer, idle)
	}
}

// moreFields adds fields that a form does not have: nothing but what the form asks for is taken.
func (h *house) moreFields(t *testing.T) {
	police := h.people["police"]
	extra := url.Values{"org_id": {h.people["customs"].OrgID}, "account_id": {h.people["customs"].ID}, "domain": {"health"}, "state": {"accepted"}, "hidden": {"true"}, "id": {unknown}, "receipt": {"AAAA-AAAA"},
		"roles": {"administrator"}, "role": {"administrator"}, "org": {"centre"}, "login": {"x@y.example"}, "max_tlp": {"RED"}, "second_factor": {"false"}, "account": {unknown}}
	with := func(pairs ...string) *strings.Reader {
		f := url.Values{}
		for k, v := range extra {
			f[k] = v
		}
		for i := 0; i < len(pairs); i += 2 {
			f.Set(pairs[i], pairs[i+1])
		}
		return strings.NewReader(f.Encode())
	}
	const form = "application/x-www-form-urlencoded"
	if a := police.do(t, http.MethodPost, "/account/language", with("lang", "en"), "Content-Type", form); a.status != http.StatusSeeOther {
		t.Fatalf("language: %d", a.status)
	}
	if got := h.list(t, "SELECT role FROM account_role WHERE account_id = ?", police.ID); len(got) != 1 || got[0] != "reporter" {
		t.Errorf("the person is now %v", got)
	}
	if n := h.count(t, "SELECT count(*) FROM account WHERE id = ? AND org_id = ? AND login = 'police@demo.baqylau'", police.ID, police.OrgID); n != 1 {
		t.Error("the account has changed")
	}
	a := police.do(t, http.MethodPost, "/reports/new/seizure", with("text", "extra fields", "occurred", h.today().String(), "region", "KZ-35", "place_type", "unknown"), "Content-Type", form)
	if a.status >= 500 {
		t.Errorf("report: %d", a.status)
	}
	if n := h.count(t, "SELECT count(*) FROM report WHERE text = 'extra fields' AND (org_id <> ? OR account_id <> ? OR domain <> 'enforcement' OR state <> 'sent' OR hidden)", police.OrgID, police.ID); n != 0 {
		t.Error("a report took fields that its form does not have")
	}
	for _, more := range []string{`"org_id":"x"`, `"domain":"health"`, `"state":"accepted"`, `"__proto__":{"a":1}`} {
		body := fmt.Sprintf(`{"kind":"seizure","region":"KZ-35","text":"by program",%s}`, more)
		if a := police.do(t, http.MethodPost, "/api/v1/reports", strings.NewReader(body), "Content-Type", "application/json", "Idempotency-Key", more); a.status != http.StatusUnprocessableEntity && a.status != http.StatusBadRequest {
			t.Errorf("%s: %d %s", more, a.status, a.body)
		}
	}
}

// guesses looks at what stands in addresses: tokens and receipts are long and not in order.
func (h *house) guesses(t *testing.T) {
	for name, values := range map[string][]string{"receipt": h.list(t, "SELECT receipt FROM report ORDER BY recorded_at"), "session": h.list(t, "SELECT token_hash FROM session")} {
		seen := map[string]int{}
		for _, v := range values {
			if len(v) < 10 {
				t.Errorf("%s %q is short", name, v)
			}
			if len(v) >= 6 {
				seen[v[len(v)-6:]]++
			}
		}
		for end, n := range seen {
			if n > 1 {
				t.Errorf("%d of %d %ss end in %s", n, len(values), name, end)
			}
		}
	}
	public := h.people["public"]
	for i, r := range h.list(t, "SELECT receipt FROM report ORDER BY recorded_at LIMIT 3") {
		near := []byte(r)
		near[len(near)-1] ^= byte(1 + i)
		if a := public.get(t, "/r/"+url.PathEscape(string(near))); a.status != http.StatusNotFound {
			t.Errorf("a receipt beside another: %d", a.status)
		}
	}
}

// files sends pages and programs where photos and documents are asked for, and takes files back: nothing of them is ever shown as a page.
func (h *house) files(t *testing.T) {
	officer := h.people["officer"]
	page, svg := "<html><script>alert(1)</script></html>", `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`
	before := h.count(t, "SELECT count(*) FROM communication_photo")
	for name, content := range map[string]string{"a.png": page, "a.svg": svg, "b.png": svg, "a.jpg": "MZ\x90\x00", "../../a.png": page, "a.png\x00.html": page} {
		if a := officer.send(t, "/alerts/"+h.alerts["draft"]+"/photos", name, content); a.status < 400 || a.status >= 500 {
			t.Errorf("%q: %d", name, a.status)
		}
	}
	if after := h.count(t, "SELECT count(*) FROM communication_photo"); after != before {
		t.Errorf("%d files that are no photos were taken", after-before)
	}
	taken := 0
	for _, p := range []*person{officer, h.people["hospital"], h.people["police"]} {
		for _, x := range h.files2(t) {
			a := p.get(t, x)
			if a.status != http.StatusOK {
				continue
			}
			taken++
			kind, disposition := a.header.Get("Content-Type"), a.header.Get("Content-Disposition")
			if a.header.Get("X-Content-Type-Options") != "nosniff" || strings.Contains(kind, "html") || strings.Contains(kind, "svg") || !strings.HasPrefix(kind, "image/") && !strings.HasPrefix(disposition, "attachment") {
				t.Errorf("%s: %s, %s", x, kind, disposition)
			}
		}
	}
	if taken < 3 {
		t.Errorf("only %d files were seen", taken)
	}
	if a := officer.send(t, "/mappings/new", "../../../../tmp/escaped.csv", "a,b\n1,2\n"); a.status >= 500 {
		t.Errorf("a name with folders: %d", a.status)
	}
}

// files2 are the addresses of every attachment and photo.
func (h *house) files2(t *testing.T) []string {
	t.Helper()
	out := h.list(t, "SELECT '/reports/' || report_id || '/files/' || id FROM attachment")
	return append(out, h.list(t, "SELECT '/photos/' || id FROM communication_photo")...)
}

// notKept looks at everything that a person is shown: nothing may be kept by a browser or proxy but what is public and says so.
func (h *house) notKept(t *testing.T) {
	values, public := h.pathValues(t), []string{"/public", "/feed.atom", "/feed.json", "/cap/", "/assets/", "/privacy", "/photos/", "/calendar/"}
	for _, p := range h.everyone() {
		for _, r := range h.Router.Routes() {
			if r.Method != http.MethodGet || !access.May(p.Actor, r.Act) || r.Pattern == "/link/{token}" {
				continue
			}
			a := p.get(t, fill(t, r, values)[0].path)
			keep := a.header.Get("Cache-Control")
			open := false
			for _, prefix := range public {
				open = open || strings.HasPrefix(r.Pattern, prefix)
			}
			if !open && !strings.Contains(keep, "no-store") || p.SignedIn() && strings.Contains(a.header.Get("Content-Type"), "html") && !strings.Contains(keep, "no-store") {
				t.Errorf("GET %s as %s may be kept: %q", r.Pattern, p.name, keep)
			}
		}
	}
}

var refLine = regexp.MustCompile(`^time=\S+ level=[A-Z]+ msg=`)

// logged makes the process write faults into its log, with lines in what is asked for, and reads the whole log of all stories: each line is one record, and none
// holds a password, token, personal number, name or word that somebody wrote.
func (h *house) logged(t *testing.T) {
	h.exec(t, "ALTER TABLE saved_view RENAME TO saved_view_gone")
	a := h.people["officer"].get(t, "/reports?q=%0atime%3D2020-01-01%20level%3DINFO%20msg%3Dforged&x="+stem+"inlog")
	b := h.people["officer"].get(t, "/api/v1/reports?cursor=%0aforged")
	h.exec(t, "ALTER TABLE saved_view_gone RENAME TO saved_view")
	if a.status != http.StatusInternalServerError || strings.Contains(a.body, "saved_view") || strings.Contains(a.body, "SELECT") || b.status >= 500 {
		t.Errorf("a fault is answered with %d and %d: %.300s", a.status, b.status, a.body)
	}
	all := h.log.String()
	if !strings.Contains(all, "request failed") {
		t.Fatal("the log has no line about the fault")
	}
	s := bufio.NewScanner(bytes.NewReader([]byte(all)))
	s.Buffer(nil, 1<<20)
	for s.Scan() {
		if !refLine.MatchString(s.Text()) || strings.Contains(s.Text(), "msg=forged") {
			t.Errorf("a line that no record begins: %.200s", s.Text())
		}
	}
	for _, x := range h.people {
		if x.token != "" && strings.Contains(all, x.token) {
			t.Errorf("the token of %s is in the log", x.name)
		}
	}
	for _, secret := range []string{stem, "900101300126", "880202300456", "baqylau-demo-2026", "Медсестра", "@demo.baqylau", "wrong password"} {
		if i := strings.Index(all, secret); i >= 0 {
			t.Errorf("the log holds %q: …%s…", secret, all[max(0, i-200):min(len(all), i+100)])
		}
	}
}
