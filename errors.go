package baqylau

import (
	"errors"
	"fmt"
	"strings"
)

// Code is a category of failure. The list is closed: every error that reaches a user has one of these, and each has one
// HTTP status (internal/web) and one exit code (cmd). Append only.
type Code string

// The codes.
const (
	Invalid     Code = "invalid"     // the input is wrong; the sender can mend it
	Forbidden   Code = "forbidden"   // the policy does not allow this act
	NotFound    Code = "not_found"   // no such thing, or not for this person: the two look alike on purpose
	Conflict    Code = "conflict"    // the thing changed meanwhile, or its state does not allow the act
	Unauthentic Code = "unauthentic" // who are you?
	TooMany     Code = "too_many"    // rate or size limit
	Unavailable Code = "unavailable" // database, disk or mail server is not answering; try again
	Internal    Code = "internal"    // our fault; logged under a reference, details never shown
)

// Error is a failure in the system's words. Key names a message in the catalogue (kk, ru, en); Args fill its placeholders.
// The message says what is wrong, where, and what to do. Field names the form field or column concerned, if one is.
type Error struct {
	Code  Code
	Key   string
	Args  map[string]any
	Field string
	Err   error // cause, for the log only
}

// E returns an Error with code, message key and args as name, value pairs.
func E(code Code, key string, args ...any) *Error {
	m := make(map[string]any, len(args)/2)
	for i := 0; i+1 < len(args); i += 2 {
		m[fmt.Sprint(args[i])] = args[i+1]
	}
	return &Error{Code: code, Key: key, Args: m}
}

// On returns a copy of e that names the form field or column it is about.
func (e *Error) On(field string) *Error { c := *e; c.Field = field; return &c }

// Because returns a copy of e with its cause, which is logged and never shown.
func (e *Error) Because(err error) *Error { c := *e; c.Err = err; return &c }

// Error is for logs and tests: code, key, field and cause. It leaves Args out, since they may hold what a person typed.
func (e *Error) Error() string {
	s := string(e.Code) + ": " + e.Key
	if e.Field != "" {
		s += " (" + e.Field + ")"
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap gives the cause to errors.Is and errors.As.
func (e *Error) Unwrap() error { return e.Err }

// Errors is several failures of one input, for example all wrong fields of a form.
type Errors []*Error

// Error joins the parts.
func (es Errors) Error() string {
	parts := make([]string, len(es))
	for i, e := range es {
		parts[i] = e.Error()
	}
	return strings.Join(parts, "; ")
}

// OrNil returns nil for an empty list, so that callers can write `return errs.OrNil()`.
func (es Errors) OrNil() error {
	if len(es) == 0 {
		return nil
	}
	return es
}

// CodeOf tells the category of any error: that of the Error inside it, Invalid for Errors, Internal for anything uncoded, "" for nil.
func CodeOf(err error) Code {
	var e *Error
	var es Errors
	switch {
	case err == nil:
		return ""
	case errors.As(err, &e):
		return e.Code
	case errors.As(err, &es):
		return Invalid
	}
	return Internal
}

// Wrap prefixes *err with the name of the failed operation and its identifiers, never with personal data. Use it deferred:
//
//	defer baqylau.Wrap(&err, "intake.Submit(%s)", id)
func Wrap(err *error, format string, args ...any) {
	if *err != nil {
		*err = fmt.Errorf("%s: %w", fmt.Sprintf(format, args...), *err)
	}
}
