package scan

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/baqylau/baqylau/aberration"
	"pgregory.net/rapid"
)

func (z *Zones) list() (sets []string) {
	for i := range z.Len() {
		sets = append(sets, fmt.Sprint(z.Members(nil, i)))
	}
	return sets
}

func TestDistance(t *testing.T) {
	// A quarter of a great circle, from the equator to the pole and along the equator.
	quarter := math.Pi / 2 * 6371.0088
	for _, d := range []float64{Distance(Place{0, 10}, Place{90, -50}), Distance(Place{0, -170}, Place{0, 100})} {
		if math.Abs(d-quarter) > 1e-9 {
			t.Errorf("%v km, want %v", d, quarter)
		}
	}
	// Almaty to Astana: about 972 km.
	if d := Distance(Place{43.2389, 76.8897}, Place{51.1694, 71.4491}); math.Abs(d-972) > 2 {
		t.Errorf("%v km", d)
	}
	if d := Distance(Place{12, 34}, Place{12, 34}); d != 0 {
		t.Errorf("%v km from itself", d)
	}
}

func TestNearest(t *testing.T) {
	// Four towns along a road: 0 . 1 .. 2 ..... 3
	road := []Place{{0, 0}, {0, 1}, {0, 3}, {0, 8}}
	z, err := Nearest(road, 2)
	want := []string{"[0]", "[0 1]", "[0 1 2]", "[1]", "[2]", "[1 2]", "[3]", "[2 3]", "[1 2 3]"}
	if err != nil || !slices.Equal(z.list(), want) || z.Places() != 4 {
		t.Errorf("%v %v", z.list(), err)
	}
	all, _ := Nearest(road, 100)
	if n := len(all.Members(nil, 3)); n != 4 {
		t.Errorf("with all neighbours the largest zone has %d towns", n)
	}
	for _, c := range []struct {
		places []Place
		k      int
	}{{nil, 1}, {road, -1}, {[]Place{{math.NaN(), 0}}, 0}, {[]Place{{0, math.Inf(1)}}, 0}, {[]Place{{91, 0}}, 0}, {make([]Place, maxSorted+1), 0}, {make([]Place, 1<<13), 1 << 10}} {
		if z, err := Nearest(c.places, c.k); !errors.Is(err, aberration.InvalidSettings) || z != nil {
			t.Errorf("%d places, k %d: %v", len(c.places), c.k, err)
		}
	}
	if m := z.Members([]int{7}, 99); !slices.Equal(m, []int{7}) {
		t.Errorf("no such zone: %v", m)
	}
}

// Zones are the nearest places of each centre, each set once, whatever lies at the same point.
func TestNearestIsBruteForce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		coordinate := rapid.Map(rapid.IntRange(-3, 3), func(i int) float64 { return float64(i) * 10 })
		places := rapid.SliceOfN(rapid.Map(rapid.SliceOfN(coordinate, 2, 2), func(c []float64) Place { return Place{c[0], c[1]} }), 1, 9).Draw(t, "places")
		k := rapid.IntRange(0, 9).Draw(t, "k")
		z, err := Nearest(places, k)
		if err != nil {
			t.Fatal(err)
		}
		var want []string
		for i := range places {
			order := []int{}
			for j := range places {
				order = append(order, j)
			}
			slices.SortStableFunc(order, func(a, b int) int {
				da, db := Distance(places[i], places[a]), Distance(places[i], places[b])
				switch {
				case a == i || da < db && b != i:
					return -1
				case b == i || db < da:
					return 1
				}
				return 0
			})
			for n := 1; n <= min(k+1, len(places)); n++ {
				set := slices.Sorted(slices.Values(order[:n]))
				if s := fmt.Sprint(set); !slices.Contains(want, s) {
					want = append(want, s)
				}
			}
		}
		if !slices.Equal(z.list(), want) {
			t.Fatalf("%v, want %v", z.list(), want)
		}
	})
}

func TestSets(t *testing.T) {
	z, err := Sets(4, [][]int{{2, 0}, {}, {0, 2, 2}, {3}, {1, 3, 0}})
	if want := []string{"[0 2]", "[3]", "[0 1 3]"}; err != nil || !slices.Equal(z.list(), want) {
		t.Errorf("%v %v", z.list(), err)
	}
	for _, c := range []struct {
		places int
		sets   [][]int
	}{{0, nil}, {2, nil}, {2, [][]int{{}}}, {2, [][]int{{2}}}, {2, [][]int{{-1}}}, {-1, [][]int{{0}}}} {
		if _, err := Sets(c.places, c.sets); !errors.Is(err, aberration.InvalidSettings) {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

// The flexible zones are all connected sets, each once.
func TestConnectedIsBruteForce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 7).Draw(t, "places")
		size := rapid.IntRange(1, 8).Draw(t, "size")
		next := make([][]int, n)
		beside := make([][]bool, n)
		for i := range beside {
			beside[i] = make([]bool, n)
		}
		for i := range next {
			next[i] = rapid.SliceOfN(rapid.IntRange(0, n-1), 0, 3).Draw(t, "neighbours")
			for _, j := range next[i] {
				beside[i][j], beside[j][i] = true, true
			}
		}
		z, err := Connected(next, size)
		if err != nil {
			t.Fatal(err)
		}
		var want []string
		for mask := 1; mask < 1<<n; mask++ {
			var set []int
			for i := range n {
				if mask>>i&1 == 1 {
					set = append(set, i)
				}
			}
			reach := map[int]bool{set[0]: true}
			for range set {
				for _, a := range set {
					for _, b := range set {
						if reach[a] && beside[a][b] {
							reach[b] = true
						}
					}
				}
			}
			if len(set) <= size && len(reach) == len(set) {
				want = append(want, fmt.Sprint(set))
			}
		}
		got := z.list()
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Fatalf("%v, want %v", got, want)
		}
	})
}

func TestConnectedRefuses(t *testing.T) {
	grid := make([][]int, 400) // 20 × 20: far more than a million sets of 12
	for i := range grid {
		if i%20 < 19 {
			grid[i] = append(grid[i], i+1)
		}
		if i < 380 {
			grid[i] = append(grid[i], i+20)
		}
	}
	for _, c := range []struct {
		next [][]int
		size int
	}{{nil, 1}, {[][]int{{}}, 0}, {[][]int{{1}}, 1}, {[][]int{{-1}}, 1}, {[][]int{{}}, 1001}, {grid, 12}} {
		if _, err := Connected(c.next, c.size); !errors.Is(err, aberration.InvalidSettings) {
			t.Errorf("%d places, size %d: %v", len(c.next), c.size, err)
		}
	}
}
