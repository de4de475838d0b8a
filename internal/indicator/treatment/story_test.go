package treatment

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/indicator/tdi"
	"github.com/baqylau/baqylau/internal/indicator/tdi/synthetic"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
)

var ctx = context.Background()

var synthPlan = synthetic.Plan{Seed: 2, From: 2024, To: 2025, Episodes: 10, Regions: []synthetic.Region{{Code: "KZ-75", Share: 1}}}

func errorsAs(err error, target any) bool { return errors.As(err, target) }

const iin = "123456789013" // made up; passes the control digit

func TestAClinicEntersACaseAndTheCentreCountsIt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		id := h.enter(h.clinic, "2026-02-10", "person="+iin+" centre_type=outpatient ever_treated=1 sex=female age_at_start=27 primary_drug=mephedrone region=KZ-75 secondary_drugs=8")
		c, err := h.Get(ctx, h.clinic, id)
		if err != nil || c.Leaf != "mephedrone" || c.Get(tdi.Primary) != "3.4" || c.Said(tdi.FieldSecond) != "8" || c.Region != "KZ-75" {
			t.Errorf("kept as %+v: %v", c, err)
		}
		if n := h.total(2026, "2026-03-02"); n != 1 {
			t.Errorf("%d people, want 1", n)
		}
		t.Run("the number itself is nowhere", func(t *testing.T) {
			var dump string
			row := db.Read.QueryRowContext(ctx, "SELECT id || slot || COALESCE(person,'') || answers || packed || ref || confirmed FROM episode")
			if err := row.Scan(&dump); err != nil || strings.Contains(dump, iin) {
				t.Errorf("the personal number is in the register (%v)", err)
			}
			if err := db.Read.QueryRowContext(ctx, "SELECT COALESCE(string_agg(detail, ''), '') FROM audit_entry").Scan(&dump); err == nil && strings.Contains(dump, iin) {
				t.Error("the personal number is in the journal")
			}
		})
		t.Run("the same case again is told, not counted", func(t *testing.T) {
			_, err := h.Enter(ctx, h.clinic, h.entry("2026-02-10", "person="+iin+" primary_drug=3.4"))
			if baqylau.CodeOf(err) != baqylau.Conflict {
				t.Errorf("entered twice: %v", err)
			}
		})
		t.Run("the prison's case of the same person counts once in the country", func(t *testing.T) {
			h.enter(h.prison, "2026-02-20", "person="+iin+" centre_type=prison primary_drug=3.4")
			if n := h.total(2026, "2026-03-02"); n != 1 {
				t.Errorf("%d people, want 1", n)
			}
		})
	})
}

func TestLogicChecksAreAnsweredNotCorrected(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		said := "person=" + iin + " primary_drug=1.1 age_at_start=20 age_first_use=24"
		_, err := h.Enter(ctx, h.clinic, h.entry("2026-02-10", said))
		if !slices.Equal(keys(err), []string{"tdi.rule.first_use_after_start"}) {
			t.Errorf("asked %v", keys(err))
		}
		id := h.enter(h.clinic, "2026-02-10", said+" confirmed=age-in-the-passport-is-wrong")
		c, err := h.Get(ctx, h.clinic, id)
		if err != nil || c.FirstUse != 24 || c.Age != 20 || c.Confirmed == "" {
			t.Errorf("a confirmed case was changed: %+v %v", c, err)
		}
		for said, want := range map[string]string{"primary_drug=8": "tdi.rule.primary_not_drug", "person=123456789012": "tdi.error.number", "region=XX-1": "tdi.error.region"} {
			if _, err := h.Enter(ctx, h.clinic, h.entry("2026-02-11", said+" confirmed=yes")); !slices.Contains(keys(err), want) {
				t.Errorf("%s: %v, want %s", said, keys(err), want)
			}
		}
	})
}

func TestACorrectionCountsFromItsDayAndLeavesThePast(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		id := h.enter(h.clinic, "2025-12-30", "person="+iin+" primary_drug=1.1")
		h.setDay("2026-03-10")
		e := h.entry("2026-01-02", "primary_drug=1.1 sex=male")
		newID, err := h.Amend(ctx, h.clinic, id, e)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range []struct {
			year int
			day  string
			want int
		}{{2025, "2026-03-01", 0}, {2025, "2026-03-02", 1}, {2025, "2026-03-09", 1}, {2025, "2026-03-10", 0}, {2026, "2026-03-09", 0}, {2026, "2026-03-10", 1}} {
			if n := h.total(x.year, x.day); n != x.want {
				t.Errorf("%d as of %s: %d people, want %d", x.year, x.day, n, x.want)
			}
		}
		if _, err := h.Amend(ctx, h.clinic, id, e); baqylau.CodeOf(err) != baqylau.Conflict {
			t.Errorf("a row that was superseded is amended again: %v", err)
		}
		c, err := h.Get(ctx, h.clinic, newID)
		if err != nil || c.Pseudonym == "" || c.SupersedesID != id {
			t.Errorf("the correction lost the person: %+v %v", c, err)
		}
		if past, err := h.earlier(ctx, c); err != nil || len(past) != 1 || past[0].Start != baqylau.MustDate("2025-12-30") {
			t.Errorf("the earlier row is %+v: %v", past, err)
		}
		h.setDay("2026-03-20")
		if err := h.Withdraw(ctx, h.clinic, newID); err != nil {
			t.Fatal(err)
		}
		if a, b := h.total(2026, "2026-03-19"), h.total(2026, "2026-03-20"); a != 1 || b != 0 {
			t.Errorf("withdrawn: %d the day before, %d since", a, b)
		}
	})
}

