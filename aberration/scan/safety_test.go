package scan

import (
	"errors"
	"math"
	"testing"

	"github.com/baqylau/baqylau/aberration"
	"pgregory.net/rapid"
)

func TestReasons(t *testing.T) {
	zones, _ := Nearest([]Place{{0, 0}, {0, 1}}, 1)
	good := func() Data {
		return Data{Counts: [][]float64{{1, 2, 3}, {0, 0, 4}}, Expected: [][]float64{{1, 1}, {1, 1}}, Population: [][]float64{{5}, {6, 7, 8}}}
	}
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range []struct {
		name   string
		method Method
		change func(*Scan, *Data)
		want   error
	}{
		{"good", 0, func(*Scan, *Data) {}, nil},
		{"good", 1, func(*Scan, *Data) {}, nil},
		{"good", 2, func(*Scan, *Data) {}, nil},
		{"no zones", 0, func(s *Scan, _ *Data) { s.Zones = nil }, aberration.InvalidSettings},
		{"empty zones", 0, func(s *Scan, _ *Data) { s.Zones = new(Zones) }, aberration.InvalidSettings},
		{"no such method", 3, func(*Scan, *Data) {}, aberration.InvalidSettings},
		{"no duration", 0, func(s *Scan, _ *Data) { s.MaxDuration = 0 }, aberration.InvalidSettings},
		{"endless duration", 0, func(s *Scan, _ *Data) { s.MaxDuration = math.MaxInt }, aberration.InvalidSettings},
		{"share", 0, func(s *Scan, _ *Data) { s.MaxShare = nan }, aberration.InvalidSettings},
		{"share", 0, func(s *Scan, _ *Data) { s.MaxShare = 1.1 }, aberration.InvalidSettings},
		{"cases", 0, func(s *Scan, _ *Data) { s.MinCases = -1 }, aberration.InvalidSettings},
		{"replications", 0, func(s *Scan, _ *Data) { s.Replications = -1 }, aberration.InvalidSettings},
		{"stop", 0, func(s *Scan, _ *Data) { s.Stop = -1 }, aberration.InvalidSettings},
		{"secondary", 0, func(s *Scan, _ *Data) { s.Secondary = -1 }, aberration.InvalidSettings},
		{"one place", 0, func(_ *Scan, d *Data) { d.Counts = d.Counts[:1] }, aberration.InvalidSeries},
		{"uneven", 0, func(_ *Scan, d *Data) { d.Counts[1] = d.Counts[1][:2] }, aberration.InvalidSeries},
		{"no expectation", 1, func(_ *Scan, d *Data) { d.Expected = nil }, aberration.InvalidSeries},
		{"short expectation", 1, func(_ *Scan, d *Data) { d.Expected[0] = []float64{1} }, aberration.InvalidSeries},
		{"huge expectation", 1, func(_ *Scan, d *Data) { d.Expected[0][0] = 1e12 }, aberration.InvalidSeries},
		{"no population", 2, func(_ *Scan, d *Data) { d.Population = nil }, aberration.InvalidSeries},
		{"short population", 2, func(_ *Scan, d *Data) { d.Population[0] = []float64{1, 2} }, aberration.InvalidSeries},
		{"nobody", 2, func(_ *Scan, d *Data) { d.Population = [][]float64{{0}, {0}} }, aberration.InvalidSeries},
		{"too short", 0, func(s *Scan, _ *Data) { s.MaxDuration = 4 }, aberration.TooShort},
		{"missing", 0, func(_ *Scan, d *Data) { d.Counts[0][0] = nan }, aberration.MissingValue},
		{"missing before the window", 1, func(_ *Scan, d *Data) { d.Counts[0][0] = nan }, nil},
		{"infinite", 0, func(_ *Scan, d *Data) { d.Counts[0][2] = inf }, aberration.MissingValue},
		{"missing expectation", 1, func(_ *Scan, d *Data) { d.Expected[0][1] = nan }, aberration.MissingValue},
		{"missing population", 2, func(_ *Scan, d *Data) { d.Population[1][1] = nan }, aberration.MissingValue},
		{"negative", 0, func(_ *Scan, d *Data) { d.Counts[0][2] = -1 }, aberration.NegativeValue},
		{"negative expectation", 1, func(_ *Scan, d *Data) { d.Expected[0][1] = -1 }, aberration.NegativeValue},
		{"negative population", 2, func(_ *Scan, d *Data) { d.Population[1][1] = -1 }, aberration.NegativeValue},
		{"fraction", 0, func(_ *Scan, d *Data) { d.Counts[0][2] = 0.5 }, aberration.NotACount},
		{"too many", 0, func(_ *Scan, d *Data) { d.Counts[0][2], d.Counts[1][2] = 8e8, 8e8 }, aberration.NotACount},
	} {
		s, d := Scan{Zones: zones, Method: c.method, MaxDuration: 2, Replications: 9, Workers: 1}, good()
		c.change(&s, &d)
		if _, err := s.Evaluate(&d, nil); !errors.Is(err, c.want) {
			t.Errorf("%v, %s: %v", c.method, c.name, err)
		}
		if v := (Screen{Scan: s}).Evaluate(&d, nil); v.Reason != aberration.OK && !errors.Is(v.Reason, c.want) || v.Reason == aberration.OK && c.want != nil {
			t.Errorf("%v, %s: screen %v", c.method, c.name, v.Reason)
		}
	}
	if _, err := (Scan{Zones: zones, MaxDuration: 1}).Evaluate(nil, nil); !errors.Is(err, aberration.InvalidSeries) {
		t.Errorf("no data: %v", err)
	}
	d := good()
	if v := (Screen{Scan: Scan{Zones: zones, MaxDuration: 1}, Alpha: nan}).Evaluate(&d, nil); v.Reason != aberration.InvalidSettings || v.Cluster.Zone != -1 {
		t.Errorf("%+v", v)
	}
	if v := (Screen{}).Run(nil, -3, nil); len(v) != 0 {
		t.Errorf("%+v", v)
	}
}

