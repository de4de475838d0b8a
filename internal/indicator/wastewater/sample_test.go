package wastewater_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/data"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/indicator/wastewater"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/registry"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
	"github.com/baqylau/baqylau/internal/web"
)

// A laboratory enters a week: the load is weighted by flow and stands beside that of other cities, a day below the limit shows what 0 and the limit would make; entered again it is corrected, withdrawn it is gone, and nobody else touches it.
func TestALaboratoryEntersAWeek(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := change.New(db)
		w.Now = func() time.Time { return time.Date(2026, 3, 30, 9, 0, 0, 0, time.UTC) }
		if err := registry.Seed(t.Context(), db, w, data.FS); err != nil {
			t.Fatal(err)
		}
		if _, err := db.Write.NewRaw(`INSERT INTO organisation (id, code, name, kind, domain, country, created_at) VALUES ('lab', 'lab', '{"en":"City laboratory"}', 'laboratory', 'health', 'KZ', 0)`).Exec(t.Context()); err != nil {
			t.Fatal(err)
		}
		shelf, err := registry.NewShelf(t.Context(), db)
		if err != nil {
			t.Fatal(err)
		}
		s := &wastewater.Service{W: w, Shelf: shelf, Home: "KZ"}
		person := func(org string, role access.Role) access.Actor {
			return access.Actor{ID: "a-" + org, OrgID: org, Domain: baqylau.HealthDomain, Roles: []access.Role{role}}
		}
		lab, clinic, author := person("lab", access.Reporter), person("clinic", access.Reporter), person("lab", access.Author)
		visit := func(a access.Actor, l baqylau.Lang, path string, form url.Values) *httptest.ResponseRecorder {
			a.Lang = l
			rt := web.NewRouter(web.Options{Authenticate: func(*http.Request) access.Actor { return a }, Now: w.Now, Layout: func(c *web.Ctx, p web.Page) error {
				if p.Status != 0 {
					c.W.WriteHeader(p.Status)
				}
				return p.Body.Render(locale.With(c.Context(), l), c.W)
			}})
			wastewater.Routes(rt, s)
			req := httptest.NewRequest("GET", path, nil)
			if form != nil {
				req = httptest.NewRequest("POST", path, strings.NewReader(form.Encode()))
				req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			}
			rec := httptest.NewRecorder()
			rt.ServeHTTP(rec, req)
			return rec
		}
		shows := func(rec *httptest.ResponseRecorder, words ...string) {
			t.Helper()
			for _, x := range words {
				if !strings.Contains(rec.Body.String(), x) {
					t.Errorf("status %d, the page lacks %q:\n%.3000s", rec.Code, x, rec.Body)
				}
			}
		}
		// Tuesday 10 and Saturday 14 March: 200 ng/l in 1,000 m³ of 10,000 people are 20, 400 in 3,000 are 120; (20·1,000 + 120·3,000)/4,000 = 95
		form := url.Values{"campaign": {"2026 spring"}, "city": {"Almaty"}, "plant": {"North"}, "place": {"KZ-75"}, "residue": {"mdma"}, "population": {"10 000"}, "first": {"2026-03-10"},
			"concentration-0": {"200"}, "flow-0": {"1000"}, "concentration-4": {"400"}, "flow-4": {"3000"}}
		bad := url.Values{"campaign": {"x"}, "city": {"Almaty"}, "place": {"US-CT"}, "residue": {"sugar"}, "population": {"0"}, "first": {"2026-03-28"}, "flow-0": {"1000"}, "flow-6": {"-5"}, "concentration-6": {"1"}}
		if rec := visit(lab, baqylau.English, "/wastewater/new", bad); rec.Code != http.StatusUnprocessableEntity {
			t.Errorf("a bad week: %d", rec.Code)
		} else {
			shows(rec, "above 0", "limit of quantification that it is below", "below zero")
		}
		shows(visit(lab, baqylau.English, "/wastewater/new", url.Values{"campaign": {"x"}, "city": {"Almaty"}, "place": {"KZ-75"}, "residue": {"mdma"}, "population": {"1"}, "first": {"2026-03-01"}}), "at least one day")
		if rec := visit(author, baqylau.English, "/wastewater/new", form); rec.Code != http.StatusForbidden {
			t.Errorf("the author enters samples: %d", rec.Code)
		}
		if rec := visit(lab, baqylau.English, "/wastewater/new", form); rec.Code != http.StatusSeeOther {
			t.Fatalf("%d %s", rec.Code, rec.Body)
		}
		shows(visit(clinic, baqylau.English, "/wastewater?residue=mdma", nil), "Almaty, North", "2026 spring", ">95.0<", ">20.0<", ">120.0<", "City laboratory", "Almaty (Kazakhstan)")
		shows(visit(lab, baqylau.Russian, "/wastewater?residue=mdma", nil), "Кампании наших лабораторий", "95,0", "/wastewater/new?campaign=2026+spring")
		shows(visit(lab, baqylau.Kazakh, "/wastewater?residue=mdma", nil), "Өз зертханаларымыздың науқандары")

		edit := "/wastewater/new?campaign=2026+spring&city=Almaty&plant=North&residue=mdma"
		shows(visit(lab, baqylau.English, edit, nil), "Correct the week", `value="3000"`, "Withdraw this week")
		if rec := visit(clinic, baqylau.English, edit, nil); strings.Contains(rec.Body.String(), `value="3000"`) {
			t.Error("another organisation corrects the week")
		}
		form.Set("loq", "10")
		form.Set("concentration-4", "") // below 10 ng/l: 5·3,000/10,000 = 1.5, so (20·1 + 1.5·3)/4 = 6.125, with 0 it is 5, with the limit (20 + 9)/4 = 7.25
		if rec := visit(lab, baqylau.English, "/wastewater/new", form); rec.Code != http.StatusSeeOther {
			t.Fatalf("%d %s", rec.Code, rec.Body)
		}
		shows(visit(clinic, baqylau.English, "/wastewater?residue=mdma", nil), "6.1 (5.0–7.2)")
		form.Set("concentration-0", "9")
		visit(lab, baqylau.English, "/wastewater/new", form)
		shows(visit(clinic, baqylau.English, "/wastewater?residue=mdma", nil), "&lt; 2.5") // all below: at most (1·1,000 + 3·3,000)/4,000

		week := url.Values{"campaign": {"2026 spring"}, "city": {"Almaty"}, "plant": {"North"}, "residue": {"mdma"}}
		if rec := visit(clinic, baqylau.English, "/wastewater/withdraw", week); rec.Code != http.StatusNotFound {
			t.Errorf("another organisation withdraws the week: %d", rec.Code)
		}
		if rec := visit(lab, baqylau.English, "/wastewater/withdraw", week); rec.Code != http.StatusSeeOther {
			t.Errorf("withdrawing: %d %s", rec.Code, rec.Body)
		}
		if rec := visit(clinic, baqylau.English, "/wastewater?residue=mdma", nil); strings.Contains(rec.Body.String(), "2026 spring") {
			t.Error("withdrawn and still there")
		}
	})
}
