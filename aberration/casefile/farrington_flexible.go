package casefile

import (
	"math"
	"slices"

	"github.com/baqylau/baqylau/aberration"
	"github.com/baqylau/baqylau/jsoncases"
)

// farringtonSettings are the settings that both Farrington methods have.
type farringtonSettings struct {
	B, W       int
	Reweight   bool
	Alpha      float64
	Trend      bool
	Limit54    jsoncases.Numbers
	Powertrans string
}

// usualFarrington are R's defaults.
func usualFarrington() farringtonSettings {
	return farringtonSettings{B: 5, W: 3, Reweight: true, Alpha: 0.05, Trend: true, Limit54: jsoncases.Numbers{5, 4}, Powertrans: "2/3"}
}

// check reads what is not a plain number.
func (in *farringtonSettings) check() (aberration.Power, error) {
	var p aberration.Power
	switch in.Powertrans {
	case "2/3":
		p = aberration.TwoThirds
	case "1/2":
		p = aberration.SquareRoot
	case "none":
		p = aberration.Identity
	default:
		return p, badControl("powertrans", "is %q; give 2/3, 1/2 or none", in.Powertrans)
	}
	switch l := in.Limit54; {
	case in.B < 1 || in.B > 1000:
		return p, badControl("b", "is %d; give the number of years to look back, 1 or more", in.B)
	case in.W < 0 || in.W > 1e6:
		return p, badControl("w", "is %d; give 0 periods or more", in.W)
	case !(in.Alpha > 0 && in.Alpha < 1):
		return p, badControl("alpha", "is %v; give a number between 0 and 1", in.Alpha)
	case len(l) != 2 || !(l[0] >= 0) || !(l[1] >= 0 && l[1] <= 1e9) || l[1] != math.Trunc(l[1]):
		return p, badControl("limit54", "is %v; give the cases and the number of periods, such as [5, 4]", []float64(l))
	}
	return p, nil
}

// farringtonFlexible is farringtonFlexible of surveillance.
func farringtonFlexible(c *Case) (Output, error) {
	in := struct {
		farringtonSettings
		WeightsThreshold, PThresholdTrend float64
		PopulationOffset                  bool
		NoPeriods                         int
		PastWeeksNotIncluded              *int
		ThresholdMethod                   string
	}{farringtonSettings: usualFarrington(), WeightsThreshold: 2.58, PThresholdTrend: 0.05, NoPeriods: 1, ThresholdMethod: "delta"}
	if err := c.settings(&in); err != nil {
		return nil, err
	}
	power, err := in.check()
	if err != nil {
		return nil, err
	}
	d := aberration.FarringtonFlexible{
		Years: in.B, HalfWindow: in.W, Periods: in.NoPeriods, Exclude: in.W, Reweight: in.Reweight, WeightsThreshold: in.WeightsThreshold,
		Trend: in.Trend, TrendAlpha: in.PThresholdTrend, PopulationOffset: in.PopulationOffset, Power: power, Alpha: in.Alpha,
		MinCases: in.Limit54[0], MinPeriods: int(in.Limit54[1]), Mode: c.Mode,
	}
	if in.PastWeeksNotIncluded != nil {
		d.Exclude = *in.PastWeeksNotIncluded
	}
	switch in.ThresholdMethod {
	case "delta":
		d.Threshold = aberration.Delta
	case "nbPlugin":
		d.Threshold = aberration.NegBinPlugin
	case "muan":
		d.Threshold = aberration.Muan
	default:
		return nil, badControl("thresholdMethod", "is %q; give delta, nbPlugin or muan", in.ThresholdMethod)
	}
	switch {
	case d.Periods < 1 || d.Periods > c.Series.Frequency:
		return nil, badControl("noPeriods", "is %d; give 1 to the periods in a year, %d", d.Periods, c.Series.Frequency)
	case d.Exclude < 0 || d.Exclude > 1e9:
		return nil, badControl("pastWeeksNotIncluded", "is %d; give 0 periods or more", d.Exclude)
	case !(d.WeightsThreshold >= 0):
		return nil, badControl("weightsThreshold", "is %v; give 0 or more", d.WeightsThreshold)
	case !(d.TrendAlpha >= 0):
		return nil, badControl("pThresholdTrend", "is %v; give 0 or more", d.TrendAlpha)
	case d.PopulationOffset && c.Series.Population == nil: // R's population is 1 where none is given
		d.PopulationOffset = false
	}
	o, fits := c.farrington(d, d.Fit)
	o = append(o,
		column("expected", fits, func(f *aberration.FarringtonFit) float64 { return f.Mean }),
		column("score", fits, func(f *aberration.FarringtonFit) float64 { return f.Score }),
		column("pvalue", fits, func(f *aberration.FarringtonFit) float64 { return f.PValue }),
		column("phi", fits, func(f *aberration.FarringtonFit) float64 { return f.Dispersion }),
		trends(fits),
		column("trend_coef", fits, func(f *aberration.FarringtonFit) float64 { return f.Slope }))
	if d.Threshold != aberration.Delta {
		o = append(o, column("mu0_quantile", fits, func(f *aberration.FarringtonFit) float64 { return f.QuantileMean }))
	}
	stops := Column{Name: "r_error", Flags: make([]bool, len(fits))}
	for i := range fits {
		stops.Flags[i] = stopped(&fits[i])
	}
	if slices.Contains(stops.Flags, true) {
		o = append(o, stops)
	}
	expected := o.Get("expected")
	for i, u := range o.Get("upperbound").Numbers {
		if math.IsNaN(u) {
			expected.Numbers[i] = u // too few cases, or no count: R gives neither
		}
		if c.Mode == aberration.Reference && fits[i].Reason == aberration.NoFit {
			expected.Numbers[i] = 0 // R leaves it as it began
		}
	}
	tight := d
	tight.Epsilon, tight.MaxSteps = 1e-14, 100
	return append(o, c.fragile(fits, c.fits(tight.Fit))), nil
}

