package casefile

import (
	"encoding/json"
	"math"

	"github.com/baqylau/baqylau/aberration"
	"github.com/baqylau/baqylau/jsoncases"
)

var transforms = map[string]aberration.Transform{
	"standard": aberration.Standard, "rossi": aberration.Rossi, "anscombe": aberration.Anscombe, "anscombe2nd": aberration.AnscombeSecondOrder,
	"pearsonNegBin": aberration.PearsonNegBin, "none": aberration.Untransformed,
}

// meansOf are the named ways to find in-control means, for m = "glm" of cusum.
var meansOf = map[string]func(*Case) aberration.Means{
	"glm": func(c *Case) aberration.Means {
		return aberration.FittedMeans{Model: aberration.MeanModel{Harmonics: 1}, Mode: c.Mode}
	},
}

// cusum is algo.cusum of surveillance.
func cusum(c *Case) (Output, error) {
	in := struct {
		K, H  float64
		M     json.RawMessage
		Trans string
		Alpha *float64
	}{K: 1.04, H: 2.26, Trans: "standard"}
	if err := c.settings(&in); err != nil {
		return nil, err
	}
	t, known := transforms[in.Trans]
	if !known {
		return nil, badControl("trans", "is %q; give standard, rossi, anscombe, anscombe2nd, pearsonNegBin or none", in.Trans)
	}
	d := aberration.CUSUM{First: c.First, K: in.K, H: in.H, Transform: t, Alpha: 0.1, Mode: c.Mode}
	if in.Alpha != nil {
		d.Alpha = *in.Alpha
	}
	if !(d.Alpha >= 0) {
		return nil, badControl("alpha", "is %v; give 0 or more", d.Alpha)
	}
	var err error
	if d.Means, err = c.means(in.M); err != nil {
		return nil, err
	}
	rs := c.judge(d)
	return append(c.decided(rs),
		numbers("cusum", rs, func(r aberration.Result) float64 { return r.Statistic }),
		numbers("m", rs, func(r aberration.Result) float64 { return r.Expected })), nil
}

// baselineMean is how the cases of R's reference set write m = NULL.
const baselineMean = "mean of the points before range"

// means reads m: nil for the mean of the periods before the range, a name of meansOf, or numbers by period.
func (c *Case) means(m json.RawMessage) (aberration.Means, error) {
	var name string
	if len(m) == 0 || json.Unmarshal(m, &name) == nil { // null is read as no name
		switch of := meansOf[name]; {
		case of != nil:
			return of(c), nil
		case name != "" && name != baselineMean:
			return nil, badControl("m", "is %q; give numbers, glm, or null for the mean of the periods before the range", name)
		}
		return nil, nil
	}
	var given jsoncases.Numbers
	if err := given.UnmarshalJSON(m); err != nil || len(given) == 0 {
		return nil, badControl("m", "is neither a number, nor a list of them, nor null")
	}
	for i, v := range given {
		if !(v >= 0) || math.IsInf(v, 0) {
			return nil, badControl("m", "value %d is %v; give numbers of 0 or more", i+1, v)
		}
	}
	return aberration.GivenMeans(given), nil
}
