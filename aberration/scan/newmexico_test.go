package scan

import (
	"encoding/json"
	"math"
	"os"
	"slices"
	"strconv"
	"testing"
)

// newMexico is the brain cancer of New Mexico, SaTScan's sample data, with the clusters that brute force in R finds.
type newMexico struct {
	Counties   []string
	Lat        []float64            `json:"seat_lat"`
	Long       []float64            `json:"seat_long"`
	Counts     map[string][]float64 `json:"counts_by_year"`
	Population map[string][]float64 `json:"population_by_year"`
	Baselines  map[string][]float64 `json:"baselines_1986_1989"`
	EB         found                `json:"expectation_based_poisson_1986_1989"`
	PB         found                `json:"population_based_poisson_1986_1989"`
	STP        found                `json:"space_time_permutation_1973_1991_max9"`
}

type found struct {
	LLR             float64
	Locations       []string
	Duration        int
	Count, Expected float64
}

func loadNewMexico(t testing.TB) newMexico {
	t.Helper()
	b, err := os.ReadFile("../testdata/worked_examples.json")
	var file struct {
		NM newMexico `json:"scan_new_mexico"`
	}
	if err == nil {
		err = json.Unmarshal(b, &file)
	}
	if err != nil {
		t.Fatal(err)
	}
	return file.NM
}

func (nm newMexico) places() []Place {
	var p []Place
	for i := range nm.Lat {
		p = append(p, Place{nm.Lat[i], nm.Long[i]})
	}
	return p
}

// byCounty turns rows first … last of a table by year into a series a county.
func byCounty(rows map[string][]float64, first, last int) [][]float64 {
	series := make([][]float64, len(rows["r1"]))
	for y := first; y <= last; y++ {
		for i, v := range rows["r"+strconv.Itoa(y)] {
			series[i] = append(series[i], v)
		}
	}
	return series
}

func TestNewMexico(t *testing.T) {
	nm := loadNewMexico(t)
	zones, err := Nearest(nm.places(), 14)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		s    Scan
		d    Data
		want found
	}{
		{Scan{Method: ExpectationPoisson, MaxDuration: 4}, Data{Counts: byCounty(nm.Counts, 14, 17), Expected: byCounty(nm.Baselines, 1, 4)}, nm.EB},
		{Scan{Method: PopulationPoisson, MaxDuration: 4}, Data{Counts: byCounty(nm.Counts, 14, 17), Population: byCounty(nm.Population, 14, 17)}, nm.PB},
		{Scan{Method: SpaceTimePermutation, MaxDuration: 9}, Data{Counts: byCounty(nm.Counts, 1, 19)}, nm.STP},
	} {
		c.s.Zones, c.s.Replications = zones, 999
		r, err := c.s.Evaluate(&c.d, nil)
		if err != nil || len(r.Clusters) != 1 {
			t.Fatalf("%v: %v %+v", c.s.Method, err, r)
		}
		got := r.Clusters[0]
		var names []string
		for _, p := range zones.Members(nil, got.Zone) {
			names = append(names, nm.Counties[p])
		}
		close := func(a, b float64) bool { return math.Abs(a-b) <= 1e-12*math.Abs(b) }
		if !close(got.LLR, c.want.LLR) || !slices.Equal(names, c.want.Locations) || got.Duration != c.want.Duration || got.Cases != c.want.Count || !close(got.Expected, c.want.Expected) {
			t.Errorf("%v: %+v in %v, want %+v", c.s.Method, got, names, c.want)
		}
		t.Logf("%+v %+v", got, r.Null)
	}
}
