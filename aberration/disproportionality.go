package aberration

import (
	"math"

	"github.com/baqylau/baqylau/dist"
)

// Contingency is the fourfold table of reports: of a substance or another, with an event or another. Counts may be fractions, where
// reports are weighted.
//
//	               event   other events
//	substance        A          B
//	other            C          D
type Contingency struct{ A, B, C, D float64 }

// Ratio is a measure of disproportionality with the limits of its interval. What is undefined is NaN, and what divides by zero is
// infinite, as in R; the reason then says why.
type Ratio struct {
	Estimate, Lower, Upper float64
	// Reason is OK when all three are numbers; ZeroCell when some are not, since a count is zero; else what is wrong with the input.
	Reason Reason
}

func undefined(r Reason) Ratio { return Ratio{math.NaN(), math.NaN(), math.NaN(), r} }

func ratio(estimate, lower, upper float64) Ratio {
	r := Ratio{Estimate: estimate, Lower: lower, Upper: upper}
	for _, v := range [...]float64{estimate, lower, upper} {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			r.Reason = ZeroCell
		}
	}
	return r
}

func (t Contingency) check() Reason { return check([]float64{t.A, t.B, t.C, t.D}) }

// Total is the number of all reports.
func (t Contingency) Total() float64 { return t.A + t.B + t.C + t.D }

// Expected is the number of reports of the substance with the event if the two had nothing to do with each other:
// (A+B)(A+C)/(A+B+C+D); NaN for an empty table. Where reporting differs between groups take ExpectedStratified.
func (t Contingency) Expected() float64 { return (t.A + t.B) / t.Total() * (t.A + t.C) }

// PRR is the proportional reporting ratio (A/(A+B))/(C/(C+D)) with its log-normal interval of the given coverage,
// exp(ln PRR ± z √(1/A - 1/(A+B) + 1/C - 1/(C+D))).
//
// Source: Evans, Waller and Davis (2001), Pharmacoepidemiol Drug Saf 10, 483–486.
func (t Contingency) PRR(level float64) Ratio {
	z, r := t.z(level)
	if r != OK {
		return undefined(r)
	}
	x := t.A / (t.A + t.B) / (t.C / (t.C + t.D))
	se := math.Sqrt(1/t.A - 1/(t.A+t.B) + 1/t.C - 1/(t.C+t.D))
	return logNormal(x, z*se)
}

// ROR is the reporting odds ratio A D/(B C) with its log-normal interval of the given coverage (Woolf),
// exp(ln ROR ± z √(1/A + 1/B + 1/C + 1/D)).
//
// Source: Woolf (1955), Ann Hum Genet 19, 251–253; for reports: van Puijenbroek et al. (2002), Pharmacoepidemiol Drug Saf 11, 3–10.
func (t Contingency) ROR(level float64) Ratio {
	z, r := t.z(level)
	if r != OK {
		return undefined(r)
	}
	return logNormal(t.A*t.D/(t.B*t.C), z*math.Sqrt(1/t.A+1/t.B+1/t.C+1/t.D))
}

func (t Contingency) z(level float64) (float64, Reason) {
	if !(level > 0 && level < 1) {
		return 0, InvalidSettings
	}
	return dist.NormalQuantile((1 + level) / 2), t.check()
}

func logNormal(x, halfWidth float64) Ratio {
	return ratio(x, math.Exp(math.Log(x)-halfWidth), math.Exp(math.Log(x)+halfWidth))
}

// ChiSquared is Pearson's statistic of independence, N (AD-BC)²/((A+B)(C+D)(A+C)(B+D)), with its two-sided p-value on one degree of
// freedom. Both are NaN when the error is ZeroCell, for an empty row or column, MissingValue or NegativeValue.
func (t Contingency) ChiSquared() (statistic, p float64, err error) { return t.chi(0) }

// Yates is ChiSquared with the correction for continuity: |AD-BC| is lowered by N/2, though not below zero.
//
// Source: Yates (1934), J R Stat Soc Suppl 1, 217–235.
func (t Contingency) Yates() (statistic, p float64, err error) { return t.chi(0.5) }

func (t Contingency) chi(correction float64) (statistic, p float64, err error) {
	nan := math.NaN()
	if r := t.check(); r != OK {
		return nan, nan, r
	}
	n := t.Total()
	margins := [...]float64{t.A + t.B, t.C + t.D, t.A + t.C, t.B + t.D}
	difference := max(0, math.Abs(t.A*t.D-t.B*t.C)-correction*n)
	x := n / margins[0] * difference / margins[1] / margins[2] * difference / margins[3]
	for _, m := range margins {
		if m == 0 {
			return nan, nan, ZeroCell
		}
	}
	return x, math.Erfc(math.Sqrt(x / 2)), nil
}

// Stratum is a group of reports, such as an age group in a year, with those that name the substance and those that name the event.
type Stratum struct{ Substance, Event, Total float64 }

// ExpectedStratified is the number of reports of a substance with an event expected when the two have nothing to do with each other
// within each stratum: Σ Substance Event/Total. Empty strata add nothing. The error is MissingValue or NegativeValue, and
// InvalidSettings when a part is larger than the whole.
//
// Source: DuMouchel (1999), American Statistician 53, 177–190.
func ExpectedStratified(strata []Stratum) (float64, error) {
	sum := 0.0
	for _, s := range strata {
		if r := check([]float64{s.Substance, s.Event, s.Total}); r != OK {
			return math.NaN(), r
		}
		if s.Substance > s.Total || s.Event > s.Total {
			return math.NaN(), InvalidSettings
		}
		if s.Total > 0 {
			sum += s.Substance / s.Total * s.Event
		}
	}
	return sum, nil
}
