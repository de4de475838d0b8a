package suppress

import (
	"fmt"
	"testing"
)

// tenThousand is a table of 100 × 100 cells with a hierarchy in both dimensions.
func tenThousand(mean float64) Table {
	return newGen(10).table(mean, 0.8, 5, tree("R", 9, 10), tree("sub", 9, 10))
}

// BenchmarkTenThousandCells protects a table of 10,000 cells with two hierarchies; the bound is 5 s.
func BenchmarkTenThousandCells(b *testing.B) {
	for _, c := range []struct {
		name string
		mean float64
	}{{"few small counts", 40}, {"some", 10}, {"most", 2}} {
		t := tenThousand(c.mean)
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				a, err := Protect(t, Publication)
				if err != nil {
					b.Fatal(err)
				}
				primary := 0
				for _, o := range a {
					if o.Why == Primary {
						primary++
					}
				}
				b.ReportMetric(float64(primary), "primary")
				b.ReportMetric(float64(a.Hidden()), "hidden")
			}
		})
	}
}

// BenchmarkPage protects a table as a page shows it; the bound is 1 ms.
func BenchmarkPage(b *testing.B) {
	for _, mean := range []float64{2, 6, 20} {
		t := newGen(1).table(mean, 0.7, 5, flat("R", 18), flat("age", 9))
		b.Run(fmt.Sprint("around ", mean), func(b *testing.B) {
			for b.Loop() {
				a, err := Protect(t, Page)
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(a.Hidden()), "hidden")
			}
		})
	}
}
