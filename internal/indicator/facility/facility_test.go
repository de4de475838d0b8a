package facility_test

import (
	"context"
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
	"github.com/baqylau/baqylau/internal/indicator"
	"github.com/baqylau/baqylau/internal/indicator/facility"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/registry"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
	"github.com/baqylau/baqylau/internal/web"
)

type house struct {
	t   *testing.T
	s   *facility.Service
	now time.Time
}

func actor(org string, domain baqylau.Domain, roles ...access.Role) access.Actor {
	return access.Actor{ID: "person-of-" + org, OrgID: org, Domain: domain, Roles: roles, Lang: baqylau.English}
}

var (
	ngo          = actor("ngo", baqylau.HealthDomain, access.Provider)
	clinic       = actor("clinic", baqylau.HealthDomain, access.Provider)
	police       = actor("police", baqylau.EnforcementDomain, access.Reporter)
	epidemiology = actor("centre", baqylau.NeutralDomain, access.Epidemiology)
	author       = actor("centre", baqylau.NeutralDomain, access.Author)
)

func each(t *testing.T, story func(t *testing.T, h *house)) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := &house{t: t, now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
		w := change.New(db)
		w.Now = func() time.Time { return h.now }
		if err := registry.Seed(t.Context(), db, w, data.FS); err != nil {
			t.Fatal(err)
		}
		if _, err := db.Write.ExecContext(t.Context(), "INSERT INTO source (id, code, name, country, domain) VALUES ('own', 'own', '{}', 'KZ', 'health')"); err != nil {
			t.Fatal(err)
		}
		shelf, err := registry.NewShelf(t.Context(), db)
		if err != nil {
			t.Fatal(err)
		}
		h.s = &facility.Service{W: w, Shelf: shelf, Home: "KZ", OwnSource: func(context.Context, *change.Tx, string) (string, error) { return "own", nil }, Hidden: (&indicator.Service{W: w, Shelf: shelf, Home: "KZ"}).Hidden}
		story(t, h)
	})
}

func (h *house) visit(a access.Actor, l baqylau.Lang, path string, form url.Values) *httptest.ResponseRecorder {
	h.t.Helper()
	a.Lang = l
	rt := web.NewRouter(web.Options{Authenticate: func(*http.Request) access.Actor { return a }, Now: h.s.W.Now, Layout: func(c *web.Ctx, p web.Page) error {
		if p.Status != 0 {
			c.W.WriteHeader(p.Status)
		}
		return p.Body.Render(locale.With(c.Context(), l), c.W)
	}})
	facility.Routes(rt, h.s)
	req := httptest.NewRequest("GET", path, nil)
	if form != nil {
		req = httptest.NewRequest("POST", path, strings.NewReader(form.Encode()))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	rec := httptest.NewRecorder()
	rt.ServeHTTP(rec, req)
	return rec
}

func (h *house) shows(rec *httptest.ResponseRecorder, words ...string) {
	h.t.Helper()
	for _, w := range words {
		if !strings.Contains(rec.Body.String(), w) {
			h.t.Errorf("status %d, the page lacks %q:\n%.4000s", rec.Code, w, rec.Body.String())
		}
	}
}

// point is a trust point with methadone in a region.
func (h *house) point(a access.Actor, code, region string) string {
	h.t.Helper()
	f := &facility.Facility{Code: code, Name: baqylau.Text{RU: "Пункт " + code, EN: "Point " + code}, Region: region, Kind: "low_threshold", Services: []string{"nsp", "oat"}}
	if err := h.s.Keep(h.t.Context(), a, "", f); err != nil {
		h.t.Fatal(err)
	}
	return f.ID
}

func n(v float64) *float64 { return &v }

// A provider enters its facility and a year's figures by forms; others see the register, small counts of clients hidden; nobody else changes it.
func TestAFacilityReportsAYear(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		form := url.Values{"code": {"17"}, "name_ru": {"Пункт доверия"}, "kind": {"low_threshold"}, "region": {"KZ-75"}, "beds": {"-1"}}
		h.shows(h.visit(ngo, baqylau.English, "/facilities/new", form), "from 0 to")
		form.Set("beds", "")
		h.shows(h.visit(ngo, baqylau.English, "/facilities/new", form), "Tick at least one service")
		form["services"] = []string{"nsp", "oat"}
		done := h.visit(ngo, baqylau.English, "/facilities/new", form)
		path := done.Header().Get("Location")
		if done.Code != http.StatusSeeOther {
			t.Fatalf("%d %s", done.Code, done.Body)
		}
		if rec := h.visit(ngo, baqylau.English, "/facilities/new", form); rec.Code != http.StatusConflict {
			t.Errorf("the number twice: %d", rec.Code)
		}
		h.shows(h.visit(ngo, baqylau.Russian, path+"/figures", nil), "Выданные шприцы", "Получают опиоидную агонистскую терапию", `value="2025"`)
		figures := url.Values{"year": {"2025"}, "nsp_syringes": {"50000"}, "oat_clients": {"3"}}
		if rec := h.visit(ngo, baqylau.English, path+"/figures", figures); rec.Code != http.StatusSeeOther {
			t.Fatalf("%d %s", rec.Code, rec.Body)
		}
		h.shows(h.visit(ngo, baqylau.English, path, nil), "50,000", ">3<")
		other := h.visit(author, baqylau.English, path, nil)
		if h.shows(other, "50,000", "hidden"); strings.Contains(other.Body.String(), ">3<") {
			t.Error("three clients are told")
		}
		h.shows(h.visit(police, baqylau.English, "/facilities", nil), `/facilities?region=KZ-75`, "Almaty", "none", "register of facilities")
		for l, words := range map[baqylau.Lang][]string{baqylau.English: {"Opioid agonist therapy", "low-threshold"}, baqylau.Kazakh: {"Мекемелер"}, baqylau.Russian: {"Пункт доверия"}} {
			for _, w := range words {
				if rec := h.visit(police, l, "/facilities?q="+url.QueryEscape("ПУНКТ дов"), nil); !strings.Contains(strings.ToLower(rec.Body.String()), strings.ToLower(w)) {
					t.Errorf("%s: the register lacks %q", l, w)
				}
			}
		}
		for who, rec := range map[string]*httptest.ResponseRecorder{"another provider": h.visit(clinic, baqylau.English, path+"/edit", nil), "the police": h.visit(police, baqylau.English, path+"/figures", nil)} {
			if rec.Code != http.StatusNotFound && rec.Code != http.StatusForbidden {
				t.Errorf("%s: %d", who, rec.Code)
			}
		}
	})
}

