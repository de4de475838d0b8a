package recognise

import "slices"

// recognise reads the tokens from left to right. At each it takes the longest known name; failing that the nearest
// misspelled one; failing that a word of chemical look; else it goes on.
func (s *scan) recognise() {
	for i := 0; i < len(s.toks); {
		i = s.step(i, s.toks[i].from)
	}
	slices.SortStableFunc(s.result.Findings, func(a, b Finding) int { return a.Start - b.Start })
}

// step reads one token and returns the next one to read.
func (s *scan) step(i int, from int32) int {
	m := s.walk(i, from)
	if m.ok && m.last == i && i+1 < len(s.toks) && s.toks[i+1].before != gapBreak && s.isWord(i, rules.morphemes) {
		if next := s.chain(i); next > i {
			return next // "difluoro" alone is short for difluoroethane, before another name it is part of it
		}
	}
	if !m.ok && from == s.toks[i].from {
		if next := s.chain(i); next > i {
			return next
		}
		m = s.glued(i)
	}
	if m.ok {
		switch left := s.attached(m); {
		case left < m.first:
			s.keep(s.toks[left].from, m.to)
		case !s.either(i, m):
			s.add(m)
		}
		s.done = m.last + 1
		if m.rest < s.toks[m.last].to {
			return s.step(m.last, m.rest)
		}
		return m.last + 1
	}
	if from != s.toks[i].from || s.isOrdinary(i) {
		return i + 1
	}
	if next := s.mend(i); next > i {
		return next
	}
	if next := s.chemical(i); next > i {
		return next
	}
	return i + 1
}

func (s *scan) isOrdinary(i int) bool {
	s.buf = s.compact(i, i+1, s.buf[:0])
	w := s.buf
	if rules.ordinary[string(w)] || rules.connectors[string(w)] {
		return true
	}
	for n := len(w) - 1; isCyrillic(w[0]) && n >= 5 && n >= len(w)-6; n-- {
		if suffixes[endCase][string(w[n:])] && rules.ordinary[string(w[:n])] {
			return true
		}
	}
	return false
}

// either reads "5- or 6-MAPB": the laboratory could not tell, so a person is asked and nothing is found.
func (s *scan) either(i int, m match) bool {
	if i < 2 || m.first != i || !s.digits(s.toks[i]) || !s.digits(s.toks[i-2]) || !s.isWord(i-1, rules.choices) {
		return false
	}
	if s.toks[i-2].before == gapJoin || s.toks[i].before == gapBreak {
		return false
	}
	s.key = s.compact(i-2, i-1, s.key[:0])
	for _, c := range s.cells[s.toks[i].to:m.to] {
		s.key = append(s.key, c.code)
	}
	var entries []int32
	if n := s.lex.trie.find(s.key); n != 0 && s.lex.trie.nodes[n].term != 0 {
		entries = append(entries, s.lex.meanings[s.lex.trie.terms[s.lex.trie.nodes[n].term][0].meaning].entries...)
	}
	for _, e := range s.lex.meanings[m.term.meaning].entries {
		entries = appendOnce(entries, e)
	}
	s.ask(entries, int(s.cells[s.toks[i-2].from].start), int(s.cells[m.to-1].end))
	return true
}

func (s *scan) isWord(i int, set wordSet) bool {
	s.buf = s.compact(i, i+1, s.buf[:0])
	return set[string(s.buf)]
}

// add records a match as findings or as a question.
func (s *scan) add(m match) { s.addMeaning(m.term.meaning, m.from, m.to) }

func (s *scan) addMeaning(id, from, to int32) {
	start, end := int(s.cells[from].start), int(s.cells[to-1].end)
	mean := &s.lex.meanings[id]
	if mean.question {
		s.ask(mean.entries, start, end)
		return
	}
	for _, e := range mean.entries {
		if x := &s.lex.entries[e]; !x.Antidote || !s.treats(from, to) {
			s.find(x, start, end)
		}
	}
}

func (s *scan) find(e *Entry, start, end int) {
	for i := range s.result.Findings {
		f := &s.result.Findings[i]
		if f.Key == e.Key || e.InChIKey != "" && f.InChIKey == e.InChIKey {
			return
		}
	}
	status := Substance
	if e.Class {
		status = Class
	}
	if s.result.Findings == nil {
		s.result.Findings = make([]Finding, 0, 6)
	}
	s.result.Findings = append(s.result.Findings,
		Finding{Key: e.Key, Name: e.Preferred, InChIKey: e.InChIKey, Status: status, Start: start, End: end, Matched: s.text[start:end]})
}

func (s *scan) ask(entries []int32, start, end int) {
	q := Question{Matched: s.text[start:end], Start: start, End: end}
	for _, e := range entries {
		q.Candidates = append(q.Candidates, s.lex.entries[e].Preferred)
		q.Keys = append(q.Keys, s.lex.entries[e].Key)
	}
	for i := range s.result.Questions {
		if slices.Equal(s.result.Questions[i].Keys, q.Keys) {
			return
		}
	}
	s.result.Questions = append(s.result.Questions, q)
}

// maxUnidentified bounds the list: a text with more unknown words than this is no report.
const maxUnidentified = 500

func (s *scan) keep(from, to int32) {
	start, end := int(s.cells[from].start), int(s.cells[to-1].end)
	u := Unidentified{Matched: s.text[start:end], Start: start, End: end}
	for _, v := range s.result.Unidentified {
		if v.Matched == u.Matched {
			return
		}
	}
	if len(s.result.Unidentified) == maxUnidentified {
		return
	}
	s.result.Unidentified = append(s.result.Unidentified, u)
}
