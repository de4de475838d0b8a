package scan

import (
	"math"
	"runtime"
	"sync"
	"sync/atomic"
)

// Workspace is what a scan works in; reusing one saves allocations. The zero value is ready. It belongs to one goroutine at a time.
type Workspace struct {
	model    model
	benches  []bench
	packed   packed
	clusters []Cluster
	maxima   []float64
}

// stint is the number of replications that a worker takes at a time.
const stint = 16

// workers is Workers with its default, within reason.
func (s *Scan) workers() int {
	if s.Workers <= 0 {
		return runtime.GOMAXPROCS(0)
	}
	return min(s.Workers, 1024)
}

// replicate fills maxima with the largest ratios of the replications, up to the one with which s.Stop of them have reached the floor.
func (w *Workspace) replicate(s *Scan, floor float64) {
	workers := max(1, min(s.workers(), (s.Replications+stint-1)/stint))
	for len(w.benches) < workers {
		w.benches = append(w.benches, bench{})
	}
	w.model.lots.ready(&w.model)
	for i := range w.benches[:workers] {
		w.benches[i].ready(&w.model)
	}
	w.maxima = grown(w.maxima, s.Replications)
	round := s.Replications
	if s.Stop > 0 {
		round = workers * stint
	}
	count := 0
	for from := 0; from < s.Replications; from += round {
		end := min(s.Replications, from+round)
		w.round(s, workers, from, end)
		for r := from; s.Stop > 0 && r < end; r++ {
			if w.maxima[r] >= floor {
				if count++; count == s.Stop {
					w.maxima = w.maxima[:r+1]
					return
				}
			}
		}
	}
}

// round computes the maxima from … end-1.
func (w *Workspace) round(s *Scan, workers, from, end int) {
	if workers == 1 {
		w.benches[0].maxima(&w.model, s.Seed, w.maxima, from, end)
		return
	}
	w.share(s.Seed, workers, from, end)
}

func (w *Workspace) share(seed uint64, workers, from, end int) {
	var next atomic.Int64
	var done sync.WaitGroup
	for i := range workers {
		done.Go(func() {
			for {
				r := from + int(next.Add(stint)) - stint
				if r >= end {
					return
				}
				w.benches[i].maxima(&w.model, seed, w.maxima, r, min(end, r+stint))
			}
		})
	}
	done.Wait()
}

func (b *bench) maxima(m *model, seed uint64, dst []float64, from, end int) {
	for r := from; r < end; r++ {
		b.null(m, seed, r)
		dst[r], _ = m.search(b.cases, b.sums, 0)
	}
}

// reached is the least ratio that counts as reaching the given one, in spite of rounding.
func reached(llr float64) float64 {
	if llr > math.MaxFloat64 {
		return math.MaxFloat64
	}
	return llr - 1e-9*(1+llr)
}

// pValue is the Monte Carlo p-value, by Besag and Clifford's rule when stop is above 0.
func pValue(maxima []float64, floor float64, stop int) float64 {
	reach := 0
	for r, l := range maxima {
		if l >= floor {
			if reach++; reach == stop {
				return float64(stop) / float64(r+1)
			}
		}
	}
	return float64(1+reach) / float64(len(maxima)+1)
}
