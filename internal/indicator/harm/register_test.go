package harm_test

import (
	"context"
	"net/http"
	"net/url"
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
					o := indicator.Observation{Indicator: code, Unit: "persons", Country: "KZ", Start: baqylau.MustDate(y + "-01-01"), End: baqylau.MustDate(y + "-12-31"), Value: &v, SourceID: "extract", Domain: baqylau.NeutralDomain}
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
