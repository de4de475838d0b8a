package aberration

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// Batch calls judge(i, w) for i = 0 … n-1 on the given number of goroutines, all cores when workers is 0 or less. Each goroutine has
// a Worker of its own, whose memories judge may use; judge must write its results where no other i does. Series are drawn in blocks,
// so that cheap ones do not spend their time on taking turns.
func Batch(n, workers int, judge func(i int, w *Worker)) {
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	workers = max(1, min(workers, n))
	block := max(1, min(64, n/(workers*8)))
	var next atomic.Int64
	var done sync.WaitGroup
	for range workers {
		done.Go(func() {
			var w Worker
			for {
				end := int(next.Add(int64(block)))
				from := end - block
				if from >= n {
					return
				}
				for i := from; i < min(end, n); i++ {
					judge(i, &w)
				}
			}
		})
	}
	done.Wait()
}

// Worker is the working space of one goroutine of a Batch.
type Worker struct {
	memories []Memory
	// Series is a place to load a series into, kept from one call to the next.
	Series Series
}

// Evaluate judges one period of a series by the detectors in turn and appends their results to out.
func (w *Worker) Evaluate(out []Result, s *Series, at int, detectors ...Detector) []Result {
	for len(w.memories) < len(detectors) {
		w.memories = append(w.memories, Memory{})
	}
	for i, d := range detectors {
		w.memories[i].Reset()
		out = append(out, d.Evaluate(s, at, &w.memories[i]))
	}
	return out
}
