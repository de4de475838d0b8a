// Package tdi holds the treatment demand indicator: one person who starts treatment for drug use, with the items and codes of TDI protocol 3.0 (EMCDDA, 2012),
// the rules by which a year's entrants are chosen from the episodes, and the 70 data tables of the collection template of 2022, sections 8 to 29. It is pure: no
// database, no clock, no page.
package tdi

import "slices"

// Code is an answer: its place in the item's list. Every list ends with "not known", so that an answer nobody gave has a code as well.
type Code uint8

// List is the answers to an item, in the order in which the protocol and its tables have them.
type List struct {
	Name  string // as in data/indicators/tdi-codes.csv
	Codes []string
}

// Parse finds a code as the protocol writes it ("2.1", "99"); ok is false where the list does not have it. The empty string is "not known".
func (l *List) Parse(s string) (c Code, ok bool) {
	if s == "" {
		return l.NotKnown(), true
	}
	i := slices.Index(l.Codes, s)
	return Code(max(i, 0)), i >= 0
}

// Is the code of s in a list that is known to have it; it is for the rules of this package.
func (l *List) must(s string) Code {
	c, ok := l.Parse(s)
	if !ok {
		panic("tdi: list " + l.Name + " has no " + s)
	}
	return c
}

// String is c as the protocol writes it.
func (l *List) String(c Code) string { return l.Codes[min(int(c), len(l.Codes)-1)] }

// NotKnown is the last code of the list.
func (l *List) NotKnown() Code { return Code(len(l.Codes) - 1) }

// bits are several codes of a list as a set.
func (l *List) bits(codes ...string) (set uint64) {
	for _, s := range codes {
		set |= 1 << l.must(s)
	}
	return set
}

// The lists. Numbers are those of the protocol; lists that it leaves without numbers have words.
var (
	Centres   = &List{"tdi_centre", []string{"outpatient", "inpatient", "prison", "gp", "low_threshold", "other", "unknown"}}
	Statuses  = &List{"tdi_status", []string{"1", "2", "3"}}
	Sexes     = &List{"tdi_sex", []string{"male", "female", "unknown"}}
	Referrals = &List{"tdi_referral", []string{"1", "2", "3", "4", "5", "6", "7", "99"}}
	Company   = &List{"tdi_living_with", []string{"1", "2", "3", "4", "5", "6", "7", "99"}}
	Children  = &List{"tdi_living_children", []string{"1", "2", "99"}}
	Places    = &List{"tdi_living_where", []string{"1", "2", "3", "4", "99"}}
	Educated  = &List{"tdi_education", []string{"1", "2", "3", "4", "99"}}
	Labours   = &List{"tdi_labour", []string{"1", "2", "3", "4", "5", "6", "99"}}
	Routes    = &List{"tdi_route", []string{"1", "2", "3", "4", "5", "99"}}
	Frequent  = &List{"tdi_frequency", []string{"1", "2", "3", "4", "5", "99"}}
	YesNo     = &List{"tdi_polydrug", []string{"1", "2", "99"}}
	Injected  = &List{"tdi_injecting", []string{"1", "2", "2.1", "2.2", "2.3", "3", "99"}}
	Since     = &List{"tdi_injecting_years", []string{"1", "2", "3", "4", "99"}}
	Tested    = &List{"tdi_testing", []string{"1", "2", "2.1", "2.2", "3", "99"}}
	Shared    = &List{"tdi_sharing", []string{"1", "2", "2.1", "2.2", "2.3", "3", "99"}}
	OATs      = &List{"tdi_oat", []string{"never", "ever", "current", "unknown"}}
	OATSince  = &List{"tdi_oat_years", []string{"<1", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11-15", ">15", "99"}}
	Ages      = &List{"tdi_age", []string{"<15", "15-19", "20-24", "25-29", "30-34", "35-39", "40-44", "45-49", "50-54", "55-59", "60-64", ">=65", "unknown"}}
)
