package harm_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/indicator"
	"github.com/baqylau/baqylau/internal/indicator/harm"
	"github.com/baqylau/baqylau/internal/indicator/register"
)

func stay(person, entered, exit, reason string, nps bool) *harm.Registration {
	r := &harm.Registration{Registration: register.Registration{Person: person, Region: "KZ-75", Entered: baqylau.MustDate(entered), EntryReason: "first", Sex: "male", Drug: "1.1", NPS: nps, Born: 1985}}
	if exit != "" {
		r.Exit, r.ExitReason = baqylau.MustDate(exit), reason
	}
	return r
}

// A register of some years: the flow balances, years join, an exit amends its registration, and the published figures stand beside with what they leave unexplained.
func TestTheRegisterFlows(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		keep := func(id string, r *harm.Registration) string {
			t.Helper()
			if err := h.s.KeepRegistration(t.Context(), hospital, id, r); err != nil {
				t.Fatal(err)
			}
			return r.ID
		}
		for range 20 {
			keep("", stay("", "2020-03-01", "", "", false))
		}
		for range 6 {
			keep("", stay("", "2024-03-01", "", "", true))
			keep("", stay("", "2021-03-01", "2024-06-01", "remission", false))
		}
		one := keep("", stay("p", "2023-03-01", "", "", false))
		keep("", stay("p", "2025-01-01", "", "", false)) // on two registers at once
		var twice int
		if err := h.s.W.DB.Read.QueryRowContext(t.Context(), "SELECT count(*) FROM check_finding WHERE rule = 'register_twice' AND domain = 'health'").Scan(&twice); err != nil || twice != 1 {
			t.Errorf("on two registers at once: asked %d times, %v", twice, err)
		}
		h.now = h.now.AddDate(0, 0, 1)
		keep(one, stay("p", "2023-03-01", "2024-12-01", "moved", false))
		ask := func(a access.Actor, day string) harm.RegisterCounts {
			t.Helper()
			region := "KZ-75"
			if a.ID == police.ID {
				region = ""
			}
			n, err := h.s.CountRegister(t.Context(), a, harm.RegisterQuestion{Country: "KZ", AsOf: baqylau.MustDate(day), Year: 2024, Region: region})
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		n := ask(epidemiology, "2026-03-03")
		if y := n.Year; y.Start.N != 27 || y.In.N != 6 || y.Out.N != 7 || y.End.N != 26 || y.NPS.N != 6 || y.NPSShare == nil {
			t.Errorf("2024: %+v", y)
		}
		for i := 1; i < len(n.Years); i++ {
			if n.Years[i].Start != n.Years[i-1].End {
				t.Errorf("%d begins with %v after an end of %v", n.Years[i].Year, n.Years[i].Start, n.Years[i-1].End)
			}
		}
		if before := ask(epidemiology, "2026-03-02").Year; before.Out.N != 6 || before.End.N != 27 {
			t.Errorf("the day before the exit was known: %+v", before)
		}
		few := ask(police, "2026-03-03").Year
		hidden := 0
		for _, e := range harm.Reasons(few.Exits) {
			if e.Hidden {
				hidden++
			}
		}
		if hidden < 1 || !few.Out.Hidden { // 6 left in remission and 1 moved: 7 less the 6 would tell
			t.Errorf("one person moved, and the police are told %+v", few)
		}
		err := h.s.W.Do(t.Context(), access.TheSystem(), access.IndicatorWrite, func(ctx context.Context, tx *change.Tx) error {
			tx.Subject("observation", "some", "", nil)
			var all []indicator.Observation
			for code, byYear := range map[string]map[string]float64{"registered_drug_users_stock": {"2023": 18226, "2024": 18329}, "registered_drug_users_new": {"2024": 1200}, "registered_drug_users_exits": {"2024": 1050}} {
				for y, v := range byYear {
					o := indicator.Observation{Indicator: code, Unit: "persons", Country: "KZ", Start: baqylau.MustDate(y + "-01-01"), End: baqylau.MustDate(y + "-12-31"), Value: &v, Published: true, SourceID: "extract", Domain: baqylau.NeutralDomain}
					o.Fill()
					all = append(all, o)
				}
			}
			_, err := indicator.Record(ctx, tx, all)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		whole, err := h.s.CountRegister(t.Context(), author, harm.RegisterQuestion{Country: "KZ", AsOf: baqylau.MustDate("2026-03-03")})
		if err != nil || len(whole.Published) != 2 || whole.Published[1].Gap == nil || *whole.Published[1].Gap != 18329-(18226+1200-1050) {
			t.Errorf("published: %+v, %v", whole.Published, err)
		}
		for l, words := range map[baqylau.Lang][]string{baqylau.English: {"never mixed with treatment episodes", "the published stock is not what"}, baqylau.Russian: {"Диспансерный учёт", "Опубликованные показатели"}, baqylau.Kazakh: {"Диспансерлік есеп"}} {
			h.shows(h.visit(author, l, "/register?year=2024", nil), words...)
		}
		h.shows(h.visit(epidemiology, baqylau.English, "/register?format=csv", nil), "2024,stock_start,,27", "2024,exits,remission,6")
	})
}

// A clinic enters a registration and later the exit; mistakes come back at the form, and the police have no part in it.
func TestTheRegisterPages(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		form := url.Values{"entered_on": {"2024-01-10"}, "entry_reason": {"first"}, "sex": {"female"}, "drug": {"3.4"}, "nps": {"1"}, "born": {"2001"}, "exit_on": {"2023-01-01"}, "exit_reason": {"remission"}}
		bad := h.visit(hospital, baqylau.English, "/register/new", form)
		h.shows(bad, "error", "2024-01-10")
		if err := h.s.KeepRegistration(t.Context(), police, "", stay("", "2024-01-01", "", "", false)); code(err) != baqylau.Forbidden {
			t.Errorf("the police register somebody: %v", err)
		}
		r := stay("keyed", "2024-01-01", "", "", true)
		if err := h.s.KeepRegistration(t.Context(), hospital, "", r); err != nil {
			t.Fatal(err)
		}
		rec := h.visit(hospital, baqylau.English, "/register/records", nil)
		if h.shows(rec, "heroin", "registered for the first time"); strings.Contains(rec.Body.String(), "keyed") {
			t.Error("a pseudonym is shown")
		}
		h.shows(h.visit(hospital, baqylau.English, "/register/records/"+r.ID, nil), `value="2024-01-01"`)
		if rec := h.visit(police, baqylau.English, "/register/records/"+r.ID, nil); rec.Code != http.StatusForbidden && rec.Code != http.StatusNotFound {
			t.Errorf("the police open it: %d", rec.Code)
		}
		if rec := h.visit(police, baqylau.English, "/register/records", nil); strings.Contains(rec.Body.String(), "heroin") {
			t.Error("the police list the register")
		}
	})
}

