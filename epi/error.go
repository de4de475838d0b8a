package epi

import (
	"fmt"
	"math"
)

// Reason is a closed list of causes for a refusal; append only.
type Reason uint8

// The reasons.
const (
	OK             Reason = iota // nothing is wrong; never in an Error
	MissingValue                 // NaN or infinite where a number is needed
	NegativeValue                // below zero
	NotPositive                  // zero or below, where the method divides by it
	NotACount                    // not a whole number, or too large to be exact (beyond 2^53)
	TooLarge                     // larger than the whole it is part of
	InvalidLevel                 // a confidence level that is not between 0 and 1
	UnequalLengths               // lists that belong together differ in length
	Empty                        // nothing was counted, or nothing is left after exclusions
	InvalidSetting               // another setting outside its range
	Duplicate                    // the same key twice
	NotIdentified                // the data cannot tell the parameters of the model apart
	Unbounded                    // the likelihood grows towards an infinite population
	LowerBound                   // the likelihood grows towards a population of which nobody is hidden
	NoConvergence                // the iteration ended without an answer
	SingleUnit                   // one unit of a stratum was drawn, which says nothing of the variance in it
	Varies                       // not the same all over a stratum
	NoTotal                      // respondents in a cell of which the population has none
	NoRespondent                 // persons in a cell of which the sample has none
)

var reasons = [...]string{"ok", "missing_value", "negative_value", "not_positive", "not_a_count", "too_large", "invalid_level", "unequal_lengths", "empty",
	"invalid_setting", "duplicate", "not_identified", "unbounded", "lower_bound", "no_convergence", "single_unit", "varies", "no_total", "no_respondent"}

// String is a stable code such as "not_a_count"; it serves as the last part of a message key.
func (r Reason) String() string {
	if int(r) < len(reasons) {
		return reasons[r]
	}
	return "unknown"
}

// Error says why input was refused, and where.
type Error struct {
	Reason Reason
	// Argument is the name of the argument or field, as in Go.
	Argument string
	// At is the index of the element, or -1 where the whole argument is meant.
	At int
}

// Error is for logs; products say it in their own words, by Reason.
func (e *Error) Error() string {
	if e.At >= 0 {
		return fmt.Sprintf("epi: %s[%d]: %s", e.Argument, e.At, e.Reason)
	}
	return fmt.Sprintf("epi: %s: %s", e.Argument, e.Reason)
}

func refuse(r Reason, argument string) *Error { return &Error{r, argument, -1} }

// The checks below return nil or an *Error, as the error that a function hands on. at is -1 for a single number.

func nonNegative(v float64, argument string, at int) error {
	switch {
	case math.IsNaN(v) || math.IsInf(v, 0):
		return &Error{MissingValue, argument, at}
	case v < 0:
		return &Error{NegativeValue, argument, at}
	}
	return nil
}

func positive(v float64, argument string, at int) error {
	if err := nonNegative(v, argument, at); err != nil {
		return err
	}
	if v == 0 {
		return &Error{NotPositive, argument, at}
	}
	return nil
}

func whole(v float64, argument string, at int) error {
	if err := nonNegative(v, argument, at); err != nil {
		return err
	}
	if v != math.Floor(v) || v > 1<<53 {
		return &Error{NotACount, argument, at}
	}
	return nil
}

// all is the first error that a check finds in a list.
func all(vs []float64, argument string, check func(float64, string, int) error) error {
	for i, v := range vs {
		if err := check(v, argument, i); err != nil {
			return err
		}
	}
	return nil
}

// sameLength is an error unless both lists are equally long and not empty.
func sameLength(n, want int, argument string) error {
	switch {
	case want == 0:
		return refuse(Empty, argument)
	case n != want:
		return refuse(UnequalLengths, argument)
	}
	return nil
}
