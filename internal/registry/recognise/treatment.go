package recognise

import (
	"strings"
	"unicode"
)

// treatmentReach is how many words may stand between an antidote and the word that says it was given.
const treatmentReach = 5

// treats tells whether the antidote at cells [from,to) is spoken of as treatment: in the same sentence, within reach, a word says
// that it was given or what it did. In a laboratory's list no such word stands, and the antidote remains a finding.
func (s *scan) treats(from, to int32) bool {
	first, last := 0, len(s.toks)-1
	for s.toks[first].to <= from {
		first++
	}
	for s.toks[last].from >= to {
		last--
	}
	for i := first - 1; i >= max(0, first-1-treatmentReach) && !s.sentenceEnds(i); i-- {
		if s.saysGiven(i) {
			return true
		}
	}
	for i := last + 1; i < min(len(s.toks), last+2+treatmentReach) && !s.sentenceEnds(i-1); i++ {
		if s.saysGiven(i) {
			return true
		}
	}
	return false
}

func (s *scan) saysGiven(i int) bool {
	s.buf = s.compact(i, i+1, s.buf[:0])
	for _, w := range rules.treatment {
		if strings.HasPrefix(string(s.buf), w) {
			return true
		}
	}
	return false
}

// sentenceEnds tells whether a sentence or an item of a list ends between token i and the next one. A full stop does so only
// before a capital: "2 mg. i.m." goes on.
func (s *scan) sentenceEnds(i int) bool {
	next := s.cells[s.toks[i+1].from]
	gap := s.text[s.cells[s.toks[i].to-1].end:next.start]
	if strings.ContainsAny(gap, ";\n") {
		return true
	}
	return next.caps && strings.ContainsAny(gap, ".!?") && strings.ContainsFunc(gap, unicode.IsSpace)
}
