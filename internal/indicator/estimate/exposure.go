package estimate

import (
	"context"
	"math"

	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/disclosure"
	"github.com/baqylau/baqylau/internal/indicator/estimate/compute"
)

// Exposure is what readers outside the work may see of an estimate. Whoever works on it sees all.
type Exposure string

// The exposures.
const (
	Whole    Exposure = "whole"    // every line, without what went in
	Rounded  Exposure = "rounded"  // the estimate and its limits to two digits and nothing else: a small count is among many that went in, and no other estimate of them is told
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

// besides tells what may be seen of an estimate beside another one of the same people that readers outside have seen: one step less, since two exact estimates differ by what went into one of them
// alone, and that may be few. Estimates into which no persons went stay as they are.
func (x Exposure) besides(out compute.Output) Exposure {
	switch {
	case out.Persons == 0:
		return x
	case x == Whole:
		return Rounded
	}
	return Withheld
}

// stand lets an estimate take its exposure among those that have been told: of the same group of people, the same place and days in common. Ones that were superseded or withdrawn have been told too.
func (e *Estimate) stand(ctx context.Context, tx *change.Tx) error {
	var told int
	err := tx.NewRaw("SELECT count(*) FROM estimate WHERE target = ? AND place = ? AND start_on <= ? AND end_on >= ? AND exposure <> 'withheld' AND NOT published", e.Target, e.Place, e.End.String(), e.Start.String()).Scan(ctx, &told)
	if err == nil && told > 0 && !e.Published {
		e.Exposure = e.Exposure.besides(e.Output)
	}
	return err
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
		shown.Chosen, shown.All, shown.Plausible = -1, nil, nil
		for _, v := range []**float64{&e.Central, &e.Low, &e.High} {
			*v = rounded(*v)
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
