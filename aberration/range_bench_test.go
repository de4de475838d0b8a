package aberration

import "testing"

// The detectors that judge each period by itself, over ten years of a series, as a national run does it.
func BenchmarkRange(b *testing.B) {
	for _, level := range []struct {
		name string
		of   func(i int) float64
	}{
		{"rare", func(i int) float64 { return float64(i * i % 7 / 6) }},
		{"few", func(i int) float64 { return float64((i*7)%5 + (i*i)%3) }},
		{"many", func(i int) float64 { return float64(40 + (i*37)%23 + (i*i)%11) }},
		{"thousands", func(i int) float64 { return float64(2000 + (i*337)%423 + (i*i)%111) }},
	} {
		counts := make([]float64, 520)
		for i := range counts {
			counts[i] = level.of(i)
		}
		s := Series{Counts: counts, Frequency: 52}
		for _, d := range []Detector{C1(), C2(), C3(), Bayes1(), Bayes2(), Bayes3(), RKI1(), RKI2(), RKI3(), NewCDC(5, 1, 0.025)} {
			b.Run(d.Name()+"/"+level.name, func(b *testing.B) {
				var m Memory
				var out []Result
				first := d.Lookback()
				for b.Loop() {
					out = Range(out[:0], d, &s, first, len(counts)-1, &m)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(out)), "ns/evaluation")
			})
		}
	}
}
