package disclosure_test

import (
	"math"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/disclosure"
	"github.com/baqylau/baqylau/internal/disclosure/suppress"
	"pgregory.net/rapid"
)

func TestTheFirstRule(t *testing.T) {
	persons := disclosure.Figure{Persons: true}
	for name, c := range map[string]struct {
		n    int
		f    disclosure.Figure
		a    disclosure.Audience
		want bool
	}{
		"nobody":                   {0, persons, disclosure.Public, false},
		"one person to the public": {1, persons, disclosure.Public, true},
		"four across the wall":     {4, persons, disclosure.Crossing, true},
		"five":                     {5, persons, disclosure.Public, false},
		"an officer at work":       {1, persons, disclosure.Working, false},
		"samples":                  {1, disclosure.Figure{}, disclosure.Public, false},
		"outside figures":          {1, disclosure.Figure{Persons: true, Outside: true}, disclosure.Public, false},
		"cleared with an alert":    {1, disclosure.Figure{Persons: true, Cleared: true}, disclosure.Public, false},
	} {
		if got := disclosure.Hides(c.n, c.f, c.a); got != c.want {
			t.Errorf("%s: hidden = %v", name, got)
		}
	}
}

func TestWhoWorksOnTheCases(t *testing.T) {
	actor := func(d baqylau.Domain, r access.Role) access.Actor {
		return access.Actor{ID: "x", OrgID: "o", Domain: d, Roles: []access.Role{r}}
	}
	for _, c := range []struct {
		a    access.Actor
		want disclosure.Audience
	}{
		{actor(baqylau.NeutralDomain, access.Officer), disclosure.Working},
		{actor(baqylau.NeutralDomain, access.Epidemiology), disclosure.Working},
		{actor(baqylau.NeutralDomain, access.Assessor), disclosure.Working},
		{actor(baqylau.NeutralDomain, access.Approver), disclosure.Working},
		{actor(baqylau.NeutralDomain, access.Author), disclosure.Crossing},
		{actor(baqylau.NeutralDomain, access.Liaison), disclosure.Crossing},
		{actor(baqylau.NeutralDomain, access.Reporter), disclosure.Crossing},
		{actor(baqylau.HealthDomain, access.Assessor), disclosure.Crossing},
		{actor(baqylau.EnforcementDomain, access.Approver), disclosure.Crossing},
		{actor(baqylau.EnforcementDomain, access.Officer), disclosure.Crossing},
		{actor(baqylau.HealthDomain, access.Reporter), disclosure.Crossing},
		{access.Anyone(baqylau.Kazakh), disclosure.Public},
	} {
		if got := disclosure.AudienceOf(c.a); got != c.want {
			t.Errorf("%v in %s: %v", c.a.Roles, c.a.Domain, got)
		}
	}
}

// No small count can be computed from the total and the other cells: what is hidden could have been divided otherwise, over at least threshold − 1 values of each small count.
func TestATotalNeverGivesACellAway(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ns := rapid.SliceOfN(rapid.IntRange(0, 12), 1, 8).Draw(t, "counts")
		cells, total := disclosure.ShowAll(ns, disclosure.Figure{Persons: true}, disclosure.Public)
		sum, hidden, shown, small := 0, 0, 0, 0
		for i, c := range cells {
			sum += ns[i]
			isSmall := ns[i] > 0 && ns[i] < disclosure.Threshold
			if isSmall && !c.Hidden || ns[i] == 0 && c.Hidden || c.Hidden && c.N != 0 || !c.Hidden && c.N != ns[i] {
				t.Fatalf("cell %d of %v: %+v", i, ns, c)
			}
			if isSmall {
				small++
			}
			if c.Hidden {
				hidden++
			}
			shown += c.N
		}
		if small == 0 && (hidden > 0 || total.Hidden != (sum > 0 && sum < disclosure.Threshold)) {
			t.Fatalf("%v: hidden without need: %v, %v", ns, cells, total)
		}
		if total.Hidden || hidden == 0 {
			return // without the total every hidden count may be of any size
		}
		if total.N != sum {
			t.Fatalf("total of %v: %+v", ns, total)
		}
		if most := sum - shown - (hidden - 1); small > 0 && most-1 < disclosure.Threshold-1 { // the others are at least one each
			t.Fatalf("%v: a hidden count is from 1 to %d", ns, most)
		}
	})
}

// Small counts of a table by region and sex stay hidden with what would give them away; the officers who work on the cases see all.
func TestATableIsShownAsAWhole(t *testing.T) {
	count := func() *disclosure.Tally {
		tally := disclosure.NewTally(
			suppress.Dimension{Name: "region", Codes: []string{"T", "north", "n1", "n2", "south"}, Total: "T", Parents: map[string]string{"n1": "north", "n2": "north"}},
			suppress.Dimension{Name: "sex", Codes: []string{"T", "M", "F"}, Total: "T"})
		for _, c := range []struct {
			n           int
			region, sex string
		}{{20, "n1", "M"}, {2, "n1", "F"}, {30, "n2", "M"}, {15, "n2", "F"}, {40, "south", "M"}, {25, "south", "F"}} {
			tally.Add(c.n, c.region, c.sex)
		}
		return tally
	}
	persons := disclosure.Figure{Persons: true}
	all, err := count().Show(persons, disclosure.Working)
	if err != nil || all.At("T", "T").N != 132 || all.At("north", "F").N != 17 || all.At("n1", "F").N != 2 {
		t.Fatalf("%v %+v", err, all)
	}
	some, err := count().Show(persons, disclosure.Public)
	if err != nil {
		t.Fatal(err)
	}
	hidden := 0
	for _, r := range []string{"T", "north", "n1", "n2", "south"} {
		for _, s := range []string{"T", "M", "F"} {
			if c := some.At(r, s); c.Hidden {
				hidden++
			} else if c != all.At(r, s) {
				t.Errorf("%s, %s: %+v", r, s, c)
			}
		}
	}
	if !some.At("n1", "F").Hidden || hidden != 4 {
		t.Errorf("%d cells hidden, n1/F %+v", hidden, some.At("n1", "F"))
	}
}

func TestPercentagesAndSurveyCells(t *testing.T) {
	for _, c := range []struct {
		part, whole disclosure.Count
		want        float64
		ok          bool
	}{
		{disclosure.Count{N: 5}, disclosure.Count{N: 20}, 25, true},
		{disclosure.Count{N: 5}, disclosure.Count{N: 19}, 0, false},
		{disclosure.Count{Hidden: true}, disclosure.Count{N: 100}, 0, false},
		{disclosure.Count{N: 5}, disclosure.Count{Hidden: true}, 0, false},
	} {
		if got, ok := disclosure.Percentage(c.part, c.whole); got != c.want || ok != c.ok {
			t.Errorf("%+v of %+v: %v %v", c.part, c.whole, got, ok)
		}
	}
	for _, c := range []struct {
		n    int
		cv   float64
		want disclosure.Trust
	}{{29, 0.1, disclosure.Withheld}, {30, 0.1, disclosure.Reliable}, {30, 0.3, disclosure.Reliable}, {30, 0.31, disclosure.Uncertain}, {500, math.NaN(), disclosure.Uncertain}} {
		if got := disclosure.SurveyCell(c.n, c.cv); got != c.want {
			t.Errorf("%d respondents, variation %g: %v", c.n, c.cv, got)
		}
	}
}
