package treatment

import (
	"fmt"
	"testing"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/indicator/tdi"
	"github.com/baqylau/baqylau/internal/indicator/tdi/synthetic"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
)

// BenchmarkTables reads 200,000 episodes of ten years from the store and makes the 70 tables of each year and of the ten years.
func BenchmarkTables(b *testing.B) {
	for _, engine := range storetest.Engines() {
		b.Run(string(engine), func(b *testing.B) {
			db := storetest.Open(b, engine)
			s := seeded(b, db, 200_000)
			for b.Loop() {
				y, err := s.count(b.Context(), Question{Country: "KZ", From: 2016, To: 2025, AsOf: baqylau.MustDate("2026-01-31"), Rule: tdi.DefaultRule}, nil)
				if err != nil || y.Episodes != 200_000 {
					b.Fatal(y.Episodes, err)
				}
				n := len(y.Whole.Tables())
				for _, c := range y.ByYear {
					n += len(c.Tables())
				}
				if n != 11*70 {
					b.Fatal(n)
				}
			}
		})
	}
}

func seeded(t testing.TB, db *store.DB, n int) *Service {
	t.Helper()
	w := change.New(db)
	w.Now = func() time.Time { return time.Date(2026, 1, 31, 9, 0, 0, 0, time.UTC) }
	s := &Service{W: w, Home: "KZ"}
	var regions []synthetic.Region
	for i := range 20 {
		regions = append(regions, synthetic.Region{Code: fmt.Sprintf("KZ-%02d", i+10), Share: float64(20 - i)})
	}
	made, err := s.Seed(t.Context(), synthetic.Plan{Seed: 1, From: 2016, To: 2025, Episodes: n, Regions: regions}, "org-1", "org-2", "org-3")
	if err != nil || made != n {
		t.Fatalf("%d episodes: %v", made, err)
	}
	return s
}
