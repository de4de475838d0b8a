package scan

import (
	"math"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// village is small enough to list all ways of pairing places and periods: 3 hamlets along a road, 3 weeks, 7 cases.
func village(t testing.TB) (Scan, *Data) {
	zones, err := Nearest([]Place{{0, 0}, {0, 1}, {0, 3}}, 1)
	if err != nil {
		t.Fatal(err)
	}
	return Scan{Zones: zones, MaxDuration: 2, Seed: 9}, &Data{Counts: [][]float64{{1, 1, 0}, {0, 0, 2}, {2, 0, 1}}}
}

// enumerate calls visit for every order of the labels.
func enumerate(labels []int, from int, visit func([]int)) {
	if from == len(labels) {
		visit(labels)
		return
	}
	for i := from; i < len(labels); i++ {
		labels[from], labels[i] = labels[i], labels[from]
		enumerate(labels, from+1, visit)
		labels[from], labels[i] = labels[i], labels[from]
	}
}

// The p-value of the permutation scan is the share of all 5040 permutations that reach the ratio; Monte Carlo comes to it by both
// ways of drawing, and the exact bounds lie on either side.
func TestPermutationPValueIsExact(t *testing.T) {
	s, d := village(t)
	observed := naive(s, d)
	var places, periods []int
	for p, row := range d.Counts {
		for week, n := range row {
			for range int(n) {
				places, periods = append(places, p), append(periods, week)
			}
		}
	}
	all, reach := 0.0, 0.0
	enumerate(places, 0, func(order []int) {
		counts := [][]float64{make([]float64, 3), make([]float64, 3), make([]float64, 3)}
		for i, p := range order {
			counts[p][periods[i]]++
		}
		all++
		if naive(s, &Data{Counts: counts}).LLR >= reached(observed.LLR) {
			reach++
		}
	})
	exact := reach / all
	s.Replications = 99_999
	r, err := s.Evaluate(d, nil)
	if err != nil || math.Abs(r.Clusters[0].PValue-exact) > 4*math.Sqrt(exact*(1-exact)/1e5) {
		t.Errorf("p = %v of %v permutations, Monte Carlo %v %v", exact, all, r.Clusters[0].PValue, err)
	}
	if !(r.Clusters[0].Bound >= exact) {
		t.Errorf("p = %v is above its bound %v", exact, r.Clusters[0].Bound)
	}
	v := Screen{Scan: s}.Evaluate(d, nil)
	if !(v.AtLeast <= exact*(1+1e-12)) || v.Cluster.PValue != r.Clusters[0].PValue {
		t.Errorf("p = %v, screened %+v", exact, v)
	}
	// The other way of drawing, by numbers instead of single cases.
	var w Workspace
	w.model.prepare(&s, d)
	var b bench
	w.model.lots.ready(&w.model)
	b.ready(&w.model)
	const n = 100_000
	seen := 0.0
	for range n {
		clear(b.cases)
		b.urn(&w.model)
		for i := 1; i < len(b.cases); i += 2 {
			b.cases[i] += b.cases[i-1]
		}
		if l, _ := w.model.search(b.cases, b.sums, 0); l >= reached(observed.LLR) {
			seen++
		}
	}
	if math.Abs(seen/n-exact) > 4*math.Sqrt(exact*(1-exact)/n) {
		t.Errorf("p = %v, from urns %v", exact, seen/n)
	}
}

// Draws keep what the null hypothesis keeps: the cases of periods and of places for permutations (by cases and by urns), the total
// for shares of the population; and mean and variance of the cases of a place are those of its distribution.
func TestDrawsKeepTheMargins(t *testing.T) {
	counts := [][]float64{{9, 4, 0, 1, 3}, {0, 0, 2, 0, 0}, {30, 20, 10, 7, 12}, {0, 0, 0, 0, 0}}
	zones, _ := Sets(4, [][]int{{0}, {1}, {2}, {3}})
	for _, big := range []float64{1, 2000} {
		d := &Data{Counts: make([][]float64, 4), Expected: [][]float64{{1, 2, 3, 4, 5}, {0, 0, 0, 0, 0.25}, {7, 7, 7, 70, 0.5}, {1, 1, 1, 1, 1}}, Population: [][]float64{{10}, {0}, {1, 2, 3, 4, 5}, {30}}}
		for i := range counts {
			for t, y := range counts[i] {
				d.Counts[i] = append(d.Counts[i], y*big)
				d.Expected[i][t] *= big
			}
		}
		for method := range PopulationPoisson + 1 {
			s := Scan{Zones: zones, Method: method, MaxDuration: 3}
			var w Workspace
			m := &w.model
			if r := m.prepare(&s, d); r != 0 {
				t.Fatal(r)
			}
			var b bench
			m.lots.ready(m)
			b.ready(m)
			const n = 4000
			mean, squares := make([]float64, 12), make([]float64, 12)
			for r := range n {
				b.null(m, 7, r)
				for t := range 3 {
					total := 0.0
					for p := range 4 {
						mean[p*3+t] += b.cases[p*3+t] / n
						squares[p*3+t] += b.cases[p*3+t] * b.cases[p*3+t] / n
						total += b.cases[p*3+t]
					}
					if method == SpaceTimePermutation && total != m.periodCases[t] {
						panic("a period has other cases than before")
					}
				}
			}
			for p := range 4 {
				for w := range 3 {
					want, variance := m.expected[p*3+w], squares[p*3+w]-mean[p*3+w]*mean[p*3+w]
					if sd := math.Sqrt(max(0, variance) / n); math.Abs(mean[p*3+w]-want) > 5*sd+1e-9*(1+want) {
						t.Errorf("%v: mean of place %d in %d periods is %v ± %v, want %v", method, p, w+1, mean[p*3+w], sd, want)
					}
					should := want
					switch method {
					case SpaceTimePermutation:
						place, period := m.placeCases[p]/m.total, m.periodCases[w]/m.total
						should = m.total * m.total / (m.total - 1) * place * (1 - place) * period * (1 - period)
					case PopulationPoisson:
						should = want * (1 - want/m.total)
					}
					if math.Abs(variance-should) > 6*math.Sqrt((2*should*should+should)/n) {
						t.Errorf("%v: variance of place %d in %d periods is %v, want %v", method, p, w+1, variance, should)
					}
				}
			}
		}
	}
}

// The number of workers changes nothing, with and without stopping, and a used workspace works as a new one.
func TestWorkersChangeNothing(t *testing.T) {
	n := newNation(t, 40, 3)
	var used Workspace
	for i := range n.series {
		var d Data
		n.load(i, &d)
		for _, stop := range []int{0, 5} {
			s := Scan{Zones: n.zones, MaxDuration: 8, Replications: 200, Stop: stop, Seed: uint64(i), Secondary: 2, Workers: 1}
			one, err := s.Evaluate(&d, nil)
			s.Workers = 5
			five, err5 := s.Evaluate(&d, &used)
			if err != nil || err5 != nil || !slices.EqualFunc(one.Clusters, five.Clusters, equal) || one.Replications != five.Replications || !same(one.Null.Scale, five.Null.Scale) || !same(one.Null.Location, five.Null.Location) {
				t.Fatalf("%+v\n%+v", one, five)
			}
			if len(one.Clusters) > 0 && stop > 0 && one.Replications < 200 && one.Clusters[0].PValue != 5/float64(one.Replications) {
				t.Errorf("%+v after %d replications", one.Clusters[0], one.Replications)
			}
		}
	}
	s := n.screen(SpaceTimePermutation)
	s.Scan.Workers = 1
	one := s.Run(nil, 40, n.load)
	s.Scan.Workers = 4
	four := s.Run(make([]Verdict, 3, 10), 40, n.load)[3:]
	for i := range one {
		if !equal(one[i].Cluster, four[i].Cluster) || one[i].Evidence != four[i].Evidence || one[i].Replications != four[i].Replications {
			t.Fatalf("%d: %+v\n%+v", i, one[i], four[i])
		}
	}
}

func same(a, b float64) bool { return a == b || a != a && b != b }

func equal(a, b Cluster) bool {
	x, y := reflect.ValueOf(a), reflect.ValueOf(b)
	for i := range x.NumField() {
		if f := x.Field(i); f.CanFloat() && !same(f.Float(), y.Field(i).Float()) || f.CanInt() && f.Int() != y.Field(i).Int() {
			return false
		}
	}
	return true
}

// A screen that takes nothing for granted finds the p-value of the full scan; its shortcuts stay on their side of it.
func TestScreenAgreesWithScan(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, d := drawScan(t)
		s.Replications, s.Stop = 99, rapid.IntRange(0, 5).Draw(t, "stop")
		full, err := s.Evaluate(d, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, alpha := range []float64{0, 0.2} {
			v := Screen{Scan: s, Alpha: alpha}.Evaluate(d, nil)
			if len(full.Clusters) == 0 {
				if v.Evidence != NoCluster || v.Cluster.PValue != 1 || v.Cluster.Zone != -1 {
					t.Fatalf("%+v, nothing in the full scan", v)
				}
				continue
			}
			c := full.Clusters[0]
			if v.Cluster.Zone != c.Zone || v.Cluster.Duration != c.Duration || v.Cluster.LLR != c.LLR || v.AtLeast > c.Bound*(1+1e-6) {
				t.Fatalf("%+v, full %+v", v, c)
			}
			switch v.Evidence {
			case MonteCarlo:
				if v.Cluster.PValue != c.PValue || v.Replications != full.Replications {
					t.Fatalf("%+v, full %+v", v, c)
				}
			case UnionBound:
				if v.Cluster.PValue != c.Bound || c.Bound > 0.01 {
					t.Fatalf("%+v, full %+v", v, c)
				}
			case CellBound:
				if alpha == 0 || v.AtLeast <= alpha || v.Cluster.PValue != 1 {
					t.Fatalf("%+v, full %+v", v, c)
				}
			default:
				t.Fatalf("%+v, full %+v", v, c)
			}
		}
	})
}

