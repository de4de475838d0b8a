package estimate_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/indicator"
	"github.com/baqylau/baqylau/internal/indicator/estimate"
	"github.com/baqylau/baqylau/internal/indicator/estimate/compute"
)

var multiplied = compute.Inputs{"benchmark": "1200", "reported": "120", "asked": "400"}

// An epidemiologist enters a multiplier, reads its page, runs it again, keeps it as a figure, corrects and withdraws it.
func TestAnEstimateIsKeptRunAgainAndBecomesAFigure(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		form := url.Values{"method": {"multiplier"}, "title": {"Injecting in the city"}, "target": {"injecting"}, "place": {"KZ-75"}, "from": {"2024"}, "age": {"15-64"}, "base": {"1000000"}, "citation": {"treatment register 2024"},
			"benchmark": {"1200"}, "reported": {"420"}, "asked": {"400"}, "level": {"95"}, "draws": {"10000"}, "seed": {"1"}}
		bad := h.visit(epidemiology, baqylau.English, "/estimates/new", form)
		h.shows(bad, "The part is larger than the whole", `value="1200"`)
		form.Set("reported", "120")
		done := h.visit(epidemiology, baqylau.English, "/estimates/new", form)
		path := done.Header().Get("Location")
		if done.Code != http.StatusSeeOther || !strings.HasPrefix(path, "/estimates/") {
			t.Fatalf("entering: %d %s %s", done.Code, path, done.Body)
		}
		h.shows(h.visit(epidemiology, baqylau.English, path, nil), "4,000", "3,462 – 4,666", "Wilson", "3,469 – 4,677", "random draws", "Respondents tell the contact rightly", "4.0 (3.5 – 4.7)", "epi/1", "Run again")
		h.shows(h.visit(epidemiology, baqylau.Russian, path, nil), "Уилсон", "Респонденты верно сообщают")
		h.shows(h.visit(epidemiology, baqylau.Kazakh, path, nil), "Респонденттер байланыс туралы дұрыс айтады")
		h.shows(h.visit(hospital, baqylau.English, "/estimates", nil), "Injecting in the city", "4,000", "2024")
		h.shows(h.visit(hospital, baqylau.English, "/estimates/compare?place=KZ-75", nil), "Injecting in the city", "4,000")
		h.shows(h.visit(hospital, baqylau.English, path+"?format=csv", nil), "multiplier,true,4000", "wilson")
		id := strings.TrimPrefix(path, "/estimates/")
		if equal, err := h.s.Again(t.Context(), epidemiology, id); err != nil || !equal {
			t.Errorf("run again: %v %v", equal, err)
		}
		if rec := h.visit(epidemiology, baqylau.English, path+"/observe", url.Values{"indicator": {"pwid_estimate_multiplier"}}); rec.Code != http.StatusSeeOther {
			t.Fatalf("observe: %d %s", rec.Code, rec.Body)
		}
		found, err := indicator.Find(t.Context(), h.db.Read, indicator.Question{Indicators: []string{"pwid_estimate_multiplier"}, AsOf: baqylau.MustDate("2026-03-02")})
		if err != nil || len(found) != 1 || *found[0].Value != 4000 || found[0].Detail.Method != "multiplier" || found[0].Detail.Interval != "wilson 95" || *found[0].Sample != 400 || found[0].Place != "KZ-75" || found[0].Age != "15-64" {
			t.Errorf("%+v %v", found, err)
		}
		if err := h.s.Observe(t.Context(), epidemiology, id, "pwid_estimate_multiplier"); baqylau.CodeOf(err) != baqylau.Conflict {
			t.Error("kept twice:", err)
		}
		later := about("multiplier", compute.Inputs{"benchmark": "1500", "reported": "120", "asked": "400"})
		later.SupersedesID = id
		h.run(later)
		h.shows(h.visit(epidemiology, baqylau.English, path, nil), "superseded", "/estimates/"+later.ID)
		h.hides(h.visit(epidemiology, baqylau.English, "/estimates", nil), "Injecting in the city")
		again := about("multiplier", multiplied)
		again.SupersedesID = id
		if err := h.s.Run(t.Context(), epidemiology, again); baqylau.CodeOf(err) != baqylau.Conflict {
			t.Error("superseded twice:", err)
		}
		if err := h.s.Withdraw(t.Context(), epidemiology, later.ID); err != nil {
			t.Fatal(err)
		}
		h.shows(h.visit(epidemiology, baqylau.English, "/estimates", nil), "No estimates yet")
	})
}

