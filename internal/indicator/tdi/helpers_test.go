package tdi

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/baqylau/baqylau"
)

// episode is one of which a test says what matters: "primary_drug=1.1 sex=male age_at_start=30 secondary_drugs=8;7.1".
func episode(t testing.TB, start, said string) Episode {
	t.Helper()
	e := New(baqylau.MustDate(start))
	for _, word := range strings.Fields(said) {
		field, value, _ := strings.Cut(word, "=")
		if err := e.Put(field, value); err != nil {
			t.Fatalf("%s: %v", word, err)
		}
	}
	e.Derive()
	return e
}

// random is an episode with any answers.
func random(r *rand.Rand, year int) Episode {
	e := New(baqylau.NewDate(year, 1, 1).AddDays(r.IntN(365)))
	for i := range e.Codes {
		e.Codes[i] = Code(r.IntN(len(Item(i).List().Codes)))
	}
	for e.Codes[Primary] == alcohol || e.Codes[Primary] == noDrug {
		e.Codes[Primary] = Code(r.IntN(len(Drugs.Codes)))
	}
	e.Age, e.FirstUse = Years(r.IntN(80)-1), Years(r.IntN(80)-1)
	e.Person, e.Facility, e.Region = uint64(r.IntN(500)), string(rune('a'+r.IntN(9))), string(rune('a'+r.IntN(4)))
	for range r.IntN(4) {
		e.Secondary = append(e.Secondary, Use{Drug: Code(r.IntN(len(Drugs.Codes) - 2)), Route: Routes.NotKnown(), Frequency: Frequent.NotKnown()})
	}
	if len(e.Secondary) == 0 && r.IntN(2) == 0 {
		e.Secondary = []Use{{Drug: noDrug}}
	}
	return e
}
