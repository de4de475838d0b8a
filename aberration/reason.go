package aberration

// Reason is a closed list of causes for a missing result. It is an error too, so that functions can return it; OK is never returned
// as one. The zero value is OK.
type Reason uint8

// The reasons.
const (
	OK              Reason = iota // the result is valid
	OutOfRange                    // the evaluated index is outside the series
	TooShort                      // fewer periods before the point than the method needs
	MissingValue                  // NaN, or no finite number of cases (beyond 1e100), at the point or in its baseline
	NegativeValue                 // a count below zero
	NotACount                     // a count that is not a whole number, where the method needs one
	ZeroVariance                  // the baseline is constant and the method divides by its standard deviation
	InvalidSettings               // a parameter is outside its range, or two do not go together
	InvalidSeries                 // population, days or frequency do not fit the counts
	NoFit                         // the model could not be fitted to the baseline
	TooFewCases                   // the recent periods have fewer cases than the settings ask for
	NoBound                       // the search for a bound ended without one
	ZeroCell                      // a count of zero by which the method divides, or of which it takes the logarithm
	NotSilent                     // the periods before are not silent for long enough, so that nothing can re-emerge
)

var reasons = [...]string{"ok", "out_of_range", "too_short", "missing_value", "negative_value", "not_a_count", "zero_variance", "invalid_settings", "invalid_series", "no_fit", "too_few_cases", "no_bound", "zero_cell", "not_silent"}

// String is a stable code such as "too_short"; it serves as the last part of a message key.
func (r Reason) String() string {
	if int(r) < len(reasons) {
		return reasons[r]
	}
	return "unknown"
}

// err is the reason as an error, nil when it is OK.
func (r Reason) err() error {
	if r == OK {
		return nil
	}
	return r
}

// Error is the code with the package's name before it.
func (r Reason) Error() string { return "aberration: " + r.String() }
