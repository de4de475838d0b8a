// Package intake takes reports in: by form, file, API or feed. A report becomes part of an occurrence (a "case": one real event,
// however many agencies report it) and carries findings; in the same transaction the weekly series move.
package intake

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/series"
)

// Kind is what a report is about.
type Kind string

// The kinds of report. Tips and foreign alerts are never counted; market information is counted as itself.
const (
	Seizure           Kind = "seizure"
	CollectedSample   Kind = "collected_sample"  // drug checking, test purchase, amnesty bin
	BiologicalSample  Kind = "biological_sample" // body fluid or tissue
	AcuteIntoxication Kind = "acute_intoxication"
	Death             Kind = "death"
	MarketInfo        Kind = "market_info"
	Tip               Kind = "tip"
	ForeignAlert      Kind = "foreign_alert"
)

// Kinds lists the kinds that have a form for reporters.
var Kinds = []Kind{Seizure, CollectedSample, BiologicalSample, AcuteIntoxication, Death, MarketInfo}

// Counted reports whether reports of the kind move the series.
func (k Kind) Counted() bool { return k != Tip && k != ForeignAlert }

// AboutPersons reports whether the kind counts persons, to whom small-cell protection applies.
func (k Kind) AboutPersons() bool {
	return k == AcuteIntoxication || k == Death || k == BiologicalSample
}

// DomainFor is the side of the wall a report stands on: that of its organisation, or, for a neutral one (a laboratory of justice,
// the centre), that of the kind.
func (k Kind) DomainFor(org baqylau.Domain) baqylau.Domain {
	switch {
	case org == baqylau.HealthDomain || org == baqylau.EnforcementDomain:
		return org
	case k.AboutPersons():
		return baqylau.HealthDomain
	case k == Seizure:
		return baqylau.EnforcementDomain
	}
	return baqylau.NeutralDomain
}

// Amount is an exact decimal with a unit of code list unit.
type Amount struct {
	Value string `json:"value,omitempty"`
	Unit  string `json:"unit,omitempty"`
}

// Detail holds the fields that only some kinds have; the code lists are those of data/codelists. Empty means "not stated".
type Detail struct {
	Agency        string            `json:"agency,omitempty"`
	Circumstances string            `json:"circumstances,omitempty"`
	Quantity      Amount            `json:"quantity,omitzero"`
	Units         int               `json:"units,omitempty"`
	Form          string            `json:"form,omitempty"` // product form
	SoldAs        string            `json:"sold_as,omitempty"`
	Colour        string            `json:"colour,omitempty"`
	Logo          string            `json:"logo,omitempty"`
	Packaging     string            `json:"packaging,omitempty"`
	Route         string            `json:"route,omitempty"` // route of trafficking: post, courier, …
	Origin        string            `json:"origin,omitempty"`
	Destination   string            `json:"destination,omitempty"`
	Price         Amount            `json:"price,omitzero"` // unit: ISO 4217 currency
	PriceUnit     string            `json:"price_unit,omitempty"`
	Channel       string            `json:"channel,omitempty"` // market channel
	OnlineSource  string            `json:"online_source,omitempty"`
	Matrix        string            `json:"matrix,omitempty"`
	Setting       string            `json:"setting,omitempty"`
	Exposure      string            `json:"exposure,omitempty"`
	RouteOfUse    string            `json:"route_of_use,omitempty"`
	Features      string            `json:"clinical_features,omitempty"`
	Antidote      string            `json:"antidote,omitempty"`
	CareLevel     string            `json:"care_level,omitempty"`
	Outcome       string            `json:"outcome,omitempty"`
	Seriousness   []string          `json:"seriousness,omitempty"`
	Intent        string            `json:"intent,omitempty"`
	TSS           string            `json:"tss,omitempty"` // toxicological significance
	Causality     string            `json:"causality,omitempty"`
	Persons       int               `json:"persons,omitempty"`
	SampleRef     string            `json:"sample_ref,omitempty"` // the laboratory's or evidence number; used for matching
	Contact       string            `json:"contact,omitempty"`
	SourceFields  map[string]string `json:"source_fields,omitempty"` // columns of an import that have no field here
}

// Finding is one substance, class or unidentified name in a report.
type Finding struct {
	ID           string             `json:"-"` // of a recorded finding
	SubstanceID  string             `json:"substance_id,omitempty"`
	Family       string             `json:"family,omitempty"`
	Unidentified string             `json:"unidentified,omitempty"`
	Matched      string             `json:"matched,omitempty"`
	Role         string             `json:"role"`
	Level        baqylau.Level      `json:"level"`
	Confidence   baqylau.Confidence `json:"confidence"`
	Techniques   []string           `json:"techniques,omitempty"`
	Standard     string             `json:"reference_standard,omitempty"`
	Purity       string             `json:"purity_pct,omitempty"`
	LabResultID  string             `json:"-"`
}

// same reports whether two findings name the same thing.
func (f Finding) same(g Finding) bool {
	return f.SubstanceID == g.SubstanceID && f.Family == g.Family && f.Unidentified == g.Unidentified
}

// AddFinding appends f unless the same thing is there already; then the surer of the two stays.
func AddFinding(list []Finding, f Finding) []Finding {
	i := slices.IndexFunc(list, f.same)
	if i < 0 {
		return append(list, f)
	}
	if f.Confidence.Rank() > list[i].Confidence.Rank() {
		list[i] = f
	}
	return list
}

// Question is an ambiguous name that a person has to settle.
type Question struct {
	Matched    string   `json:"matched"`
	Candidates []string `json:"candidates"` // substance ids or family codes
}

// Incoming is a report before it is recorded.
type Incoming struct {
	Kind      Kind
	Channel   string // form, api, import, tip, feed
	OrgID     string
	AccountID string
	LabOrgID  string
	Domain    baqylau.Domain
	TLP       baqylau.TLP
	SourceID  string
	SourceRef string       // the source's own number; the same number with other content replaces the earlier report
	BatchID   string       // set: not seen until the batch is applied
	BatchNo   int64        `json:"-"`
	sum       string       // see hash
	words     string       // see folded
	doc       string       // see details
	cells     series.Cells // see contribution
	drafted   *draft       // see prepare
	Country   string
	Region    string
	PlaceType string
	Occurred  baqylau.Date
	Precision baqylau.Precision
	Known     baqylau.Date
	Sex       string
	AgeBand   string
	Fatal     bool
	Text      string
	Detail    Detail
	Findings  []Finding
	Questions []Question
	Lang      baqylau.Lang
}

// hash identifies the content of a report, so that the same row sent twice is found.
func (in *Incoming) hash() string {
	if in.sum != "" {
		return in.sum
	}
	c := *in
	c.BatchID, c.AccountID, c.Channel, c.Known = "", "", "", baqylau.Date{}
	b, err := json.Marshal(c)
	if err != nil {
		panic(err) // strings, numbers and dates always marshal
	}
	sum := sha256.Sum256(b)
	in.sum = hex.EncodeToString(sum[:16])
	return in.sum
}

// Recorded tells the caller what became of one Incoming.
type Recorded struct {
	ReportID     string
	OccurrenceID string
	Receipt      string
	Outcome      Outcome
}

// Outcome of recording.
type Outcome string

// The outcomes.
const (
	New     Outcome = "new"
	Same    Outcome = "same"    // already known with the same content: nothing was written
	Changed Outcome = "changed" // replaced an earlier report of the same source number
)
