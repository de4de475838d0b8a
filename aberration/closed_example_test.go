package aberration_test

import (
	"fmt"

	"github.com/baqylau/baqylau/aberration"
)

func ExampleBayes() {
	// Seven weeks of a substance in one region; is the last unusual given the six before?
	s := aberration.Series{Counts: []float64{2, 1, 3, 0, 2, 2, 7}}
	r := aberration.Bayes1().Evaluate(&s, 6, nil)
	fmt.Printf("expected %.2f, bound %.0f, p %.4f, alarm %v\n", r.Expected, r.Bound, r.PValue, r.Alarm)
	// Output: expected 1.75, bound 4, p 0.0052, alarm true
}

func ExampleRKI() {
	s := aberration.Series{Counts: []float64{2, 1, 3, 0, 2, 2, 7}}
	r := aberration.RKI1().Evaluate(&s, 6, nil)
	fmt.Printf("mean %.2f, bound %v, alarm %v\n", r.Expected, r.Bound, r.Alarm)
	// Output: mean 1.67, bound 5.323, alarm true
}

func ExampleCDC() {
	counts := make([]float64, 300)
	for week := range counts {
		counts[week] = float64(2 + week%3)
	}
	counts[298], counts[299] = 9, 11
	r := aberration.NewCDC(5, 1, 0.025).Evaluate(&aberration.Series{Counts: counts}, 299, nil)
	fmt.Printf("%.0f cases in four weeks, bound %.2f, alarm %v\n", r.Statistic, r.Bound, r.Alarm)
	// Output: 26 cases in four weeks, bound 13.96, alarm true
}

func ExampleOutbreakP() {
	s := aberration.Series{Counts: []float64{1, 0, 3, 1, 2, 3, 5, 4, 7}}
	var m aberration.Memory
	for week := 6; week < 9; week++ {
		r := aberration.OutbreakP{K: 100}.Evaluate(&s, week, &m)
		fmt.Printf("week %d: %.1f, alarm from %.0f cases, alarm %v\n", week, r.Statistic, r.Bound, r.Alarm)
	}
	// Output:
	// week 6: 29.3, alarm from 7 cases, alarm false
	// week 7: 47.6, alarm from 6 cases, alarm false
	// week 8: 565.1, alarm from 5 cases, alarm true
}

func ExampleCUSUM() {
	// No week stands out, but the level has risen from four cases to six.
	past := aberration.Series{Counts: []float64{4, 5, 3, 4, 4, 2, 6, 4}}
	st := aberration.NewStream(aberration.CUSUM{First: 8, K: 0.5, H: 2}, past)
	for _, cases := range []float64{6, 7, 5, 7, 6} {
		r := st.Feed(cases)
		fmt.Printf("%.0f: sum %.2f, alarm %v\n", cases, r.Statistic, r.Alarm)
	}
	// Output:
	// 6: sum 0.50, alarm false
	// 7: sum 1.50, alarm false
	// 5: sum 1.50, alarm false
	// 7: sum 2.50, alarm true
	// 6: sum 3.00, alarm true
}

func ExampleRogerson() {
	// The in-control mean doubles in the cold half of the year; the decision intervals are those for one false alarm in 200 weeks.
	design := aberration.Design{RunLength: 200, Shift: 1, Digits: 1}
	table, err := design.Table(1, 2)
	if err != nil {
		panic(err)
	}
	chart := aberration.Rogerson{Theta: []float64{1, 1, 2, 2}, Shift: 1, Table: table, Digits: 1, Limit: -1}
	s := aberration.Series{Counts: []float64{3, 2, 4, 5}}
	r := chart.Evaluate(&s, 3, nil)
	fmt.Printf("sum %.2f, expected %.0f, alarm from %.0f cases, alarm %v\n", r.Statistic, r.Expected, r.Bound, r.Alarm)
	// Output: sum 5.18, expected 2, alarm from 5 cases, alarm true
}

func ExampleBinomialCUSUM() {
	// Samples with a new adulterant among those analysed; a tenth is usual, a doubling of the odds is to be found.
	s := aberration.Series{Counts: []float64{2, 5, 4, 6}, Population: []float64{20, 25, 18, 22}}
	chart := aberration.BinomialCUSUM{InControl: []float64{0.1}, OddsRatio: 2, H: 3}
	r := chart.Evaluate(&s, 3, nil)
	fmt.Printf("log likelihood ratio %.2f, alarm from %.0f positives, alarm %v\n", r.Statistic, r.Bound, r.Alarm)
	// Output: log likelihood ratio 4.20, alarm from 5 positives, alarm true
}

func ExampleCountChart_RunLength() {
	chart := aberration.CountChart{K: 3, H: 10, Digits: 1}
	quiet, _, _ := chart.RunLength(2.4)
	doubled, headStart, _ := chart.RunLength(4.8)
	fmt.Printf("a false alarm in %.0f weeks; a doubling is found in %.1f weeks, with a head start in %.1f\n", quiet, doubled, headStart)
	// Output: a false alarm in 548 weeks; a doubling is found in 6.1 weeks, with a head start in 3.6
}

func ExampleDesign_Chart() {
	chart, runLength, err := aberration.Design{RunLength: 500, Shift: 1, Digits: 1}.Chart(2)
	fmt.Printf("k %.1f, h %.1f, one false alarm in %.0f periods, %v\n", chart.K, chart.H, runLength, err)
	// Output: k 2.6, h 8.3, one false alarm in 532 periods, <nil>
}

func ExamplePoissonReference() {
	k := aberration.PoissonReference(2, 4)
	fmt.Printf("%.4f, rounded %.1f\n", k, aberration.RoundReferenceValue(k, 1))
	// Output: 2.8854, rounded 2.9
}
