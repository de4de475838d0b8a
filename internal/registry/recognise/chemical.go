package recognise

import (
	"bytes"
	"slices"
	"strings"
)

// Bounds that keep reading linear in the length of any text: parts of a systematic name, letters of an ending.
const (
	maxGroup  = 24
	maxEnding = 12
)

// chain reads chemical parts that stand before a name they are not part of in the lexicon: "ortho-fluoro valeryl fentanyl",
// "ethyl fentanyl". The whole is another substance than the name at its end, so it is kept as unidentified, unless it is a
// misspelling of a known one. It returns the next token to read, or i.
func (s *scan) chain(i int) int {
	j := i
	parts := false
	for j < len(s.toks) && j < i+maxGroup && (j == i || s.toks[j].before == gapJoin || s.toks[j].before == gapSpace) {
		word := s.compact(j, j+1, nil)
		joined := j+1 < len(s.toks) && s.toks[j+1].before == gapJoin
		switch {
		case rules.stereo[string(word)] && joined && j == i:
			return i // "d-methamphetamine" is methamphetamine: let the name speak for itself
		case rules.morphemes[string(word)] && (joined || !isCyrillic(word[0])), locantPart(word):
			parts = true
		case len(word) == 1 && joined, len(word) <= 2 && joined && isDigit(word[0]):
		default:
			if j == i || !parts {
				return i
			}
			m := s.walk(j, s.toks[j].from)
			if !m.ok || s.lex.meanings[m.term.meaning].question || s.lex.isClass(m.term.meaning) {
				return i
			}
			if s.mendWord(s.compact(i, m.last+1, nil), i, m.last+1) {
				return m.last + 1
			}
			s.keep(s.toks[i].from, m.to)
			return m.last + 1
		}
		j++
	}
	return i
}

// attached returns the first token of the hyphenated group that ends in the name m, if what stands before the name makes it
// another substance ("4-PrO-DMT", "FUB-JWH-018"), and m.first otherwise.
func (s *scan) attached(m match) int {
	t := m.first
	if t <= s.done || s.toks[t].from != m.from || isCyrillic(s.cells[m.from].code) || !s.hyphen(t) || s.lex.isClass(m.term.meaning) {
		return t
	}
	word := s.compact(t-1, t, nil)
	letters := letterCount(word)
	switch {
	case s.isOrdinary(t-1) || rules.prefixes[string(word)] || isCyrillic(word[0]):
		return t
	case letters == 0:
		if len(word) > 2 || m.term.letters > 5 || !s.toks[t].caps || m.last > t {
			return t // "1-cocaine, 2-heroin" is a list
		}
	case letters == len(word) && (letters > 4 || !s.toks[t-1].caps && !s.afterLocant(t-1)) && !rules.morphemes[string(word)]:
		return t
	}
	for t--; t > s.done && t > m.first-maxGroup && s.toks[t].before == gapJoin; t-- {
	}
	return t
}

func (s *scan) afterLocant(t int) bool {
	return t > 0 && s.toks[t].before == gapJoin && s.digits(s.toks[t-1])
}

// hyphen tells whether nothing but a hyphen stands before token t.
func (s *scan) hyphen(t int) bool {
	switch s.text[s.cells[s.toks[t-1].to-1].end:s.cells[s.toks[t].from].start] {
	case "-", "‐", "‑", "–":
		return true
	}
	return false
}

func (l *Lexicon) isClass(id int32) bool {
	for _, e := range l.meanings[id].entries {
		if l.entries[e].Class {
			return true
		}
	}
	return false
}

// locantPart tells whether word is a digit run into a chemical part: "4f", "5cl", "3meo".
func locantPart(word []byte) bool {
	n := 0
	for n < len(word) && isDigit(word[n]) {
		n++
	}
	return n > 0 && n <= 2 && n < len(word) && rules.morphemes[string(word[n:])]
}

