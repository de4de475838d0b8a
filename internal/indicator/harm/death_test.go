package harm_test

import (
	"errors"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/disclosure"
	"github.com/baqylau/baqylau/internal/indicator/death"
	"github.com/baqylau/baqylau/internal/indicator/harm"
)

// The three selections stand side by side, a correction leaves the past as it was known, and a withdrawn record is gone from the day of its withdrawal on.
func TestDeathsAsTheyWereKnown(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		first := h.keep(certificate("2025-05-01", "X42", "T40.1"))
		h.keep(certificate("2025-06-01", "F11.2"))
		h.keep(certificate("2025-07-01", "X44", "T50.9"))
		special := certificate("2025-08-01", "")
		special.Register, special.Causes, special.Substances = death.Special, nil, []death.Substance{{Name: "heroin", Drug: "1.1", Role: death.Caused}, {Name: "diazepam", Drug: "4.2", Role: death.Contributed}}
		h.keep(special)
		count := func(day string) (n [4]int) {
			t.Helper()
			c, err := h.s.CountDeaths(t.Context(), epidemiology, "KZ", baqylau.MustDate(day), 2025)
			if err != nil {
				t.Fatal(err)
			}
			for i, s := range death.Selections {
				if len(c.ByYear[s]) > 0 {
					n[i] = c.ByYear[s][0].N
				}
			}
			return n
		}
		if got := count("2026-03-02"); got != [4]int{2, 1, 2, 1} {
			t.Errorf("B, D, national, possible: %v", got)
		}
		if got := count("2026-03-01"); got != [4]int{} {
			t.Errorf("the day before: %v", got)
		}
		h.now = h.now.AddDate(0, 0, 7)
		again := certificate("2025-05-01", "X42", "T42.4") // toxicology came back: no narcotic
		if err := h.s.KeepDeath(t.Context(), hospital, first, again); err != nil {
			t.Fatal(err)
		}
		if got, before := count("2026-03-09"), count("2026-03-08"); got != [4]int{1, 1, 1, 1} || before != [4]int{2, 1, 2, 1} {
			t.Errorf("after the correction %v, before it %v", got, before)
		}
		if err := h.s.KeepDeath(t.Context(), hospital, first, again); code(err) != baqylau.NotFound {
			t.Errorf("what was corrected is corrected again: %v", err)
		}
		h.now = h.now.AddDate(0, 0, 1)
		if err := h.s.WithdrawDeath(t.Context(), hospital, again.ID); err != nil {
			t.Fatal(err)
		}
		if got, before := count("2026-03-10"), count("2026-03-09"); got != [4]int{1, 1, 1, 1} || before != got {
			t.Errorf("the withdrawn one counted nowhere: after %v, before %v", got, before)
		}
		if _, err := h.s.Death(t.Context(), hospital, again.ID); code(err) != baqylau.NotFound {
			t.Errorf("a withdrawn record is still there: %v", err)
		}
	})
}

// The owner's organisation and the centre see a record, nobody else of its domain, and the police neither send nor see one.
func TestDeathsAndTheWall(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		id := h.keep(certificate("2025-05-01", "X42", "T40.1"))
		for what, c := range map[string]struct {
			actor access.Actor
			want  baqylau.Code
		}{"its owner": {hospital, ""}, "the centre": {epidemiology, ""}, "another hospital": {otherHospital, baqylau.NotFound}, "the police": {police, baqylau.NotFound}, "an author": {author, baqylau.Forbidden}, "anyone": {access.Anyone(baqylau.English), baqylau.Unauthentic}} {
			if _, err := h.s.Death(t.Context(), c.actor, id); code(err) != c.want {
				t.Errorf("%s: %v", what, err)
			}
		}
		if err := h.s.KeepDeath(t.Context(), police, "", certificate("2025-05-01", "X42", "T40.1")); code(err) != baqylau.Forbidden {
			t.Errorf("the police keep a death: %v", err)
		}
		if err := h.s.KeepDeath(t.Context(), otherHospital, id, certificate("2025-05-01", "X42")); code(err) != baqylau.NotFound {
			t.Errorf("another hospital corrects it: %v", err)
		}
	})
}

// Few deaths are hidden from whoever does not work on them, and so is what they could be computed from.
func TestFewDeathsAreHidden(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		for i := range 12 {
			d := certificate("2025-05-01", "X42", "T40.1")
			if d.Residence = "KZ-71"; i < 3 {
				d.Residence = "KZ-75"
			}
			if i == 0 {
				d.Sex = "female"
			}
			h.keep(d)
		}
		for range 2 { // in the national definition alone
			h.keep(certificate("2025-05-01", "X40", "T40.2"))
		}
		read := func(a access.Actor) harm.DeathCounts {
			t.Helper()
			c, err := h.s.CountDeaths(t.Context(), a, "KZ", baqylau.MustDate("2026-03-02"), 0)
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
		all, few := read(epidemiology), read(police)
		if all.ByYear[death.B][0].N != 12 || all.ByYear[death.National][0].N != 14 {
			t.Errorf("the centre sees %v", all.ByYear)
		}
		if few.ByYear[death.B][0] != (disclosure.Count{N: 12}) || !few.ByYear[death.National][0].Hidden {
			t.Errorf("14 − 12 would be 2, and the police see %v", few.ByYear)
		}
		for _, r := range few.ByRegion[death.B] {
			if !r.N.Hidden {
				t.Errorf("%s can be told: %v", r.Region, few.ByRegion[death.B])
			}
		}
		for sex, row := range few.SexAge[death.B][:2] {
			if last := row[len(row)-1]; !last.Hidden {
				t.Errorf("sex %d can be told: %v", sex, few.SexAge[death.B])
			}
		}
	})
}

// A record sent again changes nothing; mistakes are named with their fields; what does not go together is asked.
func TestEnteringDeaths(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		bad := certificate("2027-05-01", "")
		err := h.s.KeepDeath(t.Context(), hospital, "", bad)
		var es baqylau.Errors
		if !errors.As(err, &es) || len(es) != 2 {
			t.Errorf("two mistakes: %v", err)
		}
		odd := certificate("2025-05-01", "X62", "T40.1")
		odd.Manner = death.Accident
		h.keep(odd)
		var n int
		if err := h.s.W.DB.Read.QueryRowContext(t.Context(), "SELECT count(*) FROM check_finding WHERE rule = 'death_manner' AND subject = 'death' AND domain = 'health'").Scan(&n); err != nil || n != 1 {
			t.Errorf("%d questions, %v", n, err)
		}
	})
}
