package epi

import "math"

// LOQRule says what stands for a concentration below the limit of quantification.
type LOQRule uint8

// The rules. Half is usual; report which one was used, and the number of such days: where they are many, no rule gives a mean worth publishing.
const (
	LOQZero  LOQRule = iota // 0: the lower bound
	LOQHalf                 // half the limit
	LOQRoot2                // the limit over √2
	LOQLimit                // the limit itself: the upper bound
)

// value is what stands for a concentration below the limit.
func (r LOQRule) value(loq float64) float64 {
	switch r {
	case LOQHalf:
		return loq / 2
	case LOQRoot2:
		return loq / math.Sqrt2
	case LOQLimit:
		return loq
	}
	return 0
}

// Campaign is one substance's residue in the inflow of one treatment plant, day by day, from 24-hour composite samples.
type Campaign struct {
	// Concentration is that of the residue in ng/L; NaN where it could not be measured for being too low.
	Concentration []float64
	// Flow is the day's inflow in m³.
	Flow []float64
	// Population is the number of people whose sewage the plant takes.
	Population float64
	// LOQ is the limit of quantification in ng/L, NaN where none is stated; Rule says what takes the place of values below it.
	LOQ  float64
	Rule LOQRule
}

// Loads are the population-normalised mass loads of a campaign, in mg per day per 1,000 inhabitants.
type Loads struct {
	// Daily are the loads of the days.
	Daily []float64
	// Mean is their plain mean; Weighted that weighted by the flow, which is the campaign's figure.
	Mean, Weighted float64
	// Below is the number of days below the limit of quantification.
	Below int
}

// Loads computes
//
//	load = C [ng/L] · Q [m³/day] / P  in mg/day/1000 people
//
// since ng/L is µg/m³: C Q 10⁻³ mg a day over P 10⁻³ thousands.
//
// It assumes that the composite samples are representative, that the residue is stable in the sewer, and that the population is that of the sampling days
// (commuters, tourists). Dumped drugs count as used ones. Errors: no days, lists of different lengths, a negative
// concentration or flow, all flows 0, a population not above 0; a value below a limit that is not stated (MissingValue) unless the rule is LOQZero.
//
// Source: C. Ort et al. (2014), Spatial differences and temporal changes in illicit drug use in Europe quantified by wastewater analysis, Addiction 109,
// 1338–1352; SCORE network protocol.
func (c Campaign) Loads() (Loads, error) {
	if err := sameLength(len(c.Flow), len(c.Concentration), "Flow"); err != nil {
		return Loads{}, err
	}
	if err := all(c.Flow, "Flow", nonNegative); err != nil {
		return Loads{}, err
	}
	if err := positive(c.Population, "Population", -1); err != nil {
		return Loads{}, err
	}
	if c.Rule > LOQLimit {
		return Loads{}, refuse(InvalidSetting, "Rule")
	}
	stated := !math.IsNaN(c.LOQ)
	if stated {
		if err := nonNegative(c.LOQ, "LOQ", -1); err != nil {
			return Loads{}, err
		}
	}
	out := Loads{Daily: make([]float64, len(c.Flow))}
	var sum, weighted, flow float64
	for i, v := range c.Concentration {
		if math.IsNaN(v) || stated && v < c.LOQ {
			if !stated && c.Rule != LOQZero {
				return Loads{}, refuse(MissingValue, "LOQ")
			}
			v = c.Rule.value(c.LOQ)
			out.Below++
		}
		if err := nonNegative(v, "Concentration", i); err != nil {
			return Loads{}, err
		}
		out.Daily[i] = v * c.Flow[i] / c.Population
		sum += out.Daily[i]
		weighted += out.Daily[i] * c.Flow[i]
		flow += c.Flow[i]
	}
	if flow == 0 {
		return Loads{}, refuse(NotPositive, "Flow")
	}
	out.Mean, out.Weighted = sum/float64(len(out.Daily)), weighted/flow
	return out, nil
}

// Factor is what turns the load of a residue into the amount of drug used.
type Factor struct {
	// DrugMass and ResidueMass are molar masses in g/mol.
	DrugMass, ResidueMass float64
	// Excretion is the share of a dose that is excreted as the residue, above 0 up to 1, in moles; it differs with the way of use and between studies, and most of the
	// uncertainty of a consumption is its.
	Excretion float64
	// Stability is the share of the residue that survives the sewer and storage, above 0 up to 1; 1 where no loss is known.
	Stability float64
}

// Value is (DrugMass/ResidueMass)/Excretion/Stability. Consumption, in mg/day/1000 people, is the load times it; publish the load beside it, since factors are
// revised and loads are not.
//
// Source: E. Zuccato, C. Chiabrando, S. Castiglioni, R. Bagnati, R. Fanelli (2008), Estimating community drug abuse by wastewater analysis, Environ. Health Perspect.
// 116, 1027–1032; E. Gracia-Lor et al. (2016), Refining correction factors for back-calculation of illicit drug use, Sci. Total Environ. 573, 1648–1659.
func (f Factor) Value() (float64, error) {
	if err := positive(f.DrugMass, "DrugMass", -1); err != nil {
		return 0, err
	}
	if err := positive(f.ResidueMass, "ResidueMass", -1); err != nil {
		return 0, err
	}
	for _, s := range []struct {
		v    float64
		name string
	}{{f.Excretion, "Excretion"}, {f.Stability, "Stability"}} {
		if err := positive(s.v, s.name, -1); err != nil {
			return 0, err
		}
		if s.v > 1 {
			return 0, refuse(TooLarge, s.name)
		}
	}
	return f.DrugMass / f.ResidueMass / f.Excretion / f.Stability, nil
}
