package compute

import (
	"math"
	"slices"
	"strconv"

	"github.com/baqylau/baqylau/epi"
)

var respondentDriven = Method{Code: "respondent_driven", run: runRespondentDriven,
	Fields:    slices.Concat([]Field{{Name: "recruits", Kind: Rows}, {Name: "population", Kind: Number, Optional: true}}, random("2000"), []Field{level}),
	arguments: recruitFields}

var recruitFields = map[string]string{"Degree": "recruits", "Trait": "recruits", "Recruiter": "recruits", "population": "population", "e": "recruits"}

// mostReplicates bounds the work of one request: draws times respondents.
const mostReplicates = 20_000_000

// runRespondentDriven gives the plain share, RDS-II and, where the size of the population is known, RDS-SS, which is then used. With recruiters it has intervals: that by the tree is
// used, since false precision does harm; that by the chain stands beside it.
func runRespondentDriven(r *reader) (Output, error) {
	level, draws, seed, population := r.level(), r.whole("draws", 100, 10_000), r.seed(), r.number("population")
	sample := r.recruits()
	if len(r.errs) == 0 && draws*len(sample.Degree) > mostReplicates {
		r.bad("draws", "estimate.error.draws_many", "Most", mostReplicates/len(sample.Degree))
	}
	if len(r.errs) > 0 {
		return Output{}, nil
	}
	used, err := epi.RDSII(sample)
	if err != nil {
		return Output{}, err
	}
	out := output("percent", line("naive", 100*used.Naive, math.NaN()), line("rds_ii", 100*used.Estimate, math.NaN()))
	out.Chosen = 1
	if !math.IsNaN(population) {
		if used, err = epi.RDSSS(sample, population); err != nil {
			return Output{}, err
		}
		out.Lines = append(out.Lines, line("rds_ss", 100*used.Estimate, math.NaN()))
		out.Chosen = 2
	}
	out.Facts = []Fact{{Name: "respondents", Value: Value(used.N)}, {Name: "excluded", Value: Value(used.Excluded)}, {Name: "harmonic_degree", Value: Value(used.HarmonicDegree), Decimals: 1}}
	with := 0.0
	for i, t := range sample.Trait {
		if t == 1 && sample.Degree[i] > 0 {
			with++
		}
	}
	out.count(with, float64(used.N)-with)
	out.Few, out.Sample, out.Denominator = true, used.N, used.N
	if sample.Recruiter == nil {
		return out, nil
	}
	return out, out.alongChains(sample, used, draws, seed, level)
}

// alongChains adds what needs to be known of who recruited whom.
func (o *Output) alongChains(sample epi.Recruits, e epi.RDSEstimate, draws int, seed uint64, level float64) error {
	tree, err := sample.TreeBootstrap(e, draws, seed, level)
	if err != nil {
		return err
	}
	chain, err := sample.ChainBootstrap(e, draws, seed, level)
	if err != nil {
		return err
	}
	l := &o.Lines[o.Chosen]
	l.SE, l.Intervals = Value(100*tree.SE), []Limits{limits("tree", tree.Interval.Times(100)), limits("chain", chain.Interval.Times(100))}
	chains, err := sample.Chains(e)
	if err != nil {
		return err
	}
	t := Table{Name: "chains", Columns: []string{"seed", "respondents", "waves", "estimate"}}
	for _, c := range chains {
		t.Rows = append(t.Rows, Row{strconv.Itoa(c.Seed + 1), []Value{Value(c.Respondents), Value(c.Waves), Value(100 * c.Estimate)}})
	}
	o.Tables = append(o.Tables, t)
	drift, err := sample.Convergence(e)
	if err != nil {
		return err
	}
	for _, v := range drift {
		o.Drift = append(o.Drift, Value(100*v))
	}
	return nil
}

// recruits reads the columns degree, trait, and, if they are there, id and recruiter. A recruiter is named by id, or by its row where there are no ids; empty or 0 is a seed.
func (r *reader) recruits() (out epi.Recruits) {
	c := r.columns("recruits", 2, "degree", "trait", "recruiter", "id")
	if c == nil {
		return out
	}
	out.Degree, out.Trait = c["degree"], c["trait"]
	for i, t := range out.Trait {
		if t != 0 && t != 1 && !math.IsNaN(t) {
			r.bad("recruits", "estimate.error.trait", "Row", i+1)
			return out
		}
	}
	if c["recruiter"] == nil {
		return out
	}
	row := map[float64]int{}
	for i := range out.Degree {
		id := float64(i + 1)
		if c["id"] != nil {
			id = c["id"][i]
		}
		if _, twice := row[id]; twice || math.IsNaN(id) || id == 0 {
			r.bad("recruits", "estimate.error.id", "Row", i+1)
			return out
		}
		row[id] = i
	}
	for i, by := range c["recruiter"] {
		at, ok := row[by]
		switch {
		case math.IsNaN(by) || by == 0:
			at = -1
		case !ok:
			r.bad("recruits", "estimate.error.recruiter", "Row", i+1)
			return out
		}
		out.Recruiter = append(out.Recruiter, at)
	}
	return out
}
