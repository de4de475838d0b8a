package casefile

import (
	"encoding/json"
	"fmt"
	"math"

	"github.com/baqylau/baqylau/aberration"
	"github.com/baqylau/baqylau/jsoncases"
)

// meanModel is mu0 of these methods, where it is a list of settings.
type meanModel struct {
	S            int `json:"S"`
	Trend, Refit bool
}

// glr is algo.glrpois and algo.glrnb of surveillance.
func glr(c *Case) (Output, error) {
	in := struct {
		Limit          *float64 `json:"c.ARL"`
		Alpha          *float64
		AlphaEstimated bool     `json:"alpha_estimated"`
		MinSegment     *int     `json:"Mtilde"`
		Window         *int     `json:"M"`
		MaxCases       *float64 `json:"xMax"`
		Change         string
		Theta          *float64
		Dir, Ret       string
		Mu0            json.RawMessage
		Model          json.RawMessage `json:"mu0_model"`
	}{Change: "intercept", Dir: "inc", Ret: "value"}
	if err := c.settings(&in); err != nil {
		return nil, err
	}
	g := aberration.NewGLR(c.First)
	g.Mode = c.Mode
	set(&g.Limit, in.Limit)
	set(&g.MinSegment, in.MinSegment)
	set(&g.Window, in.Window)
	set(&g.MaxCases, in.MaxCases)
	set(&g.Shift, in.Theta)
	switch in.Change {
	case "intercept":
	case "epi":
		g.Change = aberration.Epidemic
	default:
		return nil, badControl("change", "is %q; give intercept or epi", in.Change)
	}
	switch in.Dir {
	case "inc", "dec":
		g.Decrease = in.Dir == "dec"
	default:
		return nil, badControl("dir", "is %q; give inc or dec", in.Dir)
	}
	switch in.Ret {
	case "value", "cases":
		g.Cases = in.Ret == "cases"
	default:
		return nil, badControl("ret", "is %q; give value or cases", in.Ret)
	}
	switch {
	case !(g.Limit >= 0):
		return nil, badControl("c.ARL", "is %v; give a limit of 0 or more", g.Limit)
	case g.MinSegment < 1:
		return nil, badControl("Mtilde", "is %d; give 1 period or more", g.MinSegment)
	case g.MaxCases < 0 || g.MaxCases > 1e6:
		return nil, badControl("xMax", "is %v; give a count from 0 to 1e6", g.MaxCases)
	case in.Theta != nil && (g.Shift == 0 || math.Abs(g.Shift) > 700):
		return nil, badControl("theta", "is %v; give the log rate ratio to look for, or null to have it estimated", g.Shift)
	}
	if c.Method == "glrpois" && in.Alpha != nil && *in.Alpha != 0 {
		c.Warn("control.alpha is not used by glrpois, whose counts have no dispersion; glrnb has it")
	}
	if err := c.mean(&g, in.Mu0, in.Model); err != nil {
		return nil, err
	}
	d, err := c.family(g, in.Alpha, in.AlphaEstimated)
	if err != nil {
		return nil, err
	}
	_, poisson := d.(aberration.GLRPoisson)
	return c.ratios(g, poisson, c.judge(d)), nil
}

func set[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}

// mean takes the in-control mean: the settings of a model in control.mu0_model, or in control.mu0 as R has them; or given numbers.
func (c *Case) mean(g *aberration.GLR, mu0, model json.RawMessage) error {
	name := "mu0_model"
	switch {
	case !jsoncases.IsNull(model) && !jsoncases.IsNull(mu0):
		c.Warn("control.mu0 was not used, because control.mu0_model is given too")
	case !jsoncases.IsNull(mu0) && mu0[0] == '{':
		model, name = mu0, "mu0"
	case jsoncases.IsNull(model):
		return c.givenMeans(g, mu0, string(model) == "null")
	}
	in := meanModel{S: 1}
	if err := c.Object(model, &in, aberration.InvalidSettings.Error(), "control."+name+".", c.Method); err != nil {
		return err
	}
	if in.S < 0 || in.S > 26 {
		return badControl(name+".S", "is %d; give a number of harmonics from 0 to 26", in.S)
	}
	g.Model = aberration.MeanModel{Harmonics: in.S, Trend: in.Trend, Refit: in.Refit}
	return nil
}

