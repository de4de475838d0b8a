package app_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/baqylau/baqylau/internal/access"
)

// formRunner runs in a page of the site: it reads another page, fills its forms as a person would with ordinary values, but one text field after the other with the
// payload, sends them, and looks for markup that came out of the payload in every answer.
const formRunner = `
window.wrong = doc => [...doc.querySelectorAll('*')].filter(e => e.getAttribute('src') === 'x' || /^javascript:/i.test(e.getAttribute('href') || '') ||
	e.tagName === 'SCRIPT' && e.textContent.includes('alert(') || [...e.attributes].some(a => /^on/i.test(a.name))).map(e => e.outerHTML.slice(0, 120));
window.ask = (method, path, body) => { const x = new XMLHttpRequest(); x.open(method, path, false); x.send(body);
	const html = (x.getResponseHeader('Content-Type') || '').includes('text/html');
	const doc = html ? new DOMParser().parseFromString(x.responseText, 'text/html') : null;
	return {status: x.status, doc, wrong: doc ? wrong(doc) : [], shown: !!doc && doc.body.textContent.includes('<script>alert(1)')}; };
window.look = path => { const a = ask('GET', path); return JSON.stringify({status: a.status, wrong: a.wrong, shown: a.shown}); };
window.attack = (path, payload, today, known) => {
	const page = ask('GET', path), out = {wrong: page.wrong, fields: [], failed: []};
	if (!page.doc) return JSON.stringify(out);
	const leave = /sign-out|password|state$|link$|retention|undo|cancel|end$|retract|erase|preferences|remove$|delete$|done$|tokens$|calendar|take$|verify$/;
	for (const form of page.doc.querySelectorAll('form')) {
		const action = form.getAttribute('action') || path, pattern = action.replace(/[0-9a-f-]{36}/g, '{id}').replace(/\?.*/, '');
		if ((form.getAttribute('method') || '').toLowerCase() !== 'post' || leave.test(pattern)) continue;
		const texts = [...form.elements].filter(e => e.name && (e.tagName === 'TEXTAREA' || e.tagName === 'INPUT' && ['text', 'search', 'url', 'email', 'tel'].includes(e.type)));
		for (const field of texts) {
			const name = pattern + ' ' + field.name;
			if (known.includes(name) || out.fields.includes(name)) continue;
			out.fields.push(name);
			const data = new FormData(form);
			for (const e of form.elements) {
				if (!e.name || data.get(e.name)) continue;
				if (e.tagName === 'SELECT') { const o = [...e.options].find(o => o.value); if (o) data.set(e.name, o.value); }
				else if (e.type === 'date') data.set(e.name, today);
				else if (e.type === 'number') data.set(e.name, '1');
				else if (e.type === 'email') data.set(e.name, 'a@b.example');
				else if (e.required && e.type === 'radio') data.set(e.name, e.value);
				else if (e.required) data.set(e.name, 'ordinary');
			}
			data.set(field.name, payload);
			const multipart = (form.getAttribute('enctype') || '').includes('multipart');
			const a = ask('POST', action, multipart ? data : new URLSearchParams(data));
			out.wrong.push(...a.wrong);
			if (a.status >= 500) out.failed.push(name + ' ' + a.status);
		}
	}
	return JSON.stringify(out);
};`

// everyField puts a script into every text field of every form that the pages of the route table have, one at a time, and then reads every page as everybody
// who may: nothing of it becomes markup, opens a dialog or breaks the policy of a page.
func (h *house) everyField(t *testing.T) {
	b, values := newTab(t), h.pathValues(t)
	paths := func(p *person, most int) (out []string) {
		for _, r := range h.Router.Routes() {
			if r.Method != http.MethodGet || !access.May(p.Actor, r.Act) || strings.HasPrefix(r.Pattern, "/api/") || r.Pattern == "/link/{token}" || strings.HasPrefix(r.Pattern, "/sign-in") {
				continue
			}
			all := fill(t, r, values)
			for i, x := range all {
				if i < most && !strings.Contains(x.path, unknown) {
					out = append(out, x.path)
				}
			}
		}
		return out
	}
	ask := func(expression string, into any) {
		text, err := run(b, expression)
		if err != nil {
			t.Fatalf("%.200s: %v", expression, err)
		}
		if err := json.Unmarshal([]byte(text), into); err != nil {
			t.Fatal(err)
		}
	}
	enter := func(who string) {
		b.signIn(h.URL, who, "en")
		if _, err := run(b, formRunner+"''"); err != nil {
			t.Fatal(err)
		}
	}
	known := []string{}
	for _, who := range []string{"officer", "hospital", "police", "analyst", "approver", "assessor", "protection", "administrator"} {
		enter(who)
		for _, path := range paths(h.people[who], 3) {
			var got struct{ Wrong, Fields, Failed []string }
			list, err := json.Marshal(known)
			if err != nil {
				t.Fatal(err)
			}
			ask(fmt.Sprintf("attack(%q, %q, %q, %s)", path, evil, h.today().String(), list), &got)
			known = append(known, got.Fields...)
			for _, w := range append(got.Wrong, got.Failed...) {
				t.Errorf("%s as %s: %s", path, who, w)
			}
		}
		b.signOut()
	}
	shown := 0
	for _, who := range []string{"officer", "hospital", "police", "analyst", "approver", "protection", "auditor", "administrator"} {
		enter(who)
		values = h.pathValues(t) // with the rows that were made meanwhile
		for _, path := range paths(h.people[who], 40) {
			var got struct {
				Status int
				Wrong  []string
				Shown  bool
			}
			ask(fmt.Sprintf("look(%q)", path), &got)
			if got.Shown {
				shown++
			}
			for _, w := range got.Wrong {
				t.Errorf("%s as %s: %s", path, who, w)
			}
			if got.Status >= 500 {
				t.Errorf("%s as %s: %d", path, who, got.Status)
			}
		}
		b.signOut()
	}
	for _, path := range []string{"/public", "/overview", "/", "/feed.atom", "/feed.json", "/reports?format=csv", "/audit?format=csv"} {
		a := h.people["officer"].get(t, path)
		if strings.Contains(a.header.Get("Content-Type"), "html") && regexp.MustCompile(`<script>alert|<img src=x`).MatchString(a.body) {
			t.Errorf("%s holds the script", path)
		}
	}
	if n := b.dialogs(); n != 0 || len(known) < 60 || shown < 20 {
		t.Errorf("%d dialogs; %d fields were tried, %d pages show what was stored", n, len(known), shown)
	}
	for _, s := range b.complaints() {
		if strings.Contains(s, "Content Security Policy") || strings.Contains(s, "Content-Security-Policy") {
			t.Errorf("the console says %s", s)
		}
	}
	t.Logf("%d fields, %d pages", len(known), shown)
}
