package alert

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/alert/atom"
	"github.com/baqylau/baqylau/internal/alert/cap"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/ui"
)

// site serves the room's pages in the design system's frame; the header Actor says who asks.
func site(h *house) http.Handler {
	actors := map[string]access.Actor{}
	for _, a := range []access.Actor{officer, assessor, approver, doctor, police} {
		actors[a.ID] = a
	}
	rt := web.NewRouter(web.Options{
		Authenticate: func(r *http.Request) access.Actor {
			if a, ok := actors[r.Header.Get("Actor")]; ok {
				return a
			}
			return access.Anyone(baqylau.Kazakh)
		},
		Layout: func(c *web.Ctx, p web.Page) error {
			if p.Status != 0 {
				c.W.WriteHeader(p.Status)
			}
			var body bytes.Buffer
			if err := p.Body.Render(c.Context(), &body); err != nil {
				return err
			}
			if err := ui.Layout(ui.Page{Title: p.Title, Path: c.R.URL.RequestURI(), Kind: p.Kind, AsOf: p.AsOf}).Render(c.Context(), c.W); err != nil {
				return err
			}
			_, err := c.W.Write(body.Bytes())
			return err
		},
		SignInPath: "/sign-in", Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return h.now },
	})
	Routes(rt, h.Service)
	return web.Secure(rt, slog.New(slog.DiscardHandler))
}

