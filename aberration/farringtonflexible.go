package aberration

import (
	"math"

	"github.com/baqylau/baqylau/dist"
)

// Threshold is how FarringtonFlexible turns its prediction into a bound.
type Threshold uint8

// The thresholds.
const (
	// Delta takes a power of the count for normal, with the errors of the count and of the prediction (Farrington et al. 1996).
	Delta Threshold = iota
	// NegBinPlugin takes the count for negative binomial with the predicted mean and dispersion (Noufaily et al. 2013).
	NegBinPlugin
	// Muan does so too, with the upper limit of the mean in place of the mean, and so adds the error of the prediction.
	Muan
)

// FarringtonFlexible is the improved Farrington method: a quasi-Poisson regression with log link of the counts at the same time of year in
// the years before,
//
//	log E(y) = level(season) + slope·t (+ log population),   Var(y) = phi E(y), phi >= 1,
//
// in which periods that look like outbreaks themselves count less, gives the expected count and its bound. Results agree with
// farringtonFlexible of R surveillance 1.20.3, step by step.
//
// Sources: Farrington, Andrews, Beale, Catchpole (1996), J R Stat Soc A 159, 547–563; Noufaily et al. (2013), Stat Med 32, 1206–1222;
// Salmon, Schumacher, Höhle (2016), J Stat Softw 70(10).
type FarringtonFlexible struct {
	// Years is the number b of years to look back, 1 or more.
	Years int
	// HalfWindow is the number w of periods on either side of the same time of year, 0 or more.
	HalfWindow int
	// Periods is the number of levels of the season: 1 takes the windows alone, without season; more take all periods between them too,
	// cut into Periods - 1 blocks a year. At most the periods in a year.
	Periods int
	// Exclude is how many of the newest periods are not compared with, so that a slow outbreak does not lift its own bound; 0 or more.
	Exclude int
	// Reweight weights outbreaks of the past down, those with an Anscombe residual above WeightsThreshold, 0 or more.
	Reweight         bool
	WeightsThreshold float64
	// Trend asks for a slope. It is kept with 3 years or more, a p value of its t test below TrendAlpha, and a prediction that is not above
	// every count it rests on.
	Trend      bool
	TrendAlpha float64
	// PopulationOffset models the rate by Series.Population.
	PopulationOffset bool
	// Threshold and Power give the bound; Power is for Delta.
	Threshold Threshold
	Power     Power
	// Alpha is the one-sided error rate, above 0 and below 1.
	Alpha float64
	// MinCases is the number of cases in the last MinPeriods periods, the evaluated one included, below which there is no alarm.
	MinCases   float64
	MinPeriods int
	// Epsilon and MaxSteps stop the regression; 0 for R's 1e-8 and 25.
	Epsilon  float64
	MaxSteps int
	// Mode is Guarded unless set to Reference.
	Mode Mode
	// z is the quantile that the constructors computed for zAlpha, so that Evaluate need not do it again.
	z, zAlpha float64
}

// NewFarringtonFlexible has the default settings of R: windows of 7 weeks in 5 years, trend at 5%, delta bound at 5%.
func NewFarringtonFlexible() FarringtonFlexible {
	d := FarringtonFlexible{
		Years: 5, HalfWindow: 3, Periods: 1, Exclude: 3, Reweight: true, WeightsThreshold: 2.58, Trend: true, TrendAlpha: 0.05,
		Alpha: 0.05, MinCases: 5, MinPeriods: 4,
	}
	return d.prepared()
}

// NewNoufaily has the settings that Noufaily et al. (2013) advise: all weeks of 5 years but the last half, ten levels of the season, trend
// always, negative binomial bound at the given alpha. It has no least number of cases.
func NewNoufaily(alpha float64) FarringtonFlexible {
	d := FarringtonFlexible{
		Years: 5, HalfWindow: 3, Periods: 10, Exclude: 26, Reweight: true, WeightsThreshold: 2.58, Trend: true, TrendAlpha: 1,
		Threshold: NegBinPlugin, Alpha: alpha, MinPeriods: 4,
	}
	return d.prepared()
}

func (d FarringtonFlexible) prepared() FarringtonFlexible {
	d.z, d.zAlpha = dist.NormalQuantile(1-d.Alpha), d.Alpha
	return d
}

// Name is "farrington_flexible".
func (d FarringtonFlexible) Name() string { return "farrington_flexible" }

// Lookback is b years of 52 periods and a half window; series of another frequency need b of their own years.
func (d FarringtonFlexible) Lookback() int { return 52*d.Years + d.HalfWindow }

// Evaluate judges s.Counts[at] by Fit. Guarded, the Gamma–Poisson bound takes over where the regression is Fragile or has no result.
func (d FarringtonFlexible) Evaluate(s *Series, at int, m *Memory) Result {
	if m == nil {
		m = new(Memory)
	}
	return m.farrington.result(d.Fit(s, at, m), s, at, d.Alpha, d.Mode)
}

// Fit runs the regression, as R does it, and gives all that it says about s.Counts[at], which may be missing.
func (d FarringtonFlexible) Fit(s *Series, at int, m *Memory) FarringtonFit {
	if d.Years < 1 || d.Years > 1000 || d.HalfWindow < 0 || d.HalfWindow > 1e6 || d.Periods < 1 || d.Exclude < 0 || d.Exclude > 1e9 ||
		!(d.WeightsThreshold >= 0) || !(d.TrendAlpha >= 0) || d.Threshold > Muan || d.Power > Identity || !(d.Alpha > 0 && d.Alpha < 1) ||
		!(d.MinCases >= 0) || d.MinPeriods < 0 || !(d.Epsilon >= 0) || d.MaxSteps < 0 {
		return noFit(InvalidSettings)
	}
	z := d.z
	if d.zAlpha != d.Alpha {
		z = dist.NormalQuantile(1 - d.Alpha)
	}
	if m == nil {
		m = new(Memory)
	}
	sp := &m.farrington
	model := farringtonModel{
		reweight: d.Reweight, threshold: d.WeightsThreshold, slope: d.Trend, slopeAlpha: d.TrendAlpha, years: d.Years,
		offset: d.PopulationOffset, epsilon: d.Epsilon, steps: d.MaxSteps, mode: d.Mode,
	}
	f := sp.predict(s, at, &model, d.HalfWindow, d.Periods, d.Exclude)
	if f.Reason != OK && f.Reason != MissingValue {
		return f
	}
	switch y := s.Counts[at]; d.Threshold {
	case Delta:
		f.normal(y, d.Power, z)
	case NegBinPlugin:
		f.negativeBinomial(y, f.Mean, d.Alpha, z)
	case Muan:
		f.negativeBinomial(y, math.Exp(f.Eta+z*f.StdErr), d.Alpha, z)
	}
	f.decide(s, at, d.MinCases, d.MinPeriods, d.Mode)
	return f
}

// negativeBinomial sets the bound that takes the count for negative binomial with the given mean, and where the count lies by it.
func (f *FarringtonFit) negativeBinomial(y, mean, alpha, z float64) {
	f.QuantileMean = mean
	if !(mean < 1e100) {
		return
	}
	f.Bound = dist.QuasiPoissonQuantile(alpha, z, mean, f.Dispersion)
	if f.Reason != MissingValue {
		f.PValue = dist.QuasiPoissonTail(math.Floor(y), mean, f.Dispersion)
		f.Score = (y - f.Eta) / (f.Bound - f.Eta)
	}
}
