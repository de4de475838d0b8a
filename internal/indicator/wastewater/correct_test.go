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
	"github.com/baqylau/baqylau/internal/registry"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
	"github.com/baqylau/baqylau/internal/web"
)

// A week is corrected: a first day that was a day off leaves no day behind, a day that is emptied is gone, and what the form shows of the first day alone stays on each day as it was. What was never found is no load, and a plant that
// two laboratories sent is asked about, not averaged.
func TestAWeekIsCorrected(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := change.New(db)
		w.Now = func() time.Time { return time.Date(2026, 3, 30, 9, 0, 0, 0, time.UTC) }
		if err := registry.Seed(t.Context(), db, w, data.FS); err != nil {
			t.Fatal(err)
		}
		shelf, err := registry.NewShelf(t.Context(), db)
		if err != nil {
			t.Fatal(err)
		}
		s := &wastewater.Service{W: w, Shelf: shelf, Home: "KZ"}
		lab := access.Actor{ID: "a", OrgID: "lab", Domain: baqylau.HealthDomain, Roles: []access.Role{access.Reporter}, Lang: baqylau.English}
		number := func(v float64) *float64 { return &v }
		day := func(date, residue string, found *float64, population float64) *wastewater.Sample {
			return &wastewater.Sample{Campaign: "spring", City: "Almaty", Plant: "North", Country: "KZ", Place: "KZ-75", Taken: baqylau.MustDate(date), Residue: residue, Concentration: found, LOQ: number(10), Flow: 1000, Population: population}
		}
		keep := func(a access.Actor, all ...*wastewater.Sample) {
			t.Helper()
			if err := s.Keep(t.Context(), a, all); err != nil {
				t.Fatal(err)
			}
		}
		keep(lab, day("2026-03-09", "mdma", number(200), 10_000), day("2026-03-10", "mdma", number(400), 20_000), day("2026-03-11", "mdma", number(600), 10_000))
		rt := web.NewRouter(web.Options{Authenticate: func(*http.Request) access.Actor { return lab }, Now: w.Now, Layout: func(*web.Ctx, web.Page) error { return nil }})
		wastewater.Routes(rt, s)
		form := url.Values{"campaign": {"spring"}, "city": {"Almaty"}, "plant": {"North"}, "place": {"KZ-75"}, "residue": {"mdma"}, "population": {"10000"}, "loq": {"10"}, "first": {"2026-03-10"}, "concentration-0": {"200"}, "flow-0": {"1000"},
			"concentration-1": {"400"}, "flow-1": {"1000"}} // the third day is emptied
		req := httptest.NewRequest("POST", "/wastewater/new", strings.NewReader(form.Encode()))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		rec := httptest.NewRecorder()
		if rt.ServeHTTP(rec, req); rec.Code != http.StatusSeeOther {
			t.Fatalf("%d %s", rec.Code, rec.Body)
		}
		found, err := wastewater.Samples(t.Context(), db.Read, baqylau.MustDate("2026-03-30"))
		if err != nil || len(found) != 2 || found[0].Taken.String() != "2026-03-10" || found[0].Population != 10_000 || found[1].Population != 20_000 {
			t.Errorf("corrected: %+v, %v", found, err)
		}
		other := lab
		other.OrgID = "university"
		keep(other, day("2026-03-11", "mdma", number(9000), 10_000))
		keep(lab, day("2026-03-10", "amphetamine", nil, 10_000), day("2026-03-11", "amphetamine", number(4), 10_000))
		loads, err := s.Loads(t.Context(), baqylau.MustDate("2026-03-30"))
		if err != nil || len(loads) != 2 {
			t.Fatalf("%+v, %v", loads, err)
		}
		for _, l := range loads {
			switch l.Residue {
			case "mdma": // 20 on both days
				if l.Daily == nil || *l.Daily != 20 || len(l.Twice) != 1 || l.Below {
					t.Errorf("two laboratories: %+v", l)
				}
			default:
				if l.Daily != nil || l.Weekday != nil || l.Weekend != nil || !l.Below {
					t.Errorf("what was never found is a load: %+v", l)
				}
			}
		}
	})
}
