package scan

import (
	"math"

	"github.com/baqylau/baqylau/aberration"
)

// Method is a scan statistic: what the cases are compared with.
type Method uint8

// The methods.
const (
	// SpaceTimePermutation expects, in a zone with Nz of all N cases over the last d periods with Nd of them, Nz Nd/N cases, and draws
	// null data by pairing the cases' places and periods anew (Kulldorff et al. 2005).
	SpaceTimePermutation Method = iota
	// ExpectationPoisson expects what Data.Expected says, and draws null data from Poisson distributions with these means (Neill et al.
	// 2005, Neill 2009).
	ExpectationPoisson
	// PopulationPoisson expects the cases in proportion to the population over places and periods, and draws null data by throwing all
	// N cases on them with these probabilities (Kulldorff 2001).
	PopulationPoisson
)

// String is a short stable name such as "space_time_permutation".
func (m Method) String() string {
	switch m {
	case SpaceTimePermutation:
		return "space_time_permutation"
	case ExpectationPoisson:
		return "expectation_poisson"
	case PopulationPoisson:
		return "population_poisson"
	}
	return "unknown"
}

// Scan holds the settings of a scan. It is a small value, safe for concurrent use as long as each call has its own Workspace.
//
// The p-value of a cluster with log likelihood ratio T is the probability that data without any cluster have a largest ratio of T
// or more. Monte Carlo finds it from R replications as (1+g)/(R+1), g being those that reach T: an exact test at any level that is
// a multiple of 1/(R+1). With Stop = h the replications end when h of them, the l-th being the last, have reached T, and the p-value is
// h/l (Besag and Clifford 1991): as valid, and cheap for the many scans that find nothing. Equal ratios count as reached, to a
// tolerance of 1e-9 for rounding. Every replication has a random stream of its own, which depends on Seed and its number alone.
type Scan struct {
	// Zones are the sets of places looked at.
	Zones *Zones
	// Method is SpaceTimePermutation unless set.
	Method Method
	// MaxDuration is the longest cluster in periods, 1 or more, and at most 16 million divided by the number of zones. All clusters
	// last until now.
	MaxDuration int
	// MaxShare leaves out zones with more than this share of the cases (SpaceTimePermutation), of the expected cases in the window
	// (ExpectationPoisson) or of the population (PopulationPoisson); 0 leaves out none. SaTScan's default is 0.5.
	MaxShare float64
	// MinCases is the least number of cases that make a cluster; 0 stands for 1.
	MinCases int
	// Replications is the number R of draws from the null hypothesis, up to 1e7; 0 for no p-values. R+1 is best a multiple of 100.
	Replications int
	// Stop is the number h of replications reaching the most likely cluster's ratio after which drawing ends; 0 draws all.
	Stop int
	// Seed selects the random streams.
	Seed uint64
	// Secondary is the largest number of further clusters reported: in turn those with the largest ratio among the zones that share no
	// place with a cluster before. Their p-values compare them with the largest ratios of the replications, and so err on the safe
	// side (Kulldorff 2001).
	Secondary int
	// Workers is the number of goroutines that draw; 0 stands for all processors. The result does not depend on it.
	Workers int
}

// Cluster is a zone over the last Duration periods.
type Cluster struct {
	// Zone is its number in Zones.
	Zone int
	// Duration is its length in periods, ending now.
	Duration int
	// Cases and Expected are the cases in it and those to be expected without a cluster.
	Cases, Expected float64
	// LLR is the log likelihood ratio. It is +Inf where cases occurred though none were possible.
	LLR float64
	// PValue is the Monte Carlo p-value; NaN without replications.
	PValue float64
	// GumbelPValue is 1-exp(-exp(-(LLR-location)/scale)) from the distribution fitted to the replications (Abrams et al. 2010), which
	// goes on where PValue has come to its smallest value. It is an extrapolation, good for dense data and rough where a few cases
	// make the ratio jump, or where Stop has left few replications; NaN when nothing could be fitted.
	GumbelPValue float64
	// Bound is a limit that the true p-value cannot exceed: the sum, over all zones and durations, of the exact probabilities of so
	// many cases there that its ratio reaches this one (Boole's inequality), at most 1. It needs no drawing, has no smallest value, and
	// is itself a valid p-value, though larger than need be.
	Bound float64
	// Recurrence is the recurrence interval in periods (Kleinman, Lazarus, Platt 2004): a scan repeated every period without any
	// cluster gives one like this once in so many on average. It is 1/PValue, and the larger of 1/PValue and 1/GumbelPValue where no
	// replication reached the ratio.
	Recurrence float64
}

// Result is what a scan found.
type Result struct {
	// Clusters has the most likely cluster first; it is empty when no zone has more cases than expected. The slice belongs to the
	// workspace and holds until its next use.
	Clusters []Cluster
	// Replications is the number of draws made.
	Replications int
	// Null is the Gumbel distribution fitted to their largest ratios.
	Null Gumbel
}

// Evaluate scans the data up to now. The workspace may be nil; a reused one saves all allocations when Workers is 1, and those but of
// the goroutines otherwise. The error is an aberration.Reason: InvalidSettings; InvalidSeries when series are missing or differ in
// length, or all of the population is 0; TooShort for fewer than MaxDuration periods; MissingValue, NegativeValue, or NotACount for
// fractions and for more than 1e9 cases.
func (s Scan) Evaluate(d *Data, w *Workspace) (Result, error) {
	if w == nil {
		w = new(Workspace)
	}
	m := &w.model
	if r := m.prepare(&s, d); r != aberration.OK {
		return Result{Null: Gumbel{math.NaN(), math.NaN()}}, r
	}
	w.clusters = m.clusters(w.clusters[:0], 1+min(s.Secondary, s.Zones.Len()))
	result := Result{Clusters: w.clusters, Null: Gumbel{math.NaN(), math.NaN()}}
	if len(w.clusters) == 0 {
		return result, nil
	}
	w.replicate(&s, reached(w.clusters[0].LLR))
	result.Replications = len(w.maxima)
	result.Null = FitGumbel(w.maxima)
	for i := range w.clusters {
		c := &w.clusters[i]
		c.Bound = m.bound(c.LLR, 1)
		c.PValue, c.GumbelPValue, c.Recurrence = math.NaN(), result.Null.Tail(c.LLR), math.NaN()
		if len(w.maxima) == 0 {
			continue
		}
		c.PValue = pValue(w.maxima, reached(c.LLR), s.Stop)
		c.Recurrence = 1 / c.PValue
		if c.PValue == 1/float64(len(w.maxima)+1) && c.GumbelPValue < c.PValue {
			c.Recurrence = 1 / c.GumbelPValue
		}
	}
	return result, nil
}

func (s *Scan) valid() bool {
	return s.Zones.usable() && s.Method <= PopulationPoisson && s.MaxDuration >= 1 && s.MaxDuration <= maxCells/s.Zones.Len() &&
		s.MaxShare >= 0 && s.MaxShare <= 1 && s.MinCases >= 0 && s.Replications >= 0 && s.Replications <= 1e7 && s.Stop >= 0 && s.Secondary >= 0
}

// maxCells is the largest number of zones times durations.
const maxCells = 1 << 24