func TestRowsNeverCrossTheWall(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		id := h.enter(h.clinic, "2026-02-10", "person="+iin+" primary_drug=1.1")
		for name, x := range map[string]struct {
			who  access.Actor
			want baqylau.Code
		}{"the sender": {h.clinic, ""}, "the centre": {h.centre, ""}, "another clinic": {h.prison, baqylau.NotFound}, "the police": {h.police, baqylau.NotFound}} {
			if _, err := h.Get(ctx, x.who, id); baqylau.CodeOf(err) != x.want {
				t.Errorf("%s reads the case: %v, want %q", name, err, x.want)
			}
		}
		if _, err := h.Enter(ctx, h.police, h.entry("2026-02-10", "primary_drug=1.1")); baqylau.CodeOf(err) != baqylau.NotFound {
			t.Errorf("the police enter a case of treatment: %v", err)
		}
		if _, err := h.Amend(ctx, h.police, id, h.entry("2026-02-10", "primary_drug=1.1")); baqylau.CodeOf(err) != baqylau.NotFound {
			t.Errorf("the police amend a case of treatment: %v", err)
		}
		if err := h.Withdraw(ctx, h.police, id); baqylau.CodeOf(err) != baqylau.NotFound {
			t.Errorf("the police withdraw a case of treatment: %v", err)
		}
		y, err := h.count(ctx, Question{Country: "KZ", From: 2026, To: 2026, AsOf: h.day, Rule: tdi.DefaultRule}, &h.police)
		if err != nil || y.Episodes != 0 {
			t.Errorf("the police count %d rows of their own: %v", y.Episodes, err)
		}
	})
}

func TestTheCountrysRuleIsRecordedAndDated(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		h.enter(h.clinic, "2026-01-10", "person="+iin+" centre_type=low_threshold primary_drug=1.1")
		h.enter(h.prison, "2026-02-10", "person="+iin+" centre_type=prison primary_drug=1.1")
		h.setDay("2026-04-01")
		if err := h.SetRule(ctx, h.centre, "KZ", tdi.Rule{Keep: tdi.Last, Level: tdi.None, LowThreshold: true}, "no common number yet"); err != nil {
			t.Fatal(err)
		}
		if a, b := h.total(2026, "2026-03-31"), h.total(2026, "2026-04-01"); a != 1 || b != 2 {
			t.Errorf("%d people under the old rule, %d under the new; want 1, 2", a, b)
		}
		if err := h.SetRule(ctx, h.clinic, "KZ", tdi.DefaultRule, "because"); baqylau.CodeOf(err) != baqylau.Forbidden {
			t.Errorf("a clinic sets the country's rule: %v", err)
		}
		if err := h.SetRule(ctx, h.centre, "KZ", tdi.DefaultRule, ""); baqylau.CodeOf(err) != baqylau.Invalid {
			t.Errorf("a rule without a reason: %v", err)
		}
	})
}

func TestCoverageCountsUnitsThatReportBesideThoseThatExist(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		h.enter(h.clinic, "2026-01-10", "ref=1 facility=north centre_type=outpatient primary_drug=1.1")
		h.enter(h.clinic, "2026-01-11", "ref=2 facility=north centre_type=outpatient primary_drug=1.1")
		h.enter(h.clinic, "2026-01-12", "ref=3 facility=south centre_type=outpatient primary_drug=1.1")
		units, share := int64(12), 41.5
		if err := h.SetCoverage(ctx, h.centre, "KZ", 2026, []Coverage{{Centre: "outpatient", Units: &units, Clients: &share, Note: "register of clinics"}}); err != nil {
			t.Fatal(err)
		}
		cs, err := h.CoverageOf(ctx, "KZ", 2026, h.day)
		if err != nil || cs[0].Reporting != 2 || cs[0].Units == nil || *cs[0].Units != 12 || *cs[0].Clients != 41.5 || cs[1].Reporting != 0 || cs[1].Units != nil {
			t.Errorf("coverage %+v: %v", cs, err)
		}
		share = 140
		if err := h.SetCoverage(ctx, h.centre, "KZ", 2026, []Coverage{{Centre: "outpatient", Clients: &share}}); baqylau.CodeOf(err) != baqylau.Invalid {
			t.Errorf("140 %% of the clients: %v", err)
		}
	})
}

func TestMadeUpEpisodesSaySo(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := seeded(t, db, 500)
		y, err := s.count(ctx, Question{Country: "KZ", From: 2016, To: 2025, AsOf: baqylau.MustDate("2026-01-31"), Rule: tdi.DefaultRule}, nil)
		if err != nil || y.Synthetic != 500 || y.Episodes != 500 {
			t.Errorf("%d episodes, %d of them marked: %v", y.Episodes, y.Synthetic, err)
		}
		part, err := s.count(ctx, Question{Country: "KZ", From: 2016, To: 2025, AsOf: baqylau.MustDate("2020-06-30"), Rule: tdi.DefaultRule, Centre: "outpatient"}, nil)
		if err != nil || part.Episodes == 0 || part.Episodes >= 250 {
			t.Errorf("%d outpatient episodes known by the middle of 2020: %v", part.Episodes, err)
		}
		if n, err := s.Seed(ctx, synthPlan, "org-1"); n != 0 || err != nil {
			t.Errorf("%d episodes made up beside those that are there: %v", n, err)
		}
	})
}
