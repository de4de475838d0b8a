package scan_test

import (
	"encoding/csv"
	"fmt"
	"log"
	"os"
	"strconv"

	"github.com/baqylau/baqylau/aberration"
	"github.com/baqylau/baqylau/aberration/scan"
)

// Six towns and the overdoses of ten weeks. In the last two weeks they gather in two neighbouring towns, though the whole region has
// hardly more than before.
func Example() {
	towns := []string{"Arna", "Bulak", "Dala", "Karatal", "Sary", "Tobyl"}
	zones, err := scan.Nearest([]scan.Place{{Latitude: 43.2, Longitude: 76.9}, {Latitude: 43.4, Longitude: 77.0}, {Latitude: 44.0, Longitude: 77.9},
		{Latitude: 45.0, Longitude: 78.4}, {Latitude: 43.3, Longitude: 71.4}, {Latitude: 42.3, Longitude: 69.6}}, 3)
	if err != nil {
		log.Fatal(err)
	}
	week := scan.Data{Counts: [][]float64{
		{4, 3, 5, 4, 4, 3, 5, 4, 3, 4},
		{1, 0, 2, 1, 1, 0, 1, 1, 3, 4},
		{0, 1, 0, 0, 1, 0, 1, 0, 2, 3},
		{2, 1, 1, 2, 1, 2, 1, 2, 0, 1},
		{3, 2, 2, 3, 4, 2, 3, 2, 1, 2},
		{1, 1, 2, 0, 1, 1, 2, 1, 1, 0},
	}}
	s := scan.Scan{Zones: zones, Method: scan.SpaceTimePermutation, MaxDuration: 4, Replications: 9999, Seed: 1}
	r, err := s.Evaluate(&week, nil)
	if err != nil {
		log.Fatal(err)
	}
	c := r.Clusters[0]
	for _, p := range zones.Members(nil, c.Zone) {
		fmt.Print(towns[p], " ")
	}
	fmt.Printf("for %d weeks: %v cases, %.1f expected, log likelihood ratio %.2f\n", c.Duration, c.Cases, c.Expected, c.LLR)
	fmt.Printf("p = %.4f, certainly below %.3f; by chance once in %.0f weeks\n", c.PValue, c.Bound, c.Recurrence)
	// Output:
	// Bulak Dala for 2 weeks: 12 cases, 4.9 expected, log likelihood ratio 3.92
	// p = 0.0017, certainly below 0.003; by chance once in 588 weeks
}

// The brain cancer of New Mexico, 1986–1989 against what the years before let expect (SaTScan's sample data).
func ExampleScan_Evaluate() {
	seats, names := readCSV("../testdata/nm_seats.csv"), map[string]int{}
	var places []scan.Place
	for _, row := range seats {
		if row[0] != "cibola" { // counted in Valencia
			names[row[0]] = len(places)
			places = append(places, scan.Place{Latitude: number(row[1]), Longitude: number(row[2])})
		}
	}
	counts, population := make([][]float64, len(places)), make([][]float64, len(places))
	for _, row := range readCSV("../testdata/nm_brain_cancer.csv") {
		if i, ok := names[row[1]]; ok && row[0] <= "1989" {
			counts[i], population[i] = append(counts[i], number(row[3])), append(population[i], number(row[2]))
		}
	}
	zones, err := scan.Nearest(places, 14)
	if err != nil {
		log.Fatal(err)
	}
	for _, s := range []scan.Scan{
		{Zones: zones, Method: scan.ExpectationPoisson, MaxDuration: 4, Replications: 999, Seed: 1},
		{Zones: zones, Method: scan.PopulationPoisson, MaxDuration: 4, MaxShare: 0.5, Replications: 999, Seed: 1},
	} {
		d := scan.Data{Counts: counts, Population: population}
		for i := range counts {
			expected, err := scan.Baseline(nil, counts[i], 4, 13)
			if err != nil {
				log.Fatal(err)
			}
			d.Expected = append(d.Expected, expected)
		}
		r, err := s.Evaluate(&d, nil)
		if err != nil {
			log.Fatal(err)
		}
		c := r.Clusters[0]
		fmt.Printf("%v: %d counties for %d years, %v cases, %.1f expected, llr %.2f, p = %.3f\n", s.Method, len(zones.Members(nil, c.Zone)), c.Duration, c.Cases, c.Expected, c.LLR, c.PValue)
	}
	// Output:
	// expectation_poisson: 15 counties for 4 years, 226 cases, 138.3 expected, llr 23.29, p = 0.001
	// population_poisson: 8 counties for 4 years, 189 cases, 137.2 expected, llr 10.29, p = 0.001
}

// A thousand substances in four regions: one of them gathers in the south.
func ExampleScreen_Run() {
	zones, err := scan.Connected([][]int{{1}, {2}, {3}, {}}, 2) // north – centre – south – far south
	if err != nil {
		log.Fatal(err)
	}
	s := scan.Screen{Scan: scan.Scan{Zones: zones, MaxDuration: 3, Replications: 999, Stop: 10, Seed: 1}, Alpha: 0.01}
	verdicts := s.Run(nil, 1000, func(i int, d *scan.Data) {
		d.Counts = [][]float64{make([]float64, 52), make([]float64, 52), make([]float64, 52), make([]float64, 52)}
		for region, series := range d.Counts {
			for week := range series {
				if (7*i+5*week+3*region)%(5+i%60) < 2 {
					series[week] = 1
				}
			}
		}
		if i == 700 {
			d.Counts[2][50], d.Counts[3][51] = 4, 5
		}
	})
	p := make([]float64, len(verdicts))
	for i, v := range verdicts {
		p[i] = v.Cluster.PValue
	}
	for i, q := range aberration.BenjaminiHochberg(p, 0) {
		if q <= 0.05 {
			c := verdicts[i].Cluster
			fmt.Printf("substance %d in regions %v for %d weeks: %v cases, %.1f expected, p = %.1g by %v\n", i, zones.Members(nil, c.Zone), c.Duration, c.Cases, c.Expected, c.PValue, verdicts[i].Evidence)
		}
	}
	// Output:
	// substance 700 in regions [3] for 1 weeks: 5 cases, 1.2 expected, p = 5e-05 by union_bound
}

func ExampleFitGumbel() {
	// The largest ratios of five replications; in earnest there are 999.
	g := scan.FitGumbel([]float64{2.1, 3.0, 2.6, 4.4, 2.4})
	fmt.Printf("location %.2f, scale %.2f, P(X >= 12) = %.1g\n", g.Location, g.Scale, g.Tail(12))
	// Output:
	// location 2.49, scale 0.70, P(X >= 12) = 1e-06
}

func ExampleNearest() {
	zones, err := scan.Nearest([]scan.Place{{Latitude: 51.2, Longitude: 71.4}, {Latitude: 49.8, Longitude: 73.1}, {Latitude: 43.2, Longitude: 76.9}}, 1)
	if err != nil {
		log.Fatal(err)
	}
	for i := range zones.Len() {
		fmt.Print(zones.Members(nil, i), " ")
	}
	// Output:
	// [0] [0 1] [1] [2] [1 2]
}

func readCSV(file string) [][]string {
	f, err := os.Open(file)
	if err != nil {
		log.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		log.Fatal(err)
	}
	return rows[1:]
}

func number(s string) float64 {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		log.Fatal(err)
	}
	return v
}
