package scan

import (
	"math"

	"github.com/baqylau/baqylau/aberration"
)

// Data are the counts of every place of a map, with what the method compares them to. Every list has one series a place, in the
// order of the places of the zones; all series are equally long, oldest period first, and the last period is now. The slices are
// only read.
type Data struct {
	// Counts are the cases: whole numbers, 0 or more. SpaceTimePermutation and PopulationPoisson read the whole study period,
	// ExpectationPoisson the newest MaxDuration periods only.
	Counts [][]float64
	// Expected is the number of cases expected in each period, for ExpectationPoisson: 0 or more, in cases. Only the newest
	// MaxDuration periods are read; the series may start at any period, as they are lined up at their ends. See Baseline.
	Expected [][]float64
	// Population is the number at risk in each period, for PopulationPoisson: 0 or more. A series of one value holds for all periods.
	Population [][]float64
}

// Baseline appends to dst the cases that each of the newest window periods lets expect, from the mean of the baseline periods before
// them, (cases + ½)/baseline. The half case is Jeffreys' prior; without it a place that was silent so far would have expectation 0,
// and its first case an infinite likelihood ratio. It is the moving average of Neill (2009, section 3) for series without season;
// give Scan a model's predictions where there is one.
//
// ExpectationPoisson takes expectations as known. With few cases in the baseline they are not, and its p-values come out too small:
// with 52 baseline and 8 current periods the variance of count minus expectation is 1 + 8/52 times that of the count alone, and in
// 30,000 data sets without clusters, 0.02 to 50 cases a week in 21 regions, p <= 0.01 came 1.4 times and p <= 0.001 2.1 times as often.
// SpaceTimePermutation needs no expectation and keeps its level however few the cases.
//
// The error is TooShort, InvalidSettings, MissingValue or NegativeValue, and dst is then returned as it was.
func Baseline(dst, counts []float64, window, baseline int) ([]float64, error) {
	switch {
	case window < 1 || baseline < 1:
		return dst, aberration.InvalidSettings
	case baseline > len(counts)-window:
		return dst, aberration.TooShort
	}
	sum := 0.5
	for _, y := range counts[len(counts)-window-baseline : len(counts)-window] {
		if r := amount(y); r != aberration.OK {
			return dst, r
		}
		sum += y
	}
	for range window {
		dst = append(dst, sum/float64(baseline))
	}
	return dst, nil
}

// maxCases is as many cases as a scan takes, so that sums and products of counts stay exact.
const maxCases = 1e9

func amount(y float64) aberration.Reason {
	switch {
	case math.IsNaN(y) || math.Abs(y) > 1e100:
		return aberration.MissingValue
	case y < 0:
		return aberration.NegativeValue
	}
	return aberration.OK
}

func count(y float64) aberration.Reason {
	if y >= 0 && y <= maxCases && y == math.Trunc(y) {
		return aberration.OK
	}
	if r := amount(y); r != aberration.OK {
		return r
	}
	return aberration.NotACount
}

// check looks at the lengths.
func (d *Data) check(method Method, places, window int) aberration.Reason {
	if d == nil || len(d.Counts) != places {
		return aberration.InvalidSeries
	}
	periods := len(d.Counts[0])
	for _, s := range d.Counts {
		if len(s) != periods {
			return aberration.InvalidSeries
		}
	}
	if periods < window {
		return aberration.TooShort
	}
	switch method {
	case ExpectationPoisson:
		if len(d.Expected) != places {
			return aberration.InvalidSeries
		}
		for _, s := range d.Expected {
			if len(s) < window {
				return aberration.InvalidSeries
			}
		}
	case PopulationPoisson:
		if len(d.Population) != places {
			return aberration.InvalidSeries
		}
		for _, s := range d.Population {
			if len(s) != periods && len(s) != 1 {
				return aberration.InvalidSeries
			}
		}
	}
	return aberration.OK
}
