// Package signal is the room in which findings become work for a person: detectors propose signals, an officer validates and scores
// them, assessors advise, a named person decides, and every step is kept with its reason. Nothing here decides by itself.
//
// Package rules finds, package score weighs, package state says what may follow what; this package joins them to the database and
// to the pages. docs/methods/signals.md explains the methods.
package signal

import (
	"context"
	"sync"
	"time"

	"github.com/a-h/templ"
	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/registry"
	"github.com/baqylau/baqylau/internal/signal/score"
	"github.com/baqylau/baqylau/internal/signal/state"
	"github.com/baqylau/baqylau/internal/web/list"
)

// Detect is the act of the detectors in the journal; only the system does it.
const Detect access.Act = "signal.detect"

// Service is the signal room.
type Service struct {
	W      *change.Writer
	Shelf  *registry.Shelf
	Clocks Clocks // nil runs no clocks
	Mail   Mailer // nil sends no letters
	// BaseURL is the address of the site, for links in letters; no slash at its end.
	BaseURL string
	// Sections are parts of a signal's page that other rooms bring (alerts drafted from it); one returns nil when it has nothing to show.
	Sections []func(ctx context.Context, actor access.Actor, signalID string) (templ.Component, error)
	// Drafted lists the communications written from a signal that have not ended, newest first, as far as the actor reads them; nil asks nobody.
	Drafted func(ctx context.Context, actor access.Actor, signalID string) ([]Drafted, error)

	mu    sync.Mutex
	bases map[string]*base // by country
	runs  runs

	counts list.Counts // of the inbox's table, which is built for each request
}

// Drafted is a communication of another room that was written from a signal.
type Drafted struct {
	Title, Path string
	Issued      bool
}

// Signal is a possible event that somebody has to judge.
type Signal struct {
	ID, Ref        string
	Type           string // a rules.Type, or a value of code list signal_type when a person raised it
	Rule           string // what found it: a rules.Type, or "person"
	Country        string
	Region         string // "" is the whole country
	SubstanceID    string
	Family         string
	RaisedOn       baqylau.Date
	FirstEvent     baqylau.Date
	Events         int
	Persons        bool // persons are among the cases
	Hidden         bool // Events and the figures are hidden from this reader, see For
	Title          Sentence
	Explanation    []Sentence
	Evidence       Evidence
	Rank           float64 // the detector's own order, 0..1; no probability
	Scores         Scores
	Priority       baqylau.Severity
	PriorityReason string // why the priority is not what the matrix advises; "" when it is
	Confidence     baqylau.Confidence
	State          state.State
	Outside        bool // rests on another country's published records
	TLP            baqylau.TLP
	Checks         Checks
	Decision       Decision
	DueAt          time.Time // by when the panel should have looked; zero when no clock runs
	OwnerID        string
	OwnerName      string
	CreatedAt      time.Time
	behind         []string // identifiers of the occurrences, for what asks after them by itself
	Token          int64    // changes with every act; an act on an old token is a Conflict
}

// Person is the Rule of a signal that a person raised.
const Person = "person"

// Evidence is what a signal rests on.
type Evidence struct {
	Occurrences []string     `json:"occurrences,omitempty"` // identifiers, at most rules.MaxEvidence; none for whom For hides how many there are
	LastEvent   baqylau.Date `json:"last_event,omitzero"`
	Observed    float64      `json:"observed,omitempty"` // figures of a rise, for Weeks weeks
	Expected    float64      `json:"expected,omitempty"`
	Bound       float64      `json:"bound,omitempty"`
	PValue      float64      `json:"p_value,omitempty"`
	Weeks       int          `json:"weeks,omitempty"`
	Fatal       bool         `json:"fatal,omitempty"`
	Lost        *int         `json:"lost,omitempty"`     // cases withdrawn since of which who decided knew or has been told; none where a program decided that did not count them
	Withdrawn   Withdrawal   `json:"withdrawn,omitzero"` // of all of it
}

// Scores is the assessment by the matrix, one entry for each dimension that has been looked at.
type Scores struct {
	Marks map[score.Dimension]Mark `json:"marks,omitempty"`
	By    string                   `json:"by,omitempty"` // account that scored; "" while only the system has
}

// Mark is the value of one dimension, 0..3, with the ground the system had or the note a person wrote.
type Mark struct {
	Value  int      `json:"v"`
	Ground Sentence `json:"ground,omitzero"`
	Note   string   `json:"note,omitempty"`
}

// Matrix is the scores as the matrix has them.
func (s Scores) Matrix() score.Matrix {
	var m score.Matrix
	for d, mark := range s.Marks {
		if with, err := m.With(d, mark.Value); err == nil {
			m = with
		}
	}
	return m
}

// Decision is what was decided, code list signal_decision.
type Decision string

// The decisions.
const (
	NoAction            Decision = "no_action"
	InformationOnly     Decision = "information_only"
	IntensiveMonitoring Decision = "intensive_monitoring"
	FormalAlert         Decision = "formal_alert"
	PublicWarning       Decision = "public_warning"
	RiskAssessment      Decision = "risk_assessment"
)

// Decisions lists the decisions in the order of the form.
var Decisions = []Decision{NoAction, InformationOnly, IntensiveMonitoring, FormalAlert, PublicWarning, RiskAssessment}

// Alerts reports whether an alert is to be drafted.
func (d Decision) Alerts() bool { return d == FormalAlert || d == PublicWarning }
