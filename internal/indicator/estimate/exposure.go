package estimate

import (
	"math"

	"github.com/baqylau/baqylau/internal/disclosure"
	"github.com/baqylau/baqylau/internal/indicator/estimate/compute"
)

// Exposure is what readers outside the work may see of an estimate. Whoever works on it sees all.
type Exposure string

// The exposures.
const (
	Whole    Exposure = "whole"    // every line, without what went in
	Rounded  Exposure = "rounded"  // the estimate and its limits to two digits: a small count is among many that went in
	Withheld Exposure = "withheld" // nothing: a small count, or a survey of too few, could be computed from it
)

// exposure applies the rule of disclosure to what went into an estimate.
func exposure(out compute.Output, published bool) Exposure {
	small := disclosure.Hides(out.Persons, disclosure.Figure{Persons: true}, disclosure.Public)
	switch {
	case published:
		return Whole
	case out.Sample >= 0 && out.Sample < leastRespondents, out.Denominator >= 0 && out.Denominator < leastDenominator, small && out.Few:
		return Withheld
	case small:
		return Rounded
	}
	return Whole
}

// What a survey and a percentage must rest on to be shown; the same as in package disclosure.
const (
	leastRespondents = 30
	leastDenominator = 20
)

// For is the estimate as an audience may see it.
func (e Estimate) For(a disclosure.Audience) Estimate {
	if a == disclosure.Working || e.Published {
		e.Full = true
		return e
	}
	e.Inputs, e.Full = nil, false
	shown := compute.Output{Unit: e.Output.Unit, Chosen: e.Output.Chosen, All: e.Output.All, Plausible: e.Output.Plausible, Within: e.Output.Within, Sample: -1, Denominator: -1}
	switch e.Exposure {
	case Whole:
		shown.Lines = e.Output.Lines
		for _, t := range e.Output.Tables {
			if t.Name == "bands" || t.Name == "daily" { // of figures that are no persons
				shown.Tables = append(shown.Tables, t)
			}
		}
	case Rounded:
		shown.Chosen = -1
		for _, v := range []**float64{&e.Central, &e.Low, &e.High} {
			*v = rounded(*v)
		}
		for _, s := range []**compute.Spread{&shown.All, &shown.Plausible} {
			if *s != nil {
				r := compute.Spread{Estimates: (*s).Estimates, Lowest: roundedValue((*s).Lowest), Median: roundedValue((*s).Median), Highest: roundedValue((*s).Highest)}
				*s = &r
			}
		}
	default:
		shown.Chosen, shown.All, shown.Plausible = -1, nil, nil
		e.Central, e.Low, e.High, e.Interval = nil, nil, nil, ""
	}
	e.Output = shown
	return e
}

func rounded(v *float64) *float64 {
	if v == nil {
		return nil
	}
	r := twoDigits(*v)
	return &r
}

func roundedValue(v compute.Value) compute.Value {
	if !compute.Defined(v) {
		return v
	}
	return compute.Value(twoDigits(float64(v)))
}

// twoDigits rounds to two significant digits.
func twoDigits(v float64) float64 {
	if v == 0 {
		return 0
	}
	unit := math.Pow(10, math.Floor(math.Log10(math.Abs(v)))-1)
	if unit < 1 {
		return math.Round(v*math.Round(1/unit)) / math.Round(1/unit)
	}
	return math.Round(v/unit) * unit
}
