package aberration_test

import (
	"fmt"
	"math"

	"github.com/baqylau/baqylau/aberration"
)

// An outbreak doubles the expected three cases a week from the sixth week on. The chart with the limit 4 finds it in its third
// week, from no single count but from all of them together.
func ExampleGLRPoisson() {
	g := aberration.NewGLR(0)
	g.Limit, g.Mean, g.Cases = 4, aberration.GivenMeans{3}, true
	chart := aberration.NewStream(aberration.GLRPoisson{GLR: g}, aberration.Series{})
	for week, cases := range []float64{3, 2, 4, 3, 2, 6, 7, 7} {
		r := chart.Feed(cases)
		fmt.Printf("week %d: %v cases, statistic %.2f, alarm above %v: %v\n", week+1, cases, r.Statistic, r.Bound, r.Alarm)
	}
	// Output:
	// week 1: 3 cases, statistic 0.00, alarm above 9: false
	// week 2: 2 cases, statistic 0.00, alarm above 9: false
	// week 3: 4 cases, statistic 0.15, alarm above 9: false
	// week 4: 3 cases, statistic 0.08, alarm above 9: false
	// week 5: 2 cases, statistic 0.00, alarm above 9: false
	// week 6: 6 cases, statistic 1.16, alarm above 9: false
	// week 7: 7 cases, statistic 3.05, alarm above 8: false
	// week 8: 7 cases, statistic 4.97, alarm above 5: true
}

// The in-control model and the dispersion are estimated from the two years before the chart begins.
func ExampleGLRNegBin() {
	var counts []float64
	for week := range 112 {
		season := 6 + 4*math.Cos(2*math.Pi*float64(week)/52)
		counts = append(counts, math.Round(season*[]float64{1.6, 0.5, 1.1, 0.3, 1.5}[week%5]))
	}
	for week := 108; week < 112; week++ {
		counts[week] += 14
	}
	s := &aberration.Series{Counts: counts, Frequency: 52}
	chart := aberration.GLRNegBin{GLR: aberration.NewGLR(104), Alpha: math.NaN()}
	for i, r := range aberration.Range(nil, chart, s, 104, 111, nil) {
		fmt.Printf("week %d: %v cases, %.1f expected, statistic %.2f, alarm %v\n", 105+i, counts[104+i], r.Expected, r.Statistic, r.Alarm)
	}
	// Output:
	// week 105: 15 cases, 10.8 expected, statistic 0.23, alarm false
	// week 106: 16 cases, 10.8 expected, statistic 0.59, alarm false
	// week 107: 5 cases, 10.6 expected, statistic 0.07, alarm false
	// week 108: 11 cases, 10.3 expected, statistic 0.08, alarm false
	// week 109: 17 cases, 10.0 expected, statistic 0.67, alarm false
	// week 110: 28 cases, 9.5 expected, statistic 3.82, alarm false
	// week 111: 28 cases, 9.0 expected, statistic 7.55, alarm true
	// week 112: 18 cases, 8.5 expected, statistic 1.39, alarm false
}

// The CUSUM measures counts against a seasonal regression on the two years before.
func ExampleFittedMeans() {
	var counts []float64
	for week := range 110 {
		counts = append(counts, math.Round(6+4*math.Cos(2*math.Pi*float64(week)/52)))
	}
	counts[108] += 8
	chart := aberration.CUSUM{First: 104, K: 0.5, H: 2, Means: aberration.FittedMeans{Model: aberration.MeanModel{Harmonics: 1}}}
	for i, r := range aberration.Range(nil, chart, &aberration.Series{Counts: counts}, 106, 109, nil) {
		fmt.Printf("week %d: %v cases, %.1f expected, CUSUM %.2f, alarm %v\n", 107+i, counts[106+i], r.Expected, r.Statistic, r.Alarm)
	}
	// Output:
	// week 107: 10 cases, 10.7 expected, CUSUM 0.00, alarm false
	// week 108: 10 cases, 10.4 expected, CUSUM 0.00, alarm false
	// week 109: 18 cases, 10.0 expected, CUSUM 2.02, alarm true
	// week 110: 9 cases, 9.6 expected, CUSUM 1.33, alarm false
}
