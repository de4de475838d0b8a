package disclosure_test

import (
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/disclosure"
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

// No hidden cell can be computed from the total and the other cells.
func TestATotalNeverGivesACellAway(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ns := rapid.SliceOfN(rapid.IntRange(0, 12), 1, 8).Draw(t, "counts")
		cells, total := disclosure.ShowAll(ns, disclosure.Figure{Persons: true}, disclosure.Public)
		hidden, shown := 0, 0
		for i, c := range cells {
			if c.Hidden != (ns[i] > 0 && ns[i] < disclosure.Threshold) || c.Hidden && c.N != 0 {
				t.Fatalf("cell %d of %v: %+v", i, ns, c)
			}
			if c.Hidden {
				hidden++
			}
			shown += c.N
		}
		if total.Hidden {
			if hidden == 0 {
				t.Fatalf("total of %v hidden without a hidden cell", ns)
			}
			return
		}
		if rest := total.N - shown; hidden == 1 || hidden > 0 && rest < disclosure.Threshold {
			t.Fatalf("%v: the total gives away %d in %d hidden cells", ns, rest, hidden)
		}
	})
}
