package rules

import (
	"testing"

	"github.com/baqylau/baqylau"
)

// A laboratory that confirms what the police found months ago brings no second case; when it would be stale anyway, nobody asks any more.
func TestAnOccurrenceIsCountedOnceUntilItIsStale(t *testing.T) {
	k := sighting{place: place{country: "KZ"}, subject: "heroin"}
	first := baqylau.NewDate(2020, 1, 6).Week()
	later := func(weeks int) bool {
		s := New(Options{})
		for w := range weeks + 1 {
			s.week = first + baqylau.Week(w)
			s.fresh("another", k) // something comes in every week
			if w == 0 && !s.fresh("o1", k) {
				t.Fatal("never seen, and not fresh")
			}
		}
		return s.fresh("o1", k)
	}
	for _, weeks := range []int{0, 1, 13, 26} { // Stale is 180 days
		if later(weeks) {
			t.Errorf("counted again after %d weeks", weeks)
		}
	}
	if !later(60) {
		t.Error("remembered for ever: memory grows without end")
	}
}

// Other subjects, places and families of the same occurrence are counted for themselves.
func TestAnOccurrenceCountsForEachSubjectAndPlace(t *testing.T) {
	s := New(Options{})
	s.week = baqylau.NewDate(2020, 1, 6).Week()
	for _, k := range []sighting{
		{place: place{country: "KZ"}, subject: "heroin"}, {place: place{country: "KZ", region: "KZ-75"}, subject: "heroin"},
		{place: place{country: "KZ"}, subject: "fentanyl"}, {place: place{country: "KZ"}, subject: "heroin", family: true},
	} {
		if !s.fresh("o1", k) {
			t.Errorf("%+v is not fresh", k)
		}
	}
}

// A copy knows what the original counted, and the original nothing of the copy.
func TestACopyDoesNotCountTwice(t *testing.T) {
	s := New(Options{})
	s.week = baqylau.NewDate(2020, 1, 6).Week()
	k := sighting{place: place{country: "KZ"}, subject: "heroin"}
	s.fresh("o1", k)
	c := s.Clone()
	if c.fresh("o1", k) || !c.fresh("o2", k) || c.fresh("o2", k) {
		t.Error("the copy forgets what was counted")
	}
	if !s.fresh("o2", k) {
		t.Error("the original knows what only the copy saw")
	}
}