// Three registers: the page shows how the answer depends on the model before one interval.
func TestThePageShowsModelDependence(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		page := h.visit(hospital, baqylau.English, "/estimates/examples/hepatitis_taiwan", nil)
		h.shows(page, "8 models of the same persons give from 388 to 1,313: 3.4 times as many", "so the choice of the model matters more than chance", "1,313 (655 – 3,031)", "12,13,23", "none (independent lists)", "388", "24.4 (3)", "69.7",
			"Nobody enters or leaves", "Statistics in Medicine", "111 28")
		if body := page.Body.String(); strings.Index(body, "3.4 times") > strings.Index(body, "655 – 3,031") {
			t.Error("the interval of one model comes before the spread")
		}
		h.shows(h.visit(hospital, baqylau.Russian, "/estimates/examples/hiv_rome", nil), "64 модели", "выбор модели значит больше")
		// The same entered by fields of histories.
		h.shows(h.visit(epidemiology, baqylau.English, "/estimates/new?method=log_linear&lists=3", nil), `name="h_111"`, `name="h_001"`)
		h.shows(h.visit(epidemiology, baqylau.English, "/estimates/new?example=hepatitis_taiwan", nil), "111 28")
		form := url.Values{"method": {"log_linear"}, "title": {"Three registers"}, "target": {"opioids"}, "place": {"KZ"}, "from": {"2023"}, "to": {"2024"}, "citation": {"three registers"}, "within": {"10"}, "level": {"95"},
			"h_111": {"28"}, "h_110": {"21"}, "h_101": {"17"}, "h_100": {"69"}, "h_011": {"18"}, "h_010": {"55"}, "h_001": {"63"}}
		done := h.visit(epidemiology, baqylau.English, "/estimates/new", form)
		if done.Code != http.StatusSeeOther {
			t.Fatal(done.Body)
		}
		h.shows(h.visit(epidemiology, baqylau.English, done.Header().Get("Location"), nil), "1,313", "2023–2024")
		h.shows(h.visit(hospital, baqylau.English, done.Header().Get("Location"), nil), "1,313", "12,13,23")
		h.hides(h.visit(hospital, baqylau.English, done.Header().Get("Location"), nil), "111 28", "Run again")
	})
}

// Small counts went in: who is outside the work reads what cannot be computed back, on the page, in the list, in the comparison and in files.
func TestSmallCountsBehindAnEstimateAreNotShown(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		few := h.run(about("proportion", compute.Inputs{"x": "3", "n": "43719"}))
		small := h.run(about("log_linear", compute.Inputs{"histories": strings.Replace("111 28\n110 21\n101 17\n100 69\n011 18\n010 55\n001 63", "111 28", "111 3", 1)}))
		survey := h.run(about("multiplier", compute.Inputs{"benchmark": "1200", "reported": "9", "asked": "25"}))
		for _, reader := range []access.Actor{police, hospital} {
			for _, path := range []string{"/estimates/" + few, "/estimates/" + survey, "/estimates", "/estimates/compare?place=KZ-75", "/estimates?format=csv"} {
				h.hides(h.visit(reader, baqylau.English, path, nil), "43719", "43,719", "0.0069", "3,333", "1200")
			}
			h.shows(h.visit(reader, baqylau.English, "/estimates/"+few, nil), "withheld", "so few persons")
			if rec := h.visit(reader, baqylau.English, "/estimates/"+few+"?format=csv", nil); rec.Code != http.StatusNotFound {
				t.Errorf("a file of a withheld estimate: %d", rec.Code)
			}
			page := h.visit(reader, baqylau.English, "/estimates/"+small, nil)
			h.shows(page, "about ", "rounded to two digits")
			h.hides(page, "12,13,23", "111 3", "AIC</", "Standard error")
		}
		h.shows(h.visit(epidemiology, baqylau.English, "/estimates/"+few, nil), "43719")
		for _, id := range []string{few, survey} {
			if err := h.s.Observe(t.Context(), epidemiology, id, "pwid_estimate"); !slices.Contains([]baqylau.Code{baqylau.Conflict, baqylau.Invalid}, baqylau.CodeOf(err)) {
				t.Error("a withheld estimate became a figure:", err)
			}
		}
		if err := h.s.Observe(t.Context(), epidemiology, small, "pwid_estimate"); err != nil {
			t.Fatal(err)
		}
		found, err := indicator.Find(t.Context(), h.db.Read, indicator.Question{Indicators: []string{"pwid_estimate"}, AsOf: baqylau.MustDate("2026-03-02")})
		if err != nil || len(found) != 1 || found[0].Qualifier != indicator.About || *found[0].Value != float64(int(*found[0].Value/10)*10) || found[0].Detail.Error != nil {
			t.Errorf("%+v %v", found, err)
		}
	})
}

