package death

import (
	"slices"
	"strconv"

	"github.com/baqylau/baqylau"
)

// Doubt is a rule that a record breaks, and the two values that do not go together. It asks; it corrects nothing.
type Doubt struct {
	Rule          string // stands in texts as check.rule.<rule>
	Grave         bool   // cannot be so, rather than unlikely
	First, Second string
}

// Doubts are what a record's parts leave to be asked of whoever sent it.
func (r Record) Doubts() []Doubt {
	var out []Doubt
	ask := func(rule string, grave bool, first, second string) {
		out = append(out, Doubt{rule, grave, first, second})
	}
	if c := r.Underlying; c != "" && (c[0] == 'S' || c[0] == 'T') { // chapter XIX says the nature of an injury, never what began it
		ask("death_nature_underlying", true, string(c), Join(r.Causes))
	}
	if m := MannerOf(r.Underlying); m != "" && r.Manner != "" && r.Manner != UnknownManner && r.Manner != m {
		ask("death_manner", false, string(r.Underlying), string(r.Manner))
	}
	poisoned := slices.ContainsFunc(r.Substances, Substance.Poisons)
	if r.Toxicology == No && len(r.Substances) > 0 && r.Register != General {
		ask("death_toxicology", false, string(r.Toxicology), strconv.Itoa(len(r.Substances)))
	}
	if r.Register == Special && !poisoned && r.Manner != Natural {
		ask("death_no_poison", false, string(r.Register), strconv.Itoa(len(r.Substances)))
	}
	drugs := Span{"T36", "T50"}
	if poisoning(r.Underlying) && len(in([]Span{drugs}, r.Causes)) == 0 && r.Register != Special {
		ask("death_unspecified_drug", false, string(r.Underlying), Join(r.Causes))
	}
	if r.Age > 110 {
		ask("death_age", false, strconv.Itoa(r.Age), "110")
	}
	return out
}

// poisoning reports whether an underlying cause is a poisoning by drugs and medicines.
func poisoning(c Code) bool {
	return len(in([]Span{{"X40", "X44"}, {"X60", "X64"}, {"Y10", "Y14"}, {"X85", "X85"}}, []Code{c})) > 0
}

// Check says what is wrong with a record so that it cannot be kept: every mistake with its field. Code: Invalid.
func (r Record) Check(today baqylau.Date) error {
	var es baqylau.Errors
	bad := func(field, key string, args ...any) {
		es = append(es, baqylau.E(baqylau.Invalid, key, args...).On(field))
	}
	switch {
	case r.Died.IsZero():
		bad("died_on", "error.required")
	case r.Died.After(today):
		bad("died_on", "error.date_future")
	}
	if !slices.Contains(Registers, r.Register) {
		bad("register", "error.choose")
	}
	if r.Underlying == "" && r.Register != Special {
		bad("underlying", "death.underlying.missing")
	}
	if r.Register == Special && r.Underlying == "" && len(r.Substances) == 0 {
		bad("substances", "death.substances.missing")
	}
	for _, c := range []struct {
		field, value string
		ok           bool
	}{{"manner", string(r.Manner), slices.Contains(Manners, r.Manner)}, {"autopsy", string(r.Autopsy), slices.Contains(Answers, r.Autopsy)}, {"toxicology", string(r.Toxicology), slices.Contains(Answers, r.Toxicology)},
		{"sex", r.Sex, slices.Contains(Sexes, r.Sex)}} {
		if !c.ok {
			bad(c.field, "error.choice")
		}
	}
	if r.Age < -1 || r.Age > 130 {
		bad("age", "error.range", "Low", 0, "High", 130)
	}
	if _, ok := ParseBand(r.Band); r.Band != "" && !ok {
		bad("age", "death.band.bad")
	}
	for _, s := range r.Substances {
		if s.Name == "" && s.ID == "" {
			bad("substances", "error.required")
		}
		if !slices.Contains(Roles, s.Role) {
			bad("substances", "error.choice")
		}
	}
	return es.OrNil()
}

// Sexes are what a record may say.
var Sexes = []string{"male", "female", "unknown"}