// A facility changes from a day on: what it was stays readable, and figures follow it.
func TestVersionsOfAFacility(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		id := h.point(ngo, "1", "KZ-75")
		h.now = h.now.AddDate(0, 1, 0)
		f, err := facility.Get(t.Context(), h.s.W.DB.Read, id)
		if err != nil {
			t.Fatal(err)
		}
		f.Region = "KZ-71"
		if err := h.s.Keep(t.Context(), ngo, id, &f); err != nil {
			t.Fatal(err)
		}
		for day, want := range map[string]string{"2026-03-10": "KZ-75", "2026-04-02": "KZ-71"} {
			all, err := facility.All(t.Context(), h.s.W.DB.Read, "KZ", baqylau.MustDate(day))
			if err != nil || len(all) != 1 || all[0].Region != want || all[0].ID != id {
				t.Errorf("%s: %+v %v", day, all, err)
			}
		}
	})
}

// The country's figure is the sum over facilities; with an estimate of those in need it makes coverage in the bands of the guide. 120,000 syringes for 1,000 people are 120 each.
func TestCoverage(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		a, b := h.point(ngo, "1", "KZ-75"), h.point(clinic, "2", "KZ-71")
		for id, who := range map[string]access.Actor{a: ngo, b: clinic} {
			if err := h.s.Report(t.Context(), who, id, 2025, map[string]*float64{"nsp_syringes": n(60_000), "oat_clients": n(90)}); err != nil {
				t.Fatal(err)
			}
		}
		if err := h.s.Report(t.Context(), ngo, b, 2025, map[string]*float64{"nsp_syringes": n(1)}); baqylau.CodeOf(err) != baqylau.NotFound {
			t.Errorf("another's facility: %v", err)
		}
		if got, err := h.s.CoverageOf(t.Context(), epidemiology, "KZ", baqylau.MustDate("2026-03-02")); err != nil || len(got) != 0 {
			t.Errorf("coverage without an estimate: %+v %v", got, err)
		}
		if _, err := h.s.W.DB.Write.ExecContext(t.Context(), `INSERT INTO observation (id, cell, indicator, unit, country, place, start_on, end_on, value, low, high, source_id, org_id, account_id, domain, known_on, recorded_at)
			VALUES ('e', 'e', 'pwid_estimate', 'persons', 'KZ', 'KZ', '2024-01-01', '2024-12-31', 1000, 500, 1500, 'own', 'centre', 'x', 'neutral', '2025-01-01', 0)`); err != nil {
			t.Fatal(err)
		}
		got, err := h.s.CoverageOf(t.Context(), epidemiology, "KZ", baqylau.MustDate("2026-03-02"))
		if err != nil || len(got) != 2 {
			t.Fatalf("%+v %v", got, err)
		}
		for _, c := range got {
			want := map[string]struct {
				ratio float64
				band  string
			}{"nsp": {120, "medium"}, "oat": {0.18, "low"}}[c.Service]
			if c.Ratio != want.ratio || c.Band.String() != want.band || c.Reporting != 2 || c.Bands[0] == c.Bands[1] {
				t.Errorf("%s: %+v", c.Service, c)
			}
		}
		// Half a year, an estimate of the young alone and a figure of one agency stand for nobody else's.
		if _, err := h.s.W.DB.Write.ExecContext(t.Context(), `INSERT INTO observation (id, cell, indicator, unit, country, place, age, coverage, start_on, end_on, value, source_id, org_id, account_id, domain, known_on, recorded_at)
			VALUES ('half', 'half', 'naloxone_kits', 'kits', 'KZ', 'KZ', 'all', '', '2025-07-01', '2025-12-31', 500, 'own', 'centre', 'x', 'neutral', '2026-02-01', 0),
			('agency', 'agency', 'naloxone_kits', 'kits', 'KZ', 'KZ', 'all', 'health', '2025-01-01', '2025-12-31', 600, 'own', 'centre', 'x', 'neutral', '2026-02-01', 0),
			('young', 'young', 'pwid_estimate', 'persons', 'KZ', 'KZ', '15-24', '', '2025-01-01', '2025-12-31', 200, 'own', 'centre', 'x', 'neutral', '2026-02-01', 0)`); err != nil {
			t.Fatal(err)
		}
		if again, err := h.s.CoverageOf(t.Context(), epidemiology, "KZ", baqylau.MustDate("2026-03-02")); err != nil || len(again) != 2 || again[0].InNeed != 1000 {
			t.Errorf("with figures of parts: %+v %v", again, err)
		}
		h.shows(h.visit(author, baqylau.English, "/facilities/coverage", nil), "120,000", "of 2 facilities", "1,000 (500–1,500)", "120 (80–240)", "medium", "from low to high", "18.0 (12.0–36.0)")
		h.shows(h.visit(author, baqylau.Russian, "/facilities/coverage", nil), "по 2 учреждениям", "средний")
		h.shows(h.visit(epidemiology, baqylau.Kazakh, "/facilities/coverage", nil), "орташа")
	})
}

