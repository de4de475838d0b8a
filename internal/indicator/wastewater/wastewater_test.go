package wastewater_test

import (
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/indicator/wastewater"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/registry"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
	"github.com/baqylau/baqylau/internal/web"
)

// The factors of the file, computed from masses and excretion, are within two per cent of what their source prints.
func TestFactors(t *testing.T) {
	for _, residue := range []string{"benzoylecgonine", "amphetamine", "methamphetamine", "mdma", "thc_cooh", "mam_6"} {
		f, ok := wastewater.FactorOf(residue, "")
		if !ok || math.Abs(f.Value/f.Published-1) > 0.02 {
			t.Errorf("%s: computed %v, published %v", residue, f.Value, f.Published)
		}
	}
	if f, ok := wastewater.FactorOf("cocaine", "2"); !ok || f.Residue != "benzoylecgonine" {
		t.Errorf("cocaine is measured by benzoylecgonine: %+v", f)
	}
}

// Published loads stand by city and year, with what was used beside them and a word on decimals that were damaged.
func TestThePage(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := change.New(db)
		w.Now = func() time.Time { return time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC) }
		exec := func(q string, args ...any) {
			t.Helper()
			if _, err := db.Write.NewRaw(q, args...).Exec(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		exec("INSERT INTO source (id, code, name, country, domain) VALUES ('euda', 'euda', '{}', 'AT', 'neutral')")
		for i, x := range []struct {
			year, day, raw string
			value          float64
		}{{"2023", "daily", "", 100}, {"2024", "daily", "", 500}, {"2024", "weekday", "03.04", 3.04}, {"2024", "weekend", "", 4.29}} {
			exec(`INSERT INTO observation (id, cell, indicator, unit, country, place, start_on, end_on, drug, breakdown, value, source_id, issuer, org_id, account_id, domain, known_on, recorded_at, detail)
				VALUES (?, ?, 'wastewater_load', 'mg_1000_day', 'AT', 'AT', ?, ?, '2', ?, ?, 'euda', 'SCORE / EUDA', 'centre', 'x', 'neutral', '2025-01-01', 0, ?)`, string(rune('a'+i)), x.year+x.day, x.year+"-01-01", x.year+"-12-31",
				"city=Graz;day="+x.day+";residue=cocaine", x.value, `{"raw":"`+x.raw+`"}`)
		}
		shelf, err := registry.NewShelf(t.Context(), db)
		if err != nil {
			t.Fatal(err)
		}
		s := &wastewater.Service{W: w, Shelf: shelf}
		show := func(l baqylau.Lang, path string) string {
			a := access.Actor{ID: "x", OrgID: "centre", Domain: baqylau.NeutralDomain, Roles: []access.Role{access.Author}, Lang: l}
			rt := web.NewRouter(web.Options{Authenticate: func(*http.Request) access.Actor { return a }, Now: w.Now, Layout: func(c *web.Ctx, p web.Page) error { return p.Body.Render(locale.With(c.Context(), l), c.W) }})
			wastewater.Routes(rt, s)
			rec := httptest.NewRecorder()
			rt.ServeHTTP(rec, httptest.NewRequest("GET", path, nil))
			return rec.Body.String()
		}
		page := show(baqylau.English, "/wastewater")
		// 500 mg of residue by 303.35/289.33/0.29 = 3.6153 are 1,807.7 mg of cocaine
		for _, w := range []string{"Graz (AT)", "500.0", "1,807.7", "3.0", "4.3", "Graz 2024: 03.04", "not compared", "SCORE / EUDA"} {
			if !strings.Contains(page, w) {
				t.Errorf("the page lacks %q:\n%.3000s", w, page)
			}
		}
		if p := show(baqylau.Russian, "/wastewater?country=DE"); !strings.Contains(p, "Сточные воды") && !strings.Contains(p, "сточных вод") {
			t.Errorf("%.1000s", p)
		}
		if p := show(baqylau.Kazakh, "/wastewater"); !strings.Contains(p, "Ағын су") {
			t.Errorf("%.1000s", p)
		}
	})
}
