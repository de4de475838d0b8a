package casefile

import (
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/baqylau/baqylau/epi"
	"github.com/baqylau/baqylau/jsoncases"
)

// item is one estimate that is asked for.
type item struct {
	Name, Estimand string
	Var, Num, Den  string
	Level          json.RawMessage
	P              jsoncases.Number
	Domain         json.RawMessage
}

// itemOutput is one estimate.
type itemOutput struct {
	Name        string            `json:"name"`
	Estimate    jsoncases.Number  `json:"estimate"`
	SE          jsoncases.Number  `json:"se"`
	CI          interval          `json:"ci"`
	CIBeta      *interval         `json:"ci_beta,omitempty"`
	Deff        *jsoncases.Number `json:"deff,omitempty"`
	DeffReplace *jsoncases.Number `json:"deff_replace,omitempty"`
	DF          int               `json:"df"`
	N           int               `json:"n"`
	SumWeights  jsoncases.Number  `json:"sum_weights"`
	Cautions    []string          `json:"cautions,omitempty"`
}

// survey is design-based estimation from a sample: svymean, svytotal, svyciprop, svyratio and svyquantile of R survey.
func survey(c *Case) (any, error) {
	var in = struct {
		CILevel float64 `json:"ci_level"`
		Items   []json.RawMessage
	}{CILevel: 0.95}
	if err := c.readRequest(&in); err != nil {
		return nil, err
	}
	switch {
	case !(in.CILevel > 0 && in.CILevel < 1):
		return nil, fault(epi.InvalidLevel, "request.ci_level", "is %v; give a number above 0 and below 1, such as 0.95", in.CILevel)
	case len(in.Items) == 0:
		return nil, fault(epi.Empty, "request.items", "is empty; say what is to be estimated")
	}
	t, err := c.table()
	if err != nil {
		return nil, err
	}
	d, err := c.sample(t)
	if err != nil {
		return nil, err
	}
	items := make([]itemOutput, len(in.Items))
	for i, raw := range in.Items {
		if items[i], err = c.item(d, t, raw, fmt.Sprintf("request.items[%d]", i), in.CILevel); err != nil {
			return nil, err
		}
	}
	return struct {
		Items []itemOutput `json:"items"`
	}{items}, nil
}

func (c *Case) item(d *epi.Design, t *table, raw json.RawMessage, at string, level float64) (out itemOutput, err error) {
	var it item
	if err := c.Object(raw, &it, code(epi.InvalidSetting), at+".", c.Method); err != nil {
		return out, err
	}
	domain, err := c.domain(t, it.Domain, at+".domain")
	if err != nil {
		return out, err
	}
	var y []float64
	switch it.Estimand {
	case "ratio":
		y, err = t.values(it.Num, at+".num")
	case "proportion":
		y, err = trait(t, &it, at)
	case "mean", "total", "quantile":
		y, err = t.values(it.Var, at+".var")
	default:
		err = invalid(at+".estimand", "%s", jsoncases.Unknown(it.Estimand, []string{"mean", "total", "proportion", "ratio", "quantile"}))
	}
	if err != nil {
		return out, err
	}
	var e epi.Estimate
	switch it.Estimand {
	case "mean":
		e, err = d.Mean(y, domain, level)
	case "total":
		e, err = d.Total(y, domain, level)
	case "proportion":
		e, err = d.Proportion(y, domain, level)
	case "quantile":
		e, err = d.Quantile(y, float64(it.P), domain, level)
	case "ratio":
		var x []float64
		if x, err = t.values(it.Den, at+".den"); err == nil {
			e, err = d.Ratio(y, x, domain, level)
		}
	}
	if err != nil {
		return out, refused(err, map[string]string{"y": at + ".var", "x": at + ".den", "p": at + ".p"})
	}
	return written(it, e, d.Calibrated()), nil
}

// written are the fields of an estimate that its kind has.
func written(it item, e epi.Estimate, calibrated bool) itemOutput {
	out := itemOutput{Name: it.Name, Estimate: jsoncases.Number(e.Value), SE: jsoncases.Number(e.SE), CI: interval(e.CI), DF: e.DF, N: e.N, SumWeights: jsoncases.Number(e.SumWeights)}
	if it.Estimand == "proportion" && !calibrated {
		out.CIBeta = (*interval)(&e.KornGraubard)
	}
	if it.Estimand != "ratio" && it.Estimand != "quantile" {
		out.Deff, out.DeffReplace = (*jsoncases.Number)(&e.Deff), (*jsoncases.Number)(&e.DeffReplace)
	}
	for _, caution := range e.Cautions() {
		out.Cautions = append(out.Cautions, caution.String())
	}
	return out
}

// trait is 1 where a column has the level that is asked for and 0 where it has another one.
func trait(t *table, it *item, at string) ([]float64, error) {
	col, err := t.column(it.Var, at+".var")
	if err != nil {
		return nil, err
	}
	level, ok := text(it.Level)
	if !ok {
		return nil, invalid(at+".level", "is missing or no text; give the value of %s whose share is asked for", strconv.Quote(jsoncases.Short(it.Var)))
	}
	number, err := strconv.ParseFloat(level, 64)
	isNumber := err == nil
	y := make([]float64, len(col.texts))
	for row, v := range col.texts {
		switch {
		case col.missing[row]:
			y[row] = col.numbers[row] // NaN
		case v == level || isNumber && col.numbers[row] == number:
			y[row] = 1
		}
	}
	return y, nil
}

// domain marks the rows whose value is one of those asked for; nil for all.
func (c *Case) domain(t *table, raw json.RawMessage, at string) ([]bool, error) {
	if jsoncases.IsNull(raw) {
		return nil, nil
	}
	var in struct {
		Var    string
		Values []json.RawMessage
	}
	if err := c.Object(raw, &in, code(epi.InvalidSetting), at+".", c.Method); err != nil {
		return nil, err
	}
	col, err := t.column(in.Var, at+".var")
	if err != nil {
		return nil, err
	}
	wanted := map[string]bool{}
	for i, v := range in.Values {
		s, ok := text(v)
		if !ok {
			return nil, invalid(at+".values", "value %d is no text; give the values of %s that make the domain", i+1, strconv.Quote(jsoncases.Short(in.Var)))
		}
		wanted[s] = true
	}
	rows := make([]bool, len(col.texts))
	for row, v := range col.texts {
		rows[row] = !col.missing[row] && wanted[v]
	}
	return rows, nil
}