// Two clients here and three there are hidden, and so is what they could be taken from: the third point of their region, and the country where nobody else reports. The country's sum of many is told.
func TestFewClientsAreNotTakenFromSums(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		report := func(id string, year int, v float64) {
			t.Helper()
			if err := h.s.Report(t.Context(), ngo, id, year, map[string]*float64{"oat_clients": &v}); err != nil {
				t.Fatal(err)
			}
		}
		few, more, far := h.point(ngo, "1", "KZ-75"), h.point(ngo, "2", "KZ-75"), h.point(ngo, "3", "KZ-71")
		report(few, 2025, 3)
		report(more, 2025, 40)
		report(far, 2025, 60)
		report(few, 2024, 2)
		need := 5000.
		o := indicator.Observation{Indicator: "pwid_estimate", Unit: "persons", Country: "KZ", Place: "KZ", Start: baqylau.NewDate(2024, 1, 1), End: baqylau.NewDate(2024, 12, 31), Value: &need, SourceID: "own", OrgID: "centre", Domain: baqylau.NeutralDomain}
		o.Fill()
		if err := h.s.W.Do(t.Context(), epidemiology, access.IndicatorWrite, func(ctx context.Context, tx *change.Tx) error {
			tx.Subject("observation", "o", "centre", nil)
			_, err := indicator.Record(ctx, tx, []indicator.Observation{o})
			return err
		}); err != nil {
			t.Fatal(err)
		}
		for id, n := range map[string]string{few: ">3<", more: ">40<"} {
			if body := h.visit(police, baqylau.English, "/facilities/"+id, nil).Body.String(); strings.Contains(body, n) || !strings.Contains(body, "hidden") {
				t.Errorf("the police are told %s", n)
			}
			h.shows(h.visit(ngo, baqylau.English, "/facilities/"+id, nil), n)
			h.shows(h.visit(epidemiology, baqylau.English, "/facilities/"+id, nil), n)
		}
		h.shows(h.visit(police, baqylau.English, "/facilities/"+far, nil), ">60<")
		for who, want := range map[string][2]disclosed{police.ID: {{103, false}, {0, true}}, epidemiology.ID: {{103, false}, {2, false}}} {
			a := map[string]access.Actor{police.ID: police, epidemiology.ID: epidemiology}[who]
			got, err := h.s.CoverageOf(t.Context(), a, "KZ", baqylau.MustDate("2026-03-02"))
			if err != nil || len(got) != 2 {
				t.Fatalf("%d lines, %v", len(got), err)
			}
			for i, x := range got {
				if (disclosed{x.Served, x.Hidden}) != want[i] {
					t.Errorf("%s, %d: %v, hidden %v", who, x.Year, x.Served, x.Hidden)
				}
			}
		}
		h.shows(h.visit(police, baqylau.English, "/facilities/coverage", nil), "103", "hidden")
	})
}

type disclosed struct {
	served float64
	hidden bool
}
