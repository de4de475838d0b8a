package baqylau

import "slices"

// TLP is a Traffic Light Protocol 2.0 label (FIRST, 2022): who may receive a piece of information.
type TLP string

// The labels, widest audience first.
const (
	TLPClear       TLP = "CLEAR"
	TLPGreen       TLP = "GREEN"
	TLPAmber       TLP = "AMBER"
	TLPAmberStrict TLP = "AMBER+STRICT"
	TLPRed         TLP = "RED"
)

// TLPs lists the labels from the widest audience to the narrowest.
var TLPs = []TLP{TLPClear, TLPGreen, TLPAmber, TLPAmberStrict, TLPRed}

// Allows reports whether a recipient trusted up to label max may receive information labelled t.
// An unknown label allows nothing.
func (t TLP) Allows(max TLP) bool {
	a, b := slices.Index(TLPs, t), slices.Index(TLPs, max)
	return a >= 0 && b >= 0 && a <= b
}

// Confidence says how sure the centre is that a fact is so; it travels with every figure.
type Confidence string

// Degrees of confidence, weakest first.
const (
	Suspected Confidence = "suspected" // self-report, clinical picture, presumptive test
	Probable  Confidence = "probable"  // the product taken was analysed, or a tentative structure
	Confirmed Confidence = "confirmed" // identified by a laboratory in the material itself
)

// Confidences lists the degrees, weakest first.
var Confidences = []Confidence{Suspected, Probable, Confirmed}

// Rank is 1 for suspected, 2 for probable, 3 for confirmed and 0 for anything else.
func (c Confidence) Rank() int { return slices.Index(Confidences, c) + 1 }

// Level is the identification level of one laboratory result (domain text, Finding).
type Level string

// Identification levels, weakest first.
const (
	NotIdentified Level = "not_identified"
	Presumptive   Level = "presumptive"
	Tentative     Level = "tentative_structure"
	ConfirmedID   Level = "confirmed"
)

// Levels lists the identification levels, weakest first.
var Levels = []Level{NotIdentified, Presumptive, Tentative, ConfirmedID}

// Severity is the priority of a signal or an alert.
type Severity string

// Severities, gravest first; each has a shape and a word besides its colour.
const (
	Red    Severity = "red"
	Amber  Severity = "amber"
	Yellow Severity = "yellow"
	Green  Severity = "green"
)

// Severities lists the severities, gravest first.
var Severities = []Severity{Red, Amber, Yellow, Green}

// Domain is the side of the wall a fact or an organisation stands on. Identifiable facts of one side are
// technically unavailable to roles of the other; aggregates cross through package disclosure.
type Domain string

// The domains. Neutral facts (a substance, a region, a cleared alert) belong to nobody.
const (
	HealthDomain      Domain = "health"
	EnforcementDomain Domain = "enforcement"
	NeutralDomain     Domain = "neutral"
)
