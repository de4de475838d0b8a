package scan

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// nation is an invented country of 21 regions and the cases of many substances, most of them rare: the cases a week in the whole
// country are spread evenly on a log scale from 0.02 to 50, the regions differ in size by a factor of ten.
type nation struct {
	zones            *Zones
	series, expected [][][]float64 // substance, region, week
	population       [][]float64   // region
}

const (
	regions = 21
	history = 60
)

func newNation(t testing.TB, substances int, seed uint64) nation {
	t.Helper()
	rng := rand.New(rand.NewPCG(seed, 21))
	places, size, all := make([]Place, regions), make([]float64, regions), 0.0
	for i := range places {
		places[i] = Place{41 + 14*rng.Float64(), 47 + 40*rng.Float64()}
		size[i] = math.Exp(2.3 * rng.Float64())
		all += size[i]
	}
	zones, err := Nearest(places, 9)
	if err != nil {
		t.Fatal(err)
	}
	n := nation{zones: zones, series: make([][][]float64, substances), expected: make([][][]float64, substances)}
	for _, s := range size {
		n.population = append(n.population, []float64{s})
	}
	for i := range n.series {
		weekly := 0.02 * math.Exp(math.Log(2500)*float64(i)/float64(substances))
		for _, s := range size {
			l := poisson(weekly * s / all).ready()
			y, e := make([]float64, history), make([]float64, 8)
			for t := range e {
				e[t] = l.odds
			}
			pcg := rand.NewPCG(rng.Uint64(), 1)
			for t := range y {
				y[t] = l.draw(pcg)
			}
			n.series[i], n.expected[i] = append(n.series[i], y), append(n.expected[i], e)
		}
	}
	return n
}

func (n nation) load(i int, d *Data) {
	d.Counts, d.Expected, d.Population = n.series[i], n.expected[i], n.population
}

func (n nation) screen(method Method) Screen {
	return Screen{Scan: Scan{Zones: n.zones, Method: method, MaxDuration: 8, MaxShare: 0.5, Replications: 999, Stop: 10, Seed: 1}, Alpha: 0.01}
}

// The national run: 2,000 substances of 3 kinds in 21 regions. The figures beside the time are how many were decided by what.
func BenchmarkScreenNation(b *testing.B) {
	n := newNation(b, 6000, 5)
	for _, replications := range []int{999, 9999} {
		for method := range PopulationPoisson + 1 {
			b.Run(fmt.Sprintf("%v/%d", method, replications), func(b *testing.B) {
				s := n.screen(method)
				s.Scan.Replications = replications
				var v []Verdict
				for b.Loop() {
					v = s.Run(v[:0], len(n.series), n.load)
				}
				how, draws := [4]float64{}, 0.0
				for _, x := range v {
					how[x.Evidence]++
					draws += float64(x.Replications)
				}
				for e, k := range how {
					b.ReportMetric(k, Evidence(e).String())
				}
				b.ReportMetric(draws, "draws")
			})
		}
	}
}

func BenchmarkEvaluate(b *testing.B) {
	n := newNation(b, 6000, 5)
	for _, c := range []struct {
		name string
		i    int
	}{{"rare", 1000}, {"common", 4000}, {"dense", 5999}} {
		b.Run(c.name, func(b *testing.B) {
			s := n.screen(SpaceTimePermutation).Scan
			s.Workers, s.Stop = 1, 0
			var d Data
			var w Workspace
			n.load(c.i, &d)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := s.Evaluate(&d, &w); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
