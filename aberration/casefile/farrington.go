package casefile

import "github.com/baqylau/baqylau/aberration"

// farrington is algo.farrington of surveillance.
func farrington(c *Case) (Output, error) {
	in := usualFarrington()
	if err := c.settings(&in); err != nil {
		return nil, err
	}
	power, err := in.check()
	if err != nil {
		return nil, err
	}
	d := aberration.Farrington{
		Years: in.B, HalfWindow: in.W, Reweight: in.Reweight, Trend: in.Trend, Power: power, Alpha: in.Alpha,
		MinCases: in.Limit54[0], MinPeriods: int(in.Limit54[1]), Mode: c.Mode,
	}
	o, fits := c.farrington(d, d.Fit)
	for i, undefined := 0, o.Get("alarm").Undefined; i < len(fits); i++ {
		undefined[i] = undefined[i] || fits[i].Reason == aberration.MissingValue // unlike farringtonFlexible
	}
	tight := d
	tight.Epsilon, tight.MaxSteps = 1e-14, 100
	return append(o, trends(fits),
		column("predictive_cdf_at_observed", fits, func(f *aberration.FarringtonFit) float64 { return f.CDF }),
		column("predictive_median", fits, func(f *aberration.FarringtonFit) float64 { return f.Mean }),
		c.fragile(fits, c.fits(tight.Fit))), nil
}
