package rules

import (
	"reflect"
	"testing"
)

// The running week is judged on a copy, as often as findings come in; the original is advanced once, on Sunday, and both say the same.
func TestACopyJudgesTheWeekAsTheOriginalWill(t *testing.T) {
	c := scene(t)
	c.quietly(60)
	sunday := c.week.Sunday()
	a, b := c.found(opioid, "AST"), c.found(heroin, "ALA")
	once, err := c.s.Clone().Advance(sunday, []Event{a})
	if err != nil {
		t.Fatal(err)
	}
	want(t, once.Raised, FirstCountry)
	again, err := c.s.Clone().Advance(sunday, []Event{a, b})
	if err != nil {
		t.Fatal(err)
	}
	original := c.goes(a, b)
	if !reflect.DeepEqual(original, again) {
		t.Errorf("original %+v\ncopy %+v", original, again)
	}
}

// What was told on Monday keeps its place in the week's budget although better news comes on Friday.
func TestWhatWasToldComesFirst(t *testing.T) {
	c := scene(t)
	c.s = New(Options{Budget: 1})
	c.quietly(60)
	sunday := c.week.Sunday()
	monday, friday := c.found(sleepy, "AST"), c.found(opioid, "AST")
	step, _ := c.s.Clone().Advance(sunday, []Event{monday, friday})
	if len(step.Raised) != 1 || step.Raised[0].Subject() != opioid.Key {
		t.Fatalf("without a telling the better news wins: %+v", step.Raised)
	}
	c.s.Told(func(x Candidate) bool { return x.Subject() == sleepy.Key })
	step, _ = c.s.Clone().Advance(sunday, []Event{monday, friday})
	if len(step.Raised) != 1 || step.Raised[0].Subject() != sleepy.Key || len(step.Held) != 1 {
		t.Errorf("raised %+v, held %+v", step.Raised, step.Held)
	}
}
