// Command simulated compares detectors on simulated outbreaks and prints the tables of docs/methods/aberration-comparison.md.
//
//	go run ./bench/aberration/simulated [-n 100] [-other 20] [-seed 2019] [-r 10] [-workers 0]
//
// n is the number of series for each of the 42 scenarios, other that for the designs after them. With r above 0 the first r
// series of each scenario are given to R surveillance too, and the alarms compared one by one; that takes a second a series.
package main

import (
	"flag"
	"fmt"
	"os"

	"github.com/baqylau/baqylau/aberration"
	"github.com/baqylau/baqylau/aberration/simulate"
)

func main() {
	n := flag.Int("n", 100, "series for each scenario")
	other := flag.Int("other", 20, "series for each other design")
	seed := flag.Uint64("seed", 2019, "what the series are drawn from")
	withR := flag.Int("r", 0, "series for each scenario that R surveillance judges too")
	workers := flag.Int("workers", 0, "goroutines; 0 for all cores")
	flag.Parse()
	all := simulate.Study(simulate.Scenarios(), *n, *seed, simulate.Published)
	fmt.Printf("## The published design: %d series, seed %d\n\n", len(all), *seed)
	published(all, *workers)
	fmt.Printf("\n## By scenario\n\n")
	groups(all, *workers)
	fmt.Printf("\n## Other designs: seed %d\n\n", *seed)
	designs(*other, *seed, *workers)
	fmt.Printf("\n## Short histories: %d series, seed %d\n\n", *other*42, *seed)
	short(simulate.Study(simulate.Scenarios(), *other, *seed, simulate.Published), *workers)
	if *withR > 0 {
		fmt.Printf("\n## Beside R surveillance: the first %d series\n\n", *withR*42)
		if err := besideR(all[:min(len(all), *withR*42)], *workers); err != nil {
			fmt.Fprintln(os.Stderr, "simulated: R was not asked:", err)
			os.Exit(1)
		}
	}
}

// noufaily is farringtonFlexible with the settings of Noufaily et al. and R's least number of cases.
func noufaily() aberration.Detector {
	d := aberration.NewNoufaily(0.01)
	d.MinCases, d.Mode = 5, aberration.Reference
	return d
}

func routine(alpha float64) aberration.Detector {
	d := aberration.Default()
	d.Alpha = alpha
	return d
}

type contender struct {
	name string
	d    aberration.Detector
}

func contenders() []contender {
	original := aberration.NewFarrington()
	original.Mode = aberration.Reference
	original.Alpha = 0.01
	return []contender{
		{"**Default()**", aberration.Default()},
		{"Routine, alpha 0.015", routine(0.015)},
		{"Routine, alpha 0.005", routine(0.005)},
		{"farringtonFlexible, noufaily", noufaily()},
		{"farrington, alpha 0.01", original},
		{"EARS C1", aberration.C1()}, {"EARS C2", aberration.C2()}, {"EARS C3", aberration.C3()},
		{"Bayes 1, alpha 0.01", aberration.NewBayes(0, 6, true, 0.01)},
		{"Bayes 2, alpha 0.01", aberration.NewBayes(1, 6, true, 0.01)},
		{"Bayes 3, alpha 0.01", aberration.NewBayes(2, 4, false, 0.01)},
		{"RKI 1", aberration.RKI1()}, {"RKI 2", aberration.RKI2()}, {"RKI 3", aberration.RKI3()},
	}
}

const head = "| | FPR | 1 - specificity | POD | POD first week | sensitivity | PPV | NPV | F1 | timeliness |\n|---|---|---|---|---|---|---|---|---|---|\n"

func line(name string, c *simulate.Score) {
	fmt.Printf("| %s | %.4f | %.4f | %.3f | %.3f | %.3f | %.3f | %.3f | %.3f | %.3f |\n", name, c.FPR(), 1-c.Specificity(), c.POD(), c.FirstWeekPOD(), c.Sensitivity(), c.PPV(), c.NPV(), c.F1(), c.Timeliness())
}

func published(all []simulate.Sample, workers int) {
	fmt.Print(head)
	for _, k := range contenders() {
		c := sum(judge(k.d, all, 0, workers))
		line(k.name, &c)
	}
}
