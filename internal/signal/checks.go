package signal

import (
	"slices"

	"github.com/baqylau/baqylau"
)

// Checks are the questions of validation with their answers, each a value of code list check_<question>: what local drug information
// systems ask before they believe a report (relevance, area, likely spread, supply by internet, first or second hand, plausibility
// without forensics).
type Checks map[string]string

// Question is one question of validation and its possible answers.
type Question struct {
	Name    string
	Answers []string
}

// Questions lists the questions in the order of the form.
var Questions = []Question{
	{"relevance", []string{"relevant", "partly", "not"}},
	{"area", []string{"one_place", "region", "several_regions", "abroad"}},
	{"spread", []string{"contained", "possible", "likely"}},
	{"internet", []string{"yes", "no", "unknown"}},
	{"origin", []string{"first_hand", "second_hand", "media"}},
	{"plausible", []string{"yes", "doubtful", "no"}},
}

// complete gives one Invalid error for each answer that is not offered and, when all must be given, for each that is missing.
func (c Checks) complete(all bool) error {
	var errs baqylau.Errors
	for _, q := range Questions {
		a := c[q.Name]
		switch {
		case a == "" && all:
			errs = append(errs, baqylau.E(baqylau.Invalid, "error.choose").On("check_"+q.Name))
		case a != "" && !slices.Contains(q.Answers, a):
			errs = append(errs, baqylau.E(baqylau.Invalid, "error.choice").On("check_"+q.Name))
		}
	}
	return errs.OrNil()
}
