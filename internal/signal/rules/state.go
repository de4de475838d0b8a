package rules

import (
	"cmp"
	"slices"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/aberration"
)

// State remembers what has been seen, where and when, as far as the rules need it. It is not safe for concurrent use.
type State struct {
	opt     Options
	ears    [3]aberration.EARS
	on      baqylau.Date
	week    baqylau.Week
	spent   int                    // candidates raised in the current week,
	rises   int                    // rises among them
	started map[place]baqylau.Date // first known day of a place; a place with region "†" stands for its deaths
	seen    map[sighting]*memory
	series  map[sighting]*series
	numbers map[sighting]uint32  // of subjects, without their place
	swept   baqylau.Week         // when the series last forgot
	counted noted                // occurrences already counted for a subject
	told    func(Candidate) bool // see Told
	raised  map[sighting]raise
	waiting []waiter
	scratch []float64 // reused by test and volume
	totals  []float64
}

type place struct{ country, region string }

// sighting is a subject in a place; the country as a whole has an empty region.
type sighting struct {
	place
	subject string
	family  bool
}

// memory is what the first-detection rules know of a substance in a place.
type memory struct {
	first, last, fatal baqylau.Date // days of occurrence
	times              int          // findings
	quiet              bool         // seen in the warm-up: part of the known scene
}

type raise struct{ event, rise baqylau.Date }

type waiter struct {
	Candidate
	since baqylau.Week
}

// New returns an empty State. Zero options take their defaults.
func New(o Options) *State {
	o = o.filled()
	return &State{
		opt: o, ears: [3]aberration.EARS{aberration.NewEARS(1, 7, 0.001, 1), aberration.NewEARS(2, 7, 0.001, 1), aberration.NewEARS(3, 7, 0.025, 1)},
		started: map[place]baqylau.Date{}, seen: map[sighting]*memory{}, series: map[sighting]*series{}, numbers: map[sighting]uint32{},
		raised: map[sighting]raise{},
	}
}

// On is the day up to which the State knows everything; zero before the first Advance.
func (s *State) On() baqylau.Date { return s.on }

// Step is what one Advance gave.
type Step struct {
	// Raised are the candidates within the week's budget, best first.
	Raised []Candidate
	// Held are those that found no room. First detections among them wait and may be raised in a later week; rises are told again
	// while they last.
	Held []Candidate
	// Skipped is the number of events left out because they become known after the day; offer them again on their day.
	Skipped int
}

// Advance takes in the events that became known since the last call, up to and including the day on, and returns the candidates that
// this gives rise to, all raised on that day. A replay calls it with each Sunday; a live system may call it daily or after each
// import, and the budget is still that of the ISO week. The order of events in a call does not matter. A day before the last one is
// a Conflict: build a new State to look at the past.
func (s *State) Advance(on baqylau.Date, events []Event) (Step, error) {
	if on.IsZero() || on.Before(s.on) {
		return Step{}, baqylau.E(baqylau.Conflict, "rules.error.backwards", "Day", on, "Last", s.on)
	}
	if w := on.Week(); w != s.week {
		s.week, s.spent, s.rises = w, 0, 0
	}
	s.on = on
	s.forget()
	var step Step
	known := make([]Event, 0, len(events))
	for _, e := range events {
		e = tidy(e, on)
		if e.KnownOn.After(on) {
			step.Skipped++
			continue
		}
		known = append(known, e)
	}
	slices.SortStableFunc(known, byKnown)
	found := s.firsts(known)
	found = append(found, s.rising(known)...)
	step.Raised, step.Held = s.budget(found)
	return step, nil
}

func tidy(e Event, on baqylau.Date) Event {
	if e.KnownOn.IsZero() {
		e.KnownOn = e.OccurredOn
	}
	if e.KnownOn.IsZero() {
		e.KnownOn = on
	}
	if e.OccurredOn.IsZero() || e.OccurredOn.After(e.KnownOn) { // nothing is known before it happens: a slip of the pen
		e.OccurredOn = e.KnownOn
	}
	e.Count = max(1, e.Count)
	return e
}

// byKnown is a total order on what the rules look at, so that the order of input cannot matter.
func byKnown(a, b Event) int {
	fatal := func(e Event) int {
		if e.Fatal {
			return 1
		}
		return 0
	}
	return cmp.Or(
		a.KnownOn.Sub(b.KnownOn), a.OccurredOn.Sub(b.OccurredOn), cmp.Compare(a.OccurrenceID, b.OccurrenceID),
		cmp.Compare(a.Substance.id(), b.Substance.id()), cmp.Compare(a.Country, b.Country), cmp.Compare(a.Region, b.Region),
		cmp.Compare(fatal(a), fatal(b)), cmp.Compare(a.Confidence, b.Confidence), cmp.Compare(a.Count, b.Count),
		cmp.Compare(a.Substance.Name, b.Substance.Name), slices.Compare(a.Families, b.Families),
	)
}

// warm reports whether the place had enough known history before day d for a first sighting to mean something. It notes the start.
func (s *State) warm(p place, d baqylau.Date) bool {
	start, ok := s.started[p]
	if !ok {
		s.started[p] = d
		return false
	}
	return d.Sub(start) >= 7*s.opt.WarmUp
}
