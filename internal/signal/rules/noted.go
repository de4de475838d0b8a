package rules

import (
	"hash/fnv"
	"slices"

	"github.com/baqylau/baqylau"
)

// noted remembers which subjects of an occurrence, by its hash, were counted in a place, as long as another event of it would count (Options.Stale), twice as
// long at most: of a million occurrences that is some ten thousand. They are kept without their weeks, in a set for each span.
type noted struct {
	spans  [2]map[uint64][]uint32 // the running one first
	since  baqylau.Week           // when the running one began
	before *noted                 // those of the State that this is a Clone of; only read
}

// turn begins another span when the running one is over, and forgets the one before the last.
func (n *noted) turn(w baqylau.Week, stale int) {
	if 7*int(w-n.since-1) <= stale && n.spans[0] != nil {
		return
	}
	n.spans = [2]map[uint64][]uint32{{}, n.spans[0]}
	n.since = w
}

func (n *noted) has(occurrence uint64, subject uint32) bool {
	for _, span := range n.spans {
		if slices.Contains(span[occurrence], subject) {
			return true
		}
	}
	return n.before != nil && n.before.has(occurrence, subject)
}

// add notes a subject of an occurrence and reports whether it was new.
func (n *noted) add(occurrence uint64, subject uint32) bool {
	if n.has(occurrence, subject) {
		return false
	}
	n.spans[0][occurrence] = append(n.spans[0][occurrence], subject)
	return true
}

// over is an empty one that knows besides what n knows.
func (n *noted) over() noted {
	return noted{spans: [2]map[uint64][]uint32{{}}, since: n.since, before: n}
}

// fresh reports whether the occurrence has not been counted for the subject in the place yet, and notes it. Occurrences without an
// identifier are always fresh.
func (s *State) fresh(occurrence string, k sighting) bool {
	if occurrence == "" {
		return true
	}
	s.counted.turn(s.week, s.opt.Stale)
	h := fnv.New64a()
	for _, part := range [...]string{occurrence, k.country, k.region} {
		h.Write([]byte(part))
		h.Write([]byte{0})
	}
	return s.counted.add(h.Sum64(), s.number(k))
}

// number is that of a subject, wherever it is seen.
func (s *State) number(k sighting) uint32 {
	k.place = place{}
	n, ok := s.numbers[k]
	if !ok {
		n = uint32(len(s.numbers)) //nolint:gosec // a country has a few thousand
		s.numbers[k] = n
	}
	return n
}
