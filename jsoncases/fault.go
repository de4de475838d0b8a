package jsoncases

import "fmt"

// Fault is a case that cannot be run: what is wrong, where, and what to do.
type Fault struct {
	// Code is the reason in the words of the package that runs the cases, for example "epi: invalid_design".
	Code string
	// Where is the file and the line at which the case begins, where they are known, for example "cases.jsonl line 12".
	Where string
	// Field is what of the case, for example "design.weights".
	Field string
	// Say is a sentence in English for the person who made the file.
	Say string
}

// Error is code, place, field and sentence in one line.
func (f *Fault) Error() string {
	if f.Where != "" {
		return fmt.Sprintf("%s: %s, %s: %s", f.Code, f.Where, f.Field, f.Say)
	}
	return fmt.Sprintf("%s: %s: %s", f.Code, f.Field, f.Say)
}
