package tdi

import (
	"math/rand/v2"
	"testing"
)

// BenchmarkTables counts 200,000 episodes of ten years into the 70 tables of each year and of the ten years.
func BenchmarkTables(b *testing.B) {
	rnd := rand.New(rand.NewPCG(11, 12))
	years := make([][]Record, 10)
	for i := range years {
		for range 20_000 {
			e := random(rnd, 2016+i)
			e.Person = uint64(rnd.IntN(60_000))
			years[i] = append(years[i], e.Record())
		}
	}
	for b.Loop() {
		all := NewCounts()
		for _, year := range years {
			c := Count(DefaultRule.Select(year).Kept)
			c.Tables()
			all.Plus(c)
		}
		all.Tables()
	}
}