// Cases where none were possible: an infinite ratio, and a probability of 0 by the bound.
func TestImpossibleCases(t *testing.T) {
	zones, _ := Nearest([]Place{{0, 0}, {0, 1}}, 1)
	s := Scan{Zones: zones, Method: ExpectationPoisson, MaxDuration: 1, Replications: 99, Secondary: 1, Workers: 1}
	d := &Data{Counts: [][]float64{{2}, {3}}, Expected: [][]float64{{0}, {1}}}
	r, err := s.Evaluate(d, nil)
	if err != nil || !math.IsInf(r.Clusters[0].LLR, 1) || r.Clusters[0].PValue != 0.01 || r.Clusters[0].Bound != 0 || len(r.Clusters) != 2 || r.Clusters[1].Cases != 3 {
		t.Errorf("%+v %v", r, err)
	}
	if v := (Screen{Scan: s}).Evaluate(d, nil); v.Evidence != UnionBound || v.Cluster.PValue != 0 {
		t.Errorf("%+v", v)
	}
	s.Method, d.Population = PopulationPoisson, [][]float64{{0}, {1}}
	if r, err = s.Evaluate(d, nil); err != nil || !math.IsInf(r.Clusters[0].LLR, 1) || r.Clusters[0].Bound != 0 {
		t.Errorf("%+v %v", r, err)
	}
}

