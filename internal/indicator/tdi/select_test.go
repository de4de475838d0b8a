package tdi

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/baqylau/baqylau"
)

func TestAPersonCountsOnceAYear(t *testing.T) {
	one := func(day, person, facility, region, said string) Record {
		e := episode(t, day, said)
		e.Person, e.Facility, e.Region = Number(person), facility, region
		return e.Record()
	}
	year := []Record{
		one("2025-05-01", "anna", "clinic A", "KZ-75", "centre_type=outpatient primary_drug=1.1"),
		one("2025-02-01", "anna", "clinic B", "KZ-75", "centre_type=inpatient primary_drug=3.4"),
		one("2025-09-01", "anna", "clinic C", "KZ-71", "centre_type=low_threshold primary_drug=7.1"),
		one("2025-09-01", "boris", "clinic A", "KZ-75", "centre_type=outpatient primary_drug=1.1"),
		one("2025-01-01", "", "clinic A", "KZ-75", "centre_type=outpatient primary_drug=1.1"),
		one("2025-01-02", "", "clinic A", "KZ-75", "centre_type=outpatient primary_drug=1.1"),
	}
	for _, x := range []struct {
		rule                     Rule
		kept, repeated, excluded int
		anna                     string // her counted primary drugs
	}{
		{Rule{First, National, true}, 4, 2, 0, "3.4"}, {Rule{Last, National, true}, 4, 2, 0, "7.1"}, {Rule{Last, National, false}, 4, 1, 1, "1.1"},
		{Rule{First, Regional, true}, 5, 1, 0, "3.4 7.1"}, {Rule{First, ByCentre, true}, 6, 0, 0, "1.1 3.4 7.1"}, {Rule{First, None, false}, 5, 0, 1, "1.1 3.4"},
	} {
		for range 5 {
			rand.Shuffle(len(year), func(i, j int) { year[i], year[j] = year[j], year[i] })
			s := x.rule.Select(year)
			var anna []string
			for _, r := range s.Kept {
				if r.Person == Number("anna") {
					anna = append(anna, Drugs.String(r.Codes[Primary]))
				}
			}
			slices.Sort(anna)
			if got := join(anna); len(s.Kept) != x.kept || s.Repeated != x.repeated || s.Excluded != x.excluded || s.Anonymous != 2 || s.Episodes != 6 || got != x.anna {
				t.Errorf("%v: kept %d, repeated %d, excluded %d, anna %q; want %d, %d, %d, %q", x.rule, len(s.Kept), s.Repeated, s.Excluded, got, x.kept, x.repeated, x.excluded, x.anna)
			}
		}
	}
}

func join(ss []string) (out string) {
	for i, s := range ss {
		if i > 0 {
			out += " "
		}
		out += s
	}
	return out
}

func TestSelectionDoesNotDependOnTheOrderOfEpisodes(t *testing.T) {
	rnd := rand.New(rand.NewPCG(7, 8))
	var year []Record
	for range 2000 {
		e := random(rnd, 2025)
		e.Start = baqylau.NewDate(2025, 1, 1).AddDays(rnd.IntN(3)) // many on one day
		year = append(year, e.Record())
	}
	want := Count(DefaultRule.Select(year).Kept).Tables()
	rnd.Shuffle(len(year), func(i, j int) { year[i], year[j] = year[j], year[i] })
	for i, table := range Count(DefaultRule.Select(year).Kept).Tables() {
		if !slices.Equal(table.N, want[i].N) || !slices.Equal(table.Stats, want[i].Stats) {
			t.Fatalf("%s depends on the order of the episodes", table.ID())
		}
	}
}