func ask(t *testing.T, s http.Handler, actor, method, target string, form url.Values, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(method, target, strings.NewReader(form.Encode()))
	r.Header.Set("Actor", actor)
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

func post(t *testing.T, s http.Handler, actor, target string, form url.Values) string {
	t.Helper()
	w := ask(t, s, actor, http.MethodPost, target, form)
	if w.Code != http.StatusSeeOther {
		t.Fatalf("POST %s by %s: %d\n%s", target, actor, w.Code, w.Body)
	}
	return w.Header().Get("Location")
}

// The whole story in the browser: draft, review, clearance, issue, and what everyone can read then.
func TestStoryOnPages(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := build(t, db)
		s := site(h)
		token := func(id string) url.Values {
			return url.Values{"token": {itoa64(h.get(t, id).Token)}}
		}
		if w := ask(t, s, "officer", "GET", "/alerts/new?signal=sig&lang=ru", nil); w.Code != 200 || !strings.Contains(w.Body.String(), "Дайте налоксон") || !strings.Contains(w.Body.String(), "Налоксон болса") {
			t.Fatal(w.Code, w.Body)
		}
		d, err := h.Prefill(context.Background(), officer, "sig")
		if err != nil {
			t.Fatal(err)
		}
		form := url.Values{"type": {"PW"}, "tlp": {"CLEAR"}, "public": {"1"}, "severity": {"red"}, "confidence": {"confirmed"}, "regions": {"KZ-35"}, "signal": {"sig"}, "substance": {"carfentanil"},
			"expires": {"2026-12-31"}, "figure_0": {"3"}, "figure_0_kk": {"оқиға"}, "figure_0_ru": {"события"}, "figure_0_en": {"events"}}
		for b, text := range d.Content {
			for _, l := range baqylau.Langs {
				form.Set(string(b)+"_"+string(l), text.Exact(l))
			}
		}
		form.Set("title_en", "A very strong opioid <b>was found</b>")
		form.Set("advice_kk", "")
		page := post(t, s, "officer", "/alerts/new", form)
		id := strings.TrimPrefix(page, "/alerts/")
		if w := ask(t, s, "officer", "GET", page+"/edit?lang=en", nil); !strings.Contains(w.Body.String(), "Translation is missing") {
			t.Error("the missing translation is not marked")
		}
		post(t, s, "officer", page+"/submit", token(id))
		post(t, s, "assessor", page+"/review", token(id))
		if w := ask(t, s, "approver", "POST", page+"/clear", token(id)); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), `href="#f-advice_kk"`) {
			t.Error(w.Code, w.Body)
		}
		back := token(id)
		back.Set("return_reason", "advice in Kazakh")
		post(t, s, "assessor", page+"/return", back)
		form.Set("advice_kk", d.Content[Advice].KK)
		form.Set("token", token(id).Get("token"))
		post(t, s, "officer", page+"/edit", form)
		if w := ask(t, s, "officer", "POST", page+"/edit", form); w.Code != http.StatusConflict {
			t.Errorf("an old form changed a newer draft: %d", w.Code)
		}
		post(t, s, "officer", page+"/submit", token(id))
		post(t, s, "assessor", page+"/review", token(id))
		if w := ask(t, s, "officer", "POST", page+"/clear", token(id)); w.Code != http.StatusForbidden {
			t.Errorf("the officer cleared: %d", w.Code)
		}
		post(t, s, "approver", page+"/clear", token(id))
		if w := ask(t, s, "", "GET", "/public?lang=en", nil); strings.Contains(w.Body.String(), "very strong") {
			t.Error("what is only cleared is public")
		}
		post(t, s, "officer", page+"/issue", token(id))
		ref := h.get(t, id).Ref

		for lang, want := range map[string]string{"en": "A very strong opioid &lt;b&gt;was found&lt;/b&gt;", "ru": "Позвоните 103", "kk": "103-ке қоңырау шалып"} {
			w := ask(t, s, "", "GET", "/public/"+ref+"?lang="+lang, nil)
			if w.Code != 200 || !strings.Contains(w.Body.String(), want) {
				t.Errorf("%s: %d\n%s", lang, w.Code, w.Body)
			}
			again := ask(t, s, "", "GET", "/public/"+ref+"?lang="+lang, nil, "If-None-Match", w.Header().Get("ETag"))
			if again.Code != http.StatusNotModified || again.Body.Len() != 0 {
				t.Errorf("%s again: %d", lang, again.Code)
			}
		}
		w := ask(t, s, "", "GET", "/cap/"+ref+".xml", nil)
		if err := cap.Conform(bytes.NewReader(w.Body.Bytes())); err != nil || w.Header().Get("Last-Modified") == "" || !strings.HasPrefix(w.Header().Get("Content-Type"), cap.MediaType) {
			t.Error(err, w.Header())
		}
		w = ask(t, s, "", "GET", "/feed.atom?lang=kk", nil)
		if f, err := atom.Parse(bytes.NewReader(w.Body.Bytes())); err != nil || len(f.Entries) != 1 || f.Lang != "kk" {
			t.Error(err, w.Body)
		}
		if again := ask(t, s, "", "GET", "/feed.atom?lang=kk", nil, "If-None-Match", w.Header().Get("ETag")); again.Code != http.StatusNotModified {
			t.Error(again.Code)
		}
		if w := ask(t, s, "police", "GET", "/warnings/"+ref, nil); w.Code != 200 {
			t.Error(w.Code)
		}

		take := token(id)
		take.Set("retract_en", "The sample was mixed up")
		post(t, s, "approver", page+"/retract", take)
		w = ask(t, s, "", "GET", "/public/"+ref+"?lang=en", nil)
		if body := w.Body.String(); w.Code != 200 || !strings.Contains(body, "The sample was mixed up") || strings.Contains(body, "naloxone") {
			t.Errorf("no tombstone: %d %s", w.Code, body)
		}
	})
}

// A draft that would reach no mailbox says so before anybody issues it; who may set recipients is led to them, and a draft that reaches somebody counts them.
func TestADraftThatReachesNobodyWarns(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := build(t, db)
		s := site(h)
		page := "/alerts/" + h.drafted(t, nil)
		for actor, link := range map[string]bool{"officer": true, "assessor": false} {
			if body := ask(t, s, actor, "GET", page+"?lang=en", nil).Body.String(); !strings.Contains(body, "no letter would reach anybody") || strings.Contains(body, `href="/alerts/recipients"`) != link {
				t.Errorf("%s: %s", actor, body)
			}
		}
		h.subscribe(t, doctor, baqylau.TLPAmber)
		if body := ask(t, s, "officer", "GET", page+"?lang=en", nil).Body.String(); strings.Contains(body, "reach anybody") || !strings.Contains(body, "to 1 mailbox") {
			t.Error(body)
		}
	})
}

func itoa64(n int64) string { return strings.TrimSpace(toJSON(n)) }

