// Package disclosure decides what a figure may show when it leaves the people who work on it. It stands below every exporter, page and
// feed, and is the only place where a count is hidden: counts of persons from 1 to 4 are hidden where they are
// published or cross the wall between health and police. Never hidden: counts of substance samples, published figures of another
// country, officers' working views, and numbers that were cleared with an alert. A table with totals goes through a Tally, which also hides what
// a small count could be computed from; suppress is how. A count alone goes through Show.
package disclosure

import (
	"slices"
	"strconv"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/disclosure/suppress"
)

// Threshold is the smallest count of persons that is shown. Statistical offices commonly use 3 to 10 (Eurostat handbook on
// statistical disclosure control); the issue of the project fixes 5.
const Threshold = 5

// Audience is who reads a figure.
type Audience int

// The audiences.
const (
	Public   Audience = iota // no account, or printed and fed outwards
	Crossing                 // signed in, but not among those who work on the cases
	Working                  // who works on the cases or judges the signals, on neither side of the wall
)

// working are the acts of which one, over everything and in a neutral organisation, makes the Working audience: reading every report, and judging signals,
// which needs the evidence (docs/decisions/0005-who-reads-small-counts.md).
var working = []access.Act{access.ReportRead, access.SignalAssess, access.SignalDecide}

// AudienceOf tells an actor's audience. Whoever belongs to a health or police organisation is Crossing, whatever their roles.
func AudienceOf(a access.Actor) Audience {
	watchers.Range(func(_, told any) bool {
		told.(func(access.Actor))(a) //nolint:forcetypeassert // Watch stores nothing else
		return true
	})
	everything := func(act access.Act) bool { return access.ScopeOf(a, act) == access.Everything }
	switch {
	case a.Domain == baqylau.NeutralDomain && slices.ContainsFunc(working, everything):
		return Working
	case a.SignedIn():
		return Crossing
	}
	return Public
}

// Figure says what a count is of.
type Figure struct {
	Persons bool // counts people, not samples
	Outside bool // published by another country
	Cleared bool // approved with an alert
}

// Hides reports whether count n of figure f must be hidden from an audience. Zero is shown: nobody can be recognised in it.
func Hides(n int, f Figure, a Audience) bool {
	return a != Working && f.Persons && !f.Outside && !f.Cleared && n > 0 && n < Threshold
}

// Count is a count that may be hidden.
type Count struct {
	N      int
	Hidden bool
}

// Show applies the rule to one count; a hidden one carries no number at all.
func Show(n int, f Figure, a Audience) Count {
	if Hides(n, f, a) {
		return Count{Hidden: true}
	}
	return Count{N: n}
}

// ShowAll applies the rule to a row of counts and their total: where small ones could be computed from the others, further counts or the total are hidden with them.
func ShowAll(ns []int, f Figure, a Audience) (cells []Count, total Count) {
	d := suppress.Dimension{Codes: make([]string, len(ns)+1), Total: "T"}
	d.Codes[0] = d.Total
	for i := range ns {
		d.Codes[i+1] = strconv.Itoa(i)
	}
	t := NewTally(d)
	for i, n := range ns {
		t.Add(n, d.Codes[i+1])
	}
	s, err := t.Show(f, a)
	if err != nil { // a count below zero, or more than a table takes: nothing of it is shown
		s = &Shown{counts: slices.Repeat([]Count{{Hidden: true}}, len(ns)+1)}
	}
	return s.counts[1:], s.counts[0]
}
