package indicator

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/baqylau/baqylau"
)

// Absence says why an observation has no value. Zero is a value and none of these.
type Absence string

// The absences; they are five different things everywhere, in files too.
const (
	Present       Absence = ""               // there is a value, which may be 0
	Suppressed    Absence = "suppressed"     // known to its owner and hidden
	NotCollected  Absence = "not_collected"  // nobody counts it
	NotKnown      Absence = "not_known"      // counted, but not known (99)
	NotApplicable Absence = "not_applicable" // cannot exist
)

// Absences lists them in the order in which forms offer them.
var Absences = []Absence{Suppressed, NotCollected, NotKnown, NotApplicable}

// Qualifier says how a published value is to be read.
type Qualifier string

// The qualifiers.
const (
	Exact    Qualifier = "exact"
	About    Qualifier = "about"
	MoreThan Qualifier = "more_than"
	AtLeast  Qualifier = "at_least"
)

// Qualifiers lists them in the order in which forms offer them.
var Qualifiers = []Qualifier{Exact, About, MoreThan, AtLeast}

// Sexes are what an observation's sex may be.
var Sexes = []string{"total", "male", "female", "unknown"}

// The values of a dimension that does not divide.
const (
	AllSexes = "total"
	AllAges  = "all"
	AllDrugs = "all"
)

// Observation is one figure: what was counted or measured, of whom, where and when, by whose statement, and since when it was known.
// Rows of one cell that different issuers state stand side by side; none is overwritten.
type Observation struct {
	ID          string
	Indicator   string // code of the catalogue (package define)
	Unit        string
	Country     string // ISO 3166-1 alpha-2
	Place       string // region code, or the country's
	FacilityID  string
	Start, End  baqylau.Date // first and last day
	Cumulative  bool         // counted from 1 January on
	Sex         string
	Age         string // band such as "15-64"
	Drug        string // code of the drug list, or a group
	SubstanceID string
	Breakdown   Breakdown
	Coverage    string // agencies that it covers; "" all
	Definition  string // where it departs from the indicator's own

	Value     *float64 // nil with an Absence
	Low, High *float64 // limits of an estimate; least and greatest price
	Sample    *int64   // n behind it
	Absence   Absence
	Qualifier Qualifier

	Provisional bool
	Published   bool // taken from a public source
	Synthetic   bool
	Detail      Detail

	SourceID string
	Issuer   string // who stated it, where that is not the source
	Citation string
	Note     string

	OrgID, AccountID string
	Domain           baqylau.Domain
	Known            baqylau.Date
	Recorded         time.Time
	BatchID          string
	SupersedesID     string
	Withdrawn        baqylau.Date

	part bool // of a figure whose other parts stand in other lines of the same file
}

// Detail holds what only some indicators have.
type Detail struct {
	Method   string   `json:"method,omitempty"`   // of an estimate
	Interval string   `json:"interval,omitempty"` // kind of Low and High: 95 % confidence, range …
	Mean     *float64 `json:"mean,omitempty"`
	Median   *float64 `json:"median,omitempty"`
	Mode     *float64 `json:"mode,omitempty"`
	Error    *float64 `json:"error,omitempty"`    // standard error
	Currency string   `json:"currency,omitempty"` // ISO 4217
	RateOn   string   `json:"rate_on,omitempty"`  // day of the exchange rate
	Change   *float64 `json:"change,omitempty"`   // change against the year before in per cent, as the source prints it
	Raw      string   `json:"raw,omitempty"`      // the cell as its file had it, where reading it lost something
}

// Breakdown is the further dimensions of an observation: name and code.
type Breakdown map[string]string

// String writes name=code;name=code in name order, as databases and files hold it.
func (b Breakdown) String() string {
	names := make([]string, 0, len(b))
	for n := range b {
		names = append(names, n)
	}
	slices.Sort(names)
	var s strings.Builder
	for i, n := range names {
		if i > 0 {
			s.WriteByte(';')
		}
		s.WriteString(n + "=" + b[n])
	}
	return s.String()
}

