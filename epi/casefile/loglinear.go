package casefile

import (
	"github.com/baqylau/baqylau/epi"
	"github.com/baqylau/baqylau/jsoncases"
)

// plausible is how much the AIC of a model may lie above the least for it to count in the spread that is printed.
const plausible = 10

type modelOutput struct {
	Model     string           `json:"model"`
	Terms     [][2]int         `json:"terms"`
	N         jsoncases.Number `json:"N"`
	SE        jsoncases.Number `json:"se"`
	LogNormal interval         `json:"ci_lognormal"`
	Deviance  jsoncases.Number `json:"deviance"`
	DF        int              `json:"df"`
	AIC       jsoncases.Number `json:"aic"`
	BIC       jsoncases.Number `json:"bic"`
	Fragile   bool             `json:"fragile"`
	// Reason is why there is no estimate; left out where there is one.
	Reason string `json:"reason,omitempty"`
}

type profileOutput struct {
	Model string           `json:"model"`
	Lower jsoncases.Number `json:"lower"`
	Upper jsoncases.Number `json:"upper"`
}

type spreadOutput struct {
	Models    int              `json:"models"`
	Lowest    jsoncases.Number `json:"lowest"`
	Median    jsoncases.Number `json:"median"`
	Highest   jsoncases.Number `json:"highest"`
	Average   jsoncases.Number `json:"average"`
	AverageSE jsoncases.Number `json:"average_se"`
}

type logLinearOutput struct {
	N       jsoncases.Number `json:"n"`
	Models  []modelOutput    `json:"models"`
	Best    *string          `json:"best"`
	Profile *profileOutput   `json:"profile"`
	// Plausible is the spread of the models within 10 of the least AIC, with the average over all.
	Plausible spreadOutput `json:"plausible"`
}

func logLinear(c *Case, request captureRequest) (any, error) {
	var in struct {
		History texts
		Count   jsoncases.Numbers
	}
	if err := c.readData(&in); err != nil {
		return nil, err
	}
	lists := len(request.Lists)
	if lists == 0 && len(in.History) > 0 {
		lists = len(in.History[0])
	}
	table, err := epi.NewCaptures(lists, in.History, in.Count)
	if err != nil {
		return nil, refusedTable(err, lists)
	}
	models := table.Models()
	dependence, err := epi.ModelDependence(models, plausible)
	if err != nil {
		return nil, refused(err, fields)
	}
	out := logLinearOutput{N: jsoncases.Number(table.Total())}
	for _, m := range models {
		o, err := modelOf(m, request.Level)
		if err != nil {
			return nil, refused(err, fields)
		}
		out.Models = append(out.Models, o)
	}
	s := dependence.Plausible
	out.Plausible = spreadOutput{s.Estimates, jsoncases.Number(s.Lowest), jsoncases.Number(s.Median), jsoncases.Number(s.Highest),
		jsoncases.Number(dependence.Average), jsoncases.Number(dependence.AverageSE)}
	var terms []epi.Term
	if dependence.Best >= 0 {
		label := models[dependence.Best].Label()
		out.Best, terms = &label, models[dependence.Best].Terms
	}
	switch {
	case request.Profile != "best":
		if terms, err = epi.ParseTerms(request.Profile); err != nil {
			return nil, invalid("request.profile", "is %q; give best, independent, or terms such as 12,34", jsoncases.Short(request.Profile))
		}
	case out.Best == nil:
		return out, nil // no model has an estimate, and each says why
	}
	limits, err := table.Profile(request.Level, terms...)
	if err != nil {
		return nil, refused(err, fields)
	}
	out.Profile = &profileOutput{epi.Model{Terms: terms}.Label(), jsoncases.Number(limits.Lower), jsoncases.Number(limits.Upper)}
	return out, nil
}

func modelOf(m epi.Model, level float64) (modelOutput, error) {
	limits, err := m.LogNormal(level)
	o := modelOutput{Model: m.Label(), Terms: [][2]int{}, N: jsoncases.Number(m.N), SE: jsoncases.Number(m.SE), LogNormal: interval(limits), Deviance: jsoncases.Number(m.Deviance), DF: m.DF,
		AIC: jsoncases.Number(m.AIC), BIC: jsoncases.Number(m.BIC), Fragile: m.Fragile()}
	for _, t := range m.Terms {
		o.Terms = append(o.Terms, [2]int{t.A, t.B})
	}
	if m.Reason != epi.OK {
		o.Reason = m.Reason.String()
	}
	return o, err
}

// refusedTable says more than refused where the number of lists is wrong.
func refusedTable(err error, lists int) error {
	if e, ok := err.(*epi.Error); ok && e.Reason == epi.InvalidSetting { //nolint:errorlint // as package epi returns it
		if e.Argument == "lists" {
			return invalid("request.lists", "has %d lists; give 2 to %d", lists, epi.MostLists)
		}
		return invalid("data.history", "value %d is no history of %d lists; give a digit 1 or 0 for each, at least one of them 1", e.At+1, lists)
	}
	return refused(err, fields)
}