// Silence, one place, one period, or the same everywhere: no cluster, no error.
func TestNothingToFind(t *testing.T) {
	one, _ := Nearest([]Place{{0, 0}}, 0)
	two, _ := Nearest([]Place{{0, 0}, {0, 1}}, 1)
	for _, c := range []struct {
		s Scan
		d Data
	}{
		{Scan{Zones: one, MaxDuration: 3}, Data{Counts: [][]float64{{1, 2, 30}}}},
		{Scan{Zones: two, MaxDuration: 1}, Data{Counts: [][]float64{{5}, {6}}}},
		{Scan{Zones: two, MaxDuration: 2}, Data{Counts: [][]float64{{0, 0}, {0, 0}}}},
		{Scan{Zones: two, MaxDuration: 2}, Data{Counts: [][]float64{{9, 0, 0}, {7, 0, 0}}}},
		{Scan{Zones: two, MaxDuration: 2}, Data{Counts: [][]float64{{3, 3, 3}, {3, 3, 3}}}},
		{Scan{Zones: two, Method: PopulationPoisson, MaxDuration: 2}, Data{Counts: [][]float64{{0, 0}, {0, 0}}, Population: [][]float64{{1}, {1}}}},
		{Scan{Zones: two, Method: ExpectationPoisson, MaxDuration: 2}, Data{Counts: [][]float64{{0, 0}, {1, 1}}, Expected: [][]float64{{0, 0}, {1, 1}}}},
	} {
		c.s.Replications = 19
		r, err := c.s.Evaluate(&c.d, nil)
		if err != nil || len(r.Clusters) != 0 || r.Replications != 0 || !math.IsNaN(r.Null.Scale) {
			t.Errorf("%+v: %+v %v", c.d, r, err)
		}
		if v := (Screen{Scan: c.s}).Evaluate(&c.d, nil); v.Evidence != NoCluster || v.Cluster.PValue != 1 {
			t.Errorf("%+v: %+v", c.d, v)
		}
	}
}

// Whatever it is fed, a scan returns, and what it returns holds together.
func TestNeverPanics(t *testing.T) {
	odd := rapid.OneOf(rapid.Float64(), rapid.SampledFrom([]float64{0, 1, 7, 1e8, 1e300, 5e-324, math.NaN(), math.Inf(1)}), rapid.Map(rapid.IntRange(0, 9), func(i int) float64 { return float64(i) }))
	table := rapid.SliceOfN(rapid.SliceOfN(odd, 0, 4), 0, 4)
	zones, _ := Nearest([]Place{{0, 0}, {0, 1}, {5, 5}}, 2)
	rapid.Check(t, func(t *rapid.T) {
		s := Scan{Zones: zones, Method: Method(rapid.IntRange(0, 3).Draw(t, "method")), MaxDuration: rapid.IntRange(-1, 4).Draw(t, "duration"), MaxShare: rapid.SampledFrom([]float64{0, 0.5, -1}).Draw(t, "share"),
			Replications: 5, Stop: rapid.IntRange(0, 2).Draw(t, "stop"), Secondary: 1, Workers: 1}
		consistent(t, s, &Data{Counts: table.Draw(t, "counts"), Expected: table.Draw(t, "expected"), Population: table.Draw(t, "population")})
	})
}

func consistent(t interface{ Fatalf(string, ...any) }, s Scan, d *Data) {
	r, err := s.Evaluate(d, nil)
	for _, c := range r.Clusters {
		if err != nil || !(c.LLR > 0) || !(c.Cases > c.Expected) || c.Duration < 1 || c.Duration > s.MaxDuration || !(c.PValue > 0 && c.PValue <= 1) || !(c.Bound >= 0 && c.Bound <= 1) || !(c.Recurrence >= 1) {
			t.Fatalf("%+v on %+v: %+v %v", s, d, c, err)
		}
	}
	v := Screen{Scan: s, Alpha: 0.5}.Evaluate(d, nil)
	if (v.Reason == aberration.OK) != (err == nil) || v.Reason == aberration.OK && !(v.Cluster.PValue >= 0 && v.Cluster.PValue <= 1) {
		t.Fatalf("%+v on %+v: %+v, scan %v", s, d, v, err)
	}
}

