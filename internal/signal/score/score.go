// Package score is the matrix by which an officer and a panel judge a signal: six dimensions of 0 to 3, a total of 0 to 18, and the
// severity and the panel's clock that follow. It advises; a named person decides and may override with a reason.
//
// The matrix is this project's proposal, built from what public systems look at (the grading of local drug information systems in
// England, the triage of CICAD's early warning manual); no official European score exists.
package score

import (
	"time"

	"github.com/baqylau/baqylau"
)

// Dimension is one row of the matrix.
type Dimension string

// The dimensions, in the order of the form.
const (
	Harm         Dimension = "severity"      // harm seen: 0 none or unknown, 1 mild, 2 hospital, 3 death or life-threatening
	Certainty    Dimension = "certainty"     // of exposure: 0 rumour, 1 suspected, 2 probable, 3 confirmed in a person or the product taken
	Spread       Dimension = "spread"        // potential: 0 one event, 1 one place, 2 several places or open sale, 3 fast or across borders
	Novelty      Dimension = "novelty"       // and potency: 0 known, 1 new form or price, 2 new here, 3 new here and highly potent
	Vulnerable   Dimension = "vulnerability" // of those exposed: 0 none special, 1 some, 2 many, 3 minors, naive users or people in custody
	Preparedness Dimension = "preparedness"  // gap: 0 covered, 1 partly, 2 hardly detectable or treatable, 3 neither
)

// Dimensions lists the dimensions in the order of the form.
var Dimensions = []Dimension{Harm, Certainty, Spread, Novelty, Vulnerable, Preparedness}

// Highest is the largest value of a dimension.
const Highest = 3

// Matrix holds one value of 0..3 for each dimension; the zero Matrix is "nothing known".
type Matrix struct {
	Harm         int `json:"severity"`
	Certainty    int `json:"certainty"`
	Spread       int `json:"spread"`
	Novelty      int `json:"novelty"`
	Vulnerable   int `json:"vulnerability"`
	Preparedness int `json:"preparedness"`
}

// Get is the value of one dimension; 0 for an unknown one.
func (m Matrix) Get(d Dimension) int {
	if p := m.field(d); p != nil {
		return *p
	}
	return 0
}

// With returns the matrix with one value changed. A value outside 0..3 or an unknown dimension is Invalid, on that field.
func (m Matrix) With(d Dimension, value int) (Matrix, error) {
	p := m.field(d)
	if p == nil || value < 0 || value > Highest {
		return m, wrong(d, value)
	}
	*p = value
	return m, nil
}

func (m *Matrix) field(d Dimension) *int {
	switch d {
	case Harm:
		return &m.Harm
	case Certainty:
		return &m.Certainty
	case Spread:
		return &m.Spread
	case Novelty:
		return &m.Novelty
	case Vulnerable:
		return &m.Vulnerable
	case Preparedness:
		return &m.Preparedness
	}
	return nil
}

func wrong(d Dimension, value int) *baqylau.Error {
	return baqylau.E(baqylau.Invalid, "rules.error.score", "Value", value, "Highest", Highest).On(string(d))
}

// Validate gives one Invalid error for each value outside 0..3, or nil.
func (m Matrix) Validate() error {
	var errs baqylau.Errors
	for _, d := range Dimensions {
		if v := m.Get(d); v < 0 || v > Highest {
			errs = append(errs, wrong(d, v))
		}
	}
	return errs.OrNil()
}

// Total is the sum of all dimensions, 0..18 for a valid matrix.
func (m Matrix) Total() int {
	return m.Harm + m.Certainty + m.Spread + m.Novelty + m.Vulnerable + m.Preparedness
}

// Advice is the severity that the matrix suggests: red from 13, amber from 8, yellow from 4, green below. A death or a cluster is red
// whatever the total, once exposure is at least probable (certainty 2).
func (m Matrix) Advice(deathOrCluster bool) baqylau.Severity {
	switch t := m.Total(); {
	case t >= 13, deathOrCluster && m.Certainty >= 2:
		return baqylau.Red
	case t >= 8:
		return baqylau.Amber
	case t >= 4:
		return baqylau.Yellow
	}
	return baqylau.Green
}

// Clock is the time within which a panel should have looked at a signal of the given severity: red 4 hours, amber 24 hours, yellow
// 5 days. Green is logged and has no clock: 0. These are defaults that a centre may set otherwise.
func Clock(s baqylau.Severity) time.Duration {
	switch s {
	case baqylau.Red:
		return 4 * time.Hour
	case baqylau.Amber:
		return 24 * time.Hour
	case baqylau.Yellow:
		return 5 * 24 * time.Hour
	}
	return 0
}
