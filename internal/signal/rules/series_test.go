package rules

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/baqylau/baqylau"
)

// What a series forgets, no rule would have looked at: the weeks within reach and their evidence are those of a series that forgets nothing.
func TestASeriesForgetsOnlyWhatIsOutOfReach(t *testing.T) {
	const keep, window, weeks = 56, 4, 600
	r := rand.New(rand.NewPCG(1, 2))
	for _, chance := range []float64{0.9, 0.2, 0.02, 0.004} {
		x, all, seen := &series{}, make([]float64, weeks), []witness{}
		for w := range baqylau.Week(weeks) {
			if w%window == 0 {
				x.forget(w, keep, window)
			}
			for r.Float64() < chance {
				e := &Event{Count: 1 + r.IntN(3)}
				x.add(w, e, keep, window)
				all[w] += float64(e.Count)
				seen = append(seen, witness{w, e})
			}
			from := max(0, w-keep+1)
			if got := x.fill(nil, from, w); !slices.Equal(got, all[from:w+1]) {
				t.Fatalf("chance %v, week %d: %v instead of %v", chance, w, got, all[from:w+1])
			}
			fresh := func(list []witness) []witness {
				return slices.DeleteFunc(slices.Clone(list), func(s witness) bool { return int(w-s.week) >= window })
			}
			if !slices.Equal(fresh(x.recent), fresh(seen)) {
				t.Fatalf("chance %v, week %d: evidence %v instead of %v", chance, w, fresh(x.recent), fresh(seen))
			}
		}
		x.forget(weeks+keep+1, keep, window)
		if len(x.counts)+len(x.recent) > 0 {
			t.Errorf("chance %v: %d counts and %d events are kept for ever", chance, len(x.counts), len(x.recent))
		}
	}
}