// Every page answers in every language, without a missing word, and to nobody who may not see it.
func TestEveryPageSpeaks(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h, ctx := build(t, db), context.Background()
		s := site(h)
		h.subscribe(t, doctor, baqylau.TLPAmber)
		amber := h.issued(t, nil)
		open := h.issued(t, public3)
		draft := h.drafted(t, func(d *Draft) { d.Content[Advice] = baqylau.Text{RU: "x"} })
		gone := h.issued(t, public3)
		h.must(t, approver, gone.ID, Retract, "wrong")
		over := h.issued(t, public3)
		h.must(t, officer, over.ID, Cancel, "it is over")
		foreign, err := h.Enter(ctx, officer, Foreign{Sender: "Public Health Agency", Title: "Nitazene in tablets", Summary: "x", SentAt: h.now})
		if err != nil {
			t.Fatal(err)
		}
		if err := h.Add(ctx, officer, Subscription{OrgID: "hospital", Address: "a@b.example", Lang: "kk", MaxTLP: baqylau.TLPGreen, MinSeverity: baqylau.Amber, Regions: []string{"KZ-35"}}); err != nil {
			t.Fatal(err)
		}
		for path, who := range map[string]struct{ may, not string }{
			"/alerts": {"assessor", "doctor"}, "/alerts?format=csv": {"approver", "doctor"}, "/alerts/new": {"officer", "assessor"}, "/alerts/" + amber.ID: {"approver", "doctor"},
			"/alerts/" + draft: {"officer", "police"}, "/alerts/" + draft + "/edit": {"officer", "assessor"}, "/alerts/" + gone.ID: {"officer", ""}, "/alerts/recipients": {"officer", "assessor"},
			"/warnings": {"police", ""}, "/warnings/" + amber.Ref: {"doctor", "police"}, "/warnings/" + open.Ref: {"police", ""}, "/warnings/mail": {"doctor", ""},
			"/public": {"", "-"}, "/public/" + open.Ref: {"", "-"}, "/public/" + gone.Ref: {"", "-"}, "/public/" + over.Ref: {"", "-"}, "/subscribe/x": {"", "-"},
			"/foreign": {"officer", "assessor"}, "/foreign/new": {"officer", "doctor"}, "/foreign/" + foreign: {"officer", "doctor"},
		} {
			for _, l := range baqylau.Langs {
				sep := "?"
				if strings.Contains(path, "?") {
					sep = "&"
				}
				if w := ask(t, s, who.may, "GET", path+sep+"lang="+string(l), nil); w.Code != 200 || strings.Contains(w.Body.String(), "⟦") {
					t.Errorf("%s in %s to %q: %d\n%.3000s", path, l, who.may, w.Code, w.Body)
				}
			}
			if who.not != "-" {
				if w := ask(t, s, who.not, "GET", path, nil); w.Code == 200 {
					t.Errorf("%s answers %q", path, who.not)
				}
			}
		}
		for _, path := range []string{"/public/" + amber.Ref, "/cap/" + amber.Ref + ".xml", "/public/KZ-EWS-PW-2026-9999", "/cap/x", "/letters/x"} {
			if w := ask(t, s, "", "GET", path, nil); w.Code != http.StatusNotFound {
				t.Errorf("%s: %d", path, w.Code)
			}
		}
		if m := locale.Missing(); len(m) > 0 {
			t.Error(m)
		}
		if w := ask(t, s, "officer", "POST", "/alerts/new", url.Values{"type": {"AL"}}); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), `href="#f-tlp"`) {
			t.Error(w.Code)
		}
		if to := post(t, s, "officer", "/foreign/"+foreign+"/signal", nil); to != "/signals/sig" || len(h.rung) != 1 {
			t.Error(to, h.rung)
		}
	})
}