// A place's number means nothing: the same map in another order has the same cluster. And with k times the cases and expectations, or k
// times the population, the ratio is k times as large, or the same.
func TestOrderAndScale(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, d := drawScan(t)
		n := s.Zones.Places()
		order := rapid.Permutation(identity(n)).Draw(t, "order")
		turned := &Data{Counts: make([][]float64, n), Expected: make([][]float64, n), Population: make([][]float64, n)}
		scaled := &Data{Counts: make([][]float64, n), Expected: make([][]float64, n), Population: make([][]float64, n)}
		times := func(row []float64, k float64) (out []float64) {
			for _, y := range row {
				out = append(out, y*k)
			}
			return out
		}
		for i, j := range order {
			turned.Counts[j], turned.Expected[j], turned.Population[j] = d.Counts[i], d.Expected[i], d.Population[i]
			scaled.Counts[i], scaled.Expected[i], scaled.Population[i] = times(d.Counts[i], 4), times(d.Expected[i], 4), times(d.Population[i], 1e5)
		}
		var sets [][]int
		for z := range s.Zones.Len() {
			var set []int
			for _, p := range s.Zones.Members(nil, z) {
				set = append(set, order[p])
			}
			sets = append(sets, set)
		}
		s.MinCases = 0
		other := s
		other.Zones, _ = Sets(n, sets)
		a, errA := s.Evaluate(d, nil)
		b, errB := other.Evaluate(turned, nil)
		c, errC := s.Evaluate(scaled, nil)
		if errA != nil || errB != nil || errC != nil {
			t.Fatal(errA, errB, errC)
		}
		la, lb, lc := top(a), top(b), top(c)
		if math.Abs(la-lb) > 1e-9*(1+la) || math.Abs(4*la-lc) > 1e-8*(1+lc) {
			t.Fatalf("%v, in another order %v, four times as much %v", la, lb, lc)
		}
	})
}

func top(r Result) float64 {
	if len(r.Clusters) == 0 {
		return 0
	}
	return r.Clusters[0].LLR
}

func identity(n int) (p []int) {
	for i := range n {
		p = append(p, i)
	}
	return p
}

func TestNothingIsAllocated(t *testing.T) {
	n := newNation(t, 30, 4)
	for method := range PopulationPoisson + 1 {
		var w Workspace
		var d Data
		s := n.screen(method)
		s.Scan.Workers, s.Scan.Secondary, s.Scan.Replications = 1, 3, 49
		all := func() {
			for i := range n.series {
				n.load(i, &d)
				s.Evaluate(&d, &w)
				s.Scan.Evaluate(&d, &w)
			}
		}
		all()
		if a := testing.AllocsPerRun(3, all); a != 0 {
			t.Errorf("%v: %v allocations", method, a)
		}
	}
}

func TestBaseline(t *testing.T) {
	got, r := Baseline([]float64{9}, []float64{100, 1, 2, 3, 4, 50, 60}, 2, 4)
	if r != nil || len(got) != 3 || got[0] != 9 || got[1] != 10.5/4 || got[2] != 10.5/4 {
		t.Errorf("%v %v", got, r)
	}
	for _, c := range []struct {
		y    []float64
		w, b int
		want error
	}{{nil, 1, 1, aberration.TooShort}, {[]float64{1, 1}, 0, 1, aberration.InvalidSettings}, {[]float64{1, 1}, 1, 0, aberration.InvalidSettings}, {[]float64{1, 1}, 1, 2, aberration.TooShort}, {[]float64{1, 1}, 1, math.MaxInt, aberration.TooShort},
		{[]float64{math.NaN(), 1}, 1, 1, aberration.MissingValue}, {[]float64{-1, 1}, 1, 1, aberration.NegativeValue}, {[]float64{1, math.NaN()}, 1, 1, nil}} {
		if _, r := Baseline(nil, c.y, c.w, c.b); !errors.Is(r, c.want) {
			t.Errorf("%+v: %v", c, r)
		}
	}
}

func TestNames(t *testing.T) {
	if SpaceTimePermutation.String() != "space_time_permutation" || ExpectationPoisson.String() != "expectation_poisson" || PopulationPoisson.String() != "population_poisson" || Method(9).String() != "unknown" ||
		NoCluster.String() != "no_cluster" || CellBound.String() != "cell_bound" || UnionBound.String() != "union_bound" || MonteCarlo.String() != "monte_carlo" || Evidence(9).String() != "unknown" {
		t.Error("names")
	}
}

// However many further clusters are asked for, those that there are come.
func TestAllSecondaryClusters(t *testing.T) {
	zones, _ := Sets(3, [][]int{{0}, {1}, {2}})
	d := Data{Counts: [][]float64{{0, 0, 9}, {0, 0, 8}, {50, 50, 0}}}
	for _, n := range []int{2, 1000, math.MaxInt} {
		if r, err := (Scan{Zones: zones, MaxDuration: 1, Secondary: n}).Evaluate(&d, nil); err != nil || len(r.Clusters) != 2 {
			t.Errorf("%d: %v %+v", n, err, r)
		}
	}
}
