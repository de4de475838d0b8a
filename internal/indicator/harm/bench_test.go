package harm_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"testing"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/data"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/indicator/death"
	"github.com/baqylau/baqylau/internal/indicator/harm"
	"github.com/baqylau/baqylau/internal/registry"
	"github.com/baqylau/baqylau/internal/store/storetest"
)

// fill writes n deaths of fourteen years with what toxicology found, of both registers.
func (h *house) fill(n int) {
	h.t.Helper()
	rng := rand.New(rand.NewPCG(7, 7))
	pick := func(list ...string) string { return list[rng.IntN(len(list))] }
	regions := h.s.Shelf.Book().Regions("KZ")
	all := make([]*harm.Death, n)
	for i := range all {
		d := certificate(baqylau.NewDate(2012, 1, 1).AddDays(rng.IntN(5000)).String(), death.Code(pick("X42", "X42", "X44", "X62", "Y12", "F11.2", "F19.0", "X41", "I21.9")))
		d.Record.Age, d.Residence = 15+int(rng.ExpFloat64()*14)%70, regions[rng.IntN(len(regions))].Code
		if rng.IntN(5) == 0 {
			d.Sex = "female"
		}
		for range 1 + rng.IntN(3) {
			d.Causes = append(d.Causes, death.Code(pick("T40.1", "T40.2", "T40.4", "T42.4", "T43.6", "T50.9", "J96.0")))
		}
		for range 1 + rng.IntN(4) {
			d.Substances = append(d.Substances, death.Substance{Name: pick("a", "b"), Drug: pick("1.1", "1.4", "2.1", "3.4", "4.2", "9", ""), NPS: rng.IntN(12) == 0, Role: death.Role(pick("cause", "cause", "contributing", "present"))})
		}
		if rng.IntN(3) == 0 {
			d.Register, d.Underlying, d.Causes = death.Special, "", nil
		}
		d.SourceID, d.SourceRef, d.Country, d.OrgID, d.AccountID, d.Domain = "extract", fmt.Sprint(i), "KZ", "hospital", "a", baqylau.HealthDomain
		all[i] = d
	}
	err := h.s.W.Do(h.t.Context(), access.TheSystem(), access.EpisodeWrite, func(ctx context.Context, tx *change.Tx) error {
		tx.Subject("death", "many", "", nil)
		_, err := harm.RecordDeaths(ctx, tx, all)
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

// BenchmarkPages asks the pages of counts over 12,000 deaths and 6,000 registrations, as the centre and as a reader from whom small counts are hidden.
func BenchmarkPages(b *testing.B) {
	for _, engine := range storetest.Engines() {
		h := newHouse(b, storetest.Open(b, engine))
		err := registry.Seed(b.Context(), h.s.W.DB, h.s.W, data.FS)
		if err != nil {
			b.Fatal(err)
		}
		if h.s.Shelf, err = registry.NewShelf(b.Context(), h.s.W.DB); err != nil {
			b.Fatal(err)
		}
		h.now = time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC)
		h.fill(12_000)
		if err := h.s.MakeUpRegister(b.Context(), "hospital", 6_000, 2026); err != nil {
			b.Fatal(err)
		}
		for _, path := range []string{"/deaths", "/register", "/infections"} {
			for name, a := range map[string]access.Actor{"centre": epidemiology, "author": author} {
				b.Run(fmt.Sprint(engine, path, " ", name), func(b *testing.B) {
					for b.Loop() {
						if rec := h.visit(a, baqylau.Kazakh, path, nil); rec.Code != http.StatusOK {
							b.Fatal(rec.Code)
						}
					}
				})
			}
		}
	}
}
