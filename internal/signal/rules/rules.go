// Package rules turns a history of findings into candidate signals: what was seen for the first time, what came back, what killed for
// the first time, and what is rising. It is pure: a State is fed with findings in the order in which they became known, and says what
// an officer should look at, few and ranked. The same findings always give the same candidates, so history can be replayed with only
// what was known then, and a live system rebuilds its State from the database as of any day.
//
// docs/methods/signals.md explains each rule, its thresholds and its sources.
package rules

import "github.com/baqylau/baqylau"

// Substance names what was found. Key identifies it and is stable; when Key is empty the InChIKey and then the Name identify it.
// A Substance without any of them stands for a finding of a class alone, and only its families are counted.
type Substance struct {
	Key      string `json:"key,omitempty"`
	InChIKey string `json:"inchikey,omitempty"`
	Name     string `json:"name,omitempty"`
	// New marks a new psychoactive substance or one under intensive monitoring: its first detection is news from the first day of
	// data, and ranks higher.
	New bool `json:"new,omitempty"`
}

func (s Substance) id() string {
	switch {
	case s.Key != "":
		return s.Key
	case s.InChIKey != "":
		return s.InChIKey
	}
	return s.Name
}

// Event is one substance found in one occurrence. An occurrence with several substances gives several events with the same ID.
type Event struct {
	OccurrenceID string
	// KnownOn is the day the centre or the source knew it; it decides when a rule may see the event.
	KnownOn baqylau.Date
	// OccurredOn is the day it happened; unknown (zero) counts as KnownOn.
	OccurredOn baqylau.Date
	// Country and Region are codes; an empty Region is "not known" and takes part in the country's rules only.
	Country, Region string
	Substance       Substance
	// Families are class codes, for example "fentanyls"; an occurrence counts once in each.
	Families []string
	// Kind is the kind of report (death, seizure, …). The rules do not look at it; a caller that wants signals of one kind gives
	// events of that kind to a State of its own.
	Kind string
	// Fatal says that the occurrence is a death.
	Fatal      bool
	Confidence baqylau.Confidence
	// Count is the number of occurrences that the event stands for, in aggregate returns; below 1 counts as 1.
	Count int
}

// Type says which rule proposed a candidate.
type Type string

// The types. Append only: they are stored with signals.
const (
	FirstCountry Type = "first_country" // first detection in the country
	FirstRegion  Type = "first_region"  // first detection in a region of a country where it is still young
	ReEmergence  Type = "re_emergence"  // seen again in the country after a long absence
	FirstFatal   Type = "first_fatal"   // first death with a substance known from non-fatal occurrences
	RiseExact    Type = "exact"         // more than the past year leads to expect, sparse series
	RiseC1       Type = "ears_c1"       // EARS C1
	RiseC2       Type = "ears_c2"       // EARS C2
	RiseC3       Type = "ears_c3"       // EARS C3
)

// Types lists all types in the order in which they rank when all else is equal.
var Types = []Type{FirstCountry, FirstFatal, ReEmergence, FirstRegion, RiseExact, RiseC1, RiseC2, RiseC3}

// Key is the message with the type's name.
func (t Type) Key() string { return "rules.type." + string(t) }

// Rise reports whether the type comes from counts and not from a single event.
func (t Type) Rise() bool { return t == RiseExact || t == RiseC1 || t == RiseC2 || t == RiseC3 }

// Candidate is a proposed signal. A person decides what becomes of it.
type Candidate struct {
	Type     Type         `json:"type"`
	RaisedOn baqylau.Date `json:"raised_on"`
	Country  string       `json:"country"`
	Region   string       `json:"region,omitempty"` // empty: the whole country
	// Substance is zero when the candidate is about a whole Family.
	Substance Substance `json:"substance"`
	Family    string    `json:"family,omitempty"`
	// FirstEvent and LastEvent are the days of the earliest and latest occurrence in the evidence.
	FirstEvent baqylau.Date `json:"first_event"`
	LastEvent  baqylau.Date `json:"last_event"`
	// Events is the number of occurrences behind the candidate; Evidence lists up to MaxEvidence of their identifiers.
	Events     int                `json:"events"`
	Evidence   []string           `json:"evidence"`
	Fatal      bool               `json:"fatal"`
	Confidence baqylau.Confidence `json:"confidence"` // the strongest in the evidence
	// Score is the rank within the week's budget, 0..1; it is no probability. The scoring matrix (package score) is a person's work.
	Score float64 `json:"score"`
	// Observed, Expected, Bound and PValue are the figures of a rise; all 0 otherwise. PValue is -1 where the method has none.
	Observed float64 `json:"observed,omitempty"`
	Expected float64 `json:"expected,omitempty"`
	Bound    float64 `json:"bound,omitempty"`
	PValue   float64 `json:"p_value,omitempty"`
	// Explanation is one or more sentences, first the main one.
	Explanation []Message `json:"explanation"`
}

// MaxEvidence is the largest number of occurrence identifiers kept in a candidate.
const MaxEvidence = 50

// Message is a catalogue key with its arguments: strings, whole numbers, fractions and baqylau.Date. Region and Family are codes; a
// page replaces them by names in its language.
type Message struct {
	Key  string         `json:"key"`
	Args map[string]any `json:"args,omitempty"`
}

// Subject is the substance's identifier, or the family's code.
func (c Candidate) Subject() string {
	if c.Family != "" {
		return c.Family
	}
	return c.Substance.id()
}
