package aberration

import "math"

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

// decide sets Alarm, and the reason where there is none. For R a missing period among the recent ones means that there are too few cases;
// guarded, the others are counted, so that a week without data does not hide what follows it.
func (f *FarringtonFit) decide(s *Series, at int, cases float64, periods int, mode Mode) {
	if math.IsNaN(f.Bound) && f.Reason == OK {
		f.Reason = NoBound
	}
	recent := 0.0
	for t := max(0, at-periods+1); t <= at; t++ {
		if mode == Reference || !math.IsNaN(s.Counts[t]) {
			recent += s.Counts[t]
		}
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
