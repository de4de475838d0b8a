package harm_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/baqylau/baqylau"
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
