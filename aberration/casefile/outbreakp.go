package casefile

import "github.com/baqylau/baqylau/aberration"

// outbreakP is outbreakP of surveillance: its statistic for ret "value", the number of cases needed for "cases".
func outbreakP(c *Case) (Output, error) {
	in := struct {
		K                  float64
		Ret                string
		MaxUpperboundCases float64
	}{K: 100, Ret: "cases", MaxUpperboundCases: 1e5}
	if err := c.settings(&in); err != nil {
		return nil, err
	}
	switch {
	case !(in.K > 0):
		return nil, badControl("k", "is %v; give a limit above 0", in.K)
	case !(in.MaxUpperboundCases > 0 && in.MaxUpperboundCases <= 1e9):
		return nil, badControl("maxUpperboundCases", "is %v; give a number above 0, at most 1e9", in.MaxUpperboundCases)
	}
	rs := c.judge(aberration.OutbreakP{K: in.K, MaxBound: in.MaxUpperboundCases, Mode: c.Mode})
	return c.valueOrCases(in.Ret, rs)
}

// valueOrCases gives the statistic or the bound as upperbound.
func (c *Case) valueOrCases(ret string, rs []aberration.Result) (Output, error) {
	o := c.decided(rs)
	switch ret {
	case "cases":
	case "value":
		upper := o.Get("upperbound")
		for i, r := range rs {
			upper.Numbers[i] = r.Statistic
		}
	default:
		return nil, badControl("ret", "is %q; give cases or value", ret)
	}
	return o, nil
}