// A signal from elsewhere keeps its place: no place would mean the whole of the centre's own country. What is suspected was not found.
func TestSignalFromElsewhere(t *testing.T) {
	h := build(t, storetest.Open(t, store.SQLite))
	if _, err := h.db.Write.NewRaw("INSERT INTO country (code, name) VALUES ('KG', ?)", baqylau.Text{KK: "Қырғызстан", RU: "Кыргызстан", EN: "Kyrgyzstan"}.JSON()).Exec(context.Background()); err != nil {
		t.Fatal(err)
	}
	if err := h.Shelf.Reload(context.Background()); err != nil {
		t.Fatal(err)
	}
	h.from = "KG"
	body := ask(t, site(h), "officer", "GET", "/alerts/new?signal=sig&lang=en", nil).Body.String()
	for _, want := range []string{`name="regions" value="KG" checked`, "Carfentanil suspected: Kyrgyzstan", "Предположительно Карфентанил: Кыргызстан"} {
		if !strings.Contains(body, want) {
			t.Errorf("no %s", want)
		}
	}
}

// The emergency path is offered where it applies, and whoever may not retract reads who may and who of them is on duty.
func TestThePageOffersWhatApplies(t *testing.T) {
	h, ctx := build(t, storetest.Open(t, store.SQLite)), context.Background()
	has := func(id string) bool { return slices.Contains(StepsFor(approver, h.get(t, id)), Emergency) }
	red, amber := h.drafted(t, nil), h.drafted(t, func(d *Draft) { d.Severity = baqylau.Amber })
	gaps := h.drafted(t, func(d *Draft) { d.Content[Advice] = baqylau.Text{RU: "x"} })
	if !has(red) || has(amber) || has(gaps) {
		t.Error("red and whole:", has(red), "amber:", has(amber), "with gaps:", has(gaps))
	}
	h.must(t, officer, red, Submit)
	if !has(red) {
		t.Error("not offered while the review is awaited")
	}
	h.must(t, assessor, red, Review)
	if has(red) {
		t.Error("offered to somebody who may clear it in the usual way")
	}
	h.must(t, approver, red, Clear)
	h.must(t, officer, red, Issue)
	var asked []access.Role
	people := []string{"Approver on duty"}
	h.OnDuty = func(_ context.Context, at time.Time, roles []access.Role) ([]string, error) {
		asked = roles
		if !at.Equal(h.now) {
			t.Error(at)
		}
		return people, nil
	}
	s := site(h)
	page := func(who string) string { return ask(t, s, who, "GET", "/alerts/"+red+"?lang=en", nil).Body.String() }
	in := locale.With(ctx, baqylau.English)
	if b := page("officer"); !strings.Contains(b, locale.T(in, "alert.retract.who", "Roles", locale.Code(in, "role", "approver"))) || !strings.Contains(b, "On duty today: Approver on duty.") {
		t.Error("the officer does not read who may retract")
	}
	if len(asked) != 1 || asked[0] != access.Approver || strings.Contains(page("approver"), "On duty today") {
		t.Error(asked)
	}
	people = nil
	if b := page("officer"); !strings.Contains(b, "Nobody with this role is on duty today.") {
		t.Error("that nobody is on duty is not said")
	}
	h.must(t, approver, red, Retract, "wrong")
	if strings.Contains(page("officer"), locale.T(in, "alert.retract.title")) {
		t.Error("a retracted alert cannot be retracted")
	}
}

// Who reviews, clears or issues reads every language, the words of photos too, whatever the language of the interface; another reader of alerts reads the own one.
func TestThoseWhoAnswerForTheWordsReadThemAll(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := build(t, db)
		s := site(h)
		id := h.drafted(t, func(d *Draft) {
			d.Content[Advice] = baqylau.Text{KK: "кеңес-kk", RU: "совет-ru", EN: "advice-en"}
		})
		for _, who := range []string{"assessor", "approver", "officer"} {
			page := ask(t, s, who, http.MethodGet, "/alerts/"+id, nil).Body.String()
			for _, l := range []string{"кеңес-kk", "совет-ru", "advice-en"} {
				if !strings.Contains(page, l) {
					t.Errorf("%s does not read %s", who, l)
				}
			}
			if strings.Contains(page, "S-2026-0001") {
				t.Errorf("%s: the text names our own number", who)
			}
		}
	})
}

