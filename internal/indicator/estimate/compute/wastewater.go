package compute

import (
	"math"
	"strconv"

	"github.com/baqylau/baqylau/epi"
)

var loqRules = map[string]epi.LOQRule{"zero": epi.LOQZero, "half": epi.LOQHalf, "sqrt2": epi.LOQRoot2, "limit": epi.LOQLimit}

var wastewater = Method{Code: "wastewater", run: runWastewater,
	Fields: []Field{{Name: "days", Kind: Rows}, {Name: "catchment", Kind: Number}, {Name: "loq", Kind: Number, Optional: true}, {Name: "rule", Kind: Choice, Default: "half", Choices: []string{"zero", "half", "sqrt2", "limit"}},
		{Name: "factor", Kind: Number, Optional: true}},
	arguments: map[string]string{"Concentration": "days", "Flow": "days", "Population": "catchment", "LOQ": "loq"}}

// runWastewater is the load of a residue per 1,000 people, and the consumption where a factor is given; the load is used, since factors are revised and loads are not. The same under
// the rules that bound what days below the limit of quantification can have been stands beside it.
func runWastewater(r *reader) (Output, error) {
	c := r.columns("days", 2, "concentration", "flow")
	campaign := epi.Campaign{Concentration: c["concentration"], Flow: c["flow"], Population: r.number("catchment"), LOQ: r.number("loq"), Rule: loqRules[r.in["rule"]]}
	factor := r.number("factor")
	if factor <= 0 {
		r.bad("factor", "estimate.reason.not_positive")
	}
	if len(r.errs) > 0 {
		return Output{}, nil
	}
	l, err := campaign.Loads()
	if err != nil {
		return Output{}, err
	}
	out := output("mg_1000_day", line("load", l.Weighted, math.NaN()), line("load_plain", l.Mean, math.NaN()))
	if l.Below > 0 && !math.IsNaN(campaign.LOQ) {
		for _, rule := range []string{"zero", "limit"} {
			campaign.Rule = loqRules[rule]
			at, err := campaign.Loads()
			if err != nil {
				return Output{}, err
			}
			out.Lines = append(out.Lines, line("load_"+rule, at.Weighted, math.NaN()))
		}
		out.Lines[0].Intervals = []Limits{{"loq_rules", out.Lines[2].Value, out.Lines[3].Value}}
	}
	if !math.IsNaN(factor) {
		out.Lines = append(out.Lines, line("consumption", l.Weighted*factor, math.NaN()))
	}
	out.Facts = []Fact{{Name: "days", Value: Value(len(l.Daily))}, {Name: "below", Value: Value(l.Below)}}
	t := Table{Name: "daily", Columns: []string{"day", "load"}}
	for i, v := range l.Daily {
		t.Rows = append(t.Rows, Row{strconv.Itoa(i + 1), []Value{Value(v)}})
	}
	out.Tables = []Table{t}
	return out, nil
}
