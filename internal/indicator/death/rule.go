package death

import (
	"slices"

	"github.com/baqylau/baqylau"
)

// Selection is a way to decide that a death counts as drug-related.
type Selection string

// The selections. Possible is not one to publish: deaths by drugs that were not named, which Selection B leaves out and of which some would belong to it.
const (
	B        Selection = "B"        // general register, EMCDDA protocol
	D        Selection = "D"        // special register, EMCDDA protocol
	National Selection = "national" // the country's own definition
	Possible Selection = "possible"
)

// Selections lists them in the order of pages; they stand side by side and are never added up.
var Selections = []Selection{B, D, National, Possible}

// Rule is one way in which a death gets into a selection. Every condition that is not empty must be fulfilled.
type Rule struct {
	Selection  Selection
	Name       string     // stands in texts as death.rule.<name>
	Registers  []Register // from which registers; empty: any
	Underlying []Span     // the underlying cause lies in one of these
	With       []Span     // one of all causes lies in one of these
	Drugs      []string   // a substance that poisoned has one of these TDI codes (with its subdivisions), or is "nps"
	Manners    []Manner
	From, To   baqylau.Date // dates of death for which the rule holds, both included; zero: open
	Verified   bool         // checked against the protocol
	Source     string
}

// Match says why a death is in a selection: the rule and what in the record fulfilled it.
type Match struct {
	Rule       Rule
	Underlying Code     // "" where the rule asks for none
	With       []Code   // causes that fulfilled the second condition
	Drugs      []string // TDI codes of the poisons that fulfilled the rule, "nps" last
}

// Holds reports whether the rule's validity covers a day. A death whose day is unknown is in no selection: it cannot be put into a year either.
func (r Rule) Holds(day baqylau.Date) bool {
	return !day.IsZero() && (r.From.IsZero() || !day.Before(r.From)) && (r.To.IsZero() || !day.After(r.To))
}

// Match tries the rule on a record.
func (r Rule) Match(rec Record) (Match, bool) {
	if !r.Holds(rec.Died) || len(r.Registers) > 0 && !slices.Contains(r.Registers, rec.Register) {
		return Match{}, false
	}
	m := Match{Rule: r}
	if len(r.Underlying) > 0 {
		if len(in(r.Underlying, []Code{rec.Underlying})) == 0 {
			return Match{}, false
		}
		m.Underlying = rec.Underlying
	}
	if len(r.With) > 0 {
		if m.With = in(r.With, rec.Codes()); len(m.With) == 0 {
			return Match{}, false
		}
	}
	if len(r.Manners) > 0 && !slices.Contains(r.Manners, rec.Manner) {
		return Match{}, false
	}
	if len(r.Drugs) > 0 {
		if m.Drugs = r.poisons(rec.Substances); len(m.Drugs) == 0 {
			return Match{}, false
		}
	}
	return m, true
}

// poisons are the drugs of the rule among the substances that poisoned.
func (r Rule) poisons(found []Substance) []string {
	var out []string
	isNew := false
	for _, s := range found {
		if !s.Poisons() {
			continue
		}
		isNew = isNew || s.NPS && slices.Contains(r.Drugs, NPS)
		if s.Drug != "" && slices.ContainsFunc(r.Drugs, func(d string) bool { return covers(d, s.Drug) }) && !slices.Contains(out, s.Drug) {
			out = append(out, s.Drug)
		}
	}
	slices.Sort(out)
	if isNew {
		out = append(out, NPS)
	}
	return out
}

// covers reports whether a code of the drug list is group or a subdivision of it: "1" covers "1.1", not "11".
func covers(group, code string) bool {
	return code == group || len(code) > len(group) && code[:len(group)] == group && code[len(group)] == '.'
}

// Rules are all rules, in the order in which they are tried.
type Rules []Rule

// Select tells whether a death is in a selection, and by which rule: the first that matches.
func (rs Rules) Select(rec Record, s Selection) (Match, bool) {
	for _, r := range rs {
		if r.Selection != s {
			continue
		}
		if m, ok := r.Match(rec); ok {
			return m, true
		}
	}
	return Match{}, false
}

// Of are the rules of a selection that hold on a day; all days when it is unknown.
func (rs Rules) Of(s Selection, day baqylau.Date) Rules {
	var out Rules
	for _, r := range rs {
		if r.Selection == s && (day.IsZero() || r.Holds(day)) {
			out = append(out, r)
		}
	}
	return out
}
