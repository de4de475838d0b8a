package harm_test

import (
	"context"
	"sync"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/indicator/harm"
	"github.com/baqylau/baqylau/internal/intake/mapping"
)

// act does something as the system within one act.
func (h *house) act(do func(ctx context.Context, tx *change.Tx) error) {
	h.t.Helper()
	err := h.s.W.Do(h.t.Context(), access.TheSystem(), access.EpisodeWrite, func(ctx context.Context, tx *change.Tx) error {
		tx.Subject("batch", "b", "", nil)
		return do(ctx, tx)
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

// written writes an import of one death, which nobody sees yet.
func (h *house) written(id, known, causes string) mapping.Origin {
	h.t.Helper()
	if _, err := h.s.W.DB.Write.ExecContext(h.t.Context(), "INSERT INTO batch (id, no, ref, source_id, mapping_yaml, org_id, account_id, domain, file_name, file_sha256, state, created_at) VALUES ('"+id+"', "+id[1:]+", '"+id+"', 'extract', '', 'hospital', 'a', 'health', 'f', 's', 'applying', 0)"); err != nil {
		h.t.Fatal(err)
	}
	o := mapping.Origin{BatchID: id, SourceID: "extract", Country: "KZ", OrgID: "hospital", AccountID: "a", Domain: baqylau.HealthDomain, Today: baqylau.MustDate("2026-03-02")}
	row := &mapping.Row{Line: 2, Key: "1", Known: baqylau.MustDate(known), Values: map[string]string{"died": "2025-05-01", "sex": "male", "age": "35-44", "underlying": "X42", "causes": causes}}
	h.act(func(ctx context.Context, tx *change.Tx) error {
		return h.s.Targets()["death"].Apply(ctx, tx, o, []*mapping.Row{row})
	})
	return o
}

// reveal makes an import seen.
func (h *house) reveal(o mapping.Origin) {
	h.t.Helper()
	h.act(func(ctx context.Context, tx *change.Tx) error {
		if _, err := tx.NewRaw("UPDATE batch SET state = 'applied' WHERE id = ?", o.BatchID).Exec(ctx); err != nil {
			return err
		}
		return h.s.Targets()["death"].Reveal(ctx, tx, o)
	})
}

func (h *house) deaths(day string) []harm.Death {
	h.t.Helper()
	all, err := harm.Deaths(h.t.Context(), h.s.W.DB.Read, "KZ", baqylau.MustDate(day))
	if err != nil {
		h.t.Fatal(err)
	}
	return all
}

// While an import is being written somebody corrects the record that it amends, and another import brings the same record first: one row stays in force, on every day, and taking the import back leaves the correction.
func TestAnImportMeetsACorrection(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.reveal(h.written("b1", "2026-02-01", "T40.1"))
		slow := h.written("b2", "2026-02-15", "T40.2")
		before := h.deaths("2026-03-02")
		corrected := certificate("2025-05-01", "X42", "T40.3")
		if err := h.s.KeepDeath(t.Context(), hospital, before[0].ID, corrected); err != nil {
			t.Fatal(err)
		}
		h.reveal(slow)
		for _, day := range []string{"2026-02-01", "2026-02-20", "2026-03-02"} {
			if got := h.deaths(day); len(got) != 1 {
				t.Errorf("%s: %d rows of one slot in force: %+v", day, len(got), got)
			}
		}
		if got := h.deaths("2026-03-02"); got[0].BatchID != "b2" {
			t.Errorf("the last word is not the import's: %+v", got[0])
		}
		h.act(func(ctx context.Context, tx *change.Tx) error {
			if _, err := tx.NewRaw("UPDATE batch SET state = 'undone' WHERE id = 'b2'").Exec(ctx); err != nil {
				return err
			}
			return h.s.Targets()["death"].Undo(ctx, tx, slow)
		})
		if got := h.deaths("2026-03-02"); len(got) != 1 || got[0].ID != corrected.ID {
			t.Errorf("taken back, the correction stands: %+v", got)
		}
	})
}

// Two imports bring a record that nobody had: seen one after the other, it is one record.
func TestTwoImportsOfOneRecord(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		one, other := h.written("b1", "2026-02-01", "T40.1"), h.written("b2", "2026-02-02", "T40.2")
		h.reveal(one)
		h.reveal(other)
		if got := h.deaths("2026-03-02"); len(got) != 1 || got[0].BatchID != "b2" {
			t.Errorf("%d rows in force: %+v", len(got), got)
		}
	})
}

// Two people correct one record at once: one of them is told that it is no longer there.
func TestTwoCorrectionsAtOnce(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		id := h.keep(certificate("2025-05-01", "X42", "T40.1"))
		var wg sync.WaitGroup
		errs := make([]error, 4)
		for i := range errs {
			wg.Go(func() {
				d := certificate("2025-05-01", "X42", "T40.1")
				d.Age = 40 + i
				errs[i] = h.s.KeepDeath(t.Context(), hospital, id, d)
			})
		}
		wg.Wait()
		done := 0
		for _, err := range errs {
			if err == nil {
				done++
			} else if code(err) != baqylau.NotFound {
				t.Error(err)
			}
		}
		if got := h.deaths("2026-03-02"); len(got) != 1 || done != 1 {
			t.Errorf("%d corrections were taken, %d rows in force", done, len(got))
		}
	})
}

// One person whom two sources have as dead is one death in each kind of register, and is asked about; a stay on a second register does not make the death two.
func TestOneDeathOfOnePerson(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		for range 2 {
			d := certificate("2025-05-01", "X42", "T40.1")
			d.Person = "p"
			h.keep(d)
			h.keep(certificate("2025-05-01", "X42", "T40.1")) // of persons who are not known
		}
		if got := h.deaths("2026-03-02"); len(got) != 3 {
			t.Errorf("%d deaths of p and two others", len(got))
		}
		n, err := h.s.CountDeaths(t.Context(), epidemiology, "KZ", baqylau.MustDate("2026-03-02"), 0)
		if err != nil || n.ByYear["B"][0].N != 3 {
			t.Errorf("counted: %v, %v", n.ByYear, err)
		}
		var asked int
		if err := h.s.W.DB.Read.QueryRowContext(t.Context(), "SELECT count(*) FROM check_finding WHERE rule = 'death_twice'").Scan(&asked); err != nil || asked != 1 {
			t.Errorf("asked %d times, %v", asked, err)
		}
		h.stay("p", "2020-01-01", "", "")
		h.stay("p", "2024-01-01", "", "")
		c, err := h.s.FollowRegister(t.Context(), epidemiology, "KZ", 2023, 2025, baqylau.MustDate("2026-03-02"))
		if err != nil || c.Deaths != 1 || c.Persons != 1 || c.Linked != 1 {
			t.Errorf("followed: %+v, %v", c, err)
		}
	})
}
