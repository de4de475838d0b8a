package death

import (
	"slices"

	"github.com/baqylau/baqylau"
)

// Register is the kind of register a record comes from.
type Register string

// The registers. A linked record is one that both hold, joined by the sender: it may count in the selections of both, and once in each.
const (
	General Register = "general" // causes of death coded from certificates
	Special Register = "special" // forensic medicine, toxicology, police
	Linked  Register = "linked"
)

// Registers lists the kinds.
var Registers = []Register{General, Special, Linked}

// Manner is how a death came about, in the words of forensic medicine.
type Manner string

// The manners of death.
const (
	Accident      Manner = "accident"
	Suicide       Manner = "suicide"
	Homicide      Manner = "homicide"
	Undetermined  Manner = "undetermined" // examined, and it could not be told
	Natural       Manner = "natural"
	UnknownManner Manner = "unknown" // not stated
)

// Manners lists the manners in the order of forms.
var Manners = []Manner{Accident, Suicide, Homicide, Undetermined, Natural, UnknownManner}

// Known is yes, no or not known.
type Known string

// The answers.
const (
	Yes      Known = "yes"
	No       Known = "no"
	NotKnown Known = "unknown"
)

// Answers lists them in the order of forms.
var Answers = []Known{Yes, No, NotKnown}

// Role is what a substance had to do with a death.
type Role string

// The roles. Only causes and contributing substances make a poisoning.
const (
	Caused      Role = "cause"
	Contributed Role = "contributing"
	Present     Role = "present" // found, without a bearing on the death or none that was stated
)

// Roles lists the roles, heaviest first.
var Roles = []Role{Caused, Contributed, Present}

// NPS marks a substance of the families that are watched as new, in the place of a drug code of a rule.
const NPS = "nps"

// Substance is one that toxicology found, or the certificate names.
type Substance struct {
	ID   string // of the registry; "" when it was not recognised
	Name string // as the source wrote it
	Drug string // code of the TDI drug list, "1.1"; "" unknown
	NPS  bool
	Role Role
}

// Record is one death.
type Record struct {
	Register   Register
	Died       baqylau.Date
	Precision  baqylau.Precision
	Sex        string // one of Sexes
	Age        int    // in whole years; -1 not known
	Band       string // "35-44" where the source has no exact age, else ""
	Underlying Code   // the cause that began the train of events
	Causes     []Code // all causes mentioned, among them the nature of the poisoning (T40.1)
	Residence  string // code of the region of residence, "" unknown
	Place      string // code of the region of death
	Manner     Manner
	Autopsy    Known
	Toxicology Known
	Substances []Substance
}

// manners of the external causes of ICD-10, chapter XX.
var manners = []struct {
	span   Span
	manner Manner
}{{Span{"V01", "X59"}, Accident}, {Span{"X60", "X84"}, Suicide}, {Span{"X85", "Y09"}, Homicide}, {Span{"Y10", "Y34"}, Undetermined}}

// MannerOf is the manner that an underlying cause states; "" where the code states none, as for F11.
func MannerOf(c Code) Manner {
	for _, m := range manners {
		if m.span.Holds(c) {
			return m.manner
		}
	}
	return ""
}

// Poisons reports whether the substance was part of the cause.
func (s Substance) Poisons() bool { return s.Role == Caused || s.Role == Contributed }

// Codes are all causes of the record, the underlying one first.
func (r Record) Codes() []Code {
	if r.Underlying == "" || slices.Contains(r.Causes, r.Underlying) {
		return r.Causes
	}
	return append([]Code{r.Underlying}, r.Causes...)
}
