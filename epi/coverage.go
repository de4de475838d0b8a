package epi

import "math"

// Band is a level of coverage in the sense of the WHO, UNODC and UNAIDS technical guide.
type Band uint8

// The bands. Naloxone has none.
const (
	NoBand Band = iota
	Low
	Medium
	High
)

var bandNames = [...]string{"none", "low", "medium", "high"}

// String is a stable code such as "low"; it serves as the last part of a message key.
func (b Band) String() string {
	if int(b) < len(bandNames) {
		return bandNames[b]
	}
	return "unknown"
}

// Coverage is what a service reaches of those who need it.
type Coverage struct {
	// Ratio is the service per member of the population: syringes per person and year, treated persons per person (a share, above 1 where the
	// estimate of the population is too low), kits per person and year.
	Ratio float64
	// Range is the ratio at the upper and the lower limit of the population's size; undefined where the size has no interval.
	Range Interval
	// Band is that of the ratio, Bands those of Range: where they differ, the estimate of the population does not settle the question.
	Band  Band
	Bands [2]Band
}

// The three kinds of coverage below divide a count of one year by the size of the population in need, with the interval of that size (or
// Undefined()). Errors: a negative or missing count, a size that is not above 0, limits not around it (InvalidSetting).
//
// Source of the bands: WHO, UNODC, UNAIDS (2012 revision), Technical guide for countries to set targets for universal access to HIV prevention, treatment and
// care for injecting drug users, indicators for needle and syringe programmes and opioid substitution therapy.

// SyringeCoverage is needles and syringes given out in a year by programmes, per person who injects: low below 100, medium to 200, high
// above. Sales by pharmacies are not in it unless the count says so.
func SyringeCoverage(syringes, injecting float64, limits Interval) (Coverage, error) {
	return cover(syringes, injecting, limits, 100, 200)
}

// OpioidAgonistCoverage is persons in opioid agonist treatment, on a day or in the year as the count says, over high-risk opioid users: low
// below 20 %, medium to 40 %, high above.
func OpioidAgonistCoverage(treated, users float64, limits Interval) (Coverage, error) {
	return cover(treated, users, limits, 0.2, 0.4)
}

// NaloxoneCoverage is take-home naloxone kits given out in a year per opioid user. There is no agreed band.
func NaloxoneCoverage(kits, users float64, limits Interval) (Coverage, error) {
	return cover(kits, users, limits, math.NaN(), math.NaN())
}

func cover(served, population float64, limits Interval, medium, high float64) (Coverage, error) {
	if err := nonNegative(served, "served", -1); err != nil {
		return Coverage{}, err
	}
	if err := positive(population, "population", -1); err != nil {
		return Coverage{}, err
	}
	band := func(ratio float64) Band {
		switch {
		case math.IsNaN(medium) || math.IsNaN(ratio):
			return NoBand
		case ratio < medium:
			return Low
		case ratio <= high:
			return Medium
		}
		return High
	}
	out := Coverage{Ratio: served / population, Range: Undefined()}
	if !math.IsNaN(limits.Lower) || !math.IsNaN(limits.Upper) {
		if !(limits.Lower > 0 && limits.Contains(population)) {
			return Coverage{}, refuse(InvalidSetting, "limits")
		}
		out.Range = Interval{served / limits.Upper, served / limits.Lower}
	}
	out.Band, out.Bands = band(out.Ratio), [2]Band{band(out.Range.Lower), band(out.Range.Upper)}
	return out, nil
}
