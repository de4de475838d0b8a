package compute

import (
	"math"

	"github.com/baqylau/baqylau/epi"
)

// units of rates by what they are counted per.
var perUnit = map[string]struct {
	unit string
	per  float64
}{"1000": {"per_1000", 1e3}, "100000": {"per_100000", 1e5}, "1000000": {"per_million", 1e6}}

var per = Field{Name: "per", Kind: Choice, Default: "100000", Choices: []string{"1000", "100000", "1000000"}}

var rate = Method{Code: "rate", run: runRate, Fields: []Field{{Name: "bands", Kind: Rows}, per, level},
	arguments: map[string]string{"events": "bands", "personTime": "bands", "standard": "bands"}}

// runRate is a crude rate and, where the bands have a standard population, the directly standardised one, which is then used.
func runRate(r *reader) (Output, error) {
	level, by := r.level(), perUnit[r.in["per"]]
	c := r.columns("bands", 2, "events", "person_years", "standard")
	if len(r.errs) > 0 {
		return Output{}, nil
	}
	events, years := 0.0, 0.0
	for i, d := range c["events"] {
		events, years = events+d, years+c["person_years"][i]
	}
	if math.IsNaN(events + years) {
		return Output{}, r.firstMissing("bands", c, "events", "person_years")
	}
	crude, err := epi.CrudeRate(events, years, level)
	if err != nil {
		return Output{}, err
	}
	crude = crude.Per(by.per)
	out := output(by.unit, line("crude", crude.Estimate, crude.SE, limits("garwood", crude.Interval)))
	if c["standard"] != nil {
		s, err := epi.DirectRate(c["events"], c["person_years"], c["standard"], level)
		if err != nil {
			return Output{}, err
		}
		s = s.Per(by.per)
		out.Lines = append(out.Lines, line("standardised", s.Estimate, s.SE, limits("gamma", s.Interval)))
		out.Chosen = 1
	}
	out.Facts = []Fact{{Name: "events", Value: Value(events)}, {Name: "person_years", Value: Value(years)}}
	out.count(events)
	out.count(c["events"]...)
	out.Few = true
	return out, nil
}

// firstMissing refuses the first row in which one of some columns has no figure.
func (r *reader) firstMissing(field string, c map[string][]float64, names ...string) error {
	for i := range c[names[0]] {
		for _, n := range names {
			if math.IsNaN(c[n][i]) {
				return refusal(epi.MissingValue, field, i)
			}
		}
	}
	return nil
}
