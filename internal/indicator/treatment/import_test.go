package treatment

import (
	"context"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/indicator/tdi"
	"github.com/baqylau/baqylau/internal/intake/mapping"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
)

// TestACaseFileIsCheckedTakenOnceAndUndone follows rows as the importer hands them over.
func TestACaseFileIsCheckedTakenOnceAndUndone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		target := h.Target()
		o := mapping.Origin{OrgID: h.clinic.OrgID, AccountID: h.clinic.ID, Domain: baqylau.HealthDomain, Today: h.day, Country: "KZ"}
		row := func(key string, values map[string]string) *mapping.Row {
			return &mapping.Row{Line: 2, Key: key, Known: h.day, Values: values}
		}
		good := row("1", map[string]string{"start": "2026-02-10", "primary_drug": "мефедрон", "age_at_start": "24", "secondary_drugs": "8;лирика"})
		odd := row("2", map[string]string{"start": "2026-02-11", "primary_drug": "1.1", "age_at_start": "20", "age_first_use": "30"})
		bad := []*mapping.Row{row("3", map[string]string{"start": "2026-02-11", "primary_drug": "8"}), row("4", map[string]string{"start": "2026-02-11", "primary_drug": "no such drug"}),
			row("", map[string]string{"start": "2026-02-11", "primary_drug": "1.1"})}
		if err := target.Check(ctx, o, append(bad, good, odd)); err != nil {
			t.Fatal(err)
		}
		for i, r := range bad {
			if len(r.Problems) == 0 || r.Problems[0].Warning {
				t.Errorf("bad row %d is taken: %+v", i, r.Problems)
			}
		}
		if len(good.Problems) > 0 || len(odd.Problems) != 1 || !odd.Problems[0].Warning {
			t.Errorf("good %+v, odd %+v", good.Problems, odd.Problems)
		}
		police := o
		police.Domain = baqylau.EnforcementDomain
		crossed := row("5", map[string]string{"start": "2026-02-10", "primary_drug": "1.1"})
		if err := target.Check(ctx, police, []*mapping.Row{crossed}); err != nil || len(crossed.Problems) == 0 {
			t.Errorf("the police send episodes: %v", err)
		}
		apply := func(rows ...*mapping.Row) {
			t.Helper()
			if err := h.W.Do(ctx, access.TheSystem(), access.EpisodeWrite, func(ctx context.Context, tx *change.Tx) error {
				tx.Subject("episode", "x", "", nil)
				return target.Apply(ctx, tx, o, rows)
			}); err != nil {
				t.Fatal(err)
			}
		}
		apply(good, odd)
		if n := h.total(2026, "2026-03-02"); n != 2 || good.Same {
			t.Errorf("%d people, want 2", n)
		}
		apply(good)
		if !good.Same {
			t.Error("the same row again is not told as the same")
		}
		h.setDay("2026-04-01")
		changed := row("1", map[string]string{"start": "2025-12-30", "primary_drug": "3.4"})
		changed.Known = h.day
		apply(changed)
		if a, b := h.total(2025, "2026-04-01"), h.total(2026, "2026-04-01"); a != 1 || b != 1 {
			t.Errorf("corrected by file: %d in 2025, %d in 2026; want 1, 1", a, b)
		}
	})
}

func TestEveryFieldIsOfferedToMappings(t *testing.T) {
	about := describe()
	for _, f := range tdi.Fields() {
		if _, ok := about.Field(f); !ok {
			t.Errorf("%s cannot be mapped", f)
		}
	}
}
