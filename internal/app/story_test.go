package app_test

import (
	"encoding/base64"
	"fmt"
	"io"
	"mime/quotedprintable"
	"net/http"
	netmail "net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// story is a day of the centre in a real browser, in Russian: four agencies report by form, the officer answers them, and the signal that
// their reports raise becomes a public warning on page, feed, CAP and in a mailbox.
func (h *house) story(t *testing.T) {
	b := newTab(t)
	sent := map[string]string{}
	for _, r := range []struct{ who, kind, text string }{
		{"hospital", "acute_intoxication", "Пациент без сознания, налоксон помог; со слов, карфентанил"},
		{"police", "seizure", "Изъят порошок, 12 свёртков, предположительно карфентанил"},
		{"customs", "seizure", "В почтовом отправлении порошок, экспресс-тест: карфентанил"},
		{"ngo", "collected_sample", "Проданное как героин, тест-полоска показала карфентанил"},
	} {
		sent[r.who] = b.sends(h, r.who, r.kind, r.text)
	}
	b.subscribes(h, "hospital")
	b.handles(h, sent)
	signalID := h.raisedBy(t, "carfentanil")
	title := "Карфентанил в Карагандинской области: испытание"
	alertID := b.decides(h, signalID, title)
	b.clears(h, alertID)
	h.wentOut(t, b, alertID, title)
	b.quiet("the end")
}

// quiet fails when the console complained.
func (b *tab) quiet(where string) {
	b.Helper()
	for _, s := range b.complaints() {
		b.Errorf("%s: the console says %s", where, s)
	}
}

// as signs in as somebody, does something and signs out.
func (b *tab) as(h *house, who string, do func()) {
	b.Helper()
	b.signIn(h.URL, who, "ru")
	do()
	b.signOut()
	b.quiet(who)
}

// says waits for words on the page.
func (b *tab) says(words string) {
	b.Helper()
	b.until("the page says "+words, fmt.Sprintf("document.body.innerText.toLowerCase().includes(%q.toLowerCase())", words))
}

// sends fills in a report form and returns the address of the report.
func (b *tab) sends(h *house, who, kind, text string) (path string) {
	b.Helper()
	b.as(h, who, func() {
		b.open(h.URL + "/reports/new/" + kind)
		b.set("occurred_on", h.today().AddDays(-2).String())
		b.set("region", "KZ-35")
		b.set("text", text)
		b.press("main form[action='/reports/new/"+kind+"'] button[type=submit]", "location.search.includes('sent=1')")
		b.says("R-")
		b.says("отправлено")
		path = b.path()
	})
	return path
}

// imports lets whoever is signed in drop a file without knowing of mappings, make the one that it needs, look at the dry run and write it; the next file of the kind finds
// that mapping by itself.
func (b *tab) imports(h *house) {
	b.Helper()
	drop := func(name, rows string) {
		file := filepath.Join(b.TempDir(), name)
		if err := os.WriteFile(file, []byte("Номер;Дата изъятия;Область;Вещество\n"+rows), 0o600); err != nil {
			b.Fatal(err)
		}
		b.open(h.URL + "/imports/new")
		b.reach("#f-file")
		b.do(chromedp.SetUploadFiles("#f-file", []string{file})) // what the system's own window does
		b.press("main form[action='/imports/new'] button[type=submit]", "location.pathname.startsWith('/uploads/')")
		b.says(name)
	}
	drop("май.csv", "Т-1;03.05.2026;Алматы;мефедрон\nТ-2;04.05.2026;Алматы;метадон\n")
	b.says("ни одно сохранённое сопоставление не подходит")
	b.press("main a[href^='/mappings/new/']", "document.querySelector('#draft')")
	b.set("kind", "seizure")
	b.set("name", "Изъятия таможни")
	b.press("#draft button[value=save]", "location.pathname.startsWith('/imports/')")
	b.says("В файле ошибок нет")
	b.press("form[action$='/take'] button", "true")
	drop("июнь.csv", "Т-3;05.06.2026;Алматы;мефедрон\n")
	b.is("the mapping is found and chosen", "document.querySelector('[name=mapping]:checked')")
	b.says("Изъятия таможни")
	b.press("main form[action^='/uploads/'] button[type=submit]", "location.pathname.startsWith('/imports/')")
	b.says("В файле ошибок нет")
}

// path is where the browser is.
func (b *tab) path() string {
	b.Helper()
	p, err := run(b, "location.pathname")
	if err != nil {
		b.Fatal(err)
	}
	return p
}

func (b *tab) subscribes(h *house, who string) {
	b.Helper()
	b.as(h, who, func() {
		b.open(h.URL + "/warnings/mail")
		b.set("lang", "ru")
		b.set("min_severity", "green")
		b.press("main form[action='/warnings/mail'] button[type=submit]", "true")
		b.says(who + "@demo.baqylau")
	})
}

// handles lets the officer ask two senders back and accept two reports; every sender sees it and the asked ones answer.
func (b *tab) handles(h *house, sent map[string]string) {
	b.Helper()
	asked := map[string]bool{"hospital": true, "customs": true}
	b.as(h, "officer", func() {
		for who, path := range sent {
			b.open(h.URL + path)
			if asked[who] {
				b.setIn(path+"/ask", "text", "Уточните место, пожалуйста: "+who)
				b.press("form[action='"+path+"/ask'] button[type=submit]", "true")
				b.says("ждёт ответа")
				continue
			}
			b.press("form[action='"+path+"/accept'] button[type=submit]", "true")
			b.says("принято")
		}
	})
	for _, who := range []string{"hospital", "police", "customs", "ngo"} {
		b.as(h, who, func() {
			b.open(h.URL + sent[who])
			if !asked[who] {
				b.says("принято")
				return
			}
			b.says("Уточните место, пожалуйста: " + who)
			b.setIn(sent[who]+"/answer", "text", "Караганда")
			b.press("form[action='"+sent[who]+"/answer'] button[type=submit]", "true")
			b.says("получено, проверяется")
		})
	}
	b.as(h, "officer", func() {
		b.open(h.URL + sent["hospital"])
		b.says("Караганда")
		b.press("form[action='"+sent["hospital"]+"/accept'] button[type=submit]", "true")
		b.says("принято")
	})
}

// setIn fills a field of the form with an action.
func (b *tab) setIn(action, name, value string) {
	b.Helper()
	b.fill(fmt.Sprintf("form[action^='%s'] [name='%s']", action, name), value)
}

// raisedBy waits for the detectors' signal about a substance.
func (h *house) raisedBy(t *testing.T, name string) (id string) {
	t.Helper()
	sub, ok := h.Shelf.Book().ByName(name)
	if !ok {
		t.Fatalf("the registry lacks %s", name)
	}
	h.until(t, "the detectors raise a signal about "+name, func() bool {
		ids := h.list(t, "SELECT id FROM signal WHERE substance_id = ? AND country = 'KZ' AND rule <> 'person' ORDER BY raised_on, id LIMIT 1", sub.ID)
		if len(ids) == 1 {
			id = ids[0]
		}
		return id != ""
	})
	return id
}

// decides lets the officer find the signal in the inbox, judge and score it, decide on a public warning and draft it.
func (b *tab) decides(h *house, id, title string) (alertID string) {
	b.Helper()
	page := "/signals/" + id
	b.as(h, "officer", func() {
		b.open(h.URL + "/signals?q=" + "карфентанил")
		b.press("a[href*='"+id+"']", "location.pathname === '"+page+"'")
		b.press("form[action^='"+page+"/take'] button", "document.querySelector('[name=check_relevance]')")
		for name, v := range map[string]string{"relevance": "relevant", "area": "region", "spread": "likely", "internet": "unknown", "origin": "first_hand", "plausible": "yes"} {
			b.set("check_"+name, v)
		}
		b.press("form[action^='"+page+"/judge'] button[value=validate]", "document.querySelector('form[action^=\""+page+"/prioritise\"]')")
		b.set("novelty", "3")
		b.overrides(page, "override", "red", "Карфентанил смертелен в микрограммах")
		b.press("form[action^='"+page+"/prioritise'] button[type=submit]", "document.querySelector('[name=decision]')")
		b.set("decision", "public_warning")
		b.setIn(page+"/decide", "reason", "Предупредить всех")
		b.press("form[action^='"+page+"/decide'] button[type=submit]", "document.querySelector('a[href^=\"/alerts/new\"]')")
		b.press("a[href^='/alerts/new']", "location.pathname === '/alerts/new'")
		b.set("title_ru", title)
		b.set("title_kk", title+" (kk)")
		b.set("title_en", title+" (en)")
		b.set("expires", h.today().AddDays(20).String())
		for _, l := range []string{"kk", "ru", "en"} {
			b.set("contact_"+l, "103")
		}
		b.is("a public warning is prefilled", "document.querySelector('[name=type]').value === 'PW' && document.querySelector('[name=public]').checked")
		b.press("main form[action='/alerts/new'] button[type=submit]", "/^\\/alerts\\/[0-9a-f-]{36}$/.test(location.pathname)")
		alertID = strings.TrimPrefix(b.path(), "/alerts/")
		b.press("form[action='/alerts/"+alertID+"/submit'] button", "!document.querySelector('form[action$=\"/submit\"]')")
	})
	return alertID
}

// overrides replaces the advised priority with its reason.
func (b *tab) overrides(page, name, value, reason string) {
	b.Helper()
	b.set(name, value)
	b.setIn(page+"/prioritise", "reason", reason)
}

// clears takes the draft through the assessor and the approver, and the officer issues it after being asked once more.
func (b *tab) clears(h *house, id string) {
	b.Helper()
	page := "/alerts/" + id
	for _, x := range []struct{ who, step string }{{"assessor", "review"}, {"approver", "clear"}} {
		b.as(h, x.who, func() {
			b.open(h.URL + page)
			b.press("form[action='"+page+"/"+x.step+"'] button", "!document.querySelector('form[action$=\"/"+x.step+"\"]')")
		})
	}
	b.as(h, "officer", func() {
		b.open(h.URL + page)
		b.reach("details.confirm:has(form[action$='/issue']) > summary")
		b.key("\r")
		b.until("the issue asks first", "document.querySelector('dialog[open] form[action$=\"/issue\"]')")
		b.press("form[action='"+page+"/issue'] button[type=submit]", "!document.querySelector('form[action$=\"/issue\"]')")
		b.imports(h) // while the officer is signed in: sign-ins are limited
	})
}

// wentOut looks at every way out.
func (h *house) wentOut(t *testing.T, b *tab, id, title string) {
	t.Helper()
	var ref string
	if err := h.DB.Read.NewRaw("SELECT ref FROM communication WHERE id = ? AND state = 'issued'", id).Scan(ctx, &ref); err != nil {
		t.Fatal(err)
	}
	b.open(h.URL + "/public?lang=ru")
	b.press("a[href='/public/"+ref+"']", "location.pathname === '/public/"+ref+"'")
	b.says(title)
	b.quiet("/public")
	for path, kind := range map[string]string{"/feed.atom": "application/atom+xml", "/feed.json": "application/feed+json", "/cap/" + ref + ".xml": "application/cap+xml"} {
		a := h.people["public"].get(t, path)
		if a.status != http.StatusOK || !strings.HasPrefix(a.header.Get("Content-Type"), kind) || !strings.Contains(a.body, title) || !strings.Contains(a.body, ref) {
			t.Errorf("%s: %d %s", path, a.status, a.header.Get("Content-Type"))
		}
	}
	h.until(t, "the letter is in the mailbox", func() bool {
		for _, l := range h.box.of("hospital@demo.baqylau") {
			if strings.Contains(l.plain(t), h.URL+"/") && strings.Contains(l.plain(t), title) {
				return true
			}
		}
		return false
	})
}

// plain is the text of a letter with its transfer encoding undone.
func (l letter) plain(t *testing.T) string {
	t.Helper()
	m, err := netmail.ReadMessage(strings.NewReader(l.text))
	if err != nil {
		t.Fatal(err)
	}
	r := m.Body
	switch strings.ToLower(m.Header.Get("Content-Transfer-Encoding")) {
	case "base64":
		r = base64.NewDecoder(base64.StdEncoding, r)
	case "quoted-printable":
		r = quotedprintable.NewReader(r)
	}
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
