package scan

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// naive is the search as one would write it down: every zone, every duration, every sum anew.
func naive(s Scan, d *Data) (best Cluster) {
	best.Zone = -1
	periods, z := len(d.Counts[0]), s.Zones
	sum := func(table [][]float64, members []int, newest int) (total float64) {
		for _, p := range members {
			for t := range newest {
				total += table[p][max(0, len(table[p])-1-t)]
			}
		}
		return total
	}
	everywhere := make([]int, z.Places())
	for p := range everywhere {
		everywhere[p] = p
	}
	n := sum(d.Counts, everywhere, periods)
	for i := range z.Len() {
		members := z.Members(nil, i)
		var share float64
		switch s.Method {
		case SpaceTimePermutation:
			share = sum(d.Counts, members, periods) / n
		case ExpectationPoisson:
			share = sum(d.Expected, members, s.MaxDuration) / sum(d.Expected, everywhere, s.MaxDuration)
		case PopulationPoisson:
			share = sum(d.Population, members, periods) / sum(d.Population, everywhere, periods)
		}
		if s.MaxShare > 0 && share > s.MaxShare*(1+1e-12) {
			continue
		}
		for duration := 1; duration <= s.MaxDuration; duration++ {
			c, e, llr := sum(d.Counts, members, duration), 0.0, 0.0
			switch s.Method {
			case SpaceTimePermutation:
				e = sum(d.Counts, members, periods) * sum(d.Counts, everywhere, duration) / n
			case ExpectationPoisson:
				e = sum(d.Expected, members, duration)
			case PopulationPoisson:
				e = n * sum(d.Population, members, duration) / sum(d.Population, everywhere, periods)
			}
			if c > e && c >= float64(s.MinCases) {
				if llr = c*math.Log(c/e) + e - c; s.Method != ExpectationPoisson {
					llr = c * math.Log(c/e)
					if n > c {
						llr += (n - c) * math.Log((n-c)/(n-e))
					}
				}
			}
			if llr > best.LLR {
				best = Cluster{Zone: i, Duration: duration, Cases: c, Expected: e, LLR: llr}
			}
		}
	}
	return best
}

// drawScan makes any scan on any small map with any data.
func drawScan(t *rapid.T) (Scan, *Data) {
	places := rapid.IntRange(1, 8).Draw(t, "places")
	periods := rapid.IntRange(1, 10).Draw(t, "periods")
	points := make([]Place, places)
	for i := range points {
		points[i] = Place{rapid.Float64Range(41, 55).Draw(t, "latitude"), rapid.Float64Range(47, 87).Draw(t, "longitude")}
	}
	zones, err := Nearest(points, rapid.IntRange(0, 7).Draw(t, "k"))
	if rapid.Bool().Draw(t, "sets") {
		zones, err = Sets(places, rapid.SliceOfN(rapid.SliceOfN(rapid.IntRange(0, places-1), 1, 4), 1, 9).Draw(t, "sets"))
	}
	if err != nil {
		t.Fatal(err)
	}
	most := rapid.SampledFrom([]int{1, 3, 50, 100000}).Draw(t, "most cases")
	table := func(least, most int) (rows [][]float64) {
		for range places {
			row := make([]float64, periods)
			for i := range row {
				row[i] = float64(rapid.IntRange(least, most).Draw(t, "y"))
			}
			rows = append(rows, row)
		}
		return rows
	}
	s := Scan{Zones: zones, Method: Method(rapid.IntRange(0, 2).Draw(t, "method")), MaxDuration: rapid.IntRange(1, periods).Draw(t, "duration"),
		MaxShare: rapid.SampledFrom([]float64{0, 0.3, 0.5, 1}).Draw(t, "share"), MinCases: rapid.IntRange(0, 3).Draw(t, "least"), Seed: rapid.Uint64().Draw(t, "seed"), Workers: 1}
	return s, &Data{Counts: table(0, most), Expected: table(1, most), Population: table(1, 1000)}
}

