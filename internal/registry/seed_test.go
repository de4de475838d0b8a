package registry_test

import (
	"context"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/data"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/registry"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
	"github.com/google/go-cmp/cmp"
)

var tables = []string{"substance", "substance_name", "family", "substance_family", "legal_status", "country", "region", "region_period",
	"population", "organisation", "source", "audit_entry"}

func seeded(t testing.TB, db *store.DB) (*registry.Shelf, *change.Writer) {
	t.Helper()
	ctx, w := context.Background(), change.New(db)
	if err := registry.Seed(ctx, db, w, data.FS); err != nil {
		t.Fatal(err)
	}
	s, err := registry.NewShelf(ctx, db)
	if err != nil {
		t.Fatal(err)
	}
	return s, w
}

func counts(t testing.TB, db *store.DB) map[string]int {
	t.Helper()
	out := map[string]int{}
	for _, name := range tables {
		var n int
		if err := db.Read.NewRaw("SELECT count(*) FROM "+name).Scan(context.Background(), &n); err != nil {
			t.Fatal(err)
		}
		out[name] = n
	}
	return out
}

func TestSeedingTwiceChangesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		_, w := seeded(t, db)
		first := counts(t, db)
		t.Log(first)
		for _, name := range tables {
			if first[name] == 0 {
				t.Errorf("nothing loaded into %s", name)
			}
		}
		if err := registry.Seed(ctx, db, w, data.FS); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(first, counts(t, db)); d != "" {
			t.Errorf("a second seeding changed something:\n%s", d)
		}
	})
}

// A node of an earlier release is given the present wording of what came with the program; what its people did stays.
func TestSeedingRewordsWhatIsShipped(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		_, w := seeded(t, db)
		first := counts(t, db)
		err := w.Do(ctx, access.TheSystem(), access.RegistryEdit, func(ctx context.Context, tx *change.Tx) error {
			for _, q := range []string{"UPDATE legal_status SET instrument = 'Government Resolution 470', note = 'as it was', to_on = '2030-01-01' WHERE jurisdiction = 'KZ'",
				"UPDATE substance_name SET source = 'as it was' WHERE type = 'street'",
				"UPDATE region_period SET source = 'as it was'", "UPDATE population SET source = 'as it was'", "UPDATE source SET licence = 'as it was'",
				"UPDATE setting SET value = 'old' WHERE key LIKE 'seed.%'"} {
				if _, err := tx.NewRaw(q).Exec(ctx); err != nil {
					return err
				}
			}
			tx.Subject("registry", "old", "", nil)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		shelf, _ := seeded(t, db)
		now := counts(t, db)
		now["audit_entry"] = first["audit_entry"]
		if d := cmp.Diff(first, now); d != "" {
			t.Errorf("rows were added or lost:\n%s", d)
		}
		ru := locale.With(ctx, baqylau.Russian)
		book := shelf.Book()
		for _, s := range book.Substances() {
			for _, n := range book.Names(s.ID) {
				if n.Type == registry.Street && n.Source == "as it was" {
					t.Errorf("%s is from %q", n.Text, n.Source)
				}
			}
			for _, x := range book.Statuses(s.ID) {
				if x.Jurisdiction == "KZ" && (x.Instrument.RU == x.Instrument.EN || x.To.IsZero() || registry.Told(ru, x.Note) == x.Note) {
					t.Errorf("%s: %+v", s.Name, x)
				}
			}
		}
		for _, x := range book.Sources() {
			if registry.Told(ru, x.Licence) == x.Licence {
				t.Errorf("%s has the licence %q", x.Code, x.Licence)
			}
		}
		if p := book.Population("KZ-10"); registry.Told(ru, p[0].Source) == p[0].Source {
			t.Errorf("the population is from %q", p[0].Source)
		}
		if p := book.Periods("KZ-63"); registry.Told(ru, p[0].Source) == p[0].Source {
			t.Errorf("the border is from %q", p[0].Source)
		}
	})
}
