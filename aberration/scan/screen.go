package scan

import (
	"math"
	"sync"
	"sync/atomic"

	"github.com/baqylau/baqylau/aberration"
)

// Screen looks through thousands of data sets for those with a cluster. It finds the most likely cluster of each exactly and spends
// time on its p-value only where there may be something to see:
//
//  1. No zone has more cases than expected: p = 1.
//  2. The exact probability of so many cases in the cluster's own cell is above Alpha. The p-value, the probability of a ratio as
//     large in any cell, cannot be smaller, so p > Alpha is certain; 1 is given.
//  3. The sum of these probabilities over all cells (Cluster.Bound) is 1/(Replications+1) or less. It cannot be smaller than the
//     p-value and lies where no Monte Carlo p-value would get; it is given. Without replications it is given in every case.
//  4. Otherwise Monte Carlo, ended by Scan.Stop replications that reach the ratio (Besag and Clifford 1991).
//
// These p-values are valid, P(p <= a) <= a for data without clusters, exactly for every a below 1/(Replications+1) and for
// ExpectationPoisson and PopulationPoisson as far as their expectations are right; for larger a steps 3 and 4 together can exceed a by
// less than 1/(Replications+1), and do so by a small part of that. They can go to aberration.BenjaminiHochberg as they are: the 1
// given for p > Alpha errs on the safe side, and costs nothing as long as Alpha is not below its level. Nothing is fitted or
// extrapolated. Give what was found to Scan.Evaluate for secondary clusters and the Gumbel p-value.
type Screen struct {
	// Scan holds the settings; Secondary is not used. Stop is best Alpha (Replications+1), 10 for 0.01 and 999: drawing then ends as soon
	// as the p-value is sure to be above Alpha.
	Scan Scan
	// Alpha is the level above which p-values are of no interest, 0 or more and at most 1; 0 takes no p-value for granted.
	Alpha float64
}

// Evidence says how a Verdict's p-value was found.
type Evidence uint8

// The kinds of evidence, in the order of Screen's steps.
const (
	NoCluster  Evidence = iota // no zone has more cases than expected, or there is no result
	CellBound                  // above Alpha by the exact probability of the cluster's own cell
	UnionBound                 // the sum of the exact probabilities of all cells
	MonteCarlo                 // replications
)

// String is a short stable name such as "monte_carlo".
func (e Evidence) String() string {
	switch e {
	case NoCluster:
		return "no_cluster"
	case CellBound:
		return "cell_bound"
	case UnionBound:
		return "union_bound"
	case MonteCarlo:
		return "monte_carlo"
	}
	return "unknown"
}

// Verdict is what a screen says of one data set.
type Verdict struct {
	// Cluster is the most likely one; its Zone is -1 when there is none. GumbelPValue is NaN, and Bound is given for UnionBound only.
	Cluster Cluster
	// AtLeast is the exact probability of as many cases in the cluster's own cell, which the p-value cannot fall below.
	AtLeast float64
	// Evidence says how Cluster.PValue was found.
	Evidence Evidence
	// Replications is the number of draws made.
	Replications int
	// Reason says why there is no verdict, or OK; the codes are those of Scan.Evaluate.
	Reason aberration.Reason
}

// Evaluate judges one data set. The workspace may be nil; with a reused one nothing is allocated.
func (s Screen) Evaluate(d *Data, w *Workspace) Verdict {
	nan := math.NaN()
	v := Verdict{Cluster: Cluster{Zone: -1, PValue: nan, GumbelPValue: nan, Bound: nan, Recurrence: nan}, AtLeast: nan}
	if !(s.Alpha >= 0 && s.Alpha <= 1) {
		v.Reason = aberration.InvalidSettings
		return v
	}
	if w == nil {
		w = new(Workspace)
	}
	m := &w.model
	if v.Reason = m.prepare(&s.Scan, d); v.Reason != aberration.OK {
		return v
	}
	s.judge(w, &v)
	v.Cluster.Recurrence = 1 / v.Cluster.PValue
	return v
}

func (s *Screen) judge(w *Workspace, v *Verdict) {
	m, c := &w.model, &v.Cluster
	llr, cell := 0.0, -1
	if !m.silent {
		llr, cell = m.search(m.seen, m.sums, 0)
	}
	if cell < 0 {
		c.PValue, v.AtLeast = 1, 1
		return
	}
	*c = m.cluster(cell, llr)
	own := m.cellLaw(cell)
	v.AtLeast = own.tail(c.Cases)
	if s.Alpha > 0 && v.AtLeast > s.Alpha {
		c.PValue, v.Evidence = 1, CellBound
		return
	}
	limit := 1 / float64(s.Scan.Replications+1)
	if v.AtLeast <= limit {
		if bound := m.bound(llr, limit); bound <= limit {
			c.PValue, c.Bound, v.Evidence = bound, bound, UnionBound
			return
		}
	}
	v.Evidence = MonteCarlo
	c.PValue, v.Replications = w.sequential(&s.Scan, reached(llr))
}

// sequential is the Monte Carlo p-value and the number of replications it took.
func (w *Workspace) sequential(s *Scan, floor float64) (p float64, made int) {
	if len(w.benches) == 0 {
		w.benches = append(w.benches, bench{})
	}
	b, m := &w.benches[0], &w.model
	m.lots.ready(m)
	b.ready(m)
	w.packed.ready(m, floor)
	reach := 0
	for r := range s.Replications {
		b.null(m, s.Seed, r)
		if w.reaches(b, floor) {
			if reach++; reach == s.Stop {
				return float64(reach) / float64(r+1), r + 1
			}
		}
	}
	return float64(1+reach) / float64(s.Replications+1), s.Replications
}

// reaches reports whether the cases that were drawn reach the floor.
func (w *Workspace) reaches(b *bench, floor float64) bool {
	if floor <= 0 {
		return true // the ratio of no cluster is 0
	}
	if w.packed.load(&w.model, b.cases) {
		return w.packed.reaches(&w.model, floor)
	}
	_, cell := w.model.search(b.cases, b.sums, floor)
	return cell >= 0
}

// Run judges n data sets on Scan.Workers goroutines and appends their verdicts to dst in order. load puts data set i into d; it is
// called from several goroutines at once, each with a Data of its own that keeps its slices from one call to the next. Every data
// set has random streams of its own, made from Scan.Seed and its number: the verdict on number i is that of Evaluate with the seed
// Scan.SeedOf(i), whatever the number of workers.
func (s Screen) Run(dst []Verdict, n int, load func(i int, d *Data)) []Verdict {
	from := len(dst)
	dst = append(dst, make([]Verdict, max(0, n))...)
	out := dst[from:]
	var next atomic.Int64
	var done sync.WaitGroup
	for range min(s.Scan.workers(), len(out)) {
		done.Go(func() {
			var d Data
			var w Workspace
			one := s
			for {
				i := int(next.Add(1)) - 1
				if i >= len(out) {
					return
				}
				load(i, &d)
				one.Scan.Seed = s.Scan.SeedOf(i)
				out[i] = one.Evaluate(&d, &w)
			}
		})
	}
	done.Wait()
	return dst
}

// SeedOf is the seed that Screen.Run gives the data set number i.
func (s Scan) SeedOf(i int) uint64 { return scramble(s.Seed ^ scramble(uint64(i))) }
