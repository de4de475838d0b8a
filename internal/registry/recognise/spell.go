package recognise

import (
	"bytes"
	"math/bits"
	"slices"
	"strings"
)

// speller finds the known name nearest to a misspelled one. Names are filed by first letter and length, and compared only if
// their sets of letters allow the distance.
type speller struct {
	shelves map[shelf][]spelled
}

type shelf struct {
	first  byte
	length uint8
}

type spelled struct {
	key     string // as soundFold hears it
	name    string // as it is written
	letters uint64 // one bit per letter of the two alphabets
	meaning int32
	made    bool // a spelling made by rule: it must sound the same
	rigid   bool // of a family in which one consonant makes another substance
}

// Names shorter than minSpelled letters are never mended: too many of them are one letter apart.
const minSpelled, maxSpelled = 6, 60

func newSpeller() *speller { return &speller{shelves: map[shelf][]spelled{}} }

func (p *speller) add(key string, meaning int32, made bool) {
	if letterCount([]byte(key)) < minSpelled || len(key) > maxSpelled || strings.Contains(key, "/") || rules.ordinary[key] {
		return
	}
	k := string(soundFold([]byte(key), nil))
	at := shelf{k[0], uint8(len(k))}
	p.shelves[at] = append(p.shelves[at], spelled{key: k, name: key, letters: letterBits([]byte(k)), meaning: meaning, made: made, rigid: isRigid(key)})
}

// soundFold merges what an unstressed Russian ear does not tell apart (о/а, е/и), drops the soft sign and doubled letters.
// Latin stays as it is.
func soundFold(word, buf []byte) []byte {
	for i, c := range word {
		switch c {
		case cyrillic + 'ь' - 'а', cyrillic + 'ъ' - 'а':
			continue
		case cyrillic + 'о' - 'а':
			c = cyrillic
		case cyrillic + 'е' - 'а', cyrillic + 'э' - 'а', cyrillic + 'я' - 'а', cyrillic + 'ы' - 'а':
			c = cyrillic + 'и' - 'а'
		}
		if i > 0 && isCyrillic(c) && len(buf) > 0 && buf[len(buf)-1] == c {
			continue
		}
		buf = append(buf, c)
	}
	return buf
}

func isRigid(key string) bool {
	return slices.ContainsFunc(rules.rigid, func(t string) bool { return strings.HasSuffix(key, t) })
}

func letterBits(word []byte) (set uint64) {
	for _, c := range word {
		switch {
		case isCyrillic(c):
			set |= 1 << (26 + c - cyrillic)
		case c >= 'a' && c <= 'z':
			set |= 1 << (c - 'a')
		}
	}
	return set
}

func letterCount(word []byte) (n int) {
	for _, c := range word {
		if isLetter(c) {
			n++
		}
	}
	return n
}

// allowance is how many slips (a letter wrong, missing, too many, or two swapped) are forgiven in a word.
func allowance(word []byte) int {
	n := letterCount(word)
	switch {
	case n < minSpelled || n < 14 && (bytes.HasSuffix(word, []byte("inaca")) || bytes.HasSuffix(word, []byte("ica"))):
		return -1 // synthetic cannabinoids: every letter of the code has a meaning
	case isCyrillic(word[0]) && n < lostLetter: // the ear's slips are folded already
		return 0
	case isCyrillic(word[0]) && n < 12:
		return 1
	case n < 9 || hasTail(word):
		return 1 // families whose members are a few letters apart get the least freedom
	default:
		return 2
	}
}

// lostLetter is how long a Russian word is that may have lost one vowel and have no other slip ("мефедрн"): the name has eight letters, of which one may be wrong.
const lostLetter = 7

// lost tells whether word is name without one vowel of its inside.
func lost(word []byte, name string) bool {
	if len(name) != len(word)+1 {
		return false
	}
	i := 0
	for i < len(word) && word[i] == name[i] {
		i++
	}
	return i > 0 && i < len(word) && vowels[name[i]] && string(word[i:]) == name[i+1:]
}

