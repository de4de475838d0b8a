package harm

import (
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/disclosure"
	"github.com/baqylau/baqylau/internal/indicator/register"
	"pgregory.net/rapid"
)

// Whatever the registrations are, a year's flow balances, years join without a seam, and what is on the register at the end of a year is whoever was there on its last day.
func TestFlowsBalance(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		first := baqylau.MustDate("2019-01-01")
		var stays []register.Registration
		for range rapid.IntRange(1, 60).Draw(t, "n") {
			r := register.Registration{Entered: first.AddDays(rapid.IntRange(0, 2500).Draw(t, "in")), EntryReason: "first", Sex: "male", Region: "KZ-75"}
			if rapid.Bool().Draw(t, "left") {
				r.Exit, r.ExitReason = r.Entered.AddDays(rapid.IntRange(0, 900).Draw(t, "stay")), rapid.SampledFrom([]string{"died", register.Moved}).Draw(t, "why")
			}
			stays = append(stays, r)
		}
		tables := flows(stays, 2020, 2023)
		shown, err := (&disclosure.Together{}).Show(disclosure.Figure{Persons: true}, disclosure.Working, tables.links, tables.tallies...)
		if err != nil {
			t.Fatal(err)
		}
		end := -1
		for _, year := range tables.years {
			y := flowOf(shown[flowOfYear], year, false)
			if y.Start.N+y.In.N != y.End.N+y.Out.N || end >= 0 && y.Start.N != end {
				t.Fatalf("%s: %+v after an end of %d", year, y, end)
			}
			on := 0
			for _, r := range stays {
				if r.On(baqylau.MustDate(year + "-12-31")) {
					on++
				}
			}
			if end = y.End.N; on != end {
				t.Fatalf("%s: %d on the register, %d at the end", year, on, end)
			}
		}
	})
}
