package main

import (
	"github.com/baqylau/baqylau/aberration"
	"github.com/baqylau/baqylau/aberration/simulate"
)

// alarms are those of the evaluated weeks. With history above 0 the detector sees no more than so many weeks before each.
func alarms(d aberration.Detector, counts []float64, first, history int, m *aberration.Memory) []bool {
	out := make([]bool, 0, len(counts)-first)
	m.Reset()
	for at := first; at < len(counts); at++ {
		s := aberration.Series{Counts: counts, Frequency: 52}
		i := at
		if history > 0 {
			s.Counts, i = counts[at-history:at+1], history
			m.Reset()
		}
		out = append(out, d.Evaluate(&s, i, m).Alarm)
	}
	return out
}

// judge scores a detector on each sample.
func judge(d aberration.Detector, all []simulate.Sample, history, workers int) []simulate.Score {
	out := make([]simulate.Score, len(all))
	aberration.Batch(len(all), workers, func(i int, _ *aberration.Worker) {
		var m aberration.Memory
		s := &all[i]
		out[i].Add(s, alarms(d, s.Counts, s.First, history, &m), alarms(d, s.Quiet, s.First, history, &m))
	})
	return out
}

func sum(scores []simulate.Score) (c simulate.Score) {
	for _, s := range scores {
		c.Merge(s)
	}
	return c
}
