package tdi

import (
	"bytes"
	"cmp"
)

// Keep says which episode of a person's year is counted. The protocol leaves it to the country; the choice is recorded with the figures.
type Keep string

// The choices.
const (
	First Keep = "first"
	Last  Keep = "last"
)

// Level says within what a person is counted once a year: the double-counting control of the country (collection template 2022, question 4.1.1).
type Level string

// The levels. At None every start of treatment counts.
const (
	None     Level = "none"
	ByCentre Level = "centre"
	Regional Level = "regional"
	National Level = "national"
)

// Levels lists the levels, weakest first.
var Levels = []Level{None, ByCentre, Regional, National}

// Rule is the country's case definition as far as the protocol leaves it open.
type Rule struct {
	Keep         Keep  `json:"keep"`
	Level        Level `json:"level"`
	LowThreshold bool  `json:"low_threshold"` // services of low threshold count as treatment
}

// DefaultRule counts a person once in the country, by the first start of the year, with low-threshold services.
var DefaultRule = Rule{First, National, true}

// Valid reports whether every choice of the rule is one.
func (r Rule) Valid() bool {
	return (r.Keep == First || r.Keep == Last) && (r.Level == None || r.Level == ByCentre || r.Level == Regional || r.Level == National)
}

// Selection is what a rule made of a year's episodes.
type Selection struct {
	Kept      []Record
	Episodes  int // before the rule
	Excluded  int // of services that do not count
	Repeated  int // further episodes of persons who are counted already
	Anonymous int // kept, but nobody can say whether the same person was counted twice
}

// Select chooses a year's entrants. All records must be of one year. Which of two episodes of one day is kept does not depend on the order in which they come.
func (r Rule) Select(year []Record) Selection {
	s := Selection{Episodes: len(year), Kept: make([]Record, 0, len(year))}
	low := Centres.must("low_threshold")
	type key struct{ person, within uint64 }
	at := make(map[key]int, len(year))
	for i := range year {
		rec := &year[i]
		if !r.LowThreshold && rec.Codes[Centre] == low {
			s.Excluded++
			continue
		}
		if rec.Person == 0 || r.Level == None {
			if rec.Person == 0 {
				s.Anonymous++
			}
			s.Kept = append(s.Kept, *rec)
			continue
		}
		k := key{person: rec.Person}
		switch r.Level {
		case ByCentre:
			k.within = rec.Facility
		case Regional:
			k.within = rec.Region
		}
		if j, seen := at[k]; seen {
			s.Repeated++
			if r.before(rec, &s.Kept[j]) {
				s.Kept[j] = *rec
			}
			continue
		}
		at[k] = len(s.Kept)
		s.Kept = append(s.Kept, *rec)
	}
	return s
}

// before reports whether a is to be kept rather than b.
func (r Rule) before(a, b *Record) bool {
	n := cmp.Compare(a.Day, b.Day)
	if r.Keep == Last {
		n = -n
	}
	return n < 0 || n == 0 && bytes.Compare(a.Pack(), b.Pack()) < 0
}
