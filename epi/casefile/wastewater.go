package casefile

import (
	"math"

	"github.com/baqylau/baqylau/epi"
	"github.com/baqylau/baqylau/jsoncases"
)

var loqRules = map[string]epi.LOQRule{"zero": epi.LOQZero, "half": epi.LOQHalf, "sqrt2": epi.LOQRoot2, "loq": epi.LOQLimit}

// wastewater is the load of a campaign, and the consumption where the request has a factor or what makes one.
func wastewater(c *Case) (any, error) {
	var in struct {
		Concentration jsoncases.Numbers `json:"conc_ng_l"`
		Flow          jsoncases.Numbers `json:"flow_m3_day"`
	}
	nan := jsoncases.Number(math.NaN())
	request := struct {
		Population, Factor   jsoncases.Number
		LOQ                  jsoncases.Number `json:"loq"`
		Rule                 string           `json:"loq_rule"`
		Drug                 jsoncases.Number `json:"mw_drug"`
		Residue              jsoncases.Number `json:"mw_residue"`
		Excretion, Stability jsoncases.Number
	}{nan, nan, nan, "half", nan, nan, nan, 1}
	if err := c.readData(&in); err != nil {
		return nil, err
	}
	if err := c.readRequest(&request); err != nil {
		return nil, err
	}
	rule, known := loqRules[request.Rule]
	if !known {
		return nil, invalid("request.loq_rule", "%s", jsoncases.Unknown(request.Rule, []string{"zero", "half", "sqrt2", "loq"}))
	}
	l, err := epi.Campaign{Concentration: in.Concentration, Flow: in.Flow, Population: float64(request.Population), LOQ: float64(request.LOQ), Rule: rule}.Loads()
	if err != nil {
		return nil, refused(err, fields)
	}
	factor := float64(request.Factor)
	f := epi.Factor{DrugMass: float64(request.Drug), ResidueMass: float64(request.Residue), Excretion: float64(request.Excretion), Stability: float64(request.Stability)}
	switch parts := !math.IsNaN(f.DrugMass) || !math.IsNaN(f.ResidueMass) || !math.IsNaN(f.Excretion); {
	case !math.IsNaN(factor) && !(factor > 0):
		return nil, fault(epi.NotPositive, "request.factor", "is %v; give a number above 0, or leave it out for loads alone", factor)
	case math.IsNaN(factor) && parts:
		if factor, err = f.Value(); err != nil {
			return nil, refused(err, fields)
		}
	}
	daily := make([]jsoncases.Number, len(l.Daily))
	for i, v := range l.Daily {
		daily[i] = jsoncases.Number(v)
	}
	return struct {
		Daily       []jsoncases.Number `json:"load_mg_day_1000"`
		Below       int                `json:"below_loq"`
		Weighted    jsoncases.Number   `json:"load_mean_flow_weighted"`
		Mean        jsoncases.Number   `json:"load_mean"`
		Factor      jsoncases.Number   `json:"factor"`
		Consumption jsoncases.Number   `json:"consumption_mg_day_1000"`
	}{daily, l.Below, jsoncases.Number(l.Weighted), jsoncases.Number(l.Mean), jsoncases.Number(factor), jsoncases.Number(l.Weighted * factor)}, nil
}
