package rules

import (
	"fmt"
	"testing"

	"github.com/baqylau/baqylau"
)

// country is a small invented scene: one State, weeks passing by.
type country struct {
	t    *testing.T
	s    *State
	week baqylau.Week
	n    int
}

func scene(t *testing.T) *country {
	return &country{t: t, s: New(Options{}), week: baqylau.MustDate("2020-01-06").Week()}
}

var (
	heroin = Substance{Key: "heroin", Name: "Heroin"}
	opioid = Substance{Key: "metonitazene", Name: "Metonitazene", New: true}
	sleepy = Substance{Key: "zopiclone", Name: "Zopiclone"}
)

// found is a death this week with the substance in the region.
func (c *country) found(x Substance, region string) Event {
	c.n++
	d := c.week.Monday().AddDays(2)
	return Event{OccurrenceID: fmt.Sprint("o", c.n), KnownOn: d, OccurredOn: d, Country: "KZ", Region: region, Substance: x, Families: []string{"f-" + x.Key}, Fatal: true, Confidence: baqylau.Confirmed}
}

func (c *country) goes(events ...Event) Step {
	c.t.Helper()
	step, err := c.s.Advance(c.week.Sunday(), events)
	if err != nil {
		c.t.Fatal(err)
	}
	c.week++
	return step
}

// quietly lets weeks pass with a heroin death in ALA every second week and none of it may raise anything.
func (c *country) quietly(weeks int) {
	c.t.Helper()
	for i := range weeks {
		var events []Event
		if i%2 == 0 {
			events = append(events, c.found(heroin, "ALA"))
		}
		if step := c.goes(events...); len(step.Raised)+len(step.Held) > 0 {
			c.t.Fatalf("week %d: %+v", i, step)
		}
	}
}

func want(t *testing.T, got []Candidate, types ...Type) {
	t.Helper()
	same := len(got) == len(types)
	for i := 0; same && i < len(got); i++ {
		same = got[i].Type == types[i]
	}
	if !same {
		t.Fatalf("raised %+v, want %v", got, types)
	}
}

func TestANewOpioidAppearsSpreadsAndRises(t *testing.T) {
	c := scene(t)
	c.quietly(80)

	first := c.found(opioid, "ALA")
	step := c.goes(first)
	want(t, step.Raised, FirstCountry)
	got := step.Raised[0]
	if got.Substance != opioid || got.Events != 1 || got.FirstEvent != first.OccurredOn || got.Evidence[0] != first.OccurrenceID || got.RaisedOn != c.s.On() || !got.Fatal || got.Region != "" {
		t.Errorf("%+v", got)
	}
	if got.Explanation[0].Key != "rules.first_country" || got.Explanation[1].Key != "rules.note.fatal" {
		t.Errorf("explained as %+v", got.Explanation)
	}
	c.quietly(3)

	// AST reports for the first time ever, yet the substance is marked new: that is news.
	step = c.goes(c.found(opioid, "AST"))
	want(t, step.Raised, FirstRegion)
	if step.Raised[0].Region != "AST" || step.Raised[0].Score >= got.Score {
		t.Errorf("a region must rank below the country: %+v", step.Raised[0])
	}
	c.quietly(3)

	step = c.goes(c.found(opioid, "ALA"), c.found(opioid, "ALA"), c.found(opioid, "ALA"), c.found(opioid, "AST"))
	want(t, step.Raised, RiseExact)
	rise := step.Raised[0]
	if rise.Region != "" || rise.Substance != opioid || rise.Observed < 4 || rise.Expected > 1 || rise.PValue > 0.001 || len(rise.Evidence) != rise.Events {
		t.Errorf("%+v", rise)
	}
	// It goes on rising: that is the running signal, not a new one.
	for range 6 {
		want(t, c.goes(c.found(opioid, "ALA"), c.found(opioid, "ALA"), c.found(opioid, "AST")).Raised)
	}
}

func TestTheKnownSceneIsNoNews(t *testing.T) {
	c := scene(t)
	var all []Event
	for i := range 40 {
		all = append(all, c.found(Substance{Key: fmt.Sprint("medicine", i)}, "ALA"))
	}
	want(t, c.goes(all...).Raised)
	want(t, c.goes(c.found(opioid, "ALA")).Raised, FirstCountry) // a marked one is news even in the warm-up
	c.quietly(60)
	want(t, c.goes(c.found(Substance{Key: "medicine7"}, "ALA")).Raised, ReEmergence)
	want(t, c.goes(c.found(Substance{Key: "medicine8"}, "AST")).Raised, ReEmergence) // and no first detection in AST of what is old
}

func TestItComesBack(t *testing.T) {
	c := scene(t)
	c.quietly(60)
	want(t, c.goes(c.found(sleepy, "ALA")).Raised, FirstCountry)
	c.quietly(51)
	want(t, c.goes(c.found(sleepy, "ALA")).Raised) // 364 days
	c.quietly(52)
	step := c.goes(c.found(sleepy, "ALA")) // 371 days, but once a year is its habit
	want(t, step.Raised)
	c.quietly(160)
	step = c.goes(c.found(sleepy, "ALA"))
	want(t, step.Raised, ReEmergence)
	if days := step.Raised[0].Explanation[0].Args["Days"]; days != 161*7 {
		t.Errorf("absent %v days", days)
	}
}

