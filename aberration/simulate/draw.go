package simulate

import (
	"math"
	"math/rand/v2"
	"slices"
)

// Weeks of the design, counted from 1: those from FirstWeek are given to a detector (five years before the first evaluated week, so
// that the baseline of each is whole), and those from FirstEvaluated to LastWeek are judged.
const (
	FirstWeek      = 313
	FirstEvaluated = 576
	LastWeek       = 624
)

// Shape places one case of an outbreak: it draws how many weeks after the start the case falls, 0 or more.
type Shape func(*rand.Rand) int

// Lognormal is the shape of the published design: the delay is lognormal with parameters 0 and 0.5 and counts in whole weeks, as in
// a histogram of weekly bins from the start on: half of the cases fall in the first week, 42% in the second, 7% in the third.
func Lognormal(r *rand.Rand) int { return int(math.Exp(0.5 * r.NormFloat64())) }

// Step spreads the cases evenly over so many weeks from the start.
func Step(weeks int) Shape { return func(r *rand.Rand) int { return r.IntN(max(1, weeks)) } }

// SlowRise lets an outbreak grow in proportion to the weeks since its start, over so many weeks, and then end.
func SlowRise(weeks int) Shape {
	return func(r *rand.Rand) int {
		n := float64(max(1, weeks))
		return min(int(n)-1, int(n*math.Sqrt(r.Float64())))
	}
}

// Plan says what is drawn on top of the endemic counts.
type Plan struct {
	// Past is the size factor k1 of the past outbreaks, 0 for none, and Pasts their number, 0 for the published four.
	Past  float64
	Pasts int
	// Current is the size factor k2 of the current outbreak, 0 for none.
	Current float64
	// Shape is that of the outbreaks; nil stands for Lognormal. Past outbreaks have it too.
	Shape Shape
	// Length multiplies the cases of an outbreak, so that long shapes are as strong per week as short ones; 0 stands for 1.
	Length float64
}

// Published is the plan of repetition i, 0 or more, in the 2019 design: k1 runs through 0, 2, 3, 5, 10 and k2 through 1 to 10.
func Published(i int) Plan {
	i = max(0, i)
	return Plan{Past: [...]float64{0, 2, 3, 5, 10}[(i+i/10)%5], Current: float64(i%10 + 1)}
}

// Sample is one simulated series. All slices begin at week FirstWeek.
type Sample struct {
	Scenario Scenario
	Plan     Plan
	// Counts are the weekly counts with all outbreaks; Quiet are the same without the current one.
	Counts, Quiet []float64
	// Mean is the true endemic mean.
	Mean []float64
	// Outbreak is true in the weeks of the current outbreak: from that of its first case to that of its last.
	Outbreak []bool
	// First is the index of the first evaluated week; the last is the last of the slices.
	First int
}

// Draw makes one series: endemic counts, past outbreaks at random weeks of FirstWeek … FirstEvaluated-1, and the current one, which
// starts in a random evaluated week. An outbreak that starts in week s has Poisson(k sqrt(Phi mu(s))) cases, at least 2, each placed by
// the shape; cases after LastWeek are lost, and the outbreak is drawn again when none is left, up to a thousand times. No outbreak has
// more than a million cases.
func (s Scenario) Draw(r *rand.Rand, p Plan) Sample {
	const n = LastWeek - FirstWeek + 1
	if p.Shape == nil {
		p.Shape = Lognormal
	}
	if p.Pasts == 0 {
		p.Pasts = 4
	}
	if p.Length == 0 {
		p.Length = 1
	}
	out := Sample{Scenario: s, Plan: p, First: FirstEvaluated - FirstWeek, Quiet: make([]float64, n), Mean: make([]float64, n), Outbreak: make([]bool, n)}
	for i := range n {
		out.Mean[i] = s.Mean(FirstWeek + i)
		out.Quiet[i] = NegativeBinomial(r, out.Mean[i], s.Phi)
	}
	if p.Past > 0 {
		for range p.Pasts {
			s.outbreak(r, p, p.Past, out.Mean, out.Quiet, 0, out.First, out.First)
		}
	}
	out.Counts = slices.Clone(out.Quiet)
	if p.Current > 0 {
		first, last := s.outbreak(r, p, p.Current, out.Mean, out.Counts, out.First, n, n)
		for i := first; i <= last; i++ {
			out.Outbreak[i] = true
		}
	}
	return out
}

// outbreak adds one that starts in [from, to) and returns its first and last week; cases from week end on are lost.
func (s Scenario) outbreak(r *rand.Rand, p Plan, k float64, mean, counts []float64, from, to, end int) (first, last int) {
	first, last = end, -1
	for try := 0; last < 0 && try < 1000; try++ {
		start := from + r.IntN(to-from)
		for range int(max(2, min(1e6, Poisson(r, p.Length*k*math.Sqrt(s.Phi*mean[start]))))) {
			if after := max(0, p.Shape(r)); after < end-start {
				at := start + after
				counts[at]++
				first, last = min(first, at), max(last, at)
			}
		}
	}
	return first, last
}

// Study draws n repetitions of every scenario by the plan of each repetition, from a generator seeded for each series, so that no series
// depends on how many others are drawn.
func Study(scenarios []Scenario, n int, seed uint64, plan func(i int) Plan) []Sample {
	var all []Sample
	for i := range n {
		for _, s := range scenarios {
			r := rand.New(rand.NewPCG(seed, uint64(s.Number)<<32|uint64(i))) //nolint:gosec // a simulation wants a seed
			all = append(all, s.Draw(r, plan(i)))
		}
	}
	return all
}
