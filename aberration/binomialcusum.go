package aberration

import (
	"math"

	"github.com/baqylau/baqylau/dist"
)

// BinomialCUSUM adds up the log likelihood ratios of y(t) positives among n(t) tested, of an out-of-control against an in-control
// probability,
//
//	S(t) = max(0, S(t-1) + y ln(p1/p0) + (n-y) ln((1-p1)/(1-p0))),   alarm when S(t) >= H
//
// and begins anew at 0 after an alarm. Counts are y, Series.Population is n.
//
// Sources: Höhle (2010), Online change-point detection in categorical time series, in Kneib and Tutz (eds), Statistical Modelling and
// Regression Structures, 377–397; Steiner, Cook, Farewell and Treasure (2000), Biostatistics 1, 441–452.
type BinomialCUSUM struct {
	// First is the period at which the chart begins, counted from 0.
	First int
	// InControl are the probabilities p0(t) from period First on, taken again from the start when the chart outlives them.
	InControl []float64
	// OutOfControl are the probabilities p1(t), as InControl; nil when OddsRatio gives them.
	OutOfControl []float64
	// OddsRatio makes p1 from p0: its odds are so many times those of p0. It is used when OutOfControl is nil; above 0.
	OddsRatio float64
	// H is the limit, 0 or more.
	H float64
	// Mode only matters where p1 lies below p0, so that low counts alarm: R then has no bound at a period without an alarm.
	Mode Mode
}

// Name is "binomial_cusum".
func (b BinomialCUSUM) Name() string { return "binomial_cusum" }

// Lookback is First.
func (b BinomialCUSUM) Lookback() int { return b.First }

// Evaluate judges s.Counts[at]; with the Memory of the period before it does so at once, else it runs the chart from First. Statistic
// is S(t), Expected n p0, Score S(t)/H, and Bound the smallest whole number of positives with which the chart would have reached H;
// it is NaN when n positives are too few for that. A period without a count or number tested leaves the sum as it is: MissingValue.
// InvalidSeries is given without a population, where the count is above it, or it is above 10^9.
func (b BinomialCUSUM) Evaluate(s *Series, at int, m *Memory) Result {
	odds := b.OutOfControl == nil && !(b.OddsRatio > 0 && finite(b.OddsRatio))
	if len(b.InControl) == 0 || odds || b.OutOfControl != nil && len(b.OutOfControl) == 0 || !(b.H >= 0 && finite(b.H)) {
		return none(InvalidSettings)
	}
	if s.Population == nil {
		return none(InvalidSeries)
	}
	return run(b, s, b.First, at, m)
}

func (b BinomialCUSUM) begin(*Series, *Memory) Reason { return OK }

func (b BinomialCUSUM) step(s *Series, at int, m *Memory) Result {
	y, n := s.Counts[at], s.Population[at]
	p0 := b.InControl[(at-b.First)%len(b.InControl)]
	var p1 float64
	if b.OutOfControl != nil {
		p1 = b.OutOfControl[(at-b.First)%len(b.OutOfControl)]
	} else {
		p1 = p0 * b.OddsRatio / (1 - p0 + p0*b.OddsRatio)
	}
	if !(p0 > 0 && p0 < 1 && p1 > 0 && p1 < 1) {
		return none(InvalidSettings)
	}
	for _, v := range [...]float64{y, n} {
		switch {
		case math.IsNaN(v) || v > 1e100:
			return none(MissingValue)
		case v < 0:
			return none(NegativeValue)
		}
	}
	if y > n || n > maxCount {
		return none(InvalidSeries)
	}
	positive, negative := math.Log(p1/p0), math.Log1p((p0-p1)/(1-p0))
	before := m.chart.sum
	ratio := y*positive + (n-y)*negative
	if b.Mode == Reference && n > 0 { // R takes the difference of two densities, with their rounding
		ratio = dist.BinomialLogMass(y, n, p1, 1-p1) - dist.BinomialLogMass(y, n, p0, 1-p0)
	}
	sum := max(0, before+ratio)
	r := blank()
	r.Expected, r.Statistic, r.Alarm = n*p0, sum, sum >= b.H
	r.Score = share(sum, b.H, r.Alarm)
	r.Bound = firstCount(before, n, positive, negative, b.H)
	if b.Mode == Reference && p1 < p0 && !r.Alarm {
		r.Bound = math.NaN()
	}
	if m.chart.sum = sum; r.Alarm {
		m.chart.sum = 0
	}
	return r
}

// firstCount is the smallest whole number y <= n with before + y·positive + (n-y)·negative >= h, NaN when there is none.
func firstCount(before, n, positive, negative, h float64) float64 {
	reaches := func(y float64) bool { return max(0, before+y*positive+(n-y)*negative) >= h }
	lo, hi := 0.0, math.Floor(n)
	switch {
	case reaches(0):
		return 0
	case !reaches(hi):
		return math.NaN() // n is too small, or the ratio falls with y
	}
	for hi-lo > 1 {
		if mid := math.Floor((lo + hi) / 2); reaches(mid) {
			hi = mid
		} else {
			lo = mid
		}
	}
	return hi
}
