package main

import (
	"fmt"
	"math"

	"github.com/baqylau/baqylau/aberration"
	"github.com/baqylau/baqylau/aberration/simulate"
)

const pairHead = "| | FPR | | POD | | PPV | | F1 | | timeliness | |\n|---|---|---|---|---|---|---|---|---|---|---|\n| | Default | ff | Default | ff | Default | ff | Default | ff | Default | ff |\n"

func pair(name string, a, b *simulate.Score) {
	fmt.Printf("| %s | %.4f | %.4f | %.3f | %.3f | %.3f | %.3f | **%.3f** | %.3f | %.3f | %.3f |\n", name, a.FPR(), b.FPR(), a.POD(), b.POD(), a.PPV(), b.PPV(), a.F1(), b.F1(), a.Timeliness(), b.Timeliness())
}

// groups compares the default with farringtonFlexible on parts of the published design.
func groups(all []simulate.Sample, workers int) {
	ours, theirs := judge(aberration.Default(), all, 0, workers), judge(noufaily(), all, 0, workers)
	fmt.Print(pairHead)
	part := func(name string, in func(s *simulate.Sample) bool) {
		var a, b simulate.Score
		for i := range all {
			if in(&all[i]) {
				a.Merge(ours[i])
				b.Merge(theirs[i])
			}
		}
		pair(name, &a, &b)
	}
	for set, name := range []string{"2 a week, seasonal, phi 1.5", "0.1–3 a week, phi 2", "4–30 a week, phi 1", "2–6 a week, phi 5", "12–25 a week, phi 3", "43–80 a week, phi 1.1", "150 a week, phi 1.2"} {
		part(fmt.Sprintf("set %d: %s", set+1, name), func(s *simulate.Sample) bool { return (s.Scenario.Number-1)/6 == set })
	}
	part("without trend", func(s *simulate.Sample) bool { return s.Scenario.Beta == 0 })
	part("with trend", func(s *simulate.Sample) bool { return s.Scenario.Beta != 0 })
	for h, name := range []string{"without season", "one harmonic", "two harmonics"} {
		part(name, func(s *simulate.Sample) bool { return s.Scenario.Harmonics == h })
	}
	for _, k := range []float64{0, 2, 3, 5, 10} {
		part(fmt.Sprintf("past outbreaks of size %v", k), func(s *simulate.Sample) bool { return s.Plan.Past == k })
	}
	for _, k := range [][2]float64{{1, 3}, {4, 6}, {7, 10}} {
		part(fmt.Sprintf("current outbreak of size %v–%v", k[0], k[1]), func(s *simulate.Sample) bool { return s.Plan.Current >= k[0] && s.Plan.Current <= k[1] })
	}
}

// designs compares them on series that the published design does not have, none of which was looked at when the settings were chosen.
func designs(n int, seed uint64, workers int) {
	fmt.Print(pairHead)
	one := func(name string, scenarios []simulate.Scenario, change func(*simulate.Plan)) {
		all := simulate.Study(scenarios, n*42/len(scenarios), seed, func(i int) simulate.Plan {
			p := simulate.Published(i)
			if change != nil {
				change(&p)
			}
			return p
		})
		a, b := sum(judge(aberration.Default(), all, 0, workers)), sum(judge(noufaily(), all, 0, workers))
		pair(name, &a, &b)
	}
	level := func(mean, yearly, phi float64, harmonics int) []simulate.Scenario {
		beta := yearly / 52
		return []simulate.Scenario{{Number: 100 + int(phi), Theta: math.Log(mean) - beta*600, Beta: beta, Gamma1: 0.4, Gamma2: -0.3, Harmonics: harmonics, Phi: phi}}
	}
	for _, mean := range []float64{0.02, 0.1, 0.3} {
		one(fmt.Sprintf("sparse: %v a week", mean), level(mean, 0, 1, 0), nil)
	}
	for _, phi := range []float64{1, 2, 3, 4, 5} {
		one(fmt.Sprintf("10 a week with season, phi %v", phi), level(10, 0, phi, 1), nil)
	}
	one("trend: twice as many every year", level(10, math.Ln2, 1.5, 1), nil)
	one("trend: half as many every two years", level(10, -math.Ln2/2, 1.5, 1), nil)
	one("42 scenarios, outbreaks of six even weeks", simulate.Scenarios(), func(p *simulate.Plan) { p.Shape, p.Length = simulate.Step(6), 3 })
	one("42 scenarios, outbreaks rising over ten weeks", simulate.Scenarios(), func(p *simulate.Plan) { p.Shape, p.Length = simulate.SlowRise(10), 5 })
	one("42 scenarios, outbreaks of a single week", simulate.Scenarios(), func(p *simulate.Plan) { p.Shape = simulate.Step(1) })
}

// short compares detectors that have only so many weeks before the one judged.
func short(all []simulate.Sample, workers int) {
	fmt.Print("| weeks of history | detector | FPR | POD | PPV | F1 | timeliness |\n|---|---|---|---|---|---|---|\n")
	for _, history := range []int{12, 26, 52, 104, 156} {
		for _, k := range []contender{{"Default()", aberration.Default()}, {"EARS C1", aberration.C1()}, {"Bayes 1, alpha 0.01", aberration.NewBayes(0, 6, true, 0.01)}} {
			c := sum(judge(k.d, all, history, workers))
			fmt.Printf("| %d | %s | %.4f | %.3f | %.3f | %.3f | %.3f |\n", history, k.name, c.FPR(), c.POD(), c.PPV(), c.F1(), c.Timeliness())
		}
	}
}
