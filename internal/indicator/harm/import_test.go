package harm_test

import (
	"context"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/indicator/death"
	"github.com/baqylau/baqylau/internal/intake/mapping"
)

// A mortality extract is imported, sent again and longer, corrected, and taken back: what it had superseded stands again.
func TestImportingDeaths(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		target := h.s.Targets()["death"]
		batch := func(id, state string) mapping.Origin {
			t.Helper()
			if _, err := h.s.W.DB.Write.ExecContext(t.Context(), "INSERT INTO batch (id, no, ref, source_id, mapping_yaml, org_id, account_id, domain, file_name, file_sha256, state, created_at) VALUES ('"+id+"', "+id[1:]+", '"+id+"', 'extract', '', 'hospital', 'a', 'health', 'f', 's', '"+state+"', 0)"); err != nil {
				t.Fatal(err)
			}
			return mapping.Origin{BatchID: id, SourceID: "extract", Country: "KZ", OrgID: "hospital", AccountID: "a", Domain: baqylau.HealthDomain, Today: baqylau.MustDate("2026-03-02")}
		}
		row := func(key, underlying, causes string) *mapping.Row {
			return &mapping.Row{Line: 2, Key: key, Known: baqylau.MustDate("2026-03-01"), Values: map[string]string{"died": "2025-05-01", "sex": "male", "age": "35-44", "underlying": underlying, "causes": causes}}
		}
		apply := func(o mapping.Origin, rows ...*mapping.Row) {
			t.Helper()
			err := h.s.W.Do(t.Context(), access.TheSystem(), access.EpisodeWrite, func(ctx context.Context, tx *change.Tx) error {
				tx.Subject("batch", o.BatchID, "", nil)
				if err := target.Check(ctx, o, rows); err != nil {
					return err
				}
				return target.Apply(ctx, tx, o, rows)
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		state := func(id, state string) {
			t.Helper()
			if _, err := h.s.W.DB.Write.ExecContext(t.Context(), "UPDATE batch SET state = '"+state+"' WHERE id = '"+id+"'"); err != nil {
				t.Fatal(err)
			}
		}
		inB := func() int {
			t.Helper()
			c, err := h.s.CountDeaths(t.Context(), epidemiology, "KZ", baqylau.MustDate("2026-03-02"), 0)
			if err != nil {
				t.Fatal(err)
			}
			if len(c.Years) == 0 {
				return 0
			}
			return c.ByYear[death.B][0].N
		}
		first := batch("b1", "applying")
		apply(first, row("1", "Х42", "T40.1"), row("2", "F112", ""))
		if inB() != 0 {
			t.Error("an import is seen before it is revealed")
		}
		if state("b1", "applied"); inB() != 2 {
			t.Errorf("revealed: %d", inB())
		}
		second := batch("b2", "applying")
		same, amended := row("1", "X42.0", "T40.1"), row("2", "I21", "")
		same.Values["underlying"] = "X42"
		apply(second, same, amended)
		if !same.Same || amended.Same || inB() != 2 {
			t.Errorf("same %v, amended %v; in force %d", same.Same, !amended.Same, inB())
		}
		if state("b2", "applied"); inB() != 1 {
			t.Errorf("corrected: %d", inB())
		}
		err := h.s.W.Do(t.Context(), access.TheSystem(), access.EpisodeWrite, func(ctx context.Context, tx *change.Tx) error {
			tx.Subject("batch", "b2", "", nil)
			return target.Undo(ctx, tx, second)
		})
		if state("b2", "undone"); err != nil || inB() != 2 {
			t.Errorf("taken back: %d, %v", inB(), err)
		}
		third := batch("b3", "applying")
		apply(third, row("2", "F11", "T40.1"), row("3", "F12", ""))
		err = h.s.W.Do(t.Context(), access.TheSystem(), access.EpisodeWrite, func(ctx context.Context, tx *change.Tx) error {
			tx.Subject("batch", "b3", "", nil)
			return target.Drop(ctx, tx, third)
		})
		if err != nil || inB() != 2 {
			t.Errorf("dropped: %d, %v", inB(), err)
		}
	})
}

// What is wrong with a row is said of its column, and records of persons from the enforcement side are refused whole.
func TestBadRowsOfImports(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		o := mapping.Origin{BatchID: "b", SourceID: "extract", Country: "KZ", OrgID: "hospital", Domain: baqylau.HealthDomain, Today: baqylau.MustDate("2026-03-02")}
		for field, values := range map[string]map[string]string{
			"underlying": {"died": "2025-05-01", "register": "general", "underlying": "T4O"}, "causes": {"died": "2025-05-01", "underlying": "X42", "causes": "heroin"}, "age": {"died": "2025-05-01", "underlying": "X42", "age": "old"}, "died": {"died": "2027-05-01", "underlying": "X42"},
		} {
			r := &mapping.Row{Line: 7, Values: values}
			if err := h.s.Targets()["death"].Check(t.Context(), o, []*mapping.Row{r}); err != nil || len(r.Problems) != 1 || r.Problems[0].Column != field || r.Problems[0].Row != 7 {
				t.Errorf("%s: %+v, %v", field, r.Problems, err)
			}
		}
		for field, values := range map[string]map[string]string{
			"drug": {"entered": "2025-05-01", "entry_reason": "first", "drug": "sugar"}, "exit_reason": {"entered": "2025-05-01", "entry_reason": "first", "exit": "2025-06-01"}, "exit": {"entered": "2025-05-01", "entry_reason": "first", "exit": "2025-04-01", "exit_reason": "died"},
		} {
			r := &mapping.Row{Line: 7, Values: values}
			if err := h.s.Targets()["registration"].Check(t.Context(), o, []*mapping.Row{r}); err != nil || len(r.Problems) != 1 || r.Problems[0].Column != field {
				t.Errorf("%s: %+v, %v", field, r.Problems, err)
			}
		}
		o.Domain = baqylau.EnforcementDomain
		if err := h.s.Targets()["death"].Check(t.Context(), o, nil); code(err) != baqylau.Forbidden {
			t.Errorf("the police import deaths: %v", err)
		}
	})
}
