package casefile

import (
	"encoding/json"
	"math"

	"github.com/baqylau/baqylau/epi"
	"github.com/baqylau/baqylau/jsoncases"
)

type rdsRequest struct {
	Degree, Var string
	Level       json.RawMessage
	// The rest is not in R's cases: a column with the row of who recruited each (from 1, null for a seed) gives intervals, the size of the population the successive sampling
	// estimate.
	Recruiter  string
	Population jsoncases.Number
	Draws      int
	Seed       uint64
	CI         float64 `json:"ci_level"`
}

type rdsOutput struct {
	Estimate   jsoncases.Number  `json:"estimate"`
	Naive      jsoncases.Number  `json:"naive"`
	N          int               `json:"n"`
	Excluded   int               `json:"excluded"`
	Harmonic   jsoncases.Number  `json:"mean_degree_harmonic"`
	Successive *jsoncases.Number `json:"estimate_ss,omitempty"`
	Tree       *interval         `json:"ci_tree,omitempty"`
	Chain      *interval         `json:"ci_chain,omitempty"`
}

// rds is RDS-II, and RDS-SS where the size of the population is given, whose bootstrap intervals are then given.
func rds(c *Case) (any, error) {
	request := rdsRequest{Degree: "degree", Var: "trait", Population: jsoncases.Number(math.NaN()), Draws: 2000, CI: usual.Level}
	if err := c.readRequest(&request); err != nil {
		return nil, err
	}
	r, err := c.recruits(request)
	if err != nil {
		return nil, err
	}
	e, err := epi.RDSII(r)
	if err != nil {
		return nil, refused(err, request.fields())
	}
	out := rdsOutput{Estimate: jsoncases.Number(e.Estimate), Naive: jsoncases.Number(e.Naive), N: e.N, Excluded: e.Excluded, Harmonic: jsoncases.Number(e.HarmonicDegree)}
	if p := float64(request.Population); !math.IsNaN(p) {
		if e, err = epi.RDSSS(r, p); err != nil {
			return nil, refused(err, request.fields())
		}
		successive := jsoncases.Number(e.Estimate)
		out.Successive = &successive
	}
	if request.Recruiter != "" {
		tree, err := r.TreeBootstrap(e, request.Draws, request.Seed, request.CI)
		if err != nil {
			return nil, refused(err, request.fields())
		}
		chain, err := r.ChainBootstrap(e, request.Draws, request.Seed, request.CI)
		if err != nil {
			return nil, refused(err, request.fields())
		}
		a, b := interval(tree.Interval), interval(chain.Interval)
		out.Tree, out.Chain = &a, &b
	}
	return out, nil
}

// fields are those of the case for the arguments of package epi.
func (q rdsRequest) fields() map[string]string {
	return map[string]string{"Degree": "data." + q.Degree, "Trait": "data." + q.Var, "Recruiter": "data." + q.Recruiter, "level": "request.ci_level",
		"population": "request.population", "draws": "request.draws"}
}

// recruits reads the columns.
func (c *Case) recruits(q rdsRequest) (r epi.Recruits, err error) {
	level, ok := text(q.Level)
	if !ok || level == "" {
		return r, invalid("request.level", "is missing; give the value of %q that is to be estimated", jsoncases.Short(q.Var))
	}
	data, err := c.table()
	if err != nil {
		return r, err
	}
	if r.Degree, err = data.values(q.Degree, "request.degree"); err != nil {
		return r, err
	}
	trait, err := data.column(q.Var, "request.var")
	if err != nil {
		return r, err
	}
	r.Trait = make([]float64, len(trait.texts))
	for i, v := range trait.texts {
		switch {
		case trait.missing[i]:
			r.Trait[i] = math.NaN()
		case v == level:
			r.Trait[i] = 1
		}
	}
	if q.Recruiter == "" {
		return r, nil
	}
	by, err := data.values(q.Recruiter, "request.recruiter")
	if err != nil {
		return r, err
	}
	for i, v := range by {
		row := -1
		if !math.IsNaN(v) {
			if v != math.Trunc(v) || v < 1 || v > float64(len(by)) {
				return r, invalid("data."+jsoncases.Short(q.Recruiter), "value %d is %v; give the row of the recruiter, from 1, or null for a seed", i+1, v)
			}
			row = int(v) - 1
		}
		r.Recruiter = append(r.Recruiter, row)
	}
	return r, nil
}
