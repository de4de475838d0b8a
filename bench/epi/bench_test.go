//go:build unix

// Package bench times the survey statistics of package epi and, by compare.sh, the same in R survey on the same sample and core.
package bench

import (
	"fmt"
	"syscall"
	"testing"

	"github.com/baqylau/baqylau/epi"
)

const rows = 100_000

// sample is the one that times.R makes by the same formulas: 200 units of 500 respondents in 20 strata of ten, with unequal weights.
func sample() (s epi.Sample, used, days []float64) {
	psu, stratum := make([]int, rows), make([]int, rows)
	s.Weights = make([]float64, rows)
	used, days = make([]float64, rows), make([]float64, rows)
	for i := range rows {
		psu[i], stratum[i] = i/500, i/5000
		s.Weights[i] = 1 + float64(i*37%101)/10
		if i*7919%1009+psu[i]*13%89 < 300 {
			used[i] = 1
		}
		days[i] = float64(i*31%977) + float64(psu[i]*17%53)
	}
	s.Stages = []epi.Stage{{Cluster: psu, Stratum: stratum}}
	return s, used, days
}

// estimate runs one estimation again and again and says its result once, for compare.sh to compare with R's.
func estimate(b *testing.B, do func() (epi.Estimate, error)) {
	e, err := do()
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	before, n := cpu(b), 0
	for ; b.Loop(); n++ {
		_, _ = do()
	}
	b.ReportMetric(float64(cpu(b)-before)/float64(n), "cpu-ns/op")
	fmt.Printf("Result%s %.12g %.12g\n", b.Name()[len("Benchmark"):], e.Value, e.SE)
}

// cpu is the time in nanoseconds that this process has had of the processor, which other work on the machine does not lengthen.
func cpu(b *testing.B) int64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return u.Utime.Nano() + u.Stime.Nano()
}

func ready(b *testing.B) (d *epi.Design, used, days []float64) {
	s, used, days := sample()
	d, err := epi.NewDesign(s)
	if err != nil {
		b.Fatal(err)
	}
	return d, used, days
}

func BenchmarkDesignAndMean(b *testing.B) {
	s, _, days := sample()
	estimate(b, func() (epi.Estimate, error) {
		d, err := epi.NewDesign(s)
		if err != nil {
			return epi.Estimate{}, err
		}
		return d.Mean(days, nil, 0.95)
	})
}

func BenchmarkMean(b *testing.B) {
	d, _, days := ready(b)
	estimate(b, func() (epi.Estimate, error) { return d.Mean(days, nil, 0.95) })
}

func BenchmarkTotal(b *testing.B) {
	d, used, _ := ready(b)
	estimate(b, func() (epi.Estimate, error) { return d.Total(used, nil, 0.95) })
}

func BenchmarkProportion(b *testing.B) {
	d, used, _ := ready(b)
	estimate(b, func() (epi.Estimate, error) { return d.Proportion(used, nil, 0.95) })
}

func BenchmarkDomainMean(b *testing.B) {
	d, used, days := ready(b)
	domain := make([]bool, rows)
	for i, u := range used {
		domain[i] = u == 1
	}
	estimate(b, func() (epi.Estimate, error) { return d.Mean(days, domain, 0.95) })
}

func BenchmarkRatio(b *testing.B) {
	d, used, days := ready(b)
	estimate(b, func() (epi.Estimate, error) { return d.Ratio(days, used, nil, 0.95) })
}

func BenchmarkMedian(b *testing.B) {
	d, _, days := ready(b)
	estimate(b, func() (epi.Estimate, error) { return d.Quantile(days, 0.5, nil, 0.95) })
}

// thousand is a report on a survey: 50 variables over 20 domains each. An operation is all of them.
func thousand(b *testing.B, d *epi.Design, used []float64) {
	domains := make([][]bool, 20)
	for k := range domains {
		domains[k] = make([]bool, rows)
		for i := range domains[k] {
			domains[k][i] = i%20 == k
		}
	}
	before, n := cpu(b), 0
	for ; b.Loop(); n++ {
		for range 50 {
			for _, domain := range domains {
				if _, err := d.Proportion(used, domain, 0.95); err != nil {
					b.Fatal(err)
				}
			}
		}
	}
	b.ReportMetric(float64(cpu(b)-before)/float64(n), "cpu-ns/op")
}

func BenchmarkThousand(b *testing.B) {
	d, used, _ := ready(b)
	thousand(b, d, used)
}

// margins are three, of 2, 7 and 20 cells.
func margins() []epi.Margin {
	out := []epi.Margin{{Total: make([]float64, 2)}, {Total: make([]float64, 7)}, {Total: make([]float64, 20)}}
	for i := range rows {
		for k, c := range []int{i * 13 % 29 % 2, i * 17 % 101 % 7, i / 5000} {
			out[k].Cell = append(out[k].Cell, c)
			out[k].Total[c] += 40 + float64(i%7*c)
		}
	}
	sum := 0.0
	for _, v := range out[0].Total {
		sum += v
	}
	for _, m := range out[1:] {
		own := 0.0
		for _, v := range m.Total {
			own += v
		}
		for c := range m.Total {
			m.Total[c] *= sum / own
		}
	}
	return out
}

func BenchmarkRake(b *testing.B) {
	d, _, _ := ready(b)
	ms := margins()
	before, n := cpu(b), 0
	for ; b.Loop(); n++ {
		if _, err := d.Rake(ms...); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(cpu(b)-before)/float64(n), "cpu-ns/op")
}

func BenchmarkThousandRaked(b *testing.B) {
	d, used, _ := ready(b)
	d, err := d.Rake(margins()...)
	if err != nil {
		b.Fatal(err)
	}
	thousand(b, d, used)
}

// Two stages, the second of which counts: every respondent is a unit of it.
func BenchmarkThousandTwoStages(b *testing.B) {
	s, used, _ := sample()
	first, second := make([]float64, rows), make([]float64, rows)
	for i := range rows {
		first[i], second[i] = 100, 9000
	}
	s.Stages[0].Population = first
	s.Stages = append(s.Stages, epi.Stage{Population: second})
	d, err := epi.NewDesign(s)
	if err != nil {
		b.Fatal(err)
	}
	thousand(b, d, used)
}

// BenchmarkFiveLists fits all 1,024 models of five lists, as times.R does.
func BenchmarkFiveLists(b *testing.B) {
	var history []string
	var count []float64
	for s := 1; s < 32; s++ {
		h, n := []byte("00000"), 4000
		for i := range h {
			if s>>i&1 == 1 {
				h[i] = '1'
				n /= 7 + i
			}
		}
		history, count = append(history, string(h)), append(count, float64(n))
	}
	c, err := epi.NewCaptures(5, history, count)
	if err != nil {
		b.Fatal(err)
	}
	estimate(b, func() (epi.Estimate, error) {
		m := c.Models()[1]
		return epi.Estimate{Value: m.N, SE: m.SE}, nil
	})
}
