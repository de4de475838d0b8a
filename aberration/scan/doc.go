// Package scan looks for clusters in space and time: places near each other that have, in the newest periods, more cases than
// chance would put there. It holds three prospective scan statistics, which differ in what "chance" means:
//
//	SpaceTimePermutation  the cases keep their places and their periods, and are paired anew: finds cases that gather in one
//	                      place at one time, whatever the populations, and ignores a rise that all places share
//	ExpectationPoisson    every place has an expected number of cases in every period, from its own past: finds any rise
//	PopulationPoisson     the cases fall on places and periods in proportion to the population: finds a rate above that elsewhere
//
// A cluster is a zone Z (a set of places) together with the last d periods, d = 1 … MaxDuration. With c cases in it, e expected,
// and N cases in all, its log likelihood ratio for a raised rate inside is 0 when c <= e and otherwise
//
//	ExpectationPoisson  c ln(c/e) + e - c                         Neill et al. (2005), Neill (2009)
//	the other two       c ln(c/e) + (N-c) ln((N-c)/(N-e))         Kulldorff (2001), Kulldorff et al. (2005)
//
// The scan statistic is the largest ratio of all clusters. Because so many are tried, its distribution without any cluster is
// found by Monte Carlo: the same search on data drawn under the null hypothesis. See Scan for p-values and recurrence intervals,
// and Screen for looking through thousands of data sets.
//
//	zones, err := scan.Nearest(places, 10)
//	s := scan.Scan{Zones: zones, Method: scan.SpaceTimePermutation, MaxDuration: 8, Replications: 999, Seed: 1}
//	result, err := s.Evaluate(&scan.Data{Counts: weeklyCounts}, nil)
//
// All three take the cases as independent of each other. Where they come in groups (several persons of one party, many samples of
// one seizure), count the groups; otherwise p-values are too small. ExpectationPoisson also needs expectations that are right: see
// Baseline. SpaceTimePermutation takes nothing from outside but gives weight to a place whose share of the cases grows for other
// reasons, such as a new laboratory; a baseline of a year or less lessens that (Kulldorff et al. 2005).
//
// The package is pure: the same input and seed give the same result on any number of processors. Nothing panics: what cannot be
// computed comes back as an aberration.Reason.
//
// Sources: M. Kulldorff (2001), Prospective time periodic geographical disease surveillance using a scan statistic, J R Stat Soc A
// 164, 61–72. M. Kulldorff, R. Heffernan, J. Hartman, R. Assunção, F. Mostashari (2005), A space-time permutation scan statistic for
// disease outbreak detection, PLoS Med 2(3):e59. D. Neill, A. Moore, M. Sabhnani, K. Daniel (2005), Detection of emerging space-time
// clusters, Proc. KDD, 218–227. D. Neill (2009), Expectation-based scan statistics for monitoring spatial time series data, Int J
// Forecasting 25, 498–517. A. Abrams, K. Kleinman, M. Kulldorff (2010), Gumbel based p-value approximations for spatial scan
// statistics, Int J Health Geogr 9:61. J. Besag, P. Clifford (1991), Sequential Monte Carlo p-values, Biometrika 78, 301–304.
package scan