// Among 3,000 data sets without clusters the p-values reach each level as often as they may: no more than 4 standard deviations
// above it. And they are not idle: 0.05 is reached half as often as may be, though most data sets are sparse.
func TestPValuesAreValid(t *testing.T) {
	n := newNation(t, 3000, 77)
	for method := range PopulationPoisson + 1 {
		s := n.screen(method)
		s.Alpha, s.Scan.Replications, s.Scan.Stop = 0.06, 199, 12
		v := s.Run(nil, len(n.series), n.load)
		for _, level := range []float64{0.001, 0.005, 0.01, 0.02, 0.05} {
			k := 0.0
			for _, x := range v {
				if x.Reason != 0 {
					t.Fatal(x.Reason)
				}
				if x.Cluster.PValue <= level {
					k++
				}
			}
			may := level * float64(len(v))
			if k > may+4*math.Sqrt(may) || level == 0.05 && k < may/2 {
				t.Errorf("%v: %v of %v reach %v, %v may", method, k, len(v), level, may)
			}
		}
	}
}

// Five hundred data sets, quiet but for one in which three neighbouring regions together had eight cases in three weeks.
func TestScreenFindsWhatIsThere(t *testing.T) {
	n := newNation(t, 500, 8)
	const substance = 250
	for i, p := range n.zones.Members(nil, 2) {
		y := n.series[substance][p]
		y[len(y)-1] += 2
		y[len(y)-2] += float64(i % 2)
		y[len(y)-3]++
	}
	for method := range PopulationPoisson + 1 {
		v := n.screen(method).Run(nil, len(n.series), n.load)
		least := 0
		for i := range v {
			if v[i].Cluster.PValue < v[least].Cluster.PValue {
				least = i
			}
		}
		if c := v[substance].Cluster; least != substance || c.PValue > 1e-3 {
			t.Errorf("%v: %+v", method, v[substance])
		}
	}
}
