package casefile

import "github.com/baqylau/baqylau/aberration"

// routine is not a method of surveillance: it is the package's own default, aberration.Routine.
func routine(c *Case) (Output, error) {
	d := aberration.Default()
	in := struct {
		Alpha, Start, Stay float64
		Years, Gap         int
	}{d.Alpha, d.Start, d.Stay, d.Years, d.Gap}
	if err := c.settings(&in); err != nil {
		return nil, err
	}
	switch {
	case !(in.Alpha > 0 && in.Alpha <= 0.5):
		return nil, badControl("alpha", "is %v; give a number above 0, at most 0.5", in.Alpha)
	case !(in.Start > 0 && in.Start < 1):
		return nil, badControl("start", "is %v; give a number above 0 and below 1", in.Start)
	case !(in.Stay >= in.Start && in.Stay < 1):
		return nil, badControl("stay", "is %v; give a number from start, %v, to below 1", in.Stay, in.Start)
	case in.Years < 1:
		return nil, badControl("years", "is %d; give 1 or more", in.Years)
	case in.Gap < 1 || in.Gap > 52:
		return nil, badControl("gap", "is %d; give 1 to 52 periods", in.Gap)
	}
	rs := c.judge(aberration.Routine{Alpha: in.Alpha, Start: in.Start, Stay: in.Stay, Years: in.Years, Gap: in.Gap})
	return append(c.standard(rs),
		numbers("expected", rs, func(r aberration.Result) float64 { return r.Expected }),
		numbers("score", rs, func(r aberration.Result) float64 { return r.Score }),
		numbers("pvalue", rs, func(r aberration.Result) float64 { return r.PValue }),
		numbers("phi", rs, func(r aberration.Result) float64 { return r.Dispersion }),
		flags("trend", rs, func(r aberration.Result) bool { return r.Trend }),
		numbers("trend_coef", rs, func(r aberration.Result) float64 { return r.Slope }),
		numbers("probability", rs, func(r aberration.Result) float64 { return r.Statistic }),
	), nil
}
