package main

import (
	"log"
	"math"

	"github.com/baqylau/baqylau/aberration"
)

// twoYears and threeYears are the pasts of charts that need a baseline.
const (
	twoYears   = 104
	threeYears = 156
)

// panels are the drawings, in the order of the document.
func panels(counts []float64) []panel {
	rogers, h := rogerson(counts)
	glr := aberration.NewGLR(threeYears)
	glr.Model = aberration.MeanModel{Harmonics: 1}
	return []panel{
		{"default", "Default, from the second year on", aberration.Default(), 52, 0, 0},
		{"farrington-flexible", "farringtonFlexible with the settings of Noufaily et al., 4 years, α = 0.01", noufaily(), 4*52 + 3, 0, 0},
		{"farrington", "Original Farrington, 4 years, half window 3, α = 0.05", farrington(), 4*52 + 3, 0, 0},
		{"ears-c1", "EARS C1, baseline 7, α = 0.001", aberration.C1(), 7, 0, 0},
		{"ears-c2", "EARS C2, baseline 7, α = 0.001", aberration.C2(), 9, 0, 0},
		{"ears-c3", "EARS C3, baseline 7, α = 0.025", aberration.C3(), 11, 0, 0},
		{"bayes", "Bayes 2: 6 weeks and the same weeks of last year, α = 0.05", aberration.Bayes2(), 60, 0, 0},
		{"rki", "RKI 2: the same weeks", aberration.RKI2(), 60, 0, 0},
		{"cdc", "CDC, 4 weeks against 12 blocks of 4 years, α = 0.025", aberration.NewCDC(4, 1, 0.025), 4*52 + 8, 0, 4},
		{"cusum", "CUSUM, Rossi's transform, k 1.04, h 2.26, mean of two years", aberration.CUSUM{First: twoYears, K: 1.04, H: 2.26, Transform: aberration.Rossi}, twoYears, 2.26, 0},
		{"glr-poisson", "Likelihood ratio, Poisson, season from three years, limit 5", aberration.GLRPoisson{GLR: glr}, threeYears, glr.Limit, 0},
		{"glr-negbin", "Likelihood ratio, negative binomial, season from three years, limit 5", aberration.GLRNegBin{GLR: glr, Alpha: math.NaN()}, threeYears, glr.Limit, 0},
		{"outbreak-p", "OutbreakP from the autumn of 1994, limit 100", aberration.OutbreakP{First: 248, K: 100}, 248, 100, 0},
		{"rogerson", "Rogerson's CUSUM for means from the first three years' season, run length 500", rogers, threeYears, h, 0},
		{"binomial-cusum", "Binomial CUSUM, cases as positives among 100 tested, 3 % against twice the odds, h 4", aberration.BinomialCUSUM{First: twoYears, InControl: []float64{0.03}, OddsRatio: 2, H: 4}, twoYears, 4, 0},
		{"exact", "Exact conditional test, 4 weeks against 52, α = 0.001", aberration.Exact{Window: 4, Baseline: 52, Alpha: 0.001}, 55, 0, 4},
		{"gamma-poisson", "Gamma–Poisson, 1 week after 52, α = 0.001", aberration.GammaPoisson{Window: 1, Baseline: 52, Shape: 0.5, Alpha: 0.001}, 52, 0, 0},
	}
}

func noufaily() aberration.Detector {
	d := aberration.NewNoufaily(0.01)
	d.Years = 4
	return d
}

func farrington() aberration.Detector {
	return aberration.Farrington{Years: 4, HalfWindow: 3, Reweight: true, Trend: true, Alpha: 0.05, MinCases: 5, MinPeriods: 4}
}

// rogerson takes as in-control means those of the same weeks, four either side, of the first three years, and begins anew after an
// alarm. The second value is the limit of its sum.
func rogerson(counts []float64) (aberration.Rogerson, float64) {
	theta := make([]float64, 52)
	mean := 0.0
	for week := range theta {
		for year := range 3 {
			for near := -4; near <= 4; near++ {
				theta[week] += counts[(year*52+week+near+threeYears)%threeYears] / 27
			}
		}
		mean += theta[week] / 52
	}
	table, err := aberration.Design{RunLength: 500, Shift: 1, Digits: 1}.Table(theta...)
	if err != nil {
		log.Fatal(err)
	}
	nearest := table[0]
	for _, row := range table {
		if math.Abs(row.Theta-mean) < math.Abs(nearest.Theta-mean) {
			nearest = row
		}
	}
	return aberration.Rogerson{First: threeYears, Theta: theta, Shift: 1, Table: table, Digits: 1}, nearest.H
}
