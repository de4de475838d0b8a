package aberration_test

import (
	"fmt"
	"math"

	"github.com/baqylau/baqylau/aberration"
)

// wave is a made-up weekly series: a winter disease of about eight cases a week at its height.
func wave(weeks int) []float64 {
	y := make([]float64, weeks)
	for t := range y {
		y[t] = math.Round(5 + 3*math.Cos(2*math.Pi*float64(t)/52) + 1.5*math.Sin(float64(t*t)))
	}
	return y
}

// The settings of Noufaily et al. (2013) find twenty cases in a week of spring that had six to nine in other years.
func ExampleFarringtonFlexible() {
	counts := wave(370)
	counts[369] = 20
	d := aberration.NewNoufaily(0.005)
	r := d.Evaluate(&aberration.Series{Counts: counts, Frequency: 52}, 369, nil)
	fmt.Printf("expected %.1f, bound %.0f, alarm %v, p %.1e, trend kept %v\n", r.Expected, r.Bound, r.Alarm, r.PValue, r.Trend)
	// Output:
	// expected 7.1, bound 15, alarm true, p 5.9e-05, trend kept true
}

// Fit gives what the regression says: here by the delta method, which has a bound with decimals, and for a week that is not counted yet.
func ExampleFarringtonFlexible_Fit() {
	counts := wave(370)
	counts[369] = math.NaN()
	f := aberration.NewFarringtonFlexible().Fit(&aberration.Series{Counts: counts, Frequency: 52}, 369, nil)
	fmt.Printf("%d reference weeks, mean %.2f, standard error of its log %.3f, dispersion %.2f, bound %.2f (%v)\n",
		f.References, f.Mean, f.StdErr, f.Dispersion, f.Bound, f.Reason)
	// Output:
	// 35 reference weeks, mean 7.29, standard error of its log 0.011, dispersion 1.00, bound 12.15 (aberration: missing_value)
}

// The original method judges the last five weeks of a series one after the other.
func ExampleFarrington() {
	s := aberration.Series{Counts: wave(370), Frequency: 52}
	s.Counts[368] = 15
	for i, r := range aberration.Range(nil, aberration.NewFarrington(), &s, 365, 369, nil) {
		fmt.Printf("%d: %2.0f cases, bound %.1f, alarm %v\n", 365+i, s.Counts[365+i], r.Bound, r.Alarm)
	}
	// Output:
	// 365:  9 cases, bound 13.9, alarm false
	// 366:  6 cases, bound 13.9, alarm false
	// 367:  9 cases, bound 13.8, alarm false
	// 368: 15 cases, bound 13.5, alarm true
	// 369:  6 cases, bound 13.3, alarm false
}

// The three ways from the same prediction to a bound.
func ExampleThreshold() {
	s := &aberration.Series{Counts: wave(370), Frequency: 52}
	d := aberration.NewNoufaily(0.01)
	for _, threshold := range []aberration.Threshold{aberration.Delta, aberration.NegBinPlugin, aberration.Muan} {
		d.Threshold = threshold
		fmt.Printf("%.2f\n", d.Evaluate(s, 369, nil).Bound)
	}
	// Output:
	// 14.22
	// 14.00
	// 15.00
}
