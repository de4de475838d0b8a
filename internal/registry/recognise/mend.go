package recognise

// maxWords is how many words a misspelled name may span: "para fluoro butytyl fentanyl".
const maxWords = 4

// mend tries to read tokens from i on as a misspelled or shortened name, longest span first, and returns the next token to
// read, or i if there is none.
func (s *scan) mend(i int) int {
	end := i + 1
	for end < len(s.toks) && end-i < maxWords && (s.toks[end].before == gapSpace || s.toks[end].before == gapJoin) && !s.isOrdinary(end) && !s.stray(end-1) {
		end++
	}
	for ; end > i; end-- {
		word := s.compact(i, end, nil)
		if end-i > 1 && (letterCount(word) < 10) {
			continue
		}
		if s.mendWord(word, i, end) {
			return end
		}
	}
	return i
}

// stray tells whether token i is a scrap too short to be part of a name in several words.
func (s *scan) stray(i int) bool {
	t := s.toks[i]
	return t.to-t.from < 3 && (i+1 == len(s.toks) || s.toks[i+1].before != gapJoin)
}

func (s *scan) mendWord(word []byte, i, end int) bool {
	s.seen, s.doubt, s.pieces = s.seen[:0], s.doubt[:0], s.pieces[:0]
	for at, j := 0, i; j < end; j++ { // short parts of a name in several ("ho", "ab", "4") must stay as they are
		n := int(s.toks[j].to - s.toks[j].from)
		if end-i > 1 && n <= 4 && at+n <= len(word) {
			s.pieces = append(s.pieces, [2]int{at, at + n})
		}
		at += n
	}
	const none = 9
	best := s.near(word, none)
	if isCyrillic(word[len(word)-1]) {
		for n := len(word) - 1; n >= minSpelled && n >= len(word)-8; n-- {
			if suffixes[endCase][string(word[n:])] {
				best = s.near(word[:n], best)
			}
		}
	}
	if best == none && len(s.doubt) > 0 {
		return false // as near to a known name as a slip, yet perhaps another substance
	}
	if best > 0 && best != none {
		for _, id := range s.doubt {
			s.seen = appendOnce(s.seen, id)
		}
	}
	if best == none && end-i == 1 {
		if id := s.shortened(word); id != noMeaning {
			s.addMeaning(id, s.toks[i].from, s.toks[end-1].to)
			return true
		}
	}
	if best == none {
		return false
	}
	from, to := s.toks[i].from, s.toks[end-1].to
	if len(s.seen) == 1 {
		s.addMeaning(s.seen[0], from, to)
		return true
	}
	var entries []int32 // equally near names: a person decides
	for _, id := range s.seen {
		for _, e := range s.lex.meanings[id].entries {
			entries = appendOnce(entries, e)
		}
	}
	if len(entries) == 1 {
		s.addMeaning(s.seen[0], from, to)
		return true
	}
	s.ask(entries, int(s.cells[from].start), int(s.cells[to-1].end))
	return true
}

// shortened returns the one meaning of all names that begin with word ("hydrocod"), or noMeaning. Six letters at least, and
// no more than eight left out.
func (s *scan) shortened(word []byte) int32 {
	if len(word) < minSpelled || letterCount(word) != len(word) || isCyrillic(word[0]) && len(word) <= minSpelled {
		return noMeaning
	}
	n := s.lex.trie.find(word)
	if n == 0 {
		return noMeaning
	}
	id := s.lex.trie.nodes[n].whole
	if id == noMeaning || s.lex.meanings[id].question || !s.lex.trie.within(n, 8) {
		return noMeaning
	}
	return id
}

// within tells whether a name that may stand in prose ends at most depth letters below n.
func (t *trie) within(n int32, depth int) bool {
	if x := t.nodes[n].term; x != 0 {
		for _, x := range t.terms[x] {
			if x.use == Prose && x.strong && x.words == 1 {
				return true
			}
		}
	}
	if depth == 0 {
		return false
	}
	for c := t.nodes[n].child; c != 0; c = t.nodes[c].next {
		if t.within(c, depth-1) {
			return true
		}
	}
	return false
}