// near adds to seen the meanings of the names nearest to word, if they are nearer than best, and returns the new best distance.
func (s *scan) near(word []byte, best int) int {
	limit := min(allowance(word), best)
	if limit < 0 || len(word) > maxSpelled {
		return best
	}
	s.key = soundFold(word, s.key[:0])
	key, set, short := s.key, letterBits(s.key), isCyrillic(word[0]) && letterCount(word) == lostLetter
	if len(key) < minSpelled-1 {
		return best
	}
	for n := len(key) - limit; n <= len(key)+limit; n++ {
		for i := range s.lex.spell.shelves[shelf{key[0], uint8(max(n, 0))}] {
			c := &s.lex.spell.shelves[shelf{key[0], uint8(n)}][i]
			if bits.OnesCount64(c.letters^set) > 2*limit {
				continue
			}
			d := s.distance(key, c.key, limit)
			if d > limit || d > 0 && short && !lost(word, c.name) || d > 0 && (c.made || !s.piecesKept(word, c.key)) || !sameChemistry(key, c.key) {
				continue
			}
			if d > 0 && c.rigid && !sameConsonants(key, c.key) {
				s.doubt = appendOnce(s.doubt, c.meaning)
				continue
			}
			if d < best {
				best, limit = d, d
				s.seen = s.seen[:0]
			}
			s.seen = appendOnce(s.seen, c.meaning)
		}
	}
	return best
}

func (s *scan) piecesKept(word []byte, key string) bool {
	for _, p := range s.pieces {
		if piece := word[p[0]:p[1]]; !isCyrillic(piece[0]) && !strings.Contains(key, string(piece)) {
			return false
		}
	}
	return true
}

func appendOnce(list []int32, x int32) []int32 {
	for _, y := range list {
		if x == y {
			return list
		}
	}
	return append(list, x)
}

// sameChemistry refuses a correction that would change a locant or drop a chemical part: those are other substances, not slips.
func sameChemistry(word []byte, key string) bool {
	j := 0
	for _, c := range word {
		if !isDigit(c) {
			continue
		}
		for j < len(key) && !isDigit(key[j]) {
			j++
		}
		if j == len(key) || key[j] != c {
			return false
		}
		j++
	}
	for ; j < len(key); j++ {
		if isDigit(key[j]) {
			return false
		}
	}
	for i := 0; i < len(word); {
		part := partAt(word[i:])
		if part == "" {
			i++
			continue
		}
		if !strings.Contains(key, part) || part == "ethyl" && !strings.Contains(strings.ReplaceAll(key, "methyl", ""), part) {
			return false
		}
		i += len(part)
	}
	return true
}

// partAt returns the longest chemical part that word begins with, or "".
func partAt(word []byte) (longest string) {
	for _, p := range rules.heard {
		if len(p) > len(longest) && bytes.HasPrefix(word, p) {
			longest = string(p)
		}
	}
	return longest
}

// sameConsonants tells whether two names differ in vowels, doubling and order only. Among nitazenes and cathinones a
// consonant makes another substance (mephedrone, methedrone; etonitazene, metonitazene).
func sameConsonants(word []byte, key string) bool {
	var n [256]bool
	for _, c := range word {
		n[c] = true
	}
	for i := range len(key) {
		if c := key[i]; !vowels[c] && !n[c] {
			return false
		}
	}
	for _, c := range word {
		if !vowels[c] && strings.IndexByte(key, c) < 0 {
			return false
		}
	}
	return true
}

// vowels of both alphabets, folded.
var vowels = func() (set [256]bool) {
	for _, c := range foldWord("aeiouyаеиоуыэюя") {
		set[c] = true
	}
	return set
}()

// distance is the optimal string alignment distance between a and b, or more than limit as soon as that is certain.
func (s *scan) distance(a []byte, b string, limit int) int {
	if len(s.rowA) < maxSpelled+8 {
		s.rowA, s.rowB, s.rowC = make([]int, maxSpelled+8), make([]int, maxSpelled+8), make([]int, maxSpelled+8)
	}
	before, prev, cur := s.rowA, s.rowB, s.rowC
	for j := 0; j <= len(b); j++ {
		prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		cur[0] = i
		low := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d := min(prev[j]+1, cur[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, before[j-2]+1)
			}
			cur[j] = d
			low = min(low, d)
		}
		if low > limit {
			return limit + 1
		}
		before, prev, cur = prev, cur, before
	}
	return prev[len(b)]
}
