package harm_test

import (
	"math"
	"net/http"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/indicator/harm"
	"github.com/baqylau/baqylau/internal/indicator/register"
)

// stay registers a man born in 1980.
func (h *house) stay(person, entered, exit, reason string) *harm.Registration {
	h.t.Helper()
	r := &harm.Registration{Registration: register.Registration{Person: person, Region: "KZ-75", Entered: baqylau.MustDate(entered), EntryReason: "first", ExitReason: reason, Drug: "1.1", Sex: "male", Born: 1980}}
	if exit != "" {
		r.Exit = baqylau.MustDate(exit)
	}
	if err := h.s.KeepRegistration(h.t.Context(), hospital, "", r); err != nil {
		h.t.Fatal(err)
	}
	return r
}

// People on the register are followed: their time counts once, also where two regions hold them, a death is that of the register or of a certificate of the same person, and what the population's rates would have made is put beside it.
func TestACohort(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.stay("a", "2020-01-01", "", "")               // the whole of 2024 and 2025: 731 days
		h.stay("b", "2024-01-01", "2025-01-01", "died") // 366 days, dead by the register
		h.stay("c", "2024-07-01", "2025-07-01", "moved")
		h.stay("c", "2025-06-01", "", "")                    // the month of June in both: from 1 July 2024 on 549 days less the day of death below
		h.stay("d", "2019-01-01", "2020-01-01", "remission") // long gone
		unknown := &harm.Registration{Registration: register.Registration{Region: "KZ-75", Entered: baqylau.MustDate("2024-01-01"), EntryReason: "first", Sex: "unknown", Born: 1980}}
		if err := h.s.KeepRegistration(t.Context(), hospital, "", unknown); err != nil {
			t.Fatal(err)
		}
		d := certificate("2025-12-31", "X42", "T40.1")
		d.Person = "c"
		h.keep(d)
		late := certificate("2021-05-05", "I21")
		late.Person = "d" // died after leaving: not of the cohort
		h.keep(late)

		today := baqylau.MustDate("2026-03-02")
		c, err := h.s.FollowRegister(t.Context(), epidemiology, "KZ", 2024, 2025, today)
		if err != nil {
			t.Fatal(err)
		}
		days := 730.0 + 366 + 365 + 183 // a until 31 December 2025, b, c twice
		if c.Persons != 3 || c.LeftOut != 1 || c.Deaths != 2 || c.Linked != 1 || math.Abs(c.Years*365.25-days) > 1 {
			t.Errorf("persons %d, left out %d, deaths %d, linked %d, days %v", c.Persons, c.LeftOut, c.Deaths, c.Linked, c.Years*365.25)
		}
		if !c.HasCMR || math.Abs(c.CMR.Estimate-2000/c.Years) > 1e-9 || c.HasSMR {
			t.Errorf("CMR %+v, SMR %v", c.CMR, c.HasSMR)
		}
		if len(c.Causes) != 2 || c.Causes[0].N != 1 || c.Causes[1].Code != "X42" && c.Causes[0].Code != "X42" {
			t.Errorf("causes %+v", c.Causes)
		}
		// Men of 35–44 die at 1,000 per 100,000 in the population: all person-time is of 43 to 45 years, that below 45 has a rate.
		if _, err := h.s.W.DB.Write.ExecContext(t.Context(), `INSERT INTO observation (id, cell, indicator, unit, country, place, start_on, end_on, sex, age, value, source_id, issuer, org_id, account_id, domain, known_on, recorded_at)
			VALUES ('r1', 'r1', 'mortality_all_causes', 'per_100000', 'KZ', 'KZ', '2023-01-01', '2023-12-31', 'male', '35-44', 1000, 'extract', 'Statistics', 'centre', 'x', 'neutral', '2024-06-01', 0)`); err != nil {
			t.Fatal(err)
		}
		if c, err = h.s.FollowRegister(t.Context(), epidemiology, "KZ", 2024, 2025, today); err != nil || !c.HasSMR {
			t.Fatalf("%+v %v", c, err)
		}
		young := c.Strata[0]
		if young.Band != "35-44" || young.Rate == nil || *young.Rate != 10 || math.Abs(c.SMR.Expected-young.PersonYears/100) > 1e-9 || c.SMR.Observed != float64(young.Deaths) {
			t.Errorf("%+v, %+v", young, c.SMR)
		}
		h.shows(h.visit(epidemiology, baqylau.English, "/register/cohort?from=2024&to=2025", nil), "people followed", "SMR", "X42", "Statistics", "1 stay without sex")
		h.shows(h.visit(epidemiology, baqylau.English, "/register/cohort?from=2025&to=2024", nil), "not before the first")
		h.shows(h.visit(epidemiology, baqylau.Russian, "/register/cohort?from=2024&to=2025", nil), "Смертность состоящих на учёте")
		h.shows(h.visit(epidemiology, baqylau.Kazakh, "/register/cohort?from=2024&to=2025", nil), "Адам-жыл")
		h.shows(h.visit(epidemiology, baqylau.English, "/register/cohort?from=2024&to=2025&format=csv", nil), "person_years")
		for who, a := range map[string]int{"police": h.visit(police, baqylau.English, "/register/cohort", nil).Code, "author": h.visit(author, baqylau.English, "/register/cohort", nil).Code, "hospital": h.visit(hospital, baqylau.English, "/register/cohort", nil).Code} {
			if a != http.StatusForbidden {
				t.Errorf("%s opens the cohort: %d", who, a)
			}
		}
		if _, err := h.s.FollowRegister(t.Context(), epidemiology, "KZ", 2024, 2030, today); code(err) != baqylau.Invalid {
			t.Errorf("a future period: %v", err)
		}
	})
}
