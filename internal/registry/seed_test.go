package registry_test

import (
	"context"
	"testing"

	"github.com/baqylau/baqylau/data"
	"github.com/baqylau/baqylau/internal/change"
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
