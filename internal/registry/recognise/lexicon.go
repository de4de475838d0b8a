package recognise

import (
	"sync"
	"unicode/utf8"
)

// Lexicon recognises names. It is immutable and safe for concurrent use.
type Lexicon struct {
	trie     *trie
	meanings []meaning
	entries  []Entry
	spell    *speller
	pool     sync.Pool
}

// meaning is what a name stands for: one entry, several at once ("dextro/levo methorphan"), or a question.
type meaning struct {
	entries  []int32
	question bool
}

// rank orders the claims of entries to one spelling: the preferred name beats a curated one, which beats a synonym taken over
// from a source, which beats a spelling made by rule.
type rank uint8

const (
	rankMade rank = iota
	rankSynonym
	rankCurated
	rankPreferred
	rankDeclared // declared ambiguous by a person
)

// New builds a lexicon. Entries that share a spelling of the same rank make that spelling a question.
func New(entries []Entry, ambiguous ...Ambiguous) *Lexicon {
	b := newBuilder(entries)
	for i := range entries {
		e := &entries[i]
		b.claim(e.Preferred, Name{Text: e.Preferred, Use: preferredUse(e)}, rankPreferred, int32(i))
		for _, n := range e.Names {
			r := rankSynonym
			if n.Curated {
				r = rankCurated
			}
			b.claim(n.Text, n, r, int32(i))
		}
	}
	for _, a := range ambiguous {
		b.declare(a)
	}
	return b.build()
}

// preferredUse is the use that the entry declares for its preferred name, if it lists it among its names.
func preferredUse(e *Entry) Use {
	for _, n := range e.Names {
		if n.Text == e.Preferred {
			return n.Use
		}
	}
	return Auto
}

// Recognise reads text. Byte offsets in the result refer to text as given.
func (l *Lexicon) Recognise(text string) Result {
	s := l.pool.Get().(*scan)
	s.read(text)
	s.recognise()
	r := s.result
	s.result, s.text = Result{}, ""
	l.pool.Put(s)
	return r
}

func (l *Lexicon) init() *Lexicon {
	l.pool.New = func() any { return &scan{lex: l} }
	return l
}

// plausible tells whether s can be a name at all: non-empty, valid text.
func plausible(s string) bool { return s != "" && utf8.ValidString(s) }
