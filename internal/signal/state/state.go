// Package state is the life of a signal as a table: which states there are, which acts lead from one to the next, and which of them
// need a reason. It holds no rights (package access does) and no clocks (package score does).
package state

import (
	"slices"

	"github.com/baqylau/baqylau"
)

// State is where a signal stands.
type State string

// The states.
const (
	Detected    State = "detected"     // proposed by a rule, a foreign alert or a person
	Validating  State = "validating"   // someone checks relevance, place, source, plausibility
	Validated   State = "validated"    // it is real
	Refuted     State = "refuted"      // it is not, and the reason says why
	Prioritised State = "prioritised"  // scored, with a severity and a clock
	Assessing   State = "assessing"    // a panel grades and advises
	Decided     State = "decided"      // action, information only, or none
	FollowingUp State = "following_up" // what was decided is being done and watched
	Closed      State = "closed"
)

// States lists all states in the order of the usual path.
var States = []State{Detected, Validating, Validated, Refuted, Prioritised, Assessing, Decided, FollowingUp, Closed}

// Open reports whether somebody still has to do something: every state but refuted and closed. An unknown state is not open.
func (s State) Open() bool { return s != Refuted && s != Closed && slices.Contains(States, s) }

// Act is what a person does to a signal.
type Act string

// The acts.
const (
	Take       Act = "take"       // begin validation
	Validate   Act = "validate"   // find it real
	Refute     Act = "refute"     // find it not real
	Prioritise Act = "prioritise" // score it; also again, when more is known
	Assess     Act = "assess"     // put it before the panel
	Decide     Act = "decide"     // record the decision; a yellow or green signal may skip the panel
	Follow     Act = "follow"     // begin follow-up
	Close      Act = "close"
	Reopen     Act = "reopen" // validate again: new facts, or a mistake
)

// Rule is one row of the table.
type Rule struct {
	Act  Act
	From []State
	To   State
	// Reason says that the act needs a written reason.
	Reason bool
}

// Table is the whole life of a signal.
var Table = []Rule{
	{Take, []State{Detected}, Validating, false},
	{Validate, []State{Validating}, Validated, false},
	{Refute, []State{Detected, Validating, Validated}, Refuted, true},
	{Prioritise, []State{Validated, Prioritised, Assessing}, Prioritised, false},
	{Assess, []State{Prioritised}, Assessing, false},
	{Decide, []State{Prioritised, Assessing}, Decided, true},
	{Follow, []State{Decided}, FollowingUp, false},
	{Close, []State{Decided, FollowingUp}, Closed, true},
	{Reopen, []State{Refuted, Decided, FollowingUp, Closed}, Validating, true},
}

// Next is the state after the act. An act that the state does not allow is a Conflict ("rules.error.act"); an act that needs a
// reason and has none is Invalid on the field "reason" ("rules.error.reason").
func Next(s State, a Act, reason string) (State, error) {
	for _, r := range Table {
		if r.Act != a || !slices.Contains(r.From, s) {
			continue
		}
		if r.Reason && reason == "" {
			return s, baqylau.E(baqylau.Invalid, "rules.error.reason").On("reason")
		}
		return r.To, nil
	}
	return s, baqylau.E(baqylau.Conflict, "rules.error.act", "Act", string(a), "State", string(s))
}

// Acts lists what can be done in a state, in the order of the table.
func Acts(s State) []Act {
	var out []Act
	for _, r := range Table {
		if slices.Contains(r.From, s) {
			out = append(out, r.Act)
		}
	}
	return out
}
