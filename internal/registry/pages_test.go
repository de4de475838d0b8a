package registry_test

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
	"time"

	"github.com/a-h/templ"
	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/registry"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/assets"
	"github.com/baqylau/baqylau/internal/web/ui"
)

var (
	officer = access.Actor{ID: "a-officer", Name: "officer", OrgID: "centre", Domain: baqylau.NeutralDomain, Roles: []access.Role{access.Officer}, Lang: baqylau.English, MaxTLP: baqylau.TLPRed}
	police  = access.Actor{ID: "a-police", Name: "police", OrgID: "mia", Domain: baqylau.EnforcementDomain, Roles: []access.Role{access.Reporter}, Lang: baqylau.Russian, MaxTLP: baqylau.TLPAmber}
)

// site serves the room's pages as actor.
func site(t testing.TB, s *registry.Service, actor *access.Actor) http.Handler {
	t.Helper()
	rt := web.NewRouter(web.Options{
		Authenticate: func(*http.Request) access.Actor { return *actor },
		Layout: func(c *web.Ctx, p web.Page) error {
			c.W.Header().Set("Content-Type", "text/html; charset=utf-8")
			if p.Status != 0 {
				c.W.WriteHeader(p.Status)
			}
			nav := []ui.NavItem{{Label: c.T("registry.substances"), Href: "/substances", Current: p.Room == "/substances"}, {Label: c.T("registry.regions"), Href: "/regions", Current: p.Room == "/regions"}}
			page := ui.Layout(ui.Page{Title: p.Title, Path: c.R.URL.RequestURI(), Kind: p.Kind, AsOf: p.AsOf, Nav: nav, Search: "/search"})
			return page.Render(templ.WithChildren(c.Context(), templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
				return p.Body.Render(templ.ClearChildren(ctx), w)
			})), c.W)
		},
		Log: slog.New(slog.DiscardHandler), Now: time.Now,
	})
	registry.Routes(rt, s)
	rt.Mount("GET "+assets.Prefix, assets.Handler())
	return rt
}

func get(t testing.TB, h http.Handler, path string) (int, string) {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	return w.Code, w.Body.String()
}

func post(t testing.TB, h http.Handler, path string, f url.Values) (int, string) {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(f.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

func TestPagesInThreeLanguages(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		shelf, w := seeded(t, db)
		h := site(t, registry.NewService(shelf, w), &officer)
		b := shelf.Book()
		id := "/substances/" + named(t, b, "Metonitazene").ID
		for path, want := range map[string]map[string]string{
			"/substances":                              {"kk": "Заттар", "ru": "Вещества", "en": "Substances"},
			"/substances?q=мефедрон":                   {"kk": "мефедрон", "ru": "мефедрон", "en": "Mephedrone"},
			"/substances?q=mephedrone&watch=yes":       {"ru": "мефедрон"},
			"/substances?q=МЕФЕДРОН&family=stimulants": {"ru": "мефедрон"},
			"/substances?q=мефедрөн&effect=":           {"ru": "мефедрон"},
			"/substances?q=мефидрон":                   {"ru": "мефедрон"},
			"/substances?law=named&sort=-family":       {"en": "Metonitazene"},
			"/substances?family=nitazenes&law=generic": {"en": "0 rows"},
			id:                       {"kk": "Қазақстан", "ru": "постановлением от 23 января 2024 года № 22", "en": "HNGZTLMRQTVPBH-UHFFFAOYSA-N"},
			id + "/names":            {"kk": "Атауды сақтау", "ru": "Сохранить название", "en": "Save the name"},
			id + "/status":           {"ru": "Сохранить статус"},
			id + "/class":            {"ru": "Сохранить семейство"},
			"/substances/new":        {"ru": "Сохранить вещество"},
			"/regions":               {"kk": "Қызылорда облысы", "ru": "Кызылординская область", "en": "Kyzylorda Region"},
			"/regions?country=US-CT": {"en": "Hartford County"},
			"/regions/KZ-10":         {"kk": "Шығыс Қазақстан", "ru": "Восточно-Казахстанская", "en": "East Kazakhstan"},
			"/regions/KZ-71":         {"ru": "Нур-Султан"},
			"/sources":               {"ru": "Коннектикут"},
			"/search?q=кызылорда":    {"ru": "Кызылординская область"},
			"/search?q=мефедрон":     {"ru": "мефедрон"},
			"/substances/suggest?substance_text=фуранил": {"en": "Furanylfentanyl"},
		} {
			for lang, text := range want {
				sep := "?"
				if strings.Contains(path, "?") {
					sep = "&"
				}
				code, body := get(t, h, path+sep+"lang="+lang)
				if code != 200 || !strings.Contains(body, text) {
					t.Errorf("%s in %s: status %d, lacks %q", path, lang, code, text)
				}
				if i := strings.Index(body, "⟦"); i >= 0 {
					t.Errorf("%s in %s: untranslated %s", path, lang, body[i:min(len(body), i+60)])
				}
			}
		}
		for _, path := range []string{"/substances/nothing", "/regions/XX-1", "/regions?country=ZZ"} {
			if code, _ := get(t, h, path); code != http.StatusNotFound {
				t.Errorf("%s: status %d", path, code)
			}
		}
	})
}

