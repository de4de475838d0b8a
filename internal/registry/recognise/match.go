package recognise

// match is a name found in the text: cells [from,to), which begin in token first and end in token last.
type match struct {
	term        term
	first, last int
	from, to    int32
	rest        int32 // where reading goes on inside the last token; equals the token's end when nothing is left
	ok          bool
}

// walk returns the longest name that starts at cell from of token t.
func (s *scan) walk(t int, from int32) match {
	var best match
	n, letters, spaces := int32(0), 0, false
	for i := t; i < len(s.toks); i++ {
		tok := s.toks[i]
		c := tok.from
		if i == t {
			c = from
		} else {
			switch tok.before {
			case gapBreak:
				return best
			case gapSpace:
				spaces = true
			case gapSlash:
				if n = s.lex.trie.step(n, '/'); n == 0 {
					return best
				}
			}
		}
		for ; c < tok.to; c++ {
			if n = s.lex.trie.step(n, s.cells[c].code); n == 0 {
				return best
			}
			letters++
			if x := s.lex.trie.nodes[n].term; x != 0 {
				s.accept(&best, s.lex.trie.terms[x], t, i, from, c+1, spaces)
			}
		}
	}
	return best
}

// accept keeps the first of terms that may end at cell end of token last.
func (s *scan) accept(best *match, terms []term, first, last int, from, end int32, spaces bool) {
	tok := s.toks[last]
	for _, x := range terms {
		if spaces && x.words == 1 && (x.letters < 4 || x.letters == 4 && letterish(s.cells[from:end]) < 3) {
			continue // "4 D" in two words is not the name "4-D"
		}
		if !s.allowed(x.use, first, last, from, end) {
			continue
		}
		m := match{term: x, first: first, last: last, from: from, to: end, rest: tok.to, ok: true}
		if s.ends(&m, tok, end) {
			*best = m
			return
		}
	}
}

func letterish(cells []cell) (n int) {
	for _, c := range cells {
		if isLetter(c.code) {
			n++
		}
	}
	return n
}

// allowed applies the use of a name.
func (s *scan) allowed(u Use, first, last int, from, end int32) bool {
	switch u {
	case Upper:
		if !s.mixed && len(s.toks) > 6 {
			return false
		}
		for i := first; i <= last; i++ {
			if !s.toks[i].caps && !s.digits(s.toks[i]) {
				return false
			}
		}
	case Alone:
		return from == 0 && int(end) == len(s.cells)
	}
	return true
}

// ends decides whether a name may end at cell end inside tok: at the end of the word, before an inflection, before digits
// ("мефедрон5г"), or before a word that was glued on.
func (s *scan) ends(m *match, tok token, end int32) bool {
	if end == tok.to {
		return m.term.end != endStemA && m.term.end != endStemY && m.term.end != endStemAd
	}
	if tok.to-end > maxRest {
		return false
	}
	ordinary := m.first == m.last && m.from == tok.from && s.isWord(m.first, rules.ordinary)
	s.buf = s.buf[:0]
	for _, c := range s.cells[end:tok.to] {
		s.buf = append(s.buf, c.code)
	}
	switch {
	case ordinary:
		return false // "героиня" is no inflection of "героин"
	case m.term.end != endNone && suffixes[m.term.end][string(s.buf)] && (m.term.end != endLatin || m.term.letters >= 4):
		m.to = tok.to
		return true
	case m.term.letters < 5 || m.term.end == endStemA || m.term.end == endStemY || m.term.end == endStemAd:
		return false
	case isDigit(s.buf[0]) && isLetter(s.buf[len(s.buf)-1]) && !isDigit(s.cells[end-1].code):
		return true // a quantity with its unit
	case m.term.letters >= 6 && len(s.buf) >= 3 && rules.connectors[string(s.buf)]:
		return true
	case m.term.letters >= 6 && len(s.buf) >= 6 && m.first == m.last:
		next := s.walk(m.last, end) // two names run together: "heroinfentanyl"
		if next.ok && next.last == m.last && next.to == tok.to && next.term.letters >= 6 {
			m.rest = end
			return true
		}
	}
	return false
}

// maxRest is how many letters may follow a name inside a word; it bounds the work that one long word can cause.
const maxRest = 40

// maxConnector is the length of the longest connector; longer heads of a word need not be looked up.
const maxConnector = 24

// glued returns the name that starts inside token t after a word that was run together with it: "ofacetyl fentanyl".
func (s *scan) glued(t int) match {
	tok := s.toks[t]
	s.buf = s.buf[:0]
	for _, c := range s.cells[tok.from:tok.to] {
		s.buf = append(s.buf, c.code)
	}
	word := s.buf
	for n := min(len(word)-1, maxConnector); n >= 2; n-- {
		if !rules.connectors[string(word[:n])] {
			continue
		}
		if m := s.walk(t, tok.from+int32(n)); m.ok && (m.term.letters >= 6 || m.last > m.first) {
			return m
		}
		s.buf = s.buf[:0] // walk may have used the buffer
		for _, c := range s.cells[tok.from:tok.to] {
			s.buf = append(s.buf, c.code)
		}
		word = s.buf
	}
	return match{}
}
