package harm_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/indicator/harm"
	"github.com/baqylau/baqylau/internal/indicator/infection"
)

// A clinic enters a study: the interval is there, impossible numbers are asked about, and a small group is hidden from others together with the groups it could be computed from.
func TestTheInfectionPages(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		form := url.Values{"kind": {"seroprevalence"}, "title": {"Sentinel survey"}, "start_on": {"2024-03-01"}, "end_on": {"2024-06-30"}, "place": {"KZ"}, "recruitment": {"rds"},
			"measure-0": {"anti-HCV"}, "tested-0": {"100"}, "positive-0": {"64"}, "measure-1": {"anti-HCV"}, "group-1": {"sex=male"}, "tested-1": {"96"}, "positive-1": {"62"},
			"measure-2": {"anti-HCV"}, "group-2": {"sex=female"}, "tested-2": {"4"}, "positive-2": {"2"}}
		bad := url.Values{"kind": {"seroprevalence"}, "start_on": {"2024-03-01"}, "end_on": {"2024-02-01"}, "place": {"KZ"}}
		h.shows(h.visit(hospital, baqylau.English, "/infections/new", bad), "cannot end before it begins", "at least one count")
		if rec := h.visit(hospital, baqylau.English, "/infections/new", form); rec.Code != http.StatusSeeOther {
			t.Fatalf("entering: %d %s", rec.Code, rec.Body)
		}
		if rec := h.visit(police, baqylau.English, "/infections/new", form); rec.Code != http.StatusForbidden {
			t.Errorf("the police enter a study: %d", rec.Code)
		}
		h.shows(h.visit(epidemiology, baqylau.English, "/infections", nil), "Sentinel survey", "64.0\u00a0% (53.8–73.4)", "respondent-driven")
		h.shows(h.visit(epidemiology, baqylau.Russian, "/infections", nil), "64,0\u00a0% (53,8–73,4)")
		h.shows(h.visit(epidemiology, baqylau.Kazakh, "/infections", nil), "С гепатиті антиденелері")
		h.shows(h.visit(police, baqylau.English, "/infections?format=csv", nil), "anti-HCV,,100,64,0.64", "anti-HCV,sex=male,suppressed,suppressed,,", "anti-HCV,sex=female,suppressed,suppressed,,")
		odd := url.Values{"kind": {"diagnostic"}, "start_on": {"2025-01-01"}, "end_on": {"2025-12-31"}, "place": {"KZ"}, "measure-0": {"anti-HIV"}, "tested-0": {"40"}, "positive-0": {"50"}}
		if rec := h.visit(hospital, baqylau.English, "/infections/new", odd); rec.Code != http.StatusSeeOther {
			t.Fatalf("entering impossible numbers: %d %s", rec.Code, rec.Body)
		}
		var n int
		if err := h.s.W.DB.Read.QueryRowContext(t.Context(), "SELECT count(*) FROM check_finding WHERE rule = 'infection_positive' AND severity = 'error'").Scan(&n); err != nil || n != 1 {
			t.Errorf("%d questions, %v", n, err)
		}
	})
}

// Ninety-seven men of a hundred people tell of three others, whom no line names; a group divided by age tells no more; and what of the men is told for one marker hides nothing less for another.
func TestAStudyTellsNoRest(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		study := func(lines ...infection.Count) {
			t.Helper()
			x := &harm.Study{Study: infection.Study{Kind: "seroprevalence", Title: "survey", Place: "KZ", Start: baqylau.MustDate("2024-03-01"), End: baqylau.MustDate("2024-06-30"), Counts: lines}}
			if err := h.s.KeepStudy(t.Context(), hospital, "", x); err != nil {
				t.Fatal(err)
			}
		}
		study(infection.Count{Measure: "anti-HCV", Tested: 100, Positive: 60}, infection.Count{Measure: "anti-HCV", Breakdown: "sex=male", Tested: 97, Positive: 59},
			infection.Count{Measure: "anti-HIV", Tested: 100, Positive: 40}, infection.Count{Measure: "anti-HIV", Breakdown: "sex=male", Tested: 97, Positive: 40})
		study(infection.Count{Measure: "anti-HBc", Tested: 50, Positive: 12}, infection.Count{Measure: "anti-HBc", Breakdown: "sex=male", Tested: 30, Positive: 7}, infection.Count{Measure: "anti-HBc", Breakdown: "sex=female", Tested: 20, Positive: 5})
		study(infection.Count{Measure: "HBsAg", Tested: 10, Positive: 12}, infection.Count{Measure: "HBsAg", Breakdown: "sex=male", Tested: 9, Positive: 6})
		told := h.visit(police, baqylau.English, "/infections?format=csv", nil)
		h.shows(told, "anti-HBc,sex=male,30,7,", "anti-HBc,sex=female,20,5,0.25", "HBsAg,,suppressed,suppressed,,")
		for _, marker := range []string{"anti-HCV", "anti-HIV"} { // everybody or the men, but not both
			if body := told.Body.String(); strings.Contains(body, marker+",,100,") && strings.Contains(body, marker+",sex=male,97,") {
				t.Errorf("%s of three others follows:\n%s", marker, body)
			}
		}
		h.shows(h.visit(epidemiology, baqylau.English, "/infections?format=csv", nil), "anti-HCV,sex=male,97,59,", "anti-HIV,sex=male,97,40,", "HBsAg,,10,12,,")
	})
}