// givenMeans takes the in-control means from control.mu0. The files of R have no such field: where the means were given and not fitted,
// their control says "mu0_model": null, and the means stand in output.mu0 alone. That is the one thing that is ever read of an output, and
// only where the control says so. Without means the usual model is fitted.
func (c *Case) givenMeans(g *aberration.GLR, given json.RawMessage, saysNull bool) error {
	var mu0 jsoncases.Numbers
	if err := c.Value(given, &mu0, aberration.InvalidSettings.Error(), "control.mu0"); len(given) > 0 && err != nil {
		return err
	}
	n, field := c.Last-c.First+1, "control.mu0"
	if mu0 == nil && saysNull {
		var out struct{ Mu0 jsoncases.Numbers }
		if json.Unmarshal(c.output, &out) == nil {
			mu0, field = out.Mu0, "output.mu0"
		}
	}
	if mu0 == nil {
		return nil
	}
	if len(mu0) != n && len(mu0) != 1 {
		return &Fault{Code: aberration.InvalidSettings.Error(), Field: field, Say: fmt.Sprintf("has %d means; give one for each of the %d evaluated periods, or one for all", len(mu0), n)}
	}
	for i, v := range mu0 {
		if !(v > 0 && v <= 1e100) {
			return &Fault{Code: aberration.InvalidSettings.Error(), Field: field, Say: fmt.Sprintf("value %d is %v; give numbers above 0", i+1, v)}
		}
	}
	g.Mean = aberration.GivenMeans(mu0)
	return nil
}

// family is the chart for Poisson counts when the dispersion is 0, and for negative binomial counts otherwise.
func (c *Case) family(g aberration.GLR, alpha *float64, estimated bool) (aberration.Detector, error) {
	switch {
	case c.Method == "glrpois" || alpha != nil && !estimated && *alpha == 0:
		return aberration.GLRPoisson{GLR: g}, nil
	case !estimated && alpha != nil && !(*alpha > 0 && *alpha < 1e100):
		return nil, badControl("alpha", "is %v; give the dispersion, 0 or more, or null to have it estimated", *alpha)
	case !estimated && alpha != nil:
		return aberration.GLRNegBin{GLR: g, Alpha: *alpha}, nil
	case len(g.Mean) > 0:
		return nil, badControl("alpha", "cannot be estimated where the means are given; give it too")
	}
	return aberration.GLRNegBin{GLR: g, Alpha: math.NaN()}, nil
}

// ratios are the columns of a likelihood-ratio chart.
func (c *Case) ratios(g aberration.GLR, poisson bool, rs []aberration.Result) Output {
	bound := numbers("upperbound", rs, func(r aberration.Result) float64 { return r.Statistic })
	if g.Cases {
		bound = numbers("upperbound", rs, func(r aberration.Result) float64 { return casesOf(g, poisson, r.Bound) })
	}
	alarm := flags("alarm", rs, func(r aberration.Result) bool { return r.Alarm })
	alarm.Undefined = make([]bool, len(rs))
	for i, r := range rs {
		alarm.Undefined[i] = r.Reason != aberration.OK
	}
	o := Output{c.periods(), bound, alarm, numbers("mu0", rs, func(r aberration.Result) float64 { return r.Expected })}
	if c.Mode == aberration.Guarded {
		o = append(o, flags("guarded", rs, func(r aberration.Result) bool { return r.Guarded }), reasons(rs))
	}
	return o
}

// casesOf is the count that surveillance prints: the first that would be an alarm, not the last that would not. Where there is none it
// prints 1e99, or 0 for Poisson.
func casesOf(g aberration.GLR, poisson bool, bound float64) float64 {
	switch {
	case math.IsInf(bound, 1) && poisson:
		return 0
	case math.IsInf(bound, 1):
		return 1e99
	case g.Shift != 0 || g.Decrease:
		return bound
	}
	return bound + 1
}
