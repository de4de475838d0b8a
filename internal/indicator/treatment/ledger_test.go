package treatment

import (
	"strings"
	"testing"

	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/indicator/release"
	"github.com/baqylau/baqylau/internal/secret"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
)

// What the police were shown of a year is in the ledger: asked again, and by a node that was started anew, the same is hidden and no second line is written. A quarter later more cases are known. That is a
// second line; what has not changed is shown or hidden as it was.
func TestWhatLeftOfAYearIsKept(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		key, err := secret.New([]byte(strings.Repeat("k", 32)))
		if err != nil {
			t.Fatal(err)
		}
		h.Ledger = &release.Service{W: h.W, Seal: key.Seal, Open: key.Open}
		for i, said := range []string{"1.1", "1.1", "1.1", "1.1", "1.1", "1.1", "1.1", "1.2", "1.2", "7", "7", "7", "7", "7", "7", "3.1"} {
			sex := []string{"male", "female"}[i%3/2]
			h.enter(h.clinic, "2026-02-10", "sex="+sex+" centre_type=outpatient ever_treated=1 age_at_start=30 age_first_use=20 injecting=1 route=4 primary_drug="+said)
		}
		look := func(a access.Actor, day string) map[string][]Figure {
			t.Helper()
			h.setDay(day)
			tables, err := h.TablesOf(t.Context(), a, Set{From: 2026, To: 2026, AsOf: h.day})
			if err != nil {
				t.Fatal(err)
			}
			out := map[string][]Figure{}
			for _, id := range []string{"9.1.1", "10.1.1", "10.1.2", "12.1.1"} {
				_, figures, err := tables.Table(id)
				if err != nil {
					t.Fatal(err)
				}
				for _, row := range figures {
					out[id] = append(out[id], row...)
				}
			}
			return out
		}
		lines := func() (n int) {
			t.Helper()
			if err := db.Read.NewRaw("SELECT COUNT(*) FROM disclosure_release").Scan(t.Context(), &n); err != nil {
				t.Fatal(err)
			}
			return n
		}
		first := look(h.police, "2026-04-02")
		h.answered = answers{} // a node that was started anew
		again := look(h.police, "2026-05-20")
		if n := lines(); n != 1 {
			t.Errorf("%d lines in the ledger", n)
		}
		hidden := 0
		for id := range first {
			for k, f := range first[id] {
				if f.Hidden {
					hidden++
				}
				if f != again[id][k] {
					t.Errorf("%s: %+v and then %+v", id, f, again[id][k])
				}
			}
		}
		if hidden == 0 {
			t.Error("nothing is hidden")
		}
		h.enter(h.clinic, "2026-03-10", "sex=male centre_type=outpatient ever_treated=1 age_at_start=30 age_first_use=20 injecting=1 route=4 primary_drug=1.1")
		later := look(h.police, "2026-07-03")
		if n := lines(); n != 2 {
			t.Errorf("%d lines in the ledger", n)
		}
		before, now := look(h.centre, "2026-04-01"), look(h.centre, "2026-07-01")
		for id := range first {
			for k, f := range first[id] {
				same, g := before[id][k] == now[id][k], later[id][k]
				if same && f.Hidden && !g.Hidden || now[id][k].Text >= "1" && now[id][k].Text < "5" && len(now[id][k].Text) == 1 && !g.Hidden {
					t.Errorf("%s: %s and then %s, shown as %+v and then %+v", id, before[id][k].Text, now[id][k].Text, f, g)
				}
			}
		}
	})
}