// Substances stand in the order of the reader's alphabet by what the page calls them, not by the international name beside it.
func TestSubstancesStandByTheirNameInTheReadersLanguage(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		shelf, w := seeded(t, db)
		h := site(t, registry.NewService(shelf, w), &officer)
		row := regexp.MustCompile(`<a href="/substances/([0-9a-f-]+)"`)
		for _, l := range baqylau.Langs {
			alphabet := locale.Collator(l)
			for _, sort := range []string{"name", "-name"} {
				code, body := get(t, h, "/substances?sort="+sort+"&lang="+string(l))
				rows := row.FindAllStringSubmatch(body, -1)
				if code != http.StatusOK || len(rows) < 40 {
					t.Fatalf("%d, %d rows", code, len(rows))
				}
				last := ""
				for _, r := range rows {
					s, _ := shelf.Book().Substance(r[1])
					now := s.Label.In(l)
					if last != "" && now != last && (alphabet.CompareString(last, now) > 0) != (sort[0] == '-') {
						t.Errorf("%s, %s: %s stands before %s", l, sort, last, now)
					}
					last = now
				}
			}
		}
	})
}

func TestAStreetNameIsRecognisedOnceAnOfficerAddsIt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		shelf, w := seeded(t, db)
		actor := officer
		h := site(t, registry.NewService(shelf, w), &actor)
		id := named(t, shelf.Book(), "Mephedrone").ID
		text := "изъято 2 г вещества «буратинка»"
		if f := shelf.Book().Recognise(text).Findings; len(f) != 0 {
			t.Fatalf("recognised before: %+v", f)
		}
		form := url.Values{"text": {"буратинка"}, "type": {"street"}, "lang": {"ru"}, "region": {"KZ-75"}, "seen": {"2026-11-01"},
			"confidence": {"probable"}, "source": {"report of a test purchase"}}
		actor = police
		if code, _ := post(t, h, "/substances/"+id+"/names", form); code != http.StatusForbidden {
			t.Errorf("a police reporter may edit: status %d", code)
		}
		actor = access.Anyone(baqylau.Russian)
		if code, _ := post(t, h, "/substances/"+id+"/names", form); code != http.StatusUnauthorized {
			t.Errorf("the public may edit: status %d", code)
		}
		actor = officer
		before := counts(t, db)
		if code, body := post(t, h, "/substances/"+id+"/names", form); code != http.StatusSeeOther {
			t.Fatalf("status %d: %s", code, body)
		}
		f := shelf.Book().Recognise(text).Findings
		if len(f) != 1 || f[0].Key != id {
			t.Errorf("after: %+v", f)
		}
		after := counts(t, db)
		if after["substance_name"] != before["substance_name"]+1 || after["audit_entry"] != before["audit_entry"]+1 {
			t.Errorf("rows: %v, then %v", before, after)
		}
		if m := shelf.Book().Search("БУРАТИНКА", 3); len(m) != 1 || m[0].Substance.ID != id {
			t.Errorf("search: %+v", m)
		}
		if code, body := get(t, h, "/substances/"+id); code != 200 || !strings.Contains(body, "буратинка") {
			t.Errorf("the page lacks the name (status %d)", code)
		}
		if code, _ := post(t, h, "/substances/"+id+"/names", form); code != http.StatusConflict {
			t.Errorf("the same name twice: status %d", code)
		}
	})
}

