package epi

import "math"

// Sample says how the respondents of a survey were drawn, one row a respondent. From it NewDesign makes what estimates are computed from. Codes (see Codes) stand for
// names of clusters and strata: any whole numbers, equal where the names are.
type Sample struct {
	// Stages are the stages of selection, the first one first. None stands for one in which every row is a unit of its own.
	Stages []Stage
	// Weights are how many persons of the population each row stands for, 0 or more. Where there are none, a row has the product of N/n over its stages, N being
	// Population and n the units drawn; 1 where no Population is given either.
	Weights []float64
	// Lonely is what to do with strata of which a single unit was drawn.
	Lonely Lonely
}

// Stage is one stage of selection.
type Stage struct {
	// Cluster is the unit drawn to which each row belongs; none where every row is a unit of its own, which only the last stage can have. The same code in another
	// stratum, or in another unit of the stage before, is another unit.
	Cluster []int
	// Stratum is the stratum in which the unit was drawn; none where the stage has no strata beyond the units of the stage before.
	Stratum []int
	// Population is how many units there were to draw from in the stratum of each row: the finite population correction is 1 − n/Population. None, or +Inf, for
	// drawing with replacement, or from so many that it makes no difference. Where the first stage has none, the later stages add nothing to the variance, and are not
	// looked at. Where one stage has it, all must.
	Population []float64
}

// Lonely is a policy for strata of which a single unit was drawn, so that they say nothing of the variance within them. A stratum that is in the sample whole (one of
// one) needs none. What counts is the whole sample: a domain that leaves one unit of a stratum with more is no such stratum.
type Lonely uint8

// The policies, with their names in R survey. Adjust is on the safe side, and right as a rule; Skip needs a reason.
const (
	Refuse  Lonely = iota // fail: there is no design
	Skip                  // certainty, remove: the stratum adds nothing to the variance
	Adjust                // adjust: its unit is compared with zero, the mean of the influences over the sample
	Average               // average: it adds what the strata with two or more do on average
)

// Codes turns names into codes from 0 up, in the order in which they come first, and gives the names by code.
func Codes(names []string) (codes []int, of []string) {
	codes = make([]int, len(names))
	known := map[string]int{}
	for i, name := range names {
		if i > 0 && name == names[i-1] {
			codes[i] = codes[i-1]
			continue
		}
		c, there := known[name]
		if !there {
			c = len(of)
			known[name] = c
			of = append(of, name)
		}
		codes[i] = c
	}
	return codes, of
}

// check refuses samples whose columns do not fit each other; n is the number of rows.
func (s *Sample) check(n int) error {
	if n == 0 {
		return refuse(Empty, "Sample")
	}
	if s.Weights != nil {
		if err := sameLength(len(s.Weights), n, "Weights"); err != nil {
			return err
		}
		if err := all(s.Weights, "Weights", nonNegative); err != nil {
			return err
		}
	}
	corrected := len(s.Stages) > 0 && s.Stages[0].Population != nil
	for i, g := range s.Stages {
		if g.Cluster == nil && i < len(s.Stages)-1 {
			return refuse(Empty, "Cluster")
		}
		for _, l := range []struct {
			of   string
			have bool
			n    int
		}{{"Cluster", g.Cluster != nil, len(g.Cluster)}, {"Stratum", g.Stratum != nil, len(g.Stratum)}, {"Population", g.Population != nil, len(g.Population)}} {
			if l.have && l.n != n {
				return refuse(UnequalLengths, l.of)
			}
		}
		if (g.Population != nil) != corrected {
			return refuse(UnequalLengths, "Population")
		}
		for j, v := range g.Population {
			if math.IsNaN(v) || v <= 0 {
				return &Error{NotPositive, "Population", j}
			}
		}
	}
	return nil
}

// rows is the number of rows, by the first column there is.
func (s *Sample) rows() int {
	if s.Weights != nil {
		return len(s.Weights)
	}
	for _, g := range s.Stages {
		for _, n := range []int{len(g.Cluster), len(g.Stratum), len(g.Population)} {
			if n > 0 {
				return n
			}
		}
	}
	return 0
}
