// Package register follows a dispensary register ("dynamic observation"): who is on it on a day, who came and who left, and why. It is pure.
//
// A register is a stock. It is neither treatment (a person on it may never be treated) nor prevalence (most users are not on it), and people leave it by a doctor's
// decision, by moving, by a sentence or by death. So its parts are shown together and never mixed with treatment episodes.
package register

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/baqylau/baqylau"
)

// Registration is one stay of one person on the register of one region.
type Registration struct {
	Person      string // keyed pseudonym; "" not known
	Region      string // that keeps the register
	Entered     baqylau.Date
	EntryReason string
	Exit        baqylau.Date // zero: still on it
	ExitReason  string
	Drug        string // code of the TDI drug list; "" not known
	NPS         bool
	Sex         string // one of Sexes
	Born        int    // year; 0 not known
}

// Sexes are what a registration may say.
var Sexes = []string{"male", "female", "unknown"}

// Moved is the reason of entry and of exit for a person who moves from one region's register to another's: within a country these cancel out.
const Moved = "moved"

// On reports whether the person is on the register at the end of a day.
func (r Registration) On(day baqylau.Date) bool {
	return !r.Entered.After(day) && (r.Exit.IsZero() || r.Exit.After(day))
}

// Check says what is wrong with a registration so that it cannot be kept: every mistake with its field. entries and exits are the reasons that are allowed. Code: Invalid.
func (r Registration) Check(today baqylau.Date, entries, exits []string) error {
	var es baqylau.Errors
	bad := func(field, key string) { es = append(es, baqylau.E(baqylau.Invalid, key).On(field)) }
	switch {
	case r.Entered.IsZero():
		bad("entered_on", "error.required")
	case r.Entered.After(today):
		bad("entered_on", "error.date_future")
	}
	if !slices.Contains(entries, r.EntryReason) {
		bad("entry_reason", "error.choose")
	}
	switch {
	case r.Exit.After(today):
		bad("exit_on", "error.date_future")
	case !r.Exit.IsZero() && r.Exit.Before(r.Entered):
		bad("exit_on", "register.exit_before_entry")
	case !r.Exit.IsZero() && r.ExitReason == "":
		bad("exit_reason", "register.exit_reason.missing")
	case r.Exit.IsZero() && r.ExitReason != "":
		bad("exit_on", "register.exit_on.missing")
	case r.ExitReason != "" && !slices.Contains(exits, r.ExitReason):
		bad("exit_reason", "error.choice")
	}
	if !slices.Contains(Sexes, r.Sex) {
		bad("sex", "error.choice")
	}
	if r.Born != 0 && (r.Born < 1900 || r.Born > today.Time().Year()) {
		bad("born", "register.born.bad")
	}
	return es.OrNil()
}

// Doubt is a rule that registrations break, and the two values that do not go together. It asks; it corrects nothing.
type Doubt struct {
	Rule          string // stands in texts as check.rule.<rule>
	Grave         bool   // cannot be so, rather than unlikely
	First, Second string
}

// Doubts are what one registration leaves to be asked.
func (r Registration) Doubts() []Doubt {
	var out []Doubt
	if age := r.Entered.Time().Year() - r.Born; r.Born != 0 && (age < 10 || age > 90) {
		out = append(out, Doubt{"register_age", age < 0, strconv.Itoa(r.Born), strconv.Itoa(r.Entered.Time().Year())})
	}
	return out
}

// Twice finds persons who are on two registers at once: their registrations overlap. Each pair holds the places of the earlier and of the later one in all; pairs come by the later one's entry.
func Twice(all []Registration) (pairs [][2]int) {
	byPerson := map[string][]int{}
	for i, r := range all {
		if r.Person != "" {
			byPerson[r.Person] = append(byPerson[r.Person], i)
		}
	}
	for _, of := range byPerson {
		slices.SortStableFunc(of, func(a, b int) int { return all[a].Entered.Sub(all[b].Entered) })
		last := of[0] // of those that came earlier, the one that lasts longest
		for _, i := range of[1:] {
			before, r := all[last], all[i]
			if before.Exit.IsZero() || r.Entered.Before(before.Exit) {
				pairs = append(pairs, [2]int{last, i})
			}
			if !before.Exit.IsZero() && (r.Exit.IsZero() || r.Exit.After(before.Exit)) {
				last = i
			}
		}
	}
	slices.SortFunc(pairs, func(a, b [2]int) int {
		return cmp.Or(all[a[1]].Entered.Sub(all[b[1]].Entered), cmp.Compare(a[1], b[1]))
	})
	return pairs
}