// farrington are the columns of every method, with alarms that are undefined only where R has no fit, and the regressions behind them. Where the guard
// stepped in, the fits hold its numbers.
func (c *Case) farrington(d aberration.Detector, fit fitter) (Output, []aberration.FarringtonFit) {
	rs, fits := c.judge(d), c.fits(fit)
	o := c.standard(rs)
	undefined := o.Get("alarm").Undefined
	for i, r := range rs {
		undefined[i] = math.IsNaN(fits[i].Dispersion) && !r.Guarded || c.Mode == aberration.Guarded && math.IsNaN(c.Series.Counts[c.First+i])
		if r.Guarded {
			fits[i].Mean, fits[i].Score, fits[i].PValue = r.Expected, r.Score, r.PValue
		}
	}
	return o, fits
}

type fitter = func(*aberration.Series, int, *aberration.Memory) aberration.FarringtonFit

// fits runs the regressions over the range.
func (c *Case) fits(fit fitter) []aberration.FarringtonFit {
	var m aberration.Memory
	out := make([]aberration.FarringtonFit, 0, c.Last-c.First+1)
	for at := c.First; at <= c.Last; at++ {
		out = append(out, fit(&c.Series, at, &m))
	}
	return out
}

// fragile marks the periods where the bound, its being there, the alarm or the trend changes when the iteration goes on to its end: there
// the numbers are those of R's stopping rule and not of the data.
func (c *Case) fragile(fits, tight []aberration.FarringtonFit) Column {
	col := Column{Name: "fragile", Flags: make([]bool, len(fits))}
	for i := range fits {
		a, b := &fits[i], &tight[i]
		ua, ub := a.Bound, b.Bound
		if a.Reason != aberration.OK {
			ua = math.NaN()
		}
		if b.Reason != aberration.OK {
			ub = math.NaN()
		}
		moved := math.IsNaN(ua) != math.IsNaN(ub) || math.Abs(ua-ub) > 1e-3*max(math.Abs(ua), 1e-8)
		col.Flags[i] = moved || stopped(a) || stopped(b) || math.IsNaN(a.Dispersion) != math.IsNaN(b.Dispersion) || a.Alarm != b.Alarm || a.Trend != b.Trend
	}
	return col
}

// stopped reports whether R stops with an error, and does not merely give up on the model.
func stopped(f *aberration.FarringtonFit) bool {
	return math.IsNaN(f.Dispersion) && f.Reason != aberration.NoFit
}

func column(name string, fits []aberration.FarringtonFit, of func(*aberration.FarringtonFit) float64) Column {
	col := Column{Name: name, Numbers: make([]float64, len(fits))}
	for i := range fits {
		col.Numbers[i] = of(&fits[i])
	}
	return col
}

func trends(fits []aberration.FarringtonFit) Column {
	col := Column{Name: "trend", Flags: make([]bool, len(fits)), Undefined: make([]bool, len(fits))}
	for i := range fits {
		col.Flags[i], col.Undefined[i] = fits[i].Trend, math.IsNaN(fits[i].Dispersion)
	}
	return col
}