// chemical keeps the group of joined tokens that starts at i if it looks like the name of a substance, and returns the next
// token to read, or i.
func (s *scan) chemical(i int) int {
	end := i + 1
	for end < len(s.toks) && end < i+maxGroup && s.toks[end].before == gapJoin {
		end++
	}
	if !s.looksChemical(i, end) {
		return i
	}
	s.keep(s.toks[i].from, s.toks[end-1].to)
	return end
}

func (s *scan) looksChemical(i, end int) bool {
	for j := i; j < end; j++ {
		word := s.compact(j, j+1, nil)
		if rules.ordinary[string(word)] {
			continue
		}
		if len(word) >= 7 && (hasTail(word) || hasHead(word)) {
			return true
		}
		if j > i && len(word) >= 8 && letterCount(word) == len(word) && s.isLocant(j-1) && (startsWithPart(word) || endsLikeChemistry(word)) {
			return true
		}
	}
	return s.isCode(i, end)
}

// isLocant tells whether token j is a number or letter that places a substituent: 4-, N-, α-.
func (s *scan) isLocant(j int) bool {
	w := s.compact(j, j+1, nil)
	return len(w) <= 2 && (isDigit(w[0]) || string(w) == "n" || string(w) == "o")
}

// endsLikeChemistry tells whether a word that stands after a locant ends as systematic names do, inflected or not.
func endsLikeChemistry(word []byte) bool {
	ends := func(w []byte) bool {
		return slices.ContainsFunc(rules.endings, func(e string) bool { return bytes.HasSuffix(w, []byte(e)) })
	}
	if ends(word) {
		return true
	}
	for n := len(word) - 1; isCyrillic(word[0]) && n >= max(8, len(word)-maxEnding); n-- {
		if suffixes[endCase][string(word[n:])] && ends(word[:n]) {
			return true
		}
	}
	return false
}

func startsWithPart(word []byte) bool {
	for _, p := range rules.parts {
		if bytes.HasPrefix(word, p) {
			return true
		}
	}
	return false
}

// isCode recognises laboratory codes: XK-77-5F, KVR-4410, 4F-ABC. Capitals, a hyphen and a number of at least two digits, or
// a locant with halogen before capitals.
func (s *scan) isCode(i, end int) bool {
	if a := s.compact(i, i+1, nil); s.toks[i].caps && !rules.ordinary[string(a)] {
		n := 0
		for n < len(a) && isLetter(a[n]) {
			n++
		}
		if n >= 2 && len(a)-n >= 2 && rules.codes[string(a[:n])] && letterCount(a) == n {
			return true // "JWH999"
		}
	}
	if end-i < 2 || end-i > 4 {
		return false
	}
	a, b := s.compact(i, i+1, nil), s.compact(i+1, i+2, nil)
	if s.text[s.cells[s.toks[i].to-1].end:s.cells[s.toks[i+1].from].start] != "-" {
		return false
	}
	if locantPart(a) && s.toks[i+1].caps && len(b) >= 2 && isLetter(b[0]) {
		return true
	}
	if s.toks[i].caps && rules.codes[string(a)] && isDigit(b[0]) && len(b) >= 2 {
		return true
	}
	return s.toks[i].caps && len(a) >= 2 && len(a) <= 5 && letterCount(a) == len(a) && !isCyrillic(a[0]) && !rules.plainCodes[string(a)] &&
		len(b) >= 2 && len(b) <= 5 && isDigit(b[0]) && isDigit(b[1])
}

func hasTail(word []byte) bool {
	for _, t := range rules.tails {
		if len(word) > len(t) && bytes.HasSuffix(word, []byte(t)) {
			return true
		}
	}
	if len(word) < 9 || !isCyrillic(word[0]) {
		return false
	}
	for n := len(word) - 1; n >= len(word)-4; n-- { // inflected Russian: "бутонитазена"
		if suffixes[endHard][string(word[n:])] {
			for _, t := range rules.tails {
				if strings.HasSuffix(string(word[:n]), t) && n > len(t) {
					return true
				}
			}
		}
	}
	return false
}

func hasHead(word []byte) bool {
	for _, h := range rules.heads {
		if len(word) >= len(h)+4 && bytes.HasPrefix(word, []byte(h)) {
			return true
		}
	}
	return false
}
