package rules

import (
	"hash/fnv"

	"github.com/baqylau/baqylau"
)

// noted remembers by hash which occurrences were counted for which subject and place, for two years at least and three at most: at national size
// there are a million of them, so they are kept without their weeks, a set for each year.
type noted struct {
	years  [3]map[uint64]struct{} // the running one first
	since  baqylau.Week           // when the running one began
	before *noted                 // those of the State that this is a Clone of; only read
}

// turn begins another year when the running one is over, and forgets the oldest.
func (n *noted) turn(w baqylau.Week) {
	if w-n.since <= 52 && n.years[0] != nil {
		return
	}
	n.years[0], n.years[1], n.years[2] = map[uint64]struct{}{}, n.years[0], n.years[1]
	n.since = w
}

func (n *noted) has(h uint64) bool {
	for _, year := range n.years {
		if _, ok := year[h]; ok {
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
	n.years[0][h] = struct{}{}
	return true
}

// over is an empty one that knows besides what n knows.
func (n *noted) over() noted {
	return noted{years: [3]map[uint64]struct{}{{}}, since: n.since, before: n}
}

// fresh reports whether the occurrence has not been counted for the subject in the place yet, and notes it. Occurrences without an
// identifier are always fresh.
func (s *State) fresh(occurrence string, k sighting) bool {
	if occurrence == "" {
		return true
	}
	s.counted.turn(s.week)
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
