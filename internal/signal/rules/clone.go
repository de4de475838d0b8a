package rules

import (
	"maps"
	"slices"
)

// Clone returns a copy that can be advanced without changing s, to judge the running week again and again as its findings come in.
// The copy shares the notes of counted occurrences with s, so s must not be advanced while the copy is in use.
func (s *State) Clone() *State {
	c := *s
	c.started, c.raised, c.numbers = maps.Clone(s.started), maps.Clone(s.raised), maps.Clone(s.numbers)
	c.seen = make(map[sighting]*memory, len(s.seen))
	for k, m := range s.seen {
		copied := *m
		c.seen[k] = &copied
	}
	c.series = make(map[sighting]*series, len(s.series))
	for k, x := range s.series {
		copied := *x
		copied.counts, copied.recent = slices.Clone(x.counts), slices.Clone(x.recent)
		c.series[k] = &copied
	}
	c.counted = s.counted.over()
	c.waiting = slices.Clone(s.waiting)
	c.scratch, c.totals = nil, nil
	return &c
}

// Told gives what has already been told of the weeks to come: candidates for which told is true take their place in the week's budget
// before all others, so that a State rebuilt from better facts, or the running week judged again, agrees with what people have seen.
func (s *State) Told(told func(Candidate) bool) { s.told = told }

// first is 0 for a candidate that was told already and 1 for a new one.
func (s *State) first(c Candidate) int {
	if s.told != nil && s.told(c) {
		return 0
	}
	return 1
}
