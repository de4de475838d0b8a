package treatment

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/ui"
)

// site serves the room's pages as an actor.
func site(h *house, actor *access.Actor) http.Handler {
	rt := web.NewRouter(web.Options{
		Authenticate: func(*http.Request) access.Actor { return *actor },
		Layout: func(c *web.Ctx, p web.Page) error {
			if p.Status != 0 {
				c.W.WriteHeader(p.Status)
			}
			page := ui.Layout(ui.Page{Title: p.Title, Path: c.R.URL.RequestURI(), Kind: p.Kind, AsOf: p.AsOf})
			return page.Render(templ.WithChildren(c.Context(), templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
				return p.Body.Render(templ.ClearChildren(ctx), w)
			})), c.W)
		},
		Log: slog.New(slog.DiscardHandler), Now: h.W.Now,
	})
	Routes(rt, h.Service)
	return rt
}

func fetch(h http.Handler, path string) (int, string) {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	return w.Code, w.Body.String()
}

func post(h http.Handler, path string, f url.Values) (int, string, string) {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(f.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Code, w.Body.String(), w.Header().Get("Location")
}

var bareKey = regexp.MustCompile(`>\s*(tdi|ui|list)\.[a-z_.]+\s*<`)

func TestACaseIsEnteredByFormAndReadBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		as := h.clinic
		s := site(h, &as)
		form := url.Values{"start": {"2026-02-10"}, "person": {iin}, "centre_type": {"outpatient"}, "facility": {"Диспансер 1"}, "region": {"KZ-75"}, "ever_treated": {"1"}, "sex": {"male"},
			"age_at_start": {"24"}, "primary_drug": {"mephedrone"}, "route": {"4"}, "age_first_use": {"27"}, "secondary_drugs": {"8"}, "secondary_drugs_2": {"pregabalin"}, "injecting": {"1"}}
		code, body, _ := post(s, "/treatment/new", form)
		if code != http.StatusUnprocessableEntity && code != http.StatusBadRequest || !strings.Contains(body, "name=\"confirmed\"") || !strings.Contains(body, "27") {
			t.Fatalf("the check does not ask: %d", code)
		}
		if strings.Contains(body, iin) {
			t.Error("the form shows the personal number again")
		}
		form.Set("confirmed", "так записано в карте")
		code, body, to := post(s, "/treatment/new", form)
		if code != http.StatusSeeOther {
			t.Fatalf("entered: %d %s", code, body)
		}
		for _, lang := range baqylau.Langs {
			as.Lang = lang
			for _, path := range []string{to, to + "/correct", "/treatment", "/treatment/new", "/treatment/tables", "/treatment/coverage", "/treatment/tables?table=11.1.1&scope=country", "/treatment/tables?table=25.1.6"} {
				code, body := fetch(s, path)
				if code != http.StatusOK || bareKey.MatchString(body) || strings.Contains(body, iin) {
					t.Errorf("%s in %s: %d, message without text %q", path, lang, code, bareKey.FindString(body))
				}
			}
		}
		as.Lang = baqylau.Russian
		_, body = fetch(s, to)
		for _, want := range []string{"мефедрон", "прегабалин", "Диспансер 1", "так записано в карте", locale.TIn(baqylau.Russian, "tdi.person.known")} {
			if !strings.Contains(body, want) {
				t.Errorf("the case does not say %q", want)
			}
		}
		form.Set("age_first_use", "20")
		form.Set("person", "")
		code, body, to = post(s, to+"/correct", form)
		if code != http.StatusSeeOther {
			t.Fatalf("corrected: %d %s", code, body)
		}
		if _, body = fetch(s, to); !strings.Contains(body, locale.TIn(baqylau.Russian, "tdi.history.corrected")) {
			t.Error("the correction is not in the history")
		}
		as = h.police
		for _, path := range []string{"/treatment", "/treatment/new", to} {
			if code, _ := fetch(s, path); code != http.StatusNotFound {
				t.Errorf("the police see %s: %d", path, code)
			}
		}
		h.setDay("2026-04-02") // the next quarter: what leaves is what was known on its first day
		if code, body := fetch(s, "/treatment/tables?table=9.1.1&year=2026&format=csv"); code != http.StatusOK || !strings.Contains(body, locale.TIn(h.police.Lang, "tdi.hidden")) {
			t.Errorf("nothing is hidden in the file of the police: %d", code)
		}
		if code, body := fetch(s, "/treatment/tables?table=9.1.1&year=2026"); code != http.StatusOK || !strings.Contains(body, ">*<") {
			t.Errorf("the police see a count of one person: %d", code)
		}
		for _, more := range []string{"&region=KZ-75", "&centre=outpatient"} {
			if code, _ := fetch(s, "/treatment/tables?table=9.1.1"+more); code != http.StatusUnprocessableEntity && code != http.StatusBadRequest {
				t.Errorf("the police see a part of what leaves (%s): %d", more, code)
			}
		}
		if _, body := fetch(s, "/treatment/coverage?year=2026"); strings.Contains(body, locale.TIn(as.Lang, "tdi.missing")) {
			t.Error("the police see in how many episodes an answer is missing")
		}
		as = h.clinic
		if _, body := fetch(s, "/treatment/new"); strings.Count(body, locale.TIn(as.Lang, "ui.required")) != 1 || strings.Contains(body, locale.TIn(as.Lang, "ui.optional")) {
			t.Error("the form marks what is optional instead of the day that it needs")
		}
		as = h.centre
		// one case, whose person and frequency of use are not known, and whose region and route are
		if _, body := fetch(s, "/treatment/coverage?year=2026"); !regexp.MustCompile(`(?s)`+regexp.QuoteMeta(locale.TIn(as.Lang, fieldLabel("frequency")))+`.{0,200}100,0`).MatchString(body) ||
			!regexp.MustCompile(`(?s)`+regexp.QuoteMeta(locale.TIn(as.Lang, fieldLabel("route")))+`.{0,200}>0,0`).MatchString(body) {
			t.Error("the page does not say how often an answer is missing")
		}
		if code, body := fetch(s, "/treatment/tables?table=9.1.1&format=csv"); code != http.StatusOK || !strings.Contains(body, "9.1.1;") || strings.Contains(body, iin) {
			t.Errorf("CSV: %d %.200s", code, body)
		}
		if code, body := fetch(s, "/treatment/tables?format=all"); code != http.StatusOK || strings.Count(body, "\n29.1.2;") != 7*15 {
			t.Errorf("all tables: %d, %d lines of 29.1.2", code, strings.Count(body, "\n29.1.2;"))
		}
		if code, body := fetch(s, "/treatment?format=csv"); code != http.StatusOK || !strings.Contains(body, "мефедрон") || regexp.MustCompile(`[0-9a-f]{64}`).MatchString(body) {
			t.Errorf("the list's export: %d, or it holds a pseudonym", code)
		}
	})
}

func TestSyntheticEpisodesAreLabelledEverywhere(t *testing.T) {
	db := storetest.Open(t, store.SQLite)
	h := open(t, db)
	if n, err := h.Seed(ctx, synthPlan, h.clinic.OrgID); n != 10 || err != nil {
		t.Fatal(n, err)
	}
	as := h.centre
	as.Lang = baqylau.English
	s := site(h, &as)
	var id string
	if err := db.Read.QueryRowContext(ctx, "SELECT id FROM episode LIMIT 1").Scan(&id); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/treatment", "/treatment/" + id, "/treatment/tables?year=2025", "/treatment/tables?year=2025&format=csv", "/treatment/tables?year=2025&format=all", "/treatment/coverage", "/treatment?format=csv"} {
		if code, body := fetch(s, path); code != http.StatusOK || !strings.Contains(strings.ToLower(body), "synthetic") {
			t.Errorf("%s does not say that its episodes are made up (%d)", path, code)
		}
	}
}
