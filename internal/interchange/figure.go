package interchange

import "github.com/baqylau/baqylau"

// Absence says why a figure is not there. Zero is a figure and no absence.
type Absence string

// The absences. The empty one belongs to a figure that is there.
const (
	Suppressed    Absence = "suppressed"     // known, and withheld to protect persons
	NotCollected  Absence = "not_collected"  // nobody counted
	NotKnown      Absence = "not_known"      // counted or asked for, and the answer is not known
	NotApplicable Absence = "not_applicable" // there can be no such figure
)

// Absences lists them all.
var Absences = []Absence{Suppressed, NotCollected, NotKnown, NotApplicable}

// Qualifier says how a figure is meant. The empty one is "exactly this".
type Qualifier string

// The qualifiers.
const (
	About    Qualifier = "about"
	MoreThan Qualifier = "more_than"
	AtLeast  Qualifier = "at_least"
)

// Qualifiers lists them all.
var Qualifiers = []Qualifier{About, MoreThan, AtLeast}

// Figure is one number as published, or the reason why there is none.
type Figure struct {
	Value       string // decimal number with a point: "0", "-3", "14206.49"; "" when absent
	Absence     Absence
	Qualifier   Qualifier
	Provisional bool
}

// Check refuses a figure that says two things at once or nothing: a value beside an absence, a qualifier without a value, a value that is no
// decimal number, an unknown word.
//
// Errors are Invalid with key "interchange.write.figure".
func (f Figure) Check() error {
	ok := known(f.Absence, Absences) && known(f.Qualifier, Qualifiers)
	if f.Absence == "" {
		ok = ok && IsDecimal(f.Value)
	} else {
		ok = ok && f.Value == "" && f.Qualifier == ""
	}
	if !ok {
		return baqylau.E(baqylau.Invalid, "interchange.write.figure", "value", Clip(f.Value))
	}
	return nil
}

func known[T ~string](v T, list []T) bool {
	for _, k := range list {
		if v == k {
			return true
		}
	}
	return v == ""
}

// IsDecimal reports whether s is a number as XML Schema's xs:decimal writes it: digits with an optional sign and point, no exponent.
func IsDecimal(s string) bool {
	if s != "" && (s[0] == '-' || s[0] == '+') {
		s = s[1:]
	}
	digits, point := 0, false
	for i := range len(s) {
		switch {
		case s[i] >= '0' && s[i] <= '9':
			digits++
		case s[i] == '.' && !point:
			point = true
		default:
			return false
		}
	}
	return digits > 0
}