// Of two estimates of the same people the later tells one step less: both exact would tell what went into one of them alone. One of other people tells all.
func TestTwoEstimatesTellNoDifference(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		exposure := func(edit func(*estimate.Estimate)) estimate.Exposure {
			t.Helper()
			e := about("multiplier", compute.Inputs{"benchmark": "1203", "reported": "120", "asked": "400"})
			edit(e)
			h.run(e)
			return e.Exposure
		}
		first := about("multiplier", multiplied)
		h.run(first)
		if first.Exposure != estimate.Whole {
			t.Errorf("the first is %s", first.Exposure)
		}
		later := exposure(func(e *estimate.Estimate) { e.Title = "Three more" })
		if later != estimate.Rounded {
			t.Errorf("with three more people it is %s", later)
		}
		if x := exposure(func(e *estimate.Estimate) { e.Place, e.Inputs = "KZ-71", multiplied }); x != estimate.Whole {
			t.Errorf("of another place it is %s", x)
		}
		if x := exposure(func(e *estimate.Estimate) { e.Published, e.Inputs = true, multiplied }); x != estimate.Whole {
			t.Errorf("of published data it is %s", x)
		}
		if x := exposure(func(e *estimate.Estimate) {
			e.Method, e.Inputs = "log_linear", compute.Inputs{"histories": "111 3\n110 21\n101 17\n100 69\n011 18\n010 55\n001 63"}
		}); x != estimate.Withheld {
			t.Errorf("with a small count, beside the others, it is %s", x)
		}
		h.hides(h.visit(police, baqylau.English, "/estimates", nil), "4,010")
		h.shows(h.visit(epidemiology, baqylau.English, "/estimates", nil), "4,010")
	})
}

func TestOnlyEpidemiologyEstimates(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		id := h.run(about("multiplier", multiplied))
		if err := h.s.Run(t.Context(), author, about("multiplier", multiplied)); baqylau.CodeOf(err) != baqylau.Forbidden {
			t.Error(err)
		}
		if rec := h.visit(police, baqylau.English, "/estimates/new", nil); rec.Code != http.StatusForbidden {
			t.Error(rec.Code)
		}
		if _, err := h.s.Again(t.Context(), hospital, id); baqylau.CodeOf(err) != baqylau.Forbidden {
			t.Error(err)
		}
		wrong := &estimate.Estimate{Method: "multiplier", Inputs: multiplied, Age: "all"}
		err := h.s.Run(t.Context(), epidemiology, wrong)
		for _, field := range []string{"title", "citation", "target", "place", "from"} {
			if baqylau.CodeOf(err) != baqylau.Invalid || !strings.Contains(err.Error(), "("+field+")") {
				t.Errorf("%s: %v", field, err)
			}
		}
	})
}

// A search finds titles in Cyrillic letters whatever their case, on both engines.
func TestEstimatesAreFoundInCyrillic(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		e := about("multiplier", multiplied)
		e.Title = "Потребители ИНЪЕКЦИОННЫХ наркотиков"
		h.run(e)
		for _, q := range []string{"инъекционных", "ПОТРЕБИТЕЛИ", "Инъекц"} {
			h.shows(h.visit(epidemiology, baqylau.Russian, "/estimates?q="+url.QueryEscape(q), nil), "ИНЪЕКЦИОННЫХ")
		}
		h.hides(h.visit(epidemiology, baqylau.Russian, "/estimates?q="+url.QueryEscape("кокаин"), nil), "ИНЪЕКЦИОННЫХ")
	})
}
