package harm_test

import (
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/data"
	"github.com/baqylau/baqylau/internal/indicator/death"
	"github.com/baqylau/baqylau/internal/indicator/harm"
	"github.com/baqylau/baqylau/internal/registry"
)

// The tables, which are made from packed texts, count what the rules say of the whole records, and a table's margins are the years' sums.
func TestTablesCountWhatTheRecordsSay(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		if err := registry.Seed(t.Context(), h.s.W.DB, h.s.W, data.FS); err != nil {
			t.Fatal(err)
		}
		if err := h.s.Shelf.Reload(t.Context()); err != nil {
			t.Fatal(err)
		}
		h.fill(400)
		records, err := harm.Deaths(t.Context(), h.s.W.DB.Read, "KZ", baqylau.MustDate("2026-03-02"))
		if err != nil || len(records) != 400 {
			t.Fatal(len(records), err)
		}
		c, err := h.s.CountDeaths(t.Context(), epidemiology, "KZ", baqylau.MustDate("2026-03-02"), 2020)
		if err != nil {
			t.Fatal(err)
		}
		for _, sel := range death.Selections {
			byYear, adults, byDrug, byRegion, of := map[int]int{}, map[int]int{}, map[string]int{}, map[string]int{}, 0
			for _, d := range records {
				if _, in := h.s.Rules.Select(d.Record, sel); !in {
					continue
				}
				y := d.Died.Time().Year()
				byYear[y]++
				if d.IsAdult() {
					adults[y]++
				}
				if y != 2020 {
					continue
				}
				of++
				byRegion[d.Residence]++
				found := map[string]bool{}
				for _, x := range d.Substances {
					if x.Poisons() {
						found[x.Drug] = true
					}
				}
				for drug := range found {
					byDrug[drug]++
				}
			}
			for i, y := range c.Years {
				if c.ByYear[sel][i].N != byYear[y] || c.Adults[sel][i].N != adults[y] {
					t.Errorf("%s %d: %v, %v; the records say %d, %d", sel, y, c.ByYear[sel][i], c.Adults[sel][i], byYear[y], adults[y])
				}
			}
			last := c.SexAge[sel][len(death.Sexes)]
			if last[len(last)-1].N != of {
				t.Errorf("%s: by sex and age %d, the records say %d", sel, last[len(last)-1].N, of)
			}
			for _, d := range c.ByDrug[sel] {
				if d.N.N != byDrug[d.Drug] {
					t.Errorf("%s, drug %q: %d, the records say %d", sel, d.Drug, d.N.N, byDrug[d.Drug])
				}
			}
			for _, r := range c.ByRegion[sel] {
				if r.N.N != byRegion[r.Region] {
					t.Errorf("%s, %s: %d, the records say %d", sel, r.Region, r.N.N, byRegion[r.Region])
				}
			}
		}
	})
}
