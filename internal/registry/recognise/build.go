package recognise

import (
	"slices"
	"strings"
)

// builder gathers who claims which spelling before the trie is made.
type builder struct {
	entries []Entry
	byKey   map[string]int32
	claims  map[string]*claim
	order   []string // spellings in order of arrival, so that a build is reproducible
}

// claim is one folded spelling with its claimants of the highest rank.
type claim struct {
	rank     rank
	use      Use
	ending   ending
	words    uint8
	strong   bool // preferred or curated: misspelled and shortened forms of it are understood
	entries  []int32
	question bool
}

func newBuilder(entries []Entry) *builder {
	b := &builder{entries: entries, byKey: make(map[string]int32, len(entries)), claims: make(map[string]*claim, 8*len(entries))}
	for i, e := range entries {
		b.byKey[e.Key] = int32(i)
	}
	return b
}

// claim enters every spelling of a name.
func (b *builder) claim(text string, n Name, r rank, entries ...int32) {
	if n.Use == Never || !plausible(text) {
		return
	}
	text = bracketTag.ReplaceAllString(text, "")
	var s scan
	s.read(text)
	if len(s.toks) == 0 {
		return
	}
	use := n.Use
	if use == Auto {
		use = autoUse(&s, r)
	}
	if use == Never {
		return
	}
	b.claimTokens(&s, use, r, entries)
	if use == Alone || use == Upper || r < rankCurated {
		return
	}
	if ru := russianSpelling(text); ru != "" {
		b.put(foldWord(ru), use, endHard, 1, rankMade, entries)
	}
	if la := latinTyping(text); la != "" && !rules.ordinary[la] {
		b.put([]byte(la), use, endLatin, 1, rankMade, entries)
	}
	for _, v := range greekVariants(text) {
		s.read(v)
		b.claimTokens(&s, use, min(r, rankSynonym), entries)
	}
}

// claimTokens enters the name as read into s, its stem, the inflected forms of its inner words and its look-alike spellings.
func (b *builder) claimTokens(s *scan, use Use, r rank, entries []int32) {
	words := uint8(min(len(s.toks), 255))
	for _, head := range innerForms(s) {
		last := s.compact(len(s.toks)-1, len(s.toks), nil)
		if s.toks[len(s.toks)-1].before == gapSlash {
			head = append(head, '/')
		}
		switch {
		case use == Exact:
			b.put(append(head, last...), use, endNone, words, r, entries)
		case use == Cases:
			b.put(append(head, last...), Prose, endCase, words, r, entries)
		case isCyrillic(last[len(last)-1]):
			stem, e := stemOf(last)
			b.put(slices.Concat(head, last), use, endHard, words, r, entries)
			if e != endHard && e != endNone {
				b.put(slices.Concat(head, stem, []byte{stemMark}), use, e, words, r, entries)
			}
		default:
			b.put(append(head, last...), use, endLatin, words, r, entries)
		}
	}
	if use == Prose || use == Upper {
		for _, v := range lookalikes(s) {
			b.put(v, Upper, endNone, words, min(r, rankSynonym), entries)
		}
	}
}

// stemMark ends the key of a stem, to keep it apart from a whole name of the same letters until the trie is built.
const stemMark = '$'

func (b *builder) put(key []byte, use Use, e ending, words uint8, r rank, entries []int32) {
	c := b.claims[string(key)]
	switch {
	case c == nil || r > c.rank:
		if c == nil {
			b.order = append(b.order, string(key))
		}
		b.claims[string(key)] = &claim{rank: r, use: use, ending: e, words: words, strong: r >= rankCurated || r == rankSynonym && letterCount(key) >= 14, entries: slices.Clone(entries)}
	case r == c.rank && !c.question && r != rankMade:
		c.use = widest(c.use, use)
		for _, e := range entries {
			if !slices.ContainsFunc(c.entries, func(x int32) bool { return b.same(x, e) }) {
				c.entries, c.question = append(c.entries, e), true
			}
		}
	case r == c.rank && c.question && r != rankDeclared:
		for _, e := range entries {
			if !slices.Contains(c.entries, e) {
				c.entries = append(c.entries, e)
			}
		}
	case r == rankMade && c.rank == rankMade && !slices.Equal(c.entries, entries):
		c.use = Never // two made-up spellings collide: neither counts
	case r != rankMade && slices.Equal(c.entries, entries):
		c.use, c.strong = widest(c.use, use), c.strong || r >= rankCurated // the same name said twice, once with more freedom
	}
}

// same tells whether two entries are the same substance under two names.
func (b *builder) same(x, y int32) bool {
	return x == y || b.entries[x].InChIKey != "" && b.entries[x].InChIKey == b.entries[y].InChIKey
}

func widest(a, b Use) Use {
	if a == Prose || b == Prose {
		return Prose
	}
	return min(a, b)
}

// declare enters a name that a person has marked ambiguous.
func (b *builder) declare(a Ambiguous) {
	var ids []int32
	for _, k := range a.Candidates {
		if i, ok := b.byKey[k]; ok {
			ids = append(ids, i)
		}
	}
	if len(ids) == 0 || a.Use == Never {
		return
	}
	var s scan
	s.read(a.Name)
	if len(s.toks) == 0 {
		return
	}
	use := a.Use
	if use == Auto {
		use = Prose
	}
	b.claimTokens(&s, use, rankDeclared, ids)
	for _, head := range innerForms(&s) {
		last := s.compact(len(s.toks)-1, len(s.toks), nil)
		keys := [][]byte{slices.Concat(head, last)}
		if stem, e := stemOf(last); e != endHard && e != endNone && use != Exact {
			keys = append(keys, slices.Concat(head, stem, []byte{stemMark}))
		}
		for _, k := range keys {
			if c := b.claims[string(k)]; c != nil {
				c.question = !a.All
			}
		}
	}
}

// build makes the trie out of the claims.
func (b *builder) build() *Lexicon {
	l := &Lexicon{trie: newTrie(), entries: b.entries, spell: newSpeller()}
	ids := map[string]int32{}
	for _, key := range b.order {
		c := b.claims[key]
		if c.use == Never {
			continue
		}
		letters := strings.TrimSuffix(key, string(stemMark))
		m := l.meaning(ids, c)
		x := term{meaning: m, letters: uint8(min(len(letters), 255)), use: c.use, end: c.ending, words: c.words, strong: c.strong}
		l.trie.add([]byte(letters), x)
		if c.use == Prose && !c.question && (c.strong || c.rank == rankMade) && (c.ending == endLatin || c.ending == endHard) {
			l.spell.add(letters, m, !c.strong)
		}
	}
	return l.init()
}

// meaning returns the index of the meaning of c, shared by all names that mean the same.
func (l *Lexicon) meaning(ids map[string]int32, c *claim) int32 {
	var sb strings.Builder
	if c.question {
		sb.WriteByte('?')
	}
	for _, e := range c.entries {
		sb.WriteRune(e)
	}
	if id, ok := ids[sb.String()]; ok {
		return id
	}
	id := int32(len(l.meanings))
	l.meanings = append(l.meanings, meaning{entries: c.entries, question: c.question})
	ids[sb.String()] = id
	return id
}
