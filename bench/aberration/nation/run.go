package main

import (
	"math"
	"time"

	"github.com/baqylau/baqylau/aberration"
	"github.com/baqylau/baqylau/aberration/scan"
)

// study is how many weeks a scan looks at, the newest eight of them for clusters.
const study = 60

type result struct {
	p                    []float64 // of the series, then of the sums over areas
	verdicts             []scan.Verdict
	alarms, clusters     int
	found, foundMaps     int
	q                    []float64 // adjusted p
	detect, scan, adjust time.Duration
}

func run(c *country, workers int) (*result, error) {
	n := c.series()
	maps := c.substances * kinds
	r := &result{p: make([]float64, n+maps)}
	t := time.Now()
	alarm := make([]bool, len(r.p))
	d := aberration.Default()
	one := func(w *aberration.Worker, i int, out *[1]aberration.Result) {
		w.Series.Frequency = 52
		x := w.Evaluate(out[:0], &w.Series, weeks-1, d)[0]
		r.p[i], alarm[i] = x.PValue, x.Alarm
	}
	aberration.Batch(maps, workers, func(m int, w *aberration.Worker) {
		var out [1]aberration.Result
		for a := range areas {
			w.Series.Counts = c.read(w.Series.Counts, m*areas+a)
			one(w, m*areas+a, &out)
		}
		clear(w.Series.Counts)
		for a := range areas {
			for t, y := range c.row(m*areas + a) {
				w.Series.Counts[t] += float64(y)
			}
		}
		one(w, n+m, &out)
	})
	for _, a := range alarm {
		if a {
			r.alarms++
		}
	}
	r.detect = time.Since(t)

	t = time.Now()
	zones, err := scan.Nearest(c.places, 9)
	if err != nil {
		return nil, err
	}
	s := scan.Screen{Scan: scan.Scan{Zones: zones, MaxDuration: 8, MaxShare: 0.5, Replications: 999, Stop: 10, Seed: 1, Workers: workers}, Alpha: 0.01}
	r.verdicts = s.Run(nil, maps, func(m int, d *scan.Data) {
		if d.Counts == nil {
			d.Counts = make([][]float64, areas)
			for a := range d.Counts {
				d.Counts[a] = make([]float64, study)
			}
		}
		for a := range d.Counts {
			for t, y := range c.row(m*areas + a)[weeks-study:] {
				d.Counts[a][t] = float64(y)
			}
		}
	})
	q := make([]float64, maps)
	for m, v := range r.verdicts {
		if q[m] = v.Cluster.PValue; math.IsNaN(q[m]) {
			q[m] = 1 // nothing to see
		}
		if q[m] <= 0.01 {
			r.clusters++
		}
	}
	r.scan = time.Since(t)

	t = time.Now()
	r.q = aberration.BenjaminiHochberg(r.p, 0)
	r.found, r.foundMaps = within(r.q), within(aberration.BenjaminiHochberg(q, 0))
	r.adjust = time.Since(t)
	return r, nil
}

// within counts the adjusted p-values of at most 5%.
func within(q []float64) (n int) {
	for _, v := range q {
		if v <= 0.05 {
			n++
		}
	}
	return n
}

// truth tells how many outbreaks were found, in their series or in its sum over areas, how many findings are of substances of the last
// two years, and how many are neither.
func (r *result) truth(c *country) (outbreaks, fresh, wrong int) {
	hit := map[int]bool{}
	for i, q := range r.q {
		if !(q <= 0.05) {
			continue
		}
		m := i / areas
		if i >= c.series() {
			m = i - c.series()
		}
		switch s := m / kinds; {
		case c.struck[s] >= 0 && c.struck[s]/areas == m && (i >= c.series() || i == c.struck[s]):
			hit[s] = true
		case c.began[s] > weeks-104:
			fresh++
		default:
			wrong++
		}
	}
	return len(hit), fresh, wrong
}