func TestWrongFieldsAreNamed(t *testing.T) {
	shelf, w := seeded(t, storetest.Open(t, store.SQLite))
	h := site(t, registry.NewService(shelf, w), &officer)
	id := "/substances/" + named(t, shelf.Book(), "Mephedrone").ID
	for _, c := range []struct {
		path  string
		form  url.Values
		field string
	}{
		{id + "/names", url.Values{"text": {"x!"}, "type": {"street"}, "confidence": {"probable"}, "source": {"s"}}, "#f-text"},
		{id + "/names", url.Values{"text": {"xyz"}, "type": {"odd"}, "confidence": {"probable"}, "source": {"s"}}, "#f-type"},
		{id + "/names", url.Values{"text": {"xyz"}, "type": {"street"}, "confidence": {"probable"}, "source": {"s"}, "seen": {"2999-01-01"}}, "#f-seen"},
		{id + "/names", url.Values{"text": {"xyz"}, "type": {"street"}, "confidence": {"probable"}, "source": {"s"}, "region": {"QQ-1"}}, "#f-region"},
		{id + "/status", url.Values{"jurisdiction": {"KZ"}, "instrument": {"a"}, "basis": {"named"}, "verified": {"yes"}, "source": {"s"}, "from": {"2026-02-02"}, "to": {"2026-02-01"}}, "#f-to"},
		{id + "/class", url.Values{"effect": {"effect.stimulant"}, "watch": {"yes"}, "reason": {"new_psychoactive"}}, "#f-family"},
		{id + "/class", url.Values{"family": {"cathinones"}, "watch": {"yes"}}, "#f-reason"},
		{"/substances/new", url.Values{"name": {"Mephedrone"}, "family": {"cathinones"}, "source": {"s"}}, "#f-name"},
		{"/substances/new", url.Values{"name": {"New one"}, "family": {"cathinones"}, "source": {"s"}, "cas": {"50-00-1"}}, "#f-cas"},
		{"/substances/new", url.Values{"name": {"New one"}, "family": {"cathinones"}, "source": {"s"}, "inchikey": {"ABC"}}, "#f-inchikey"},
		{"/substances/new", url.Values{"name": {"New one"}, "family": {"cathinones"}, "source": {"s"}, "formula": {"c!"}}, "#f-formula"},
		{"/substances/new", url.Values{"name": {"New one"}, "family": {"cathinones"}, "source": {"s"}, "smiles": {"C C\""}}, "#f-smiles"},
	} {
		code, body := post(t, h, c.path, c.form)
		if code != http.StatusUnprocessableEntity && code != http.StatusConflict || !strings.Contains(body, `href="`+c.field+`"`) {
			t.Errorf("%s %v: status %d, no mistake at %s", c.path, c.form, code, c.field)
		}
	}
}

