package change_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/audit"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
)

func put(ctx context.Context, w *change.Writer, actor access.Actor, key string) error {
	return w.Do(ctx, actor, access.SettingsEdit, func(ctx context.Context, tx *change.Tx) error {
		if _, err := tx.NewRaw("INSERT INTO setting (key, value) VALUES (?, 'x')", key).Exec(ctx); err != nil {
			return err
		}
		tx.Subject("setting", key, "", map[string]any{"n": 1})
		return nil
	})
}

func count(t *testing.T, db *store.DB, table string) (n int) {
	t.Helper()
	if err := db.Read.NewRaw("SELECT count(*) FROM "+table).Scan(context.Background(), &n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestAFailingAuditLeavesNothingBehind(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, w := context.Background(), change.New(db)
		if _, err := db.Write.Exec("ALTER TABLE audit_head RENAME TO audit_head_gone"); err != nil {
			t.Fatal(err)
		}
		if err := put(ctx, w, access.TheSystem(), "a"); baqylau.CodeOf(err) != baqylau.Unavailable {
			t.Fatalf("error = %v, want unavailable", err)
		}
		if n := count(t, db, "setting"); n != 0 {
			t.Errorf("%d settings written without an audit entry", n)
		}
	})
}

func TestAFailingActLeavesNoAuditEntry(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := change.New(db)
		boom := errors.New("boom")
		err := w.Do(context.Background(), access.TheSystem(), access.SettingsEdit, func(ctx context.Context, tx *change.Tx) error {
			tx.Subject("setting", "a", "", nil)
			return boom
		})
		if !errors.Is(err, boom) || count(t, db, "audit_entry") != 0 {
			t.Errorf("error = %v, entries = %d", err, count(t, db, "audit_entry"))
		}
	})
}

func TestAnActWithoutSubjectIsRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		err := change.New(db).Do(context.Background(), access.TheSystem(), access.SettingsEdit, func(ctx context.Context, tx *change.Tx) error {
			_, err := tx.NewRaw("INSERT INTO setting (key, value) VALUES ('a', 'x')").Exec(ctx)
			return err
		})
		if baqylau.CodeOf(err) != baqylau.Internal || count(t, db, "setting") != 0 {
			t.Errorf("error = %v", err)
		}
	})
}

func TestThePolicyStandsBeforeTheWrite(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := change.New(db)
		if err := put(context.Background(), w, access.Anyone(baqylau.Kazakh), "a"); baqylau.CodeOf(err) != baqylau.Unauthentic {
			t.Errorf("public: %v", err)
		}
		police := access.Actor{ID: "p", OrgID: "o", Domain: baqylau.EnforcementDomain, Roles: []access.Role{access.Reporter}}
		if err := put(context.Background(), w, police, "a"); baqylau.CodeOf(err) != baqylau.Forbidden {
			t.Errorf("police: %v", err)
		}
		if count(t, db, "setting") != 0 {
			t.Error("something was written")
		}
	})
}

func TestTheChainFindsEveryTampering(t *testing.T) {
	for name, sql := range map[string]string{
		"altered":   "UPDATE audit_entry SET object_id = 'other' WHERE seq = 3",
		"detail":    "UPDATE audit_entry SET detail = '{\"n\":2}' WHERE seq = 3",
		"removed":   "DELETE FROM audit_entry WHERE seq = 3",
		"last gone": "DELETE FROM audit_entry WHERE seq = 5",
		"reordered": "UPDATE audit_entry SET seq = CASE seq WHEN 103 THEN 4 ELSE 3 END WHERE seq IN (103, 104)",
	} {
		t.Run(name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, db *store.DB) {
				ctx, w := context.Background(), change.New(db)
				for i := range 5 {
					if err := put(ctx, w, access.TheSystem(), fmt.Sprint(i)); err != nil {
						t.Fatal(err)
					}
				}
				if r, err := audit.Verify(ctx, db.Read); err != nil || !r.OK || r.Entries != 5 {
					t.Fatalf("before: %+v, %v", r, err)
				}
				if name == "reordered" {
					if _, err := db.Write.Exec("UPDATE audit_entry SET seq = seq + 100 WHERE seq IN (3, 4)"); err != nil {
						t.Fatal(err)
					}
				}
				if _, err := db.Write.Exec(sql); err != nil {
					t.Fatal(err)
				}
				r, err := audit.Verify(ctx, db.Read)
				if err != nil || r.OK || r.BadSeq == 0 {
					t.Errorf("after %s: %+v, %v", name, r, err)
				}
			})
		})
	}
}

func TestManyWritersKeepOneChain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, w := context.Background(), change.New(db)
		var wg sync.WaitGroup
		for i := range 40 {
			wg.Go(func() {
				if err := put(ctx, w, access.TheSystem(), fmt.Sprint(i)); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if r, err := audit.Verify(ctx, db.Read); err != nil || !r.OK || r.Entries != 40 {
			t.Errorf("%+v, %v", r, err)
		}
	})
}

func TestReferencesCountPerYear(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := change.New(db)
		var refs []string
		for range 2 {
			err := w.Do(context.Background(), access.TheSystem(), access.SettingsEdit, func(ctx context.Context, tx *change.Tx) error {
				r, err := tx.Ref(ctx, "R", 6)
				refs = append(refs, r)
				tx.Subject("ref", r, "", nil)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		year := change.Today(w.Now()).Time().Year()
		if want := fmt.Sprintf("R-%d-000002", year); refs[1] != want {
			t.Errorf("second reference %s, want %s", refs[1], want)
		}
	})
}