// ParseBreakdown reads what String wrote. Code: Invalid.
func ParseBreakdown(s string) (Breakdown, error) {
	if s == "" {
		return nil, nil
	}
	b := Breakdown{}
	for part := range strings.SplitSeq(s, ";") {
		name, code, ok := strings.Cut(part, "=")
		if !ok || name == "" || code == "" || b[name] != "" {
			return nil, baqylau.E(baqylau.Invalid, "indicator.error.breakdown", "Value", s).On("breakdown")
		}
		b[name] = code
	}
	return b, nil
}

// Cell names what is measured, whoever states it: observations of one cell are about the same thing.
func (o *Observation) Cell() string {
	return strings.Join([]string{o.Indicator, o.Place, o.Start.String(), o.End.String(), o.Sex, o.Age, o.Drug, o.Breakdown.String()}, "|")
}

// Slot names one statement about a cell in one unit: a later row of the same slot supersedes the earlier one.
func (o *Observation) Slot() string {
	return strings.Join([]string{o.Cell(), o.SourceID, o.Issuer, o.FacilityID, o.Coverage, o.Definition, o.Citation, o.Unit}, "|")
}

// Fill puts in what an empty dimension means.
func (o *Observation) Fill() {
	for field, all := range map[*string]string{&o.Sex: AllSexes, &o.Age: AllAges, &o.Drug: AllDrugs} {
		if *field == "" {
			*field = all
		}
	}
	if o.Place == "" {
		o.Place = o.Country
	}
	if o.Qualifier == "" {
		o.Qualifier = Exact
	}
}

// Check says what is wrong with an observation that Fill has been through: every mistake, with its field. It knows no catalogue. Code: Invalid.
func (o *Observation) Check() error {
	var errs baqylau.Errors
	bad := func(field, key string) { errs = append(errs, baqylau.E(baqylau.Invalid, key).On(field)) }
	for _, f := range [][2]string{{"indicator", o.Indicator}, {"unit", o.Unit}, {"country", o.Country}} {
		if f[1] == "" {
			bad(f[0], "error.required")
		}
	}
	switch {
	case o.Start.IsZero():
		bad("start", "error.required")
	case o.End.IsZero():
		bad("end", "error.required")
	case o.End.Before(o.Start):
		bad("end", "indicator.error.period")
	case o.Cumulative && o.Start.Time().YearDay() != 1:
		bad("start", "indicator.error.cumulative")
	}
	if !slices.Contains(Sexes, o.Sex) {
		bad("sex", "error.choice")
	}
	if o.Absence != Present && !slices.Contains(Absences, o.Absence) {
		bad("absence", "error.choice")
	}
	if !slices.Contains(Qualifiers, o.Qualifier) {
		bad("qualifier", "error.choice")
	}
	if (o.Value == nil) != (o.Absence != Present) {
		bad("value", "indicator.error.value_or_absence")
	}
	finite := func(field string, v *float64) {
		if v != nil && (math.IsNaN(*v) || math.IsInf(*v, 0)) {
			bad(field, "error.number")
		}
	}
	finite("value", o.Value)
	finite("low", o.Low)
	finite("high", o.High)
	if o.Low != nil && o.High != nil && *o.Low > *o.High {
		bad("high", "indicator.error.limits")
	}
	if o.Sample != nil && *o.Sample < 0 {
		bad("sample", "error.number")
	}
	return errs.OrNil()
}

// same reports whether two rows of a slot say the same thing, so that sending a file again changes nothing.
func (o *Observation) same(p *Observation) bool { return o.content() == p.content() }

// content is everything that a row says of its slot.
func (o *Observation) content() string {
	return fmt.Sprint(number(o.Value), number(o.Low), number(o.High), whole(o.Sample), "|", o.Absence, "|", o.Qualifier, "|", o.Provisional, o.Cumulative, o.Published, o.Synthetic, "|", o.SubstanceID, "|",
		o.Note, "|", o.Detail.json())
}
