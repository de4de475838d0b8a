// Package infection holds studies of drug-related infectious diseases among people who inject drugs (EUDA key indicator DRID): what was tested, in whom, and with what
// result. It is pure. Parts of the protocol that could not be read are from general knowledge; see data/README.md.
package infection

import (
	"slices"
	"strconv"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/epi"
)

// Study is a survey or a testing programme and what it counted.
type Study struct {
	Kind        string // seroprevalence or diagnostic
	Title       string
	Citation    string
	Setting     string
	Place       string // region, or the country's code
	Area        string // city or district, as written
	Start, End  baqylau.Date
	Recruitment string
	People      string // who was included: ever injectors, injectors of the last 12 months …
	Specimen    string
	Counts      []Count
}

// Count is one line of a study: how many were tested (or asked), and how many of them were positive (or said yes).
type Count struct {
	Measure   string // marker, such as "anti-HCV", or behaviour
	Breakdown string // "" all; else dimension=group, "sex=female"
	Tested    int
	Positive  int
}

// Dimension is the breakdown's left part; "" for all.
func (c Count) Dimension() string {
	name, _, _ := strings.Cut(c.Breakdown, "=")
	return name
}

// Prevalence is a share with its interval, both from 0 to 1.
type Prevalence struct {
	Share    float64
	Interval epi.Interval
}

// Prevalence is Positive/Tested with the exact interval of Clopper and Pearson at the given level. ok is false where the numbers allow none: nobody tested, or more positive than tested.
// The interval holds for a simple random sample; what recruitment adds to the uncertainty is not in it, and pages say so.
func (c Count) Prevalence(level float64) (p Prevalence, ok bool) {
	i, err := epi.ClopperPearson(float64(c.Positive), float64(c.Tested), level)
	if err != nil {
		return p, false
	}
	return Prevalence{float64(c.Positive) / float64(c.Tested), i}, true
}

// Lists are the codes that a study may use.
type Lists struct{ Kinds, Settings, Recruitments, People, Specimens, Measures, Groups []string }

// Check says what is wrong with a study so that it cannot be kept: every mistake with its field. Code: Invalid.
func (s Study) Check(today baqylau.Date, l Lists) error {
	var es baqylau.Errors
	bad := func(field, key string) { es = append(es, baqylau.E(baqylau.Invalid, key).On(field)) }
	switch {
	case s.Start.IsZero():
		bad("start_on", "error.required")
	case s.End.IsZero():
		bad("end_on", "error.required")
	case s.End.Before(s.Start):
		bad("end_on", "infection.end_before_start")
	case s.End.After(today):
		bad("end_on", "error.date_future")
	}
	for _, c := range []struct {
		field, value string
		list         []string
		required     bool
	}{{"kind", s.Kind, l.Kinds, true}, {"setting", s.Setting, l.Settings, false}, {"recruitment", s.Recruitment, l.Recruitments, false}, {"people", s.People, l.People, false}, {"specimen", s.Specimen, l.Specimens, false}} {
		switch {
		case c.value == "" && c.required:
			bad(c.field, "error.choose")
		case c.value != "" && !slices.Contains(c.list, c.value):
			bad(c.field, "error.choice")
		}
	}
	if s.Place == "" {
		bad("place", "error.required")
	}
	if len(s.Counts) == 0 {
		bad("counts", "infection.counts.missing")
	}
	seen := map[[2]string]bool{}
	for _, c := range s.Counts {
		at := [2]string{c.Measure, c.Breakdown}
		switch {
		case !slices.Contains(l.Measures, c.Measure) || c.Breakdown != "" && !slices.Contains(l.Groups, c.Breakdown):
			bad("counts", "error.choice")
		case c.Tested < 0 || c.Positive < 0:
			bad("counts", "error.negative")
		case seen[at]:
			bad("counts", "infection.counts.twice")
		}
		seen[at] = true
	}
	return es.OrNil()
}

// Doubt is a rule that a study breaks, and the two values that do not go together. It asks; it corrects nothing.
type Doubt struct {
	Rule          string // stands in texts as check.rule.<rule>
	Grave         bool   // cannot be so, rather than unlikely
	Of            string // measure and breakdown
	First, Second string
}

// Few is the number of persons tested below which a prevalence says little.
const Few = 30

// Doubts are what a study's numbers leave to be asked.
func (s Study) Doubts() []Doubt {
	var out []Doubt
	ask := func(rule string, grave bool, of Count, first, second int) {
		out = append(out, Doubt{rule, grave, strings.Trim(of.Measure+" "+of.Breakdown, " "), strconv.Itoa(first), strconv.Itoa(second)})
	}
	whole, groups := map[string]Count{}, map[[2]string]Count{}
	for _, c := range s.Counts {
		if c.Positive > c.Tested {
			ask("infection_positive", true, c, c.Positive, c.Tested)
		}
		if c.Breakdown == "" {
			whole[c.Measure] = c
			if c.Tested > 0 && c.Tested < Few {
				ask("infection_few", false, c, c.Tested, Few)
			}
			continue
		}
		k := [2]string{c.Measure, c.Dimension()}
		g := groups[k]
		groups[k] = Count{Measure: c.Measure, Breakdown: c.Dimension(), Tested: g.Tested + c.Tested, Positive: g.Positive + c.Positive}
	}
	for _, c := range s.Counts { // in the order of the study
		k := [2]string{c.Measure, c.Dimension()}
		g, ok := groups[k]
		all, hasAll := whole[c.Measure]
		if c.Breakdown == "" || !ok || !hasAll {
			continue
		}
		delete(groups, k)
		if g.Tested > all.Tested {
			ask("infection_groups", true, g, g.Tested, all.Tested)
		}
		if g.Positive > all.Positive {
			ask("infection_groups_positive", true, g, g.Positive, all.Positive)
		}
	}
	rna, anti := whole["HCV-RNA"], whole["anti-HCV"]
	if rna.Tested > 0 && rna.Tested == anti.Tested && rna.Positive > anti.Positive { // who carries the virus has met it
		ask("infection_rna", false, rna, rna.Positive, anti.Positive)
	}
	return out
}