// A draft about the whole country whose author chooses a region says the region, not the country, where the words are still the system's; what a person wrote stays.
func TestTheTextFollowsTheChosenRegion(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := build(t, db)
		h.from = "KZ"
		s := site(h)
		d, err := h.Prefill(context.Background(), officer, "sig")
		if err != nil {
			t.Fatal(err)
		}
		form := url.Values{"type": {string(Alert)}, "tlp": {"AMBER"}, "severity": {"red"}, "confidence": {"suspected"}, "regions": {"KZ-35"}, "signal": {"sig"}, "substance": {"carfentanil"}}
		for b, text := range d.Content {
			for _, l := range baqylau.Langs {
				form.Set(string(b)+"_"+string(l), text.Exact(l))
			}
		}
		form.Set("title_en", "Kazakhstan: my own words")
		before := d.Content[Summary].RU
		id := strings.TrimPrefix(post(t, s, "officer", "/alerts/new", form), "/alerts/")
		got := h.get(t, id).Content
		if got[Title].EN != "Kazakhstan: my own words" {
			t.Error("a person's words were changed:", got[Title].EN)
		}
		place := h.places(locale.With(context.Background(), baqylau.Russian), []string{"KZ-35"}, "KZ")
		if !strings.Contains(got[Summary].RU, place) || got[Summary].RU == before || !strings.Contains(got[Title].RU, place) {
			t.Errorf("%q and %q do not say %q", got[Title].RU, got[Summary].RU, place)
		}
		for b, text := range got {
			for _, l := range baqylau.Langs {
				form.Set(string(b)+"_"+string(l), text.Exact(l))
			}
		}
		form.Del("regions")
		form.Set("token", strconv.FormatInt(h.get(t, id).Token, 10))
		post(t, s, "officer", "/alerts/"+id+"/edit", form)
		if now := h.get(t, id).Content[Summary].RU; now != before {
			t.Errorf("for the whole country again the text says %q, not %q", now, before)
		}
	})
}

// Cases behind an alert are withdrawn, or may be one: its page says so to whoever may act on it, from the first draft on; the public page is not changed by that.
func TestAnAlertTellsWhatBecameOfItsCases(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := build(t, db)
		s := site(h)
		h.lost = Ground{Lost: "2 of 6 are gone", Duplicates: "1 may be the same", Decide: "/matches?occurrence=x"}
		d, err := h.Prefill(context.Background(), officer, "sig")
		if err != nil {
			t.Fatal(err)
		}
		d.Expires, d.Public, d.TLP = baqylau.DateOf(h.now).AddDays(30), true, baqylau.TLPClear
		id, err := h.Save(context.Background(), officer, "", 0, d)
		if err != nil {
			t.Fatal(err)
		}
		shows := func(who, path string, want bool) {
			t.Helper()
			page := ask(t, s, who, http.MethodGet, path, nil).Body.String()
			for _, words := range []string{h.lost.Lost, h.lost.Duplicates, h.lost.Decide} {
				if strings.Contains(page, words) != want {
					t.Errorf("%s for %s: %q there is %v", path, who, words, !want)
				}
			}
		}
		shows("officer", "/alerts/new?signal=sig", true)
		shows("officer", "/alerts/"+id+"/edit", true)
		h.must(t, officer, id, Submit)
		shows("assessor", "/alerts/"+id, true)
		h.must(t, assessor, id, Review)
		shows("approver", "/alerts/"+id, true)
		h.must(t, approver, id, Clear)
		h.must(t, officer, id, Issue)
		shows("officer", "/alerts/"+id, true)
		m, err := Get(context.Background(), db.Read, officer, id)
		if err != nil {
			t.Fatal(err)
		}
		shows("", "/public/"+m.Ref, false)
		h.must(t, approver, id, Retract, "an error")
		shows("officer", "/alerts/"+id, false)
	})
}

// What is known of the product is not said to be unknown.
func TestADraftNamesOnlyWhatIsUnknown(t *testing.T) {
	ctx := locale.With(context.Background(), baqylau.Russian)
	for _, c := range []struct {
		f    Facts
		want string
	}{
		{Facts{}, "насколько оно распространено, под какими названиями продаётся, насколько оно сильное"},
		{Facts{Named: true}, "насколько оно распространено, насколько оно сильное"},
		{Facts{Named: true, Measured: true}, "насколько оно распространено"},
	} {
		if got := strings.Join(unknowns(ctx, c.f), ", "); got != c.want {
			t.Errorf("%q", got)
		}
	}
}
