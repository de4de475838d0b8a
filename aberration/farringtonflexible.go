package aberration

import "math"

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
	d.z, d.zAlpha = normalQuantile(1-d.Alpha), d.Alpha
	return d
}

// Name is "farrington_flexible".
func (d FarringtonFlexible) Name() string { return "farrington_flexible" }

// Lookback is b years of 52 periods and a half window; series of another frequency need b of their own years.
func (d FarringtonFlexible) Lookback() int { return 52*d.Years + d.HalfWindow }

// FarringtonFit is what the regression of a Farrington method says about one period. Numbers that it does not have are NaN.
type FarringtonFit struct {
	// Eta is the linear predictor, StdErr its standard error, and Mean = exp(Eta) the expected count.
	Eta, StdErr, Mean float64
	// QuantileMean is the mean of the negative binomial of the bound: Mean for NegBinPlugin, its upper limit for Muan.
	QuantileMean float64
	// Dispersion is phi, 1 or more.
	Dispersion float64
	// Trend reports that the trend was kept, Slope its coefficient: the change of the log mean per period, with days per gap between the
	// first two.
	Trend bool
	Slope float64
	// Bound is the upper bound. It is given even when there are too few cases for an alarm, see Reason.
	Bound float64
	// Score is R's exceedance score. For the negative binomial bounds it takes, as R does, Eta in place of Mean.
	Score float64
	// PValue is the one-sided probability of a count at least as large.
	PValue float64
	// CDF is the predictive distribution function at the count, on the transformed scale; Delta and the original method have it.
	CDF float64
	// Alarm is R's: a score above 1, a count above 0 and enough recent cases.
	Alarm bool
	// References is the number of periods compared with, ReferenceCases the cases in them.
	References     int
	ReferenceCases float64
	// Fragile reports that the numbers rest on nothing, only on where the iteration stopped: no case in the reference periods or in those
	// of the same season, the same count in all of them, a model too large for them, or means that have run off to zero.
	Fragile bool
	// Reason says why there is no alarm decision. TooFewCases and MissingValue leave the other fields as they are. NoFit means that
	// the regression does not converge, and NoBound that it has no standard error, or no bound that is a number.
	Reason Reason
}

func noFit(r Reason) FarringtonFit {
	nan := math.NaN()
	return FarringtonFit{Eta: nan, StdErr: nan, Mean: nan, QuantileMean: nan, Dispersion: nan, Slope: nan, Bound: nan, Score: nan, PValue: nan, CDF: nan, Reason: r}
}

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
		z = normalQuantile(1 - d.Alpha)
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
	f.decide(s, at, d.MinCases, d.MinPeriods)
	return f
}

// negativeBinomial sets the bound that takes the count for negative binomial with the given mean, and where the count lies by it.
func (f *FarringtonFit) negativeBinomial(y, mean, alpha, z float64) {
	f.QuantileMean = mean
	if !(mean < 1e100) {
		return
	}
	f.Bound = overdispersedQuantile(alpha, z, mean, f.Dispersion)
	if f.Reason != MissingValue {
		f.PValue = overdispersedTail(math.Floor(y), mean, f.Dispersion)
		f.Score = (y - f.Eta) / (f.Bound - f.Eta)
	}
}

// decide sets Alarm, and the reason where there is none.
func (f *FarringtonFit) decide(s *Series, at int, cases float64, periods int) {
	if math.IsNaN(f.Bound) && f.Reason == OK {
		f.Reason = NoBound
	}
	recent := 0.0
	for t := max(0, at-periods+1); t <= at; t++ {
		recent += s.Counts[t]
	}
	if !(recent >= cases) && f.Reason == OK {
		f.Reason = TooFewCases
	}
	f.Alarm = f.Reason == OK && f.Score > 1 && s.Counts[at] != 0
}

// predict finds the reference periods and fits the regression. The reason is OK, MissingValue where only the count itself is missing, or
// why there is no prediction.
func (sp *farringtonSpace) predict(s *Series, at int, m *farringtonModel, half, levels, exclude int) FarringtonFit {
	now := s.check(at, 0)
	switch {
	case now != OK && now != MissingValue:
		return noFit(now)
	case s.perYear() > 1e6 || m.offset && s.Population == nil:
		return noFit(InvalidSeries)
	case levels > s.perYear():
		return noFit(InvalidSettings)
	}
	find := sp.referenceWeeks
	if m.plain {
		find = sp.windows
	}
	if r := find(s, at, m.years, half, levels, exclude); r != OK {
		return noFit(r)
	}
	if r := sp.load(s, at, levels, m); r != OK {
		return noFit(r)
	}
	if r := sp.solve(m); r != OK {
		f := noFit(r)
		f.References, f.ReferenceCases = len(sp.q.Y), sp.cases
		return f
	}
	f := noFit(now)
	f.References, f.ReferenceCases = len(sp.q.Y), sp.cases
	f.Eta, f.Mean, f.StdErr, f.Dispersion, f.Trend = sp.eta(), sp.mean(), sp.se, sp.phi, sp.trend
	if sp.trend {
		f.Slope = sp.fit.Slope
	}
	f.Fragile = sp.fragile()
	return f
}

// fragile reports whether the maximum of the likelihood lies at infinity, or there is nothing to measure a dispersion with.
func (sp *farringtonSpace) fragile() bool {
	if sp.here == 0 || sp.smallest == sp.largest || sp.fit.Collinear {
		return true
	}
	if sp.trend {
		for i, mu := range sp.fit.Mu {
			if mu < 1e-6 && sp.q.Group[i] == sp.q.NowGroup {
				return true
			}
		}
	}
	return false
}

// result is the fit as a Result, or the Gamma–Poisson bound of the reference periods in its place: of those of the same season when only
// they have no case, of all when none has.
func (sp *farringtonSpace) result(f FarringtonFit, s *Series, at int, alpha float64, mode Mode) Result {
	r := blank()
	r.Reason = f.Reason
	lost := f.Reason == NoFit || f.Reason == NoBound
	if mode == Guarded && (lost || f.Fragile) {
		cases, exposure := 0.0, 0.0
		season := sp.here == 0 && sp.cases > 0
		for i, y := range sp.q.Y {
			if season && sp.q.Group[i] != sp.q.NowGroup {
				continue
			}
			cases += y
			if sp.q.Exposure != nil {
				exposure += sp.q.Exposure[i] / sp.population
			} else {
				exposure++
			}
		}
		y := s.Counts[at]
		if f.Reason == MissingValue {
			y = 0
		}
		if g := guard(y, cases, exposure, alpha); g.Reason == OK {
			if f.Reason == TooFewCases || f.Reason == MissingValue {
				g.Alarm, g.Score, g.PValue, g.Reason = false, 0, math.NaN(), f.Reason
			}
			return g
		}
	}
	if lost || math.IsNaN(f.Mean) {
		return r
	}
	r.Expected, r.Bound, r.PValue, r.Dispersion = f.Mean, f.Bound, f.PValue, f.Dispersion
	if r.Trend = f.Trend; f.Trend {
		r.Slope = f.Slope
	} else {
		r.Slope = 0
	}
	if mode == Reference && f.Reason != OK {
		r.Expected, r.Bound = math.NaN(), math.NaN() // R gives none when it cannot alarm
	}
	if f.Reason == OK {
		r.Alarm, r.Score = f.Alarm, exceedance(s.Counts[at], f.Mean, f.Bound)
	} else {
		r.PValue = math.NaN()
	}
	return r
}