func TestFirstDeathAfterSeizures(t *testing.T) {
	c := scene(t)
	c.quietly(60)
	seizure := c.found(opioid, "ALA")
	seizure.Fatal = false
	want(t, c.goes(seizure).Raised, FirstCountry)
	c.quietly(2)
	step := c.goes(c.found(opioid, "ALA"))
	want(t, step.Raised, FirstFatal)
	if step.Raised[0].Explanation[0].Args["Known"] != seizure.OccurredOn {
		t.Errorf("%+v", step.Raised[0].Explanation)
	}
	c.quietly(2)
	want(t, c.goes(c.found(opioid, "ALA")).Raised) // the second death is no first one
}

// Someone dies of what was first reported as a poisoning: the occurrence counts once, and the death is still noticed.
func TestAnOccurrenceTurnsFatal(t *testing.T) {
	c := scene(t)
	c.quietly(60)
	poisoning := c.found(opioid, "ALA")
	poisoning.Fatal = false
	want(t, c.goes(poisoning).Raised, FirstCountry)
	poisoning.Fatal, poisoning.KnownOn = true, c.week.Monday()
	want(t, c.goes(poisoning).Raised, FirstFatal)
	k := sighting{place: place{"KZ", ""}, subject: opioid.Key}
	x := c.s.series[k]
	if n := sum(x.fill(nil, x.from, c.s.week)); n != 1 {
		t.Errorf("counted %v times", n)
	}
}

func TestTheBudgetHoldsAndNewsWaits(t *testing.T) {
	c := scene(t)
	c.quietly(60)
	var all []Event
	for i := range 10 {
		all = append(all, c.found(Substance{Key: fmt.Sprint("x", i), New: i >= 5}, "ALA"))
	}
	step := c.goes(all...)
	if len(step.Raised) != 7 || len(step.Held) != 3 {
		t.Fatalf("%d raised, %d held", len(step.Raised), len(step.Held))
	}
	for i, r := range step.Raised[:5] {
		if !r.Substance.New {
			t.Errorf("rank %d is %+v", i+1, r)
		}
	}
	next := c.goes()
	want(t, next.Raised, FirstCountry, FirstCountry, FirstCountry)
	if next.Raised[0].RaisedOn != c.s.On() || next.Raised[0].FirstEvent != all[0].OccurredOn {
		t.Errorf("%+v", next.Raised[0])
	}
	want(t, c.goes().Raised)
}

// A region that sent one report a quarter begins to send everything. Each substance seems to rise, and none does.
func TestBetterReportingIsNoRise(t *testing.T) {
	kinds := make([]Substance, 8)
	for i := range kinds {
		kinds[i] = Substance{Key: fmt.Sprint("old", i)}
	}
	run := func(many int) (rises int) {
		c := scene(t)
		for w := range 70 {
			if w%3 == 0 {
				c.goes(c.found(kinds[w/3%8], "AST"))
			} else {
				c.goes()
			}
		}
		for range 4 {
			var all []Event
			for i := range 8 {
				all = append(all, c.found(kinds[i%many], "AST"), c.found(kinds[i%many], "AST"))
			}
			for _, r := range c.goes(all...).Raised {
				if r.Type.Rise() {
					rises++
				}
			}
		}
		return rises
	}
	if n := run(8); n != 0 {
		t.Errorf("%d rises when everything is reported more", n)
	}
	if n := run(1); n == 0 {
		t.Error("no rise when one substance alone grows")
	}
}

func TestADenseSeriesJumps(t *testing.T) {
	c := scene(t)
	week := func(n int) Step {
		var all []Event
		for range n {
			all = append(all, c.found(heroin, "ALA"))
		}
		return c.goes(all...)
	}
	for i := range 60 {
		want(t, week(4+i%3).Raised)
	}
	step := week(15)
	want(t, step.Raised, RiseC2) // all three alarm; C2 stands out most
	if r := step.Raised[0]; r.Observed != 15 || r.Expected < 4 || r.Expected > 6 || r.Bound >= 15 || r.Events != 15 {
		t.Errorf("%+v", r)
	}
}

func TestBackwardsIsAConflict(t *testing.T) {
	c := scene(t)
	c.quietly(2)
	if _, err := c.s.Advance(baqylau.MustDate("2020-01-08"), nil); baqylau.CodeOf(err) != baqylau.Conflict {
		t.Errorf("got %v", err)
	}
	if _, err := New(Options{}).Advance(baqylau.Date{}, nil); baqylau.CodeOf(err) != baqylau.Conflict {
		t.Errorf("unknown day: %v", err)
	}
}

func TestFiguresForReading(t *testing.T) {
	for p, want := range map[float64]float64{1e-20: 0.0001, 0.00011: 0.0002, 0.0009: 0.0009, 0.00096: 0.001, 0.0012: 0.002, 0.05: 0.05, 0.3: 0.3, 0.99: 1} {
		if got := atMost(p); got != want {
			t.Errorf("%v is told as %v, want %v", p, got, want)
		}
	}
}
