package compute

import (
	"math"

	"github.com/baqylau/baqylau/epi"
)

// services by the function that judges them, with the unit of the ratio and what it is multiplied by.
var services = map[string]struct {
	of      func(given, users float64, limits epi.Interval) (epi.Coverage, error)
	unit    string
	times   float64
	persons bool
}{
	"syringes": {epi.SyringeCoverage, "per_person", 1, false},
	"oat":      {epi.OpioidAgonistCoverage, "percent", 100, true},
	"naloxone": {epi.NaloxoneCoverage, "per_person", 1, false},
}

var coverage = Method{Code: "coverage", run: runCoverage,
	Fields:    []Field{{Name: "service", Kind: Choice, Choices: []string{"syringes", "oat", "naloxone"}}, {Name: "given", Kind: Number}, {Name: "users", Kind: Number}, {Name: "users_low", Kind: Number, Optional: true}, {Name: "users_high", Kind: Number, Optional: true}},
	arguments: map[string]string{"syringes": "given", "treated": "given", "kits": "given", "injecting": "users", "users": "users", "limits": "users_low", "limits.Lower": "users_low", "limits.Upper": "users_high"}}

// runCoverage is a service over the estimated size of those who need it, with the band of the technical guide at the estimate and at both its limits.
func runCoverage(r *reader) (Output, error) {
	s := services[r.in["service"]]
	given, users, low, high := r.number("given"), r.number("users"), r.number("users_low"), r.number("users_high")
	if math.IsNaN(low) != math.IsNaN(high) {
		r.bad("users_high", "estimate.error.both_limits")
	}
	if low > users || high < users {
		r.bad("users_low", "estimate.error.limits_around")
	}
	if len(r.errs) > 0 {
		return Output{}, nil
	}
	c, err := s.of(given, users, epi.Interval{Lower: low, Upper: high})
	if err != nil {
		return Output{}, err
	}
	l := line("coverage", s.times*c.Ratio, math.NaN())
	if !math.IsNaN(c.Range.Lower) {
		l.Intervals = []Limits{limits("of_size", c.Range.Times(s.times))}
	}
	out := output(s.unit, l)
	if c.Band != epi.NoBand {
		t := Table{Name: "bands", Columns: []string{"band", "reached"}, Rows: []Row{{c.Band.String(), []Value{Value(s.times * c.Ratio)}}}}
		if !math.IsNaN(c.Range.Lower) {
			t.Rows = append(t.Rows, Row{c.Bands[0].String(), []Value{Value(s.times * c.Range.Lower)}}, Row{c.Bands[1].String(), []Value{Value(s.times * c.Range.Upper)}})
		}
		out.Tables = []Table{t}
	}
	if s.persons {
		out.count(given)
		out.Denominator = int(users)
	}
	out.Few = true
	return out, nil
}