// state records figures of the register: indicator, period and value.
func (h *house) state(published bool, figures ...[4]string) {
	h.t.Helper()
	err := h.s.W.Do(h.t.Context(), access.TheSystem(), access.IndicatorWrite, func(ctx context.Context, tx *change.Tx) error {
		tx.Subject("observation", "some", "", nil)
		var all []indicator.Observation
		for _, f := range figures {
			v, err := strconv.ParseFloat(f[3], 64)
			if err != nil {
				return err
			}
			o := indicator.Observation{Indicator: "registered_drug_users_" + f[0], Unit: "persons", Country: "KZ", Place: "KZ-62", Start: baqylau.MustDate(f[1]), End: baqylau.MustDate(f[2]), Value: &v, Published: published, SourceID: "extract", OrgID: "hospital", Domain: baqylau.HealthDomain}
			o.Fill()
			all = append(all, o)
		}
		_, err := indicator.Record(ctx, tx, all)
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

// What a hospital enters without its being published is not told as published: it may be three persons. Quarters do not go together with years, and a year is told once.
func TestPublishedFlowsOfTheRegister(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.state(false, [4]string{"stock", "2023-12-31", "2023-12-31", "3"}, [4]string{"new", "2025-01-01", "2025-12-31", "4"})
		h.state(true, [4]string{"stock", "2024-12-31", "2024-12-31", "18226"}, [4]string{"stock", "2025-03-31", "2025-03-31", "18250"}, [4]string{"stock", "2025-06-30", "2025-06-30", "18300"},
			[4]string{"new", "2025-01-01", "2025-03-31", "300"}, [4]string{"exits", "2025-01-01", "2025-06-30", "500"})
		for _, a := range []access.Actor{police, epidemiology} {
			n, err := h.s.CountRegister(t.Context(), a, harm.RegisterQuestion{Country: "KZ", Region: "KZ-62", AsOf: baqylau.MustDate("2026-03-02")})
			if err != nil || len(n.Published) != 1 || n.Published[0].Year != 2024 || n.Published[0].New != nil || n.Published[0].Exits != nil || n.Published[0].Gap != nil {
				t.Errorf("%s reads %+v, %v", a.ID, n.Published, err)
			}
		}
		h.state(true, [4]string{"stock", "2025-01-01", "2025-12-31", "18326"}, [4]string{"new", "2025-01-01", "2025-12-31", "1200"}, [4]string{"exits", "2025-01-01", "2025-12-31", "1050"})
		n, err := h.s.CountRegister(t.Context(), police, harm.RegisterQuestion{Country: "KZ", Region: "KZ-62", AsOf: baqylau.MustDate("2026-03-02")})
		if err != nil || len(n.Published) != 2 || n.Published[1].Gap == nil || *n.Published[1].Gap != -50 {
			t.Errorf("whole years: %+v, %v", n.Published, err)
		}
	})
}

// A region that the country does not have has no register of nobody, whoever asks.
func TestAPartThatIsNone(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		for _, a := range []access.Actor{police, epidemiology} {
			for field, q := range map[string]harm.RegisterQuestion{"region": {Region: "KZ-999"}, "sex": {Sex: "neither"}, "drug": {Drug: "1.1"}} {
				q.Country, q.AsOf = "KZ", baqylau.MustDate("2026-03-02")
				_, err := h.s.CountRegister(t.Context(), a, q)
				var es baqylau.Errors
				if !errors.As(err, &es) || len(es) != 1 || es[0].Field != field || es[0].Code != baqylau.Invalid {
					t.Errorf("%s asks for a %s that is none: %v", a.ID, field, err)
				}
			}
		}
	})
}

// A month is no day: who came in a month is not written as having come on its first, by no way.
func TestARegistrationHasDays(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		values := map[string]string{"region": "KZ-75", "entered": "2024-05", "entry_reason": "first", "exit": "2025", "exit_reason": "remission", "born": "long ago", "drug": "sugar", "sex": "male"}
		_, err := h.s.ReadRegistration(values, "")
		var es baqylau.Errors
		var fields []string
		if errors.As(err, &es) {
			for _, e := range es {
				fields = append(fields, e.Field)
			}
		}
		if !slices.Equal(fields, []string{"entered", "exit", "born", "drug"}) {
			t.Errorf("mistakes of %v: %v", fields, err)
		}
		form := url.Values{"entered_on": {"2024-05"}, "entry_reason": {"first"}, "sex": {"female"}, "region": {"KZ-75"}}
		if rec := h.visit(hospital, baqylau.English, "/register/new", form); rec.Code == http.StatusSeeOther || !strings.Contains(rec.Body.String(), "Give the day") {
			t.Errorf("a month is taken: %d", rec.Code)
		}
	})
}
