package casefile

import (
	"github.com/baqylau/baqylau/epi"
	"github.com/baqylau/baqylau/jsoncases"
)

// rate is a crude and a standardised rate, or the comparison of two.
func rate(c *Case) (any, error) {
	var in struct {
		Events, Standard jsoncases.Numbers
		Years            jsoncases.Numbers `json:"person_years"`
	}
	request := struct {
		Kind  string
		Per   float64
		Level float64 `json:"ci_level"`
	}{Kind: "standardised", Per: 1, Level: usual.Level}
	if err := c.readData(&in); err != nil {
		return nil, err
	}
	if err := c.readRequest(&request); err != nil {
		return nil, err
	}
	if !(request.Per > 0) {
		return nil, invalid("request.per", "is %v; give a number above 0, such as 100000", request.Per)
	}
	switch request.Kind {
	case "ratio":
		return rateRatio(in.Events, in.Years, request.Level)
	case "crude", "standardised":
		return rates(in.Events, in.Years, in.Standard, request.Kind == "standardised", request.Per, request.Level)
	}
	return nil, invalid("request.kind", "%s", jsoncases.Unknown(request.Kind, []string{"crude", "standardised", "ratio"}))
}

type ratesOutput struct {
	Events         jsoncases.Number  `json:"events"`
	Crude          jsoncases.Number  `json:"crude"`
	CrudeCI        interval          `json:"crude_ci"`
	Standardised   *jsoncases.Number `json:"standardised,omitempty"`
	StandardisedSE *jsoncases.Number `json:"standardised_se,omitempty"`
	StandardisedCI *interval         `json:"standardised_ci_gamma,omitempty"`
}

func rates(events, years, standard []float64, standardise bool, per, level float64) (any, error) {
	var out ratesOutput
	if standardise {
		r, err := epi.DirectRate(events, years, standard, level)
		if err != nil {
			return nil, refused(err, fields)
		}
		r = r.Per(per)
		estimate, se, ci := jsoncases.Number(r.Estimate), jsoncases.Number(r.SE), interval(r.Interval)
		out.Standardised, out.StandardisedSE, out.StandardisedCI = &estimate, &se, &ci
	}
	if len(events) != len(years) {
		return nil, fault(epi.UnequalLengths, "data.person_years", "has %d values and data.events %d; give one a band", len(years), len(events))
	}
	var all, time float64
	for i, d := range events {
		all, time = all+d, time+years[i]
	}
	r, err := epi.CrudeRate(all, time, level)
	if err != nil {
		return nil, refused(err, fields)
	}
	r = r.Per(per)
	out.Events, out.Crude, out.CrudeCI = jsoncases.Number(all), jsoncases.Number(r.Estimate), interval(r.Interval)
	return out, nil
}

func rateRatio(events, years []float64, level float64) (any, error) {
	if len(events) != 2 || len(years) != 2 {
		return nil, fault(epi.UnequalLengths, "data.events", "and data.person_years have %d and %d values; give two, the rate of interest first", len(events), len(years))
	}
	r, err := epi.CompareRates([2]float64(events), [2]float64(years), level)
	if err != nil {
		return nil, refused(err, fields)
	}
	out := struct {
		Rate1        jsoncases.Number `json:"rate1"`
		Rate0        jsoncases.Number `json:"rate0"`
		Ratio        jsoncases.Number `json:"ratio"`
		Exact        interval         `json:"ci_exact"`
		Log          *interval        `json:"ci_log,omitempty"`
		Difference   jsoncases.Number `json:"difference"`
		DifferenceSE jsoncases.Number `json:"difference_se"`
	}{jsoncases.Number(r.Rates[0]), jsoncases.Number(r.Rates[1]), jsoncases.Number(r.Ratio), interval(r.Exact), nil,
		jsoncases.Number(r.Difference), jsoncases.Number(r.DifferenceSE)}
	if events[0] > 0 && events[1] > 0 {
		log := interval(r.Log)
		out.Log = &log
	}
	return out, nil
}
