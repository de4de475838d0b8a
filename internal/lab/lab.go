// Package lab is the laboratory room: samples that were sent for analysis or registered by the laboratory itself, what an analyst
// found in them, and the second person who releases it. A released result takes the place of what the report's sender had supposed;
// the earlier findings stay, superseded, so that every view as of an earlier day is unchanged. Rules: domain text, W2.
package lab

import (
	"context"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/intake"
	"github.com/baqylau/baqylau/internal/registry"
)

// Service is the laboratory room.
type Service struct {
	W      *change.Writer
	Shelf  *registry.Shelf
	Intake *intake.Service
	// Days is how many calendar days a laboratory has from the report to the released result; 0 means 14. A default of this
	// program, not of a law: the centre agrees it with its laboratories.
	Days int
	// OnAmend runs inside the transaction that releases a corrected result, after the findings and series have moved, so that the
	// rooms above can reopen what rested on the earlier result. An error takes the release back.
	OnAmend []func(ctx context.Context, tx *change.Tx, reportID string) error
}

// State is where an analysis stands.
type State string

// The states. Requested has no row of its own: it is a report sent to a laboratory that has not yet received the sample.
const (
	Requested  State = "requested"
	Received   State = "sample_received"
	InAnalysis State = "in_analysis"
	InReview   State = "in_review"
	Returned   State = "returned" // by the reviewer, with a reason; the analyst goes on
	Released   State = "released"
	Amended    State = "amended" // was released; a later version has taken its place
)

// States lists the states that the queue shows, in the order of the work.
var States = []State{Requested, Received, InAnalysis, InReview, Returned, Released}

// open reports whether results can be entered and changed.
func (st State) open() bool { return st == Received || st == InAnalysis || st == Returned }

// Result is one thing found in a sample, or looked for in vain.
type Result struct {
	SubstanceID   string        `json:"substance_id,omitempty"`
	Unidentified  string        `json:"unidentified,omitempty"` // what the analyst calls it, when the registry has no such substance
	Role          string        `json:"role"`                   // code list finding-role
	Level         baqylau.Level `json:"level"`
	Techniques    []string      `json:"techniques,omitempty"`         // code list technique
	Standard      string        `json:"reference_standard,omitempty"` // code list reference-standard
	Purity        string        `json:"purity_pct,omitempty"`         // exact decimal, 0 to 100
	Concentration intake.Amount `json:"concentration,omitzero"`       // unit: one of ConcentrationUnits
	Matrix        string        `json:"matrix,omitempty"`             // code list matrix: what body material was analysed
	Library       string        `json:"library_match,omitempty"`      // library and score, as the instrument gives them
	Comment       string        `json:"comment,omitempty"`
	By            string        `json:"by"` // account that entered it; may not release it
}

// ConcentrationUnits are mass per volume or per mass of the matrix; labels are code.concentration.<unit>.
var ConcentrationUnits = []string{"ng_ml", "ug_l", "mg_l", "pg_mg", "ng_mg", "mg_g"}

// Analysis is the work on one sample, one version of it.
type Analysis struct {
	ID         string
	ReportID   string
	SampleRef  string // the laboratory's own number
	OrgID      string // the laboratory
	OrgName    baqylau.Text
	AnalystID  string
	ReviewerID string
	Analyst    string // names, for the laboratory's own people only
	Reviewer   string
	State      State
	Results    []Result
	AnalysedOn baqylau.Date
	Comment    string // why the reviewer returned it
	AmendsID   string // the released version that this one corrects
	CreatedAt  time.Time
	ReleasedAt time.Time
}

func (s *Service) days() int {
	if s.Days > 0 {
		return s.Days
	}
	return 14
}
