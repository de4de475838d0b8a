package compute

import (
	"math"

	"github.com/baqylau/baqylau/epi"
)

var mortality = Method{Code: "mortality", run: runMortality, Fields: []Field{{Name: "cohort", Kind: Rows}, per, level},
	arguments: map[string]string{"observed": "cohort", "expected": "cohort", "rate": "cohort", "personTime": "cohort", "events": "cohort"}}

// runMortality is the standardised mortality ratio of a cohort, with its crude rate beside it.
func runMortality(r *reader) (Output, error) {
	level, by := r.level(), perUnit[r.in["per"]]
	c := r.columns("cohort", 3, "deaths", "person_years", "rate")
	if len(r.errs) > 0 {
		return Output{}, nil
	}
	observed, years, rates := 0.0, 0.0, make([]float64, len(c["rate"]))
	for i, d := range c["deaths"] {
		observed, years, rates[i] = observed+d, years+c["person_years"][i], c["rate"][i]/by.per
	}
	if math.IsNaN(observed) {
		return Output{}, r.firstMissing("cohort", c, "deaths")
	}
	expected, err := epi.ExpectedEvents(rates, c["person_years"])
	if err != nil {
		return Output{}, err
	}
	s, err := epi.CompareMortality(observed, expected, level)
	if err != nil {
		return Output{}, err
	}
	crude, err := epi.CrudeRate(observed, years, level)
	if err != nil {
		return Output{}, err
	}
	crude = crude.Per(1000)
	l := line("smr", s.Ratio, math.NaN(), limits("garwood", s.Exact), limits("log_normal", s.LogNormal), limits("byar", s.Byar))
	if observed == 0 {
		l.Intervals = []Limits{l.Intervals[0], l.Intervals[2]} // the logarithmic one does not exist
	}
	out := output("ratio", l)
	out.Facts = []Fact{{Name: "deaths", Value: Value(observed)}, {Name: "expected", Value: Value(expected), Decimals: 1}, {Name: "person_years", Value: Value(years)},
		{Name: "crude_rate", Value: Value(crude.Estimate), Decimals: 1}, {Name: "crude_low", Value: Value(crude.Interval.Lower), Decimals: 1}, {Name: "crude_high", Value: Value(crude.Interval.Upper), Decimals: 1}}
	out.count(observed)
	out.count(c["deaths"]...)
	out.Few = true
	return out, nil
}
