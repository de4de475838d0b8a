package tdi

import "github.com/baqylau/baqylau"

// Years is a whole number of completed years; Unknown where nobody knows.
type Years int16

// Unknown stands for an age or a number of years that is not known.
const Unknown Years = -1

// oldest is the greatest age that is taken for one.
const oldest Years = 110

// Known reports whether the number is there.
func (y Years) Known() bool { return y >= 0 }

// Band is the age band of the protocol that y falls into.
func (y Years) Band() Code {
	switch {
	case !y.Known():
		return Ages.NotKnown()
	case y < 15:
		return 0
	}
	return Code(min(int(y)/5-2, len(Ages.Codes)-2))
}

// Use is one secondary drug. Rank, Route and Frequency order the drugs of an episode (Order); they are not counted.
type Use struct {
	Drug      Code
	Leaf      string // national leaf that was said, if one was
	Rank      int    // clinical relevance, 1 first; drugs of one rank are ordered by what follows
	Route     Code
	Frequency Code
}

// Episode is one start of treatment. What is not known stays not known: nothing is filled in.
type Episode struct {
	Start     baqylau.Date      // day on which treatment began
	Precision baqylau.Precision // a register may know the month or the year only
	Person    uint64            // keyed number of the person (PersonKey); 0: anonymous, counted as a person of their own
	Facility  string            // treatment unit
	Region    string            // ISO 3166-2 region of the unit
	Codes     [numItems]Code
	Leaf      string // national leaf of the primary drug, if one was said ("mephedrone")
	Age       Years  // at the start of treatment
	FirstUse  Years  // age at first use of the primary drug
	FirstInj  Years  // age at first injection of any drug
	FirstOAT  Years  // calendar year of the first opioid agonist treatment
	Secondary []Use  // ordered; one Use of "none" where there are none; empty: not known
}

// New is an episode of which nothing is known but its day.
func New(start baqylau.Date) Episode {
	e := Episode{Start: start, Precision: baqylau.Day, Age: Unknown, FirstUse: Unknown, FirstInj: Unknown, FirstOAT: Unknown}
	for i := range e.Codes {
		e.Codes[i] = Item(i).List().NotKnown()
	}
	return e
}

// Is reports whether the answer to item i is one of codes.
func (e *Episode) Is(i Item, codes ...string) bool {
	return i.List().bits(codes...)&(1<<e.Codes[i]) != 0
}

// Set gives item i the answer s as the protocol writes it; false where its list does not have it.
func (e *Episode) Set(i Item, s string) bool {
	c, ok := i.List().Parse(s)
	if ok {
		e.Codes[i] = c
	}
	return ok
}

// Get is the answer to item i as the protocol writes it.
func (e *Episode) Get(i Item) string { return i.List().String(e.Codes[i]) }

// Derive fills the bands that follow from exact numbers: years since the first injection from the ages, years since the first agonist treatment from the years.
// A band that was said stays where no exact number is known.
func (e *Episode) Derive() {
	if e.Age.Known() && e.FirstInj.Known() && e.FirstInj <= e.Age {
		e.Codes[InjectingYears] = injectingBand(e.Age - e.FirstInj)
	}
	if year := Years(e.Start.Time().Year()); e.FirstOAT.Known() && e.FirstOAT <= year {
		e.Codes[OATYears] = oatBand(year - e.FirstOAT)
	}
}

// injectingBand is the band of whole years since the first injection; the template's first, "1", holds whoever began within the last two birthdays.
func injectingBand(y Years) Code {
	switch {
	case y < 2:
		return 0
	case y < 5:
		return 1
	case y < 10:
		return 2
	}
	return 3
}

func oatBand(y Years) Code {
	switch {
	case y <= 10:
		return Code(y)
	case y <= 15:
		return OATSince.must("11-15")
	}
	return OATSince.must(">15")
}
