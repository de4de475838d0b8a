package harm_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/indicator"
	"github.com/baqylau/baqylau/internal/indicator/harm"
)

// A study is corrected by whoever sent it, and withdrawn; what it said on earlier days stays. Notifications of the country stand below the studies.
func TestAStudyIsCorrectedAndWithdrawn(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.s.Figures = &indicator.Service{W: h.s.W, Shelf: h.s.Shelf, Home: "KZ"}
		form := url.Values{"kind": {"seroprevalence"}, "title": {"Sentinel survey"}, "start_on": {"2024-03-01"}, "end_on": {"2024-06-30"}, "place": {"KZ"}, "measure-0": {"anti-HCV"}, "tested-0": {"100"}, "positive-0": {"64"}}
		if rec := h.visit(hospital, baqylau.English, "/infections/new", form); rec.Code != http.StatusSeeOther {
			t.Fatalf("%d %s", rec.Code, rec.Body)
		}
		day := func() baqylau.Date { return baqylau.DateOf(h.now) }
		studies := func(day baqylau.Date) []harm.Study {
			all, err := harm.Studies(t.Context(), h.s.W.DB.Read, "KZ", day)
			if err != nil {
				t.Fatal(err)
			}
			return all
		}
		first := day()
		path := "/infections/studies/" + studies(first)[0].ID
		h.shows(h.visit(hospital, baqylau.English, "/infections", nil), `href="`+path+`"`)
		for who, rec := range map[string]int{"clinic": h.visit(otherHospital, baqylau.English, path, nil).Code, "their correction": h.visit(otherHospital, baqylau.English, path, form).Code, "their withdrawal": h.visit(otherHospital, baqylau.English, path+"/withdraw", url.Values{}).Code} {
			if rec != http.StatusNotFound {
				t.Errorf("%s: %d", who, rec)
			}
		}
		if rec := h.visit(otherHospital, baqylau.English, "/infections", nil); strings.Contains(rec.Body.String(), path) {
			t.Error("another clinic is led to the form")
		}
		h.now = h.now.Add(48 * time.Hour)
		h.shows(h.visit(hospital, baqylau.English, path, nil), "Correct the study", "Sentinel survey", `value="64"`, "Withdraw")
		form.Set("positive-0", "46")
		if rec := h.visit(hospital, baqylau.English, path, form); rec.Code != http.StatusSeeOther {
			t.Fatalf("%d %s", rec.Code, rec.Body)
		}
		now := studies(day())
		if len(now) != 1 || now[0].Counts[0].Positive != 46 || studies(first)[0].Counts[0].Positive != 64 {
			t.Errorf("now %+v, before %+v", now, studies(first))
		}
		if rec := h.visit(hospital, baqylau.English, path, form); rec.Code != http.StatusNotFound {
			t.Errorf("what was superseded is corrected again: %d", rec.Code)
		}
		h.now = h.now.Add(48 * time.Hour)
		if rec := h.visit(hospital, baqylau.English, "/infections/studies/"+now[0].ID+"/withdraw", url.Values{}); rec.Code != http.StatusSeeOther || len(studies(day())) != 0 || len(studies(first)) != 1 {
			t.Errorf("withdrawn: %d, %d left", rec.Code, len(studies(day())))
		}
		if _, err := h.s.W.DB.Write.ExecContext(t.Context(), `INSERT INTO observation (id, cell, indicator, unit, country, place, start_on, end_on, sex, age, drug, value, source_id, issuer, org_id, account_id, domain, known_on, recorded_at)
			VALUES ('n1', 'n1', 'hiv_new_diagnoses', 'cases', 'KZ', 'KZ', '2023-01-01', '2023-12-31', 'total', 'all', 'all', 3421, 'extract', 'Ministry', 'centre', 'x', 'health', '2024-06-01', 0),
				('n2', 'n2', 'hiv_new_diagnoses_idu', 'cases', 'KZ', 'KZ', '2023-01-01', '2023-12-31', 'total', 'all', 'all', 3, 'extract', 'Ministry', 'centre', 'x', 'health', '2024-06-01', 0)`); err != nil {
			t.Fatal(err)
		}
		page := h.visit(police, baqylau.English, "/infections", nil)
		if h.shows(page, "3,421", "hidden", "Registered cases"); strings.Contains(page.Body.String(), ">3<") {
			t.Error("three cases are told to the police")
		}
		h.shows(h.visit(epidemiology, baqylau.Russian, "/infections", nil), "Зарегистрированные случаи", ">3<")
		h.shows(h.visit(epidemiology, baqylau.Kazakh, "/infections", nil), "Тіркелген жағдайлар")
	})
}

// A registration that should not be there is withdrawn by whoever entered it; the past keeps it.
func TestARegistrationIsWithdrawn(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		r := h.stay("", "2025-03-01", "", "")
		path := "/register/records/" + r.ID
		h.shows(h.visit(hospital, baqylau.English, path, nil), path+"/withdraw")
		if rec := h.visit(otherHospital, baqylau.English, path+"/withdraw", url.Values{}); rec.Code != http.StatusNotFound {
			t.Errorf("another clinic withdraws it: %d", rec.Code)
		}
		first := baqylau.DateOf(h.now)
		h.now = h.now.Add(48 * time.Hour)
		if rec := h.visit(hospital, baqylau.English, path+"/withdraw", url.Values{}); rec.Code != http.StatusSeeOther {
			t.Fatalf("%d", rec.Code)
		}
		for day, want := range map[baqylau.Date]int{first: 1, baqylau.DateOf(h.now): 0} {
			if all, err := harm.Registrations(t.Context(), h.s.W.DB.Read, "KZ", day); err != nil || len(all) != want {
				t.Errorf("%s: %d, %v", day, len(all), err)
			}
		}
		if rec := h.visit(hospital, baqylau.English, path+"/withdraw", url.Values{}); rec.Code != http.StatusNotFound {
			t.Errorf("withdrawn twice: %d", rec.Code)
		}
	})
}
