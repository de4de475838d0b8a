package aberration

import "testing"

// One week more of a chart without an alarm for two years.
func BenchmarkGLRNewWeek(b *testing.B) {
	counts := weeks(208)
	for _, alpha := range []float64{0, 0.2} {
		g := NewGLR(104)
		g.Limit = 1e9
		d := family(g, alpha)
		b.Run(d.Name(), func(b *testing.B) {
			s, m := &Series{Counts: counts}, Memory{}
			d.Evaluate(s, 206, &m)
			b.ReportAllocs()
			for b.Loop() {
				d.Evaluate(s, 207, &m)
				m.chart.next, m.ratio.y, m.ratio.mu, m.ratio.before = 207, m.ratio.y[:103], m.ratio.mu[:103], m.ratio.before[:103]
			}
		})
	}
}
