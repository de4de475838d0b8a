package app_test

import (
	"encoding/json"
	"encoding/xml"
	"io"
	"net/http"
	netmail "net/mail"
	"strings"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/alert"
)

// contentTypes reads every answer that has a body: its type is that of its content, and texts name their charset.
func (h *house) contentTypes(t *testing.T) {
	values := h.pathValues(t)
	kinds := map[string]bool{}
	for _, p := range []*person{h.people["officer"], h.people["hospital"], h.people["public"]} {
		for _, r := range h.Router.Routes() {
			if r.Method != http.MethodGet || r.Pattern == "/link/{token}" {
				continue
			}
			for _, x := range []place{fill(t, r, values)[0]} {
				a := p.get(t, x.path)
				if a.body == "" || a.status >= 300 && a.status < 400 {
					continue
				}
				kind, rest, _ := strings.Cut(a.header.Get("Content-Type"), ";")
				kinds[kind] = true
				body := strings.TrimSpace(a.body)
				if strings.HasPrefix(kind, "text/") && !strings.Contains(strings.ToLower(rest), "charset=utf-8") {
					t.Errorf("%s: %s without charset", x.path, a.header.Get("Content-Type"))
				}
				ok := kind != ""
				switch {
				case strings.HasSuffix(kind, "json"):
					ok = json.Valid([]byte(body))
				case strings.HasSuffix(kind, "xml"):
					ok = xml.Unmarshal([]byte(body), new(struct{ XMLName xml.Name })) == nil
				case kind == "text/html":
					ok = strings.HasPrefix(body, "<")
				case strings.HasPrefix(kind, "image/"):
					ok = http.DetectContentType([]byte(a.body)) == kind
				}
				if !ok {
					t.Errorf("%s is no %q: %.80s", x.path, a.header.Get("Content-Type"), body)
				}
			}
		}
	}
	if len(kinds) < 6 {
		t.Errorf("only %v were seen", kinds)
	}
}

// openToOthers asks as a page of another site: only what is public by its nature lets itself be read.
func (h *house) openToOthers(t *testing.T) {
	values := h.pathValues(t)
	for _, p := range []*person{h.people["officer"], h.people["public"]} {
		for _, r := range h.Router.Routes() {
			if r.Method != http.MethodGet || r.Pattern == "/link/{token}" {
				continue
			}
			a := p.do(t, http.MethodGet, fill(t, r, values)[0].path, nil, "Origin", "https://evil.example")
			allowed := a.header.Get("Access-Control-Allow-Origin")
			public := r.Pattern == "/feed.atom" || r.Pattern == "/feed.json" || r.Pattern == "/cap/{file}" || r.Pattern == "/photos/{id}"
			if allowed != "" && (!public || allowed != "*") || a.header.Get("Access-Control-Allow-Credentials") != "" {
				t.Errorf("%s as %s lets others read: %q", r.Pattern, p.name, allowed)
			}
		}
	}
}

// mailHeaders puts line breaks into what goes into letters: names, titles and addresses. No letter gets a header or a reader more.
func (h *house) mailHeaders(t *testing.T) {
	const forged = "Warning\r\nBcc: evil@evil.example\r\n\r\nforged body"
	officer := h.people["officer"]
	for _, address := range []string{"a@b.example\r\nBcc: evil@evil.example", "a@b.example, evil@evil.example", "\"x\r\nBcc: evil@evil.example\" <a@b.example>"} {
		a := officer.post(t, "/alerts/recipients", "address", address, "org", h.people["ngo"].OrgID, "lang", "en", "max_tlp", "GREEN", "min_severity", "green")
		if a.status < 400 || a.status >= 500 {
			t.Errorf("the address %q: %d", address, a.status)
		}
	}
	d := alert.Draft{Type: alert.PublicWarning, TLP: baqylau.TLPGreen, Severity: baqylau.Amber, Confidence: baqylau.Suspected, Expires: h.today().AddDays(9), Content: alert.Content{}}
	for _, b := range alert.Blocks {
		d.Content[b] = baqylau.Same(forged)
	}
	id, err := h.Alerts.Save(ctx, officer.Actor, "", 0, d)
	if err != nil && baqylau.CodeOf(err) != baqylau.Invalid {
		t.Fatal(err)
	}
	if err == nil {
		for _, st := range []struct{ by, step string }{{"officer", alert.Submit}, {"assessor", alert.Review}, {"approver", alert.Clear}, {"officer", alert.Issue}} {
			if _, err := h.Alerts.Step(ctx, h.people[st.by].Actor, id, 0, st.step, baqylau.Same(forged)); err != nil {
				t.Fatalf("%s: %v", st.step, err)
			}
		}
		h.until(t, "the letters are sent or refused", func() bool {
			return h.count(t, "SELECT count(*) FROM delivery WHERE state IN ('waiting', 'queued', 'sending')") == 0
		})
	}
	if n := len(h.box.of("evil@evil.example")); n != 0 {
		t.Errorf("%d letters to the forger", n)
	}
	h.box.mu.Lock()
	defer h.box.mu.Unlock()
	for _, l := range h.box.letters {
		m, err := netmail.ReadMessage(strings.NewReader(l.text))
		if err != nil {
			t.Fatal(err)
		}
		if m.Header.Get("Bcc") != "" || strings.Contains(m.Header.Get("To"), "evil") {
			t.Errorf("a forged header: %v", m.Header)
		}
		if b, err := io.ReadAll(m.Body); err != nil || strings.HasPrefix(string(b), "forged body") {
			t.Errorf("a forged body: %v", err)
		}
	}
}

// refusalsLogged tries what is forbidden: the log says who tried what, and nothing of what was sent.
func (h *house) refusalsLogged(t *testing.T) {
	hospital := h.people["hospital"]
	hospital.post(t, "/admin/settings", "name", stem+"refused")
	hospital.get(t, "/api/v1/signals?q="+stem+"refused")
	hospital.do(t, http.MethodPost, "/account/language", strings.NewReader("lang=en"), "Content-Type", "application/x-www-form-urlencoded", "Origin", "https://evil.example")
	log := h.log.String()
	for _, want := range []string{"msg=refused code=forbidden", "account=" + hospital.ID, `msg="refused from elsewhere"`} {
		if !strings.Contains(log, want) {
			t.Errorf("the log lacks %q", want)
		}
	}
	if access.May(hospital.Actor, access.SettingsEdit) || strings.Contains(log, stem) || strings.Contains(log, "evil.example") {
		t.Error("the log holds what was sent")
	}
}
