package aberration

// Memory is what a detector keeps between two calls: working space, and for charts that run on (CUSUM, likelihood ratio, …) where
// they stand. It makes evaluation free of allocations and a new period cheap. The zero value is ready.
//
// A Memory belongs to one goroutine, one detector and one series at a time. Reset it before it is given another series or
// detector, or when counts before the last evaluated period have changed. Working space survives a reset.
type Memory struct {
	chart      chart
	means      meanFit   // in-control model of a chart
	ratio      ratioPast // what a likelihood-ratio chart looks back on
	farrington farringtonSpace
	routine    routineFit // regression of Routine
}

// Reset forgets the series and keeps the working space.
func (m *Memory) Reset() { m.chart.started = false }

// chart is where a running chart stands: next is the period to judge next, from the one at which it last began anew.
type chart struct {
	started    bool
	next, from int
	sum        float64   // CUSUM and its kin
	mean       []float64 // in-control means by period, for charts with a model
	pools      []pool    // OutbreakP: the isotonic regression so far, of
	cases      float64   // so many cases in
	periods    float64   // so many periods
	last       Result    // the verdict on period next-1
}

// charter is a chart: begin sets it up from the periods before first, step judges period at, which is the one after the last step.
type charter interface {
	begin(s *Series, m *Memory) Reason
	step(s *Series, at int, m *Memory) Result
}

// run brings a chart that begins at period first up to period at and returns its verdict there. It goes on from where the memory
// stands when that is at or before at, and begins anew otherwise.
func run[C charter](c C, s *Series, first, at int, m *Memory) Result {
	switch {
	case first < 0:
		return none(InvalidSettings)
	case at < 0 || at >= len(s.Counts):
		return none(OutOfRange)
	case !s.fits():
		return none(InvalidSeries)
	case at < first:
		return none(TooShort)
	}
	if m == nil {
		m = new(Memory)
	}
	if m.chart.started && m.chart.next == at+1 {
		return m.chart.last
	}
	if !m.chart.started || m.chart.next > at {
		m.chart = chart{mean: m.chart.mean[:0], pools: m.chart.pools[:0], next: first, from: first}
		if r := c.begin(s, m); r != OK {
			return none(r)
		}
		m.chart.started = true
	}
	for ; m.chart.next <= at; m.chart.next++ {
		m.chart.last = c.step(s, m.chart.next, m)
	}
	return m.chart.last
}
