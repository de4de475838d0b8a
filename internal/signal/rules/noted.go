package rules

import (
	"hash/fnv"

	"github.com/baqylau/baqylau"
)

// noted remembers by hash which occurrences were counted for which subject and place, as long as another event of theirs would count (Options.Stale), twice as
// long at most: of a million occurrences that is a few ten thousand. They are kept without their weeks, in a set for each span.
type noted struct {
	spans  [2]map[uint64]struct{} // the running one first
	since  baqylau.Week           // when the running one began
	before *noted                 // those of the State that this is a Clone of; only read
}

// turn begins another span when the running one is over, and forgets the one before the last.
func (n *noted) turn(w baqylau.Week, stale int) {
	if 7*int(w-n.since-1) <= stale && n.spans[0] != nil {
		return
	}
	n.spans = [2]map[uint64]struct{}{{}, n.spans[0]}
	n.since = w
}

func (n *noted) has(h uint64) bool {
	for _, span := range n.spans {
		if _, ok := span[h]; ok {
			return true
		}
	}
	return n.before != nil && n.before.has(h)
}

// add notes h and reports whether it was new.
func (n *noted) add(h uint64) bool {
	if n.has(h) {
		return false
	}
	n.spans[0][h] = struct{}{}
	return true
}

// over is an empty one that knows besides what n knows.
func (n *noted) over() noted {
	return noted{spans: [2]map[uint64]struct{}{{}}, since: n.since, before: n}
}

// fresh reports whether the occurrence has not been counted for the subject in the place yet, and notes it. Occurrences without an
// identifier are always fresh.
func (s *State) fresh(occurrence string, k sighting) bool {
	if occurrence == "" {
		return true
	}
	s.counted.turn(s.week, s.opt.Stale)
	h := fnv.New64a()
	for _, part := range [...]string{occurrence, k.country, k.region, k.subject} {
		h.Write([]byte(part))
		h.Write([]byte{0})
	}
	sum := h.Sum64()
	if k.family {
		sum = ^sum
	}
	return s.counted.add(sum)
}
