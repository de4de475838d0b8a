//go:build unix

// Package bench times detectors of package aberration and, by compare.sh, the same in R surveillance on the same series and core.
package bench

import (
	"encoding/csv"
	"os"
	"strconv"
	"syscall"
	"testing"

	"github.com/baqylau/baqylau/aberration"
)

// counts is the series that times.R reads too: ten years of weeks, negative binomial with a season, a trend and four outbreaks.
func counts(b *testing.B) []float64 {
	f, err := os.Open("series.csv")
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		b.Fatal(err)
	}
	var y []float64
	for _, row := range rows[1:] {
		v, err := strconv.ParseFloat(row[0], 64)
		if err != nil {
			b.Fatal(err)
		}
		y = append(y, v)
	}
	return y
}

// evaluate judges the last 100 weeks again and again; an operation is one evaluation.
func evaluate(b *testing.B, d aberration.Detector) {
	s := &aberration.Series{Counts: counts(b), Frequency: 52}
	var m aberration.Memory
	b.ReportAllocs()
	before, n := cpu(b), 0
	for ; b.Loop(); n++ {
		d.Evaluate(s, len(s.Counts)-100+n%100, &m)
	}
	b.ReportMetric(float64(cpu(b)-before)/float64(n), "cpu-ns/op")
}

// cpu is the time in nanoseconds that this process has had of the processor, which other work on the machine does not lengthen.
func cpu(b *testing.B) int64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return u.Utime.Nano() + u.Stime.Nano()
}

func BenchmarkFarringtonFlexible(b *testing.B) {
	d := aberration.NewNoufaily(0.01)
	d.Mode = aberration.Reference
	evaluate(b, d)
}

func BenchmarkEARSC1(b *testing.B) { evaluate(b, aberration.C1()) }
func BenchmarkEARSC2(b *testing.B) { evaluate(b, aberration.C2()) }
func BenchmarkEARSC3(b *testing.B) { evaluate(b, aberration.C3()) }
func BenchmarkBayes(b *testing.B)  { evaluate(b, aberration.NewBayes(1, 6, true, 0.01)) }
