package aberration

import (
	"math"

	"github.com/baqylau/baqylau/dist"
)

// Farrington is the original method of Farrington et al. (1996), in wide use by public health services: the regression of
// FarringtonFlexible on the windows alone, without season, with reweighting from an Anscombe residual of 1 on, a trend at 5%, and a two-sided
// prediction interval
//
//	U = (mu^e + z (Var(y^e))^½)^(1/e),   z the 1 - Alpha/2 quantile of the normal distribution, e the Power.
//
// Time is counted in periods, whether or not the series has days, and windows that overlap count what they share more than once. Results
// agree with algo.farrington of R surveillance 1.20.3. NewFarringtonFlexible has the better settings.
type Farrington struct {
	// Years is the number b of years to look back, 1 or more, and HalfWindow the number w of periods on either side, 0 or more and less
	// than a year.
	Years, HalfWindow int
	// Reweight weights outbreaks of the past down.
	Reweight bool
	// Trend asks for a slope, kept as FarringtonFlexible keeps it, at 5%.
	Trend bool
	// Power is that at which counts are taken for normal.
	Power Power
	// Alpha is the two-sided error rate, above 0 and below 1: an alarm without cause has half of it.
	Alpha float64
	// MinCases is the number of cases in the last MinPeriods periods, the evaluated one included, below which there is no alarm.
	MinCases   float64
	MinPeriods int
	// Epsilon and MaxSteps stop the regression; 0 for R's 1e-8 and 25.
	Epsilon  float64
	MaxSteps int
	// Mode is Guarded unless set to Reference.
	Mode Mode
	// z is the quantile that the constructor computed for zAlpha.
	z, zAlpha float64
}

// NewFarrington has the default settings of R: windows of 7 weeks in 5 years, trend, interval of 95%, five cases in four weeks.
func NewFarrington() Farrington {
	return Farrington{Years: 5, HalfWindow: 3, Reweight: true, Trend: true, Alpha: 0.05, MinCases: 5, MinPeriods: 4, z: dist.NormalQuantile(1 - 0.05/2.0), zAlpha: 0.05}
}

// Name is "farrington".
func (d Farrington) Name() string { return "farrington" }

// Lookback is b years of 52 periods and a half window; series of another frequency need b of their own years.
func (d Farrington) Lookback() int { return 52*d.Years + d.HalfWindow }

// Evaluate judges s.Counts[at] by Fit. Guarded, the Gamma–Poisson bound at Alpha/2 takes over where the regression is Fragile or has no
// result. With too few recent cases R gives the bound 0; here it is the one of the regression when guarded, and 0 for reference.
func (d Farrington) Evaluate(s *Series, at int, m *Memory) Result {
	if m == nil {
		m = new(Memory)
	}
	f := d.Fit(s, at, m)
	r := m.farrington.result(f, s, at, d.Alpha/2, d.Mode)
	if d.Mode == Reference && f.Reason == TooFewCases {
		r.Expected, r.Bound = f.Mean, 0
	}
	return r
}

// Fit runs the regression, as R does it, and gives all that it says about s.Counts[at].
func (d Farrington) Fit(s *Series, at int, m *Memory) FarringtonFit {
	if d.Years < 1 || d.Years > 1000 || d.HalfWindow < 0 || d.HalfWindow > 1e6 || d.Power > Identity || !(d.Alpha > 0 && d.Alpha < 1) ||
		!(d.MinCases >= 0) || d.MinPeriods < 0 || !(d.Epsilon >= 0) || d.MaxSteps < 0 {
		return noFit(InvalidSettings)
	}
	z := d.z
	if d.zAlpha != d.Alpha {
		z = dist.NormalQuantile(1 - d.Alpha/2)
	}
	if m == nil {
		m = new(Memory)
	}
	model := farringtonModel{
		reweight: d.Reweight, threshold: 1, slope: d.Trend, slopeAlpha: 0.05, years: d.Years, epsilon: d.Epsilon, steps: d.MaxSteps, plain: true,
	}
	f := m.farrington.predict(s, at, &model, d.HalfWindow, 1, 0)
	if f.Reason != OK && f.Reason != MissingValue {
		return f
	}
	f.normal(s.Counts[at], d.Power, z)
	f.decide(s, at, d.MinCases, d.MinPeriods, d.Mode)
	return f
}

// normal sets the bound that takes a power of the count for normal, and where the count lies by it.
func (f *FarringtonFit) normal(y float64, p Power, z float64) {
	if f.Reason == MissingValue {
		y = math.NaN()
	}
	f.Mean = max(f.Mean, 0x1p-52) // the least mean of R's log link
	var zy float64
	f.Bound, zy = p.normalBound(y, f.Mean, f.Dispersion, f.StdErr, z)
	f.PValue, f.CDF = dist.NormalTail(zy, 1), dist.NormalTail(-zy, 1)
	f.Score = (y - f.Mean) / (f.Bound - f.Mean)
}