func TestEditsOfASubstance(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		shelf, w := seeded(t, db)
		s := registry.NewService(shelf, w)
		ctx := context.Background()
		id, err := s.Enter(ctx, officer, registry.Substance{Name: "Examplenitazene", Label: baqylau.Text{RU: "экземплнитазен"}, Families: []string{"nitazenes"},
			CAS: []string{"50-00-0"}, Source: "test", Watch: true, WatchReason: "new_psychoactive"})
		if err != nil {
			t.Fatal(err)
		}
		b := shelf.Book()
		if x, ok := b.ByName("экземплнитазен"); !ok || x.ID != id || x.State != "candidate" || !b.InFamily(id, "opioids") {
			t.Errorf("entered substance: %+v", x)
		}
		if f := b.Recognise("examplenitazene 3 g").Findings; len(f) != 1 || f[0].Key != id {
			t.Errorf("recognition does not know it: %+v", f)
		}
		status, err := s.AddStatus(ctx, officer, registry.Status{Substance: id, Jurisdiction: "KZ", Instrument: baqylau.Same("order"), Basis: "named", From: baqylau.MustDate("2026-01-01"), Verified: "text", Source: "test"})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.EndStatus(ctx, officer, id, status, baqylau.MustDate("2026-06-30")); err != nil {
			t.Fatal(err)
		}
		for day, want := range map[string]int{"2025-12-31": 0, "2026-01-01": 1, "2026-06-30": 1, "2026-07-01": 0} {
			if got := shelf.Book().StatusOn(id, "KZ", baqylau.MustDate(day)); len(got) != want {
				t.Errorf("%s: %d statuses", day, len(got))
			}
		}
		if err := s.Classify(ctx, officer, id, []string{"cathinones", "effect.stimulant"}, false, ""); err != nil {
			t.Fatal(err)
		}
		if b := shelf.Book(); b.InFamily(id, "opioids") || !b.InFamily(id, "stimulants") || !b.InFamily(id, "effect.stimulant") {
			t.Errorf("families after: %v", b.Families(id))
		}
		name, err := s.AddName(ctx, officer, registry.Name{Substance: id, Text: "тестик", Type: registry.Street, Lang: baqylau.Russian, Confidence: baqylau.Suspected, Ambiguous: true})
		if err != nil {
			t.Fatal(err)
		}
		if q := shelf.Book().Recognise("тестик").Questions; len(q) != 1 {
			t.Errorf("an ambiguous name must be a question: %+v", shelf.Book().Recognise("тестик"))
		}
		if err := s.RemoveName(ctx, officer, id, name); err != nil {
			t.Fatal(err)
		}
		if r := shelf.Book().Recognise("тестик"); len(r.Questions)+len(r.Findings) != 0 {
			t.Errorf("a removed name is still known: %+v", r)
		}
		for _, n := range shelf.Book().Names(named(t, shelf.Book(), "Mephedrone").ID)[:1] {
			if err := s.RemoveName(ctx, officer, n.Substance, n.ID); baqylau.CodeOf(err) != baqylau.Conflict {
				t.Errorf("removing a shipped name: %v", err)
			}
		}
		for what, err := range map[string]error{
			"name":   second(s.AddName(ctx, police, registry.Name{Substance: id, Text: "abc"})),
			"status": second(s.AddStatus(ctx, police, registry.Status{Substance: id})),
			"class":  s.Classify(ctx, police, id, []string{"other"}, false, ""),
			"enter":  second(s.Enter(ctx, police, registry.Substance{Name: "Other thing"})),
			"end":    s.EndStatus(ctx, police, id, status, baqylau.MustDate("2026-07-01")),
			"remove": s.RemoveName(ctx, police, id, name),
		} {
			if baqylau.CodeOf(err) != baqylau.Forbidden {
				t.Errorf("%s by a police reporter: %v", what, err)
			}
		}
	})
}

func second(_ string, err error) error { return err }

// Another process that changed the registry is noticed.
func TestRefreshSeesOtherProcesses(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		mine, w := seeded(t, db)
		theirs, err := registry.NewShelf(ctx, db)
		if err != nil {
			t.Fatal(err)
		}
		id := named(t, mine.Book(), "Mephedrone").ID
		n := registry.Name{Substance: id, Text: "другое имя", Type: registry.Street, Confidence: baqylau.Suspected, Source: "s"}
		if _, err := registry.NewService(theirs, w).AddName(ctx, officer, n); err != nil {
			t.Fatal(err)
		}
		before := mine.Book()
		if err := mine.Refresh(ctx); err != nil {
			t.Fatal(err)
		}
		if x, ok := mine.Book().ByName("другое имя"); !ok || x.ID != id || mine.Book() == before {
			t.Error("the name entered elsewhere is not known")
		}
		same := mine.Book()
		if err := mine.Refresh(ctx); err != nil || mine.Book() != same {
			t.Error("nothing changed, yet the registry was read again")
		}
	})
}
