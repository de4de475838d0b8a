package check

import (
	"math"
	"strconv"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/indicator/define"
)

// Figure is an observation as the rules see it: what is measured, who states it, and the value. Figures without a value are left out by the caller.
type Figure struct {
	ID         string
	Indicator  string
	Unit       string
	Country    string
	Place      string
	Start, End baqylau.Date
	Cumulative bool
	Sex        string // total, male, female, unknown
	Age        string // all or a band
	Drug       string // all or a code of the drug list
	Breakdown  map[string]string
	Statement  string // who states it, for which agencies, by which definition: figures of one statement must fit together
	Issuer     string // the same in words

	Value       float64
	Low, High   *float64
	Exact       bool // not "about", "more than", "at least"
	Provisional bool
	Change      *float64 // change against the year before in per cent, as the source prints it

	OrgID   string
	Domain  baqylau.Domain
	BatchID string
}

// Facts are what the rules know besides the figures.
type Facts struct {
	Catalogue  *define.Catalogue
	Today      baqylau.Date
	Population func(place string, year int) (float64, bool) // inhabitants; ok only for a figure of that very year
	Parts      func(place string, on baqylau.Date) []string // the regions that a country had on a day
}

// finding starts a finding about f: what it is about, and where.
func (f *Figure) finding(rule string, s Severity, first, second Value, mark ...string) Finding {
	return Finding{Rule: rule, Severity: s, Subject: "observation", SubjectID: f.ID, Mark: strings.Join(append([]string{f.key()}, mark...), "|"), First: first, Second: second, Place: f.Place,
		Period: f.period(), OrgID: f.OrgID, Domain: f.Domain, BatchID: f.BatchID}
}

// key names the figure: cell, unit and statement.
func (f *Figure) key() string {
	return strings.Join([]string{f.Indicator, f.Place, f.Start.String(), f.End.String(), f.Sex, f.Age, f.Drug, breakdown(f.Breakdown, ""), f.Unit, f.Statement}, "|")
}

func (f *Figure) period() string { return f.Start.String() + "/" + f.End.String() }

// asks is Question where one of the figures is not exact or not final, else s: what is only about so cannot be wrong.
func asks(s Severity, figures ...*Figure) Severity {
	for _, f := range figures {
		if !f.Exact || f.Provisional {
			return Question
		}
	}
	return s
}

// number writes a value as findings keep it: a point, and no more digits than it has.
func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// rounded writes a computed value with so many decimals.
func rounded(v float64, decimals int) string { return strconv.FormatFloat(v, 'f', decimals, 64) }

// decimals is how many decimals a printed value shows.
func decimals(v float64) int {
	_, after, _ := strings.Cut(number(v), ".")
	return len(after)
}

// printed reports whether a printed value is the computed one, rounded to as many decimals as it shows; cut reports that decimals were cut off instead.
func printed(value, computed float64) (same, cut bool) {
	scale := math.Pow(10, float64(decimals(value)))
	diff := math.Abs(value-computed) * scale
	const tolerance = 1e-6
	return diff <= 0.5+tolerance, math.Trunc(computed*scale+math.Copysign(tolerance, computed)) == math.Round(value*scale)
}
