// Package check holds what the checks of the data collection ask. A check never corrects and never refuses: it puts two values side by
// side, and a person who knows resolves it with a note or returns it to who sent the figures.
package check

import "github.com/baqylau/baqylau"

// Severity says how much a finding matters.
type Severity string

// The severities.
const (
	Note     Severity = "note"     // worth knowing
	Question Severity = "question" // asks for an explanation
	Error    Severity = "error"    // cannot be so
)

// Value is one of the two things that a finding puts side by side: a catalogue key or code that says what it is, and the figure as text.
type Value struct{ Label, Text string }

// Finding is what one rule found about one thing. Mark is its own key: found again it is the same finding, and what people said of it stays.
type Finding struct {
	Rule      string // catalogue key "check.rule.<rule>"
	Severity  Severity
	Subject   string // observation, episode, death, registration, study, facility, dataset
	SubjectID string
	Mark      string
	First     Value
	Second    Value
	Place     string
	Period    string
	OrgID     string
	Domain    baqylau.Domain
	BatchID   string
}