// The maximum is the maximum.
func TestSearchIsBruteForce(t *testing.T) {
	var w Workspace
	rapid.Check(t, func(t *rapid.T) {
		s, d := drawScan(t)
		r, err := s.Evaluate(d, &w)
		if err != nil {
			t.Fatal(err)
		}
		want := naive(s, d)
		if want.LLR < 1e-7 {
			if len(r.Clusters) > 0 && r.Clusters[0].LLR > 1e-7 {
				t.Fatalf("%+v where there is none", r.Clusters[0])
			}
			return
		}
		got := r.Clusters[0]
		if math.Abs(got.LLR-want.LLR) > 1e-9*(1+want.LLR) {
			t.Fatalf("%+v, want %+v", got, want)
		}
		// Another cell may have the same ratio; the one given must have what it says.
		s.Zones, _ = Sets(s.Zones.Places(), [][]int{s.Zones.Members(nil, got.Zone)})
		own := naive(s, d)
		if math.Abs(own.LLR-got.LLR) > 1e-9*(1+got.LLR) || own.Duration == got.Duration && (own.Cases != got.Cases || math.Abs(own.Expected-got.Expected) > 1e-9*got.Expected) {
			t.Fatalf("%+v, in its zone %+v", got, own)
		}
	})
}

// No ratio is above the bound that spares the search its logarithms, and least finds the first count that reaches a level.
func TestCurvatureAndLeast(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := model{method: Method(rapid.IntRange(0, 2).Draw(t, "method")), total: float64(rapid.IntRange(1, 100000).Draw(t, "total")), minCases: 1}
		e := m.total * math.Pow(rapid.Float64Range(0.001, 1).Draw(t, "share"), 3)
		c := math.Floor(e) + 1 + math.Floor(math.Pow(rapid.Float64Range(0, 1).Draw(t, "excess"), 3)*(m.total-math.Floor(e)-1))
		if c > m.total || c <= e {
			return
		}
		k, l := m.curvature(e), m.ratio(c, e)
		if l > (c-e)*(c-e)*k+1e-9 {
			t.Fatalf("ratio %v above its bound %v", l, (c-e)*(c-e)*k)
		}
		floor := reached(l)
		if got, ok := m.least(e, k, floor, m.total); !ok || got > c || m.ratio(got, e) < floor || got-1 > e && m.ratio(got-1, e) >= floor {
			t.Fatalf("%v is not the first of e = %v to reach %v, as does %v", got, e, l, c)
		}
		if got, ok := m.least(e, k, l+1, c); ok {
			t.Fatalf("%v reaches more than the largest", got)
		}
	})
}

// Further clusters have the largest ratio of what shares no place with those before.
func TestSecondaryClusters(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, d := drawScan(t)
		s.Secondary = 3
		r, err := s.Evaluate(d, nil)
		if err != nil {
			t.Fatal(err)
		}
		taken := map[int]bool{}
		for i := 0; i <= len(r.Clusters) && i < 4; i++ {
			var free [][]int
			for z := range s.Zones.Len() {
				members, hit := s.Zones.Members(nil, z), false
				for _, p := range members {
					hit = hit || taken[p]
				}
				if !hit {
					free = append(free, members)
				}
			}
			want := Cluster{}
			if len(free) > 0 {
				rest := s
				rest.Zones, _ = Sets(s.Zones.Places(), free)
				want = naive(rest, d)
			}
			if i == len(r.Clusters) {
				if want.LLR > 1e-7 {
					t.Fatalf("%d clusters, and yet %+v", i, want)
				}
				break
			}
			if got := r.Clusters[i]; math.Abs(got.LLR-want.LLR) > 1e-7*(1+want.LLR) {
				t.Fatalf("cluster %d: %+v, want %+v", i, got, want)
			}
			for _, p := range s.Zones.Members(nil, r.Clusters[i].Zone) {
				taken[p] = true
			}
		}
	})
}

// Four durations at a time the answer is the same as one by one.
func TestPackedIsSearch(t *testing.T) {
	var w Workspace
	rapid.Check(t, func(t *rapid.T) {
		s, d := drawScan(t)
		if r := w.model.prepare(&s, d); r != 0 || w.model.silent {
			return
		}
		var b bench
		w.model.lots.ready(&w.model)
		b.ready(&w.model)
		floor := rapid.Float64Range(1e-9, 12).Draw(t, "floor")
		w.packed.ready(&w.model, floor)
		for r := range 20 {
			b.null(&w.model, 5, r)
			_, cell := w.model.search(b.cases, b.sums, floor)
			if got := w.reaches(&b, floor); got != (cell >= 0) {
				t.Fatalf("%v, one by one %d", got, cell)
			}
		}
	})
}
