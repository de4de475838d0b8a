package register

import (
	"slices"
	"testing"

	"github.com/baqylau/baqylau"
	"pgregory.net/rapid"
)

var d = baqylau.MustDate

// A year of a small register: who was there, came, left, came and left, or had left before.
func TestAYearOfTheRegister(t *testing.T) {
	all := []Registration{
		{Person: "a", Region: "KZ-75", Entered: d("2010-05-01"), EntryReason: "first", Sex: "male"},
		{Person: "b", Region: "KZ-75", Entered: d("2010-05-01"), EntryReason: "first", Exit: d("2024-06-30"), ExitReason: "remission", Sex: "male"},
		{Person: "c", Region: "KZ-75", Entered: d("2024-01-01"), EntryReason: "first", Sex: "female", NPS: true},
		{Person: "e", Region: "KZ-75", Entered: d("2024-03-01"), EntryReason: "first", Exit: d("2024-12-31"), ExitReason: Moved, Sex: "male"},
		{Person: "e", Region: "KZ-71", Entered: d("2024-12-31"), EntryReason: Moved, Sex: "male"},
		{Person: "f", Region: "KZ-71", Entered: d("2023-03-01"), EntryReason: "first", Exit: d("2023-12-31"), ExitReason: "died", Sex: "male"},
		{Person: "g", Region: "KZ-71", Entered: d("2020-03-01"), EntryReason: "first", Exit: d("2024-01-01"), ExitReason: "died", Sex: "male"},
		{Person: "h", Region: "KZ-71", Entered: d("2025-01-01"), EntryReason: "first", Sex: "male"},
	}
	flows := Count(slices.Values(all), d("2024-01-01"), d("2024-12-31"), func(r Registration) []string { return []string{"", r.Region} })
	for key, want := range map[string][4]int{"": {3, 3, 3, 3}, "KZ-75": {2, 2, 2, 2}, "KZ-71": {1, 1, 1, 1}} { // start, entries, exits, end
		f := flows[key]
		if got := [4]int{f.Start, Sum(f.Entries), Sum(f.Exits), f.End}; got != want {
			t.Errorf("%q: %v, want %v", key, got, want)
		}
	}
	if f := flows[""]; f.Entries["first"] != 2 || f.Exits["died"] != 1 || f.Exits["remission"] != 1 || f.NPS != 1 {
		t.Errorf("reasons: %+v", f)
	}
	if in, out, unmatched := flows[""].Total(); in != 2 || out != 2 || unmatched != 0 {
		t.Errorf("without moves: %d, %d, %d", in, out, unmatched)
	}
}

// Whatever the registrations are, a flow made from them balances, and years join without a seam.
func TestFlowsBalance(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var all []Registration
		for range rapid.IntRange(0, 60).Draw(t, "n") {
			r := Registration{Entered: d("2019-01-01").AddDays(rapid.IntRange(0, 2500).Draw(t, "in")), EntryReason: "first"}
			if rapid.Bool().Draw(t, "left") {
				r.Exit, r.ExitReason = r.Entered.AddDays(rapid.IntRange(0, 900).Draw(t, "stay")), rapid.SampledFrom([]string{"died", Moved}).Draw(t, "why")
			}
			all = append(all, r)
		}
		whole := func(Registration) []string { return []string{""} }
		end := -1
		for _, year := range []string{"2020", "2021", "2022", "2023"} {
			f := Count(slices.Values(all), d(year+"-01-01"), d(year+"-12-31"), whole)[""]
			if f == nil {
				f = &Flow{}
			}
			if f.Gap() != 0 || end >= 0 && f.Start != end {
				t.Fatalf("%s: %+v after an end of %d", year, f, end)
			}
			on := 0
			for _, r := range all {
				if r.On(d(year + "-12-31")) {
					on++
				}
			}
			if end = f.End; on != end {
				t.Fatalf("%s: %d on the register, %d at the end", year, on, end)
			}
		}
	})
}

// The published inconsistency: figures that do not balance are asked about, and the gap says by how much.
func TestAPublishedFlowThatDoesNotBalance(t *testing.T) {
	f := Flow{Start: 18_226, Entries: map[string]int{"first": 1_200}, Exits: map[string]int{"remission": 900, "died": 150}, End: 18_329}
	if f.Gap() != 18_329-(18_226+1_200-1_050) {
		t.Errorf("gap %d", f.Gap())
	}
}

func TestOnTwoRegistersAtOnce(t *testing.T) {
	all := []Registration{
		{Person: "a", Region: "KZ-75", Entered: d("2010-01-01"), Exit: d("2015-01-01")}, {Person: "a", Region: "KZ-71", Entered: d("2015-01-01")},
		{Person: "b", Region: "KZ-75", Entered: d("2010-01-01")}, {Person: "b", Region: "KZ-71", Entered: d("2012-01-01")},
		{Region: "KZ-71", Entered: d("2012-01-01")}, {Region: "KZ-71", Entered: d("2012-01-01")}, // persons not known
	}
	if got := Twice(all); len(got) != 1 || all[got[0][0]].Region != "KZ-75" || all[got[0][1]].Person != "b" || all[got[0][1]].Region != "KZ-71" {
		t.Errorf("twice: %v", got)
	}
}

func TestCheckNamesEveryMistake(t *testing.T) {
	today := d("2026-11-30")
	good := Registration{Entered: d("2020-01-01"), EntryReason: "first", Sex: "male", Born: 1985}
	entries, exits := []string{"first", Moved}, []string{"died", Moved}
	if err := good.Check(today, entries, exits); err != nil {
		t.Fatal(err)
	}
	for what, c := range map[string]struct {
		field  string
		change func(r *Registration)
	}{
		"no day":               {"entered_on", func(r *Registration) { r.Entered = baqylau.Date{} }},
		"tomorrow":             {"entered_on", func(r *Registration) { r.Entered = today.AddDays(1) }},
		"no such reason":       {"entry_reason", func(r *Registration) { r.EntryReason = "fell" }},
		"leaves before coming": {"exit_on", func(r *Registration) { r.Exit, r.ExitReason = d("2019-12-31"), "died" }},
		"leaves for no reason": {"exit_reason", func(r *Registration) { r.Exit = d("2021-12-31") }},
		"a reason and no day":  {"exit_on", func(r *Registration) { r.ExitReason = "died" }},
		"no sex":               {"sex", func(r *Registration) { r.Sex = "" }},
		"not born":             {"born", func(r *Registration) { r.Born = 2030 }},
	} {
		r := good
		c.change(&r)
		es, ok := r.Check(today, entries, exits).(baqylau.Errors) //nolint:errorlint // made by Check
		if !ok || len(es) != 1 || es[0].Field != c.field {
			t.Errorf("%s: %v", what, es)
		}
	}
	if young := (Registration{Entered: d("2020-01-01"), Born: 2015}); len(young.Doubts()) != 1 {
		t.Errorf("a child of 5 is not asked about: %v", young.Doubts())
	}
}
