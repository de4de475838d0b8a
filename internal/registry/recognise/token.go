package recognise

import "unicode/utf8"

// gap is what stands before a token.
type gap uint8

const (
	gapBreak gap = iota // comma, full stop, slash with spaces, start of text: names do not run across
	gapSpace            // spaces only, or a hyphen with a space beside it
	gapJoin             // hyphen, prime, bracket or locant comma without spaces; or a change of script inside a word
	gapSlash            // a bare slash
)

// token is a run of letters and digits: cells[from:to].
type token struct {
	from, to int32
	before   gap
	caps     bool // every letter is a capital
}

// scan holds one text while it is read; it is reused through a pool.
type scan struct {
	lex    *Lexicon
	text   string
	cells  []cell
	toks   []token
	mixed  bool // the text has small letters, so capitals mean something
	buf    []byte
	key    []byte
	rowA   []int
	rowB   []int
	rowC   []int
	seen   []int32
	pieces [][2]int // where the short parts of the name being mended stand in it
	doubt  []int32  // meanings refused by near for a consonant only
	done   int      // tokens before this one belong to something already read
	result Result
}

// read folds the text and cuts it into tokens.
func (s *scan) read(text string) {
	s.text, s.cells, s.toks, s.mixed = text, s.cells[:0], s.toks[:0], false
	s.result, s.done = Result{Text: text}, 0
	gapFrom, open := 0, -1
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		n := len(s.cells)
		s.cells = foldRune(s.cells, r, i, i+size)
		i += size
		grew := len(s.cells) > n
		if grew {
			c := s.cells[n]
			s.mixed = s.mixed || isLetter(c.code) && !c.caps
			if open < 0 {
				open = n
				s.toks = append(s.toks, token{from: int32(n), before: s.gapBetween(gapFrom, int(c.start))})
			}
			gapFrom = i
			continue
		}
		if open >= 0 && n > 0 && int(s.cells[n-1].end) < i { // a separator, not a combining mark
			s.closeToken(n)
			open = -1
		}
		if open >= 0 {
			gapFrom = i
		}
	}
	if open >= 0 {
		s.closeToken(len(s.cells))
	}
	s.joinLocants()
}

// gapBetween classifies the separators text[a:b].
func (s *scan) gapBetween(a, b int) gap {
	if len(s.toks) == 0 {
		return gapBreak
	}
	space, join, slash := false, false, false
	for i := a; i < b; {
		r, size := utf8.DecodeRuneInString(s.text[i:b])
		i += size
		switch r {
		case ' ', '\t', '\n', '\r', '\u00a0', '\u202f', '\u2009':
			space = true
		case '-', '‐', '‑', '‒', '–', '−', '\'', '’', '′', '`', '´', '"', '″', '_', '(', ')', '[', ']', '\u00ad', '±':
			join = true
			if (r == '(' || r == ')') && (space || i < b && s.text[i] == ' ') {
				return gapBreak
			}
		case '/':
			slash = true
		case '+':
			if !join || s.text[i-2] != '(' {
				return gapBreak // "cocaine+fentanyl" is two names, "(+)-" belongs to one
			}
		default:
			return gapBreak
		}
	}
	switch {
	case slash && (space || join):
		return gapBreak
	case slash:
		return gapSlash
	case space:
		return gapSpace
	default:
		return gapJoin
	}
}

// joinLocants turns the commas inside "1,4-", "3,4-methylene" and "N,N-" from breaks into joins.
func (s *scan) joinLocants() {
	for i := 1; i < len(s.toks); i++ {
		a, b := s.toks[i-1], &s.toks[i]
		if b.before != gapBreak || s.cells[a.from].code == foreign {
			continue
		}
		sep := s.text[s.cells[a.to-1].end:s.cells[b.from].start]
		switch {
		case a.to-a.from > 2:
			if sep == "," && isDigit(s.cells[a.to-1].code) && s.digits(*b) && (b.to-b.from == 3 || b.to-b.from == 1 && i+1 < len(s.toks) && s.toks[i+1].before == gapJoin) {
				b.before = gapJoin // "A-796,260", "of3,4-methylene"
			}
		case sep == ",", sep == "'," || sep == "′,":
			b.before = gapJoin
		case sep == ", " && s.digits(a) && s.digits(*b) && b.to-b.from == 1 && i+1 < len(s.toks) && s.toks[i+1].before == gapJoin:
			b.before = gapJoin // "1, 4-butanediol"
		}
	}
}

func (s *scan) digits(t token) bool {
	for _, c := range s.cells[t.from:t.to] {
		if !isDigit(c.code) {
			return false
		}
	}
	return true
}

// closeToken ends the open token at cell n and settles its script: look-alike letters take the script of the others, and a
// word of two real scripts ("альфаPVP", "MDMAны") is cut where the script changes.
func (s *scan) closeToken(n int) {
	t := &s.toks[len(s.toks)-1]
	t.to = int32(n)
	cells := s.cells[t.from:t.to]
	lat, cyr, latOwn, cyrOwn, small := 0, 0, 0, 0, 0
	for _, c := range cells {
		switch {
		case isCyrillic(c.code):
			cyr++
			if toLatin[c.code] == 0 {
				cyrOwn++
			}
		case isLetter(c.code):
			lat++
			if toCyrillic[c.code] == 0 {
				latOwn++
			}
		}
		if isLetter(c.code) && !c.caps {
			small++
		}
	}
	t.caps = small == 0 && lat+cyr > 0
	if lat == 0 || cyr == 0 {
		return
	}
	switch {
	case cyrOwn == 0 && (latOwn > 0 || lat >= cyr):
		convert(cells, toLatin)
	case latOwn == 0:
		convert(cells, toCyrillic)
	default:
		s.splitScripts()
	}
}

func convert(cells []cell, table [256]byte) {
	for i := range cells {
		if to := table[cells[i].code]; to != 0 {
			cells[i].code = to
		}
	}
}

func (s *scan) splitScripts() {
	t := s.toks[len(s.toks)-1]
	s.toks = s.toks[:len(s.toks)-1]
	part := token{from: t.from, before: t.before, caps: t.caps}
	for i := t.from + 1; i < t.to; i++ {
		a, b := s.cells[i-1].code, s.cells[i].code
		if isLetter(a) && isLetter(b) && isCyrillic(a) != isCyrillic(b) && s.cells[i].start >= s.cells[i-1].end {
			part.to = i
			s.toks = append(s.toks, part)
			part = token{from: i, before: gapJoin, caps: t.caps}
		}
	}
	part.to = t.to
	s.toks = append(s.toks, part)
}
