package aberration

import "math"

// EqualDelay judges the newest periods without waiting for their late reports, and without correcting for them: the period that is d
// periods old is compared with what was known of each earlier period when that was d periods old. Like is held against like, so that
// incomplete reporting neither hides a rise nor makes one up, and no model of the delays is needed. For d = 0 … MaxDelay this is a
// set of tests, of a different period each; their p-values are adjusted by Holm's method, which holds the error rate of the whole set
// at Alpha whatever the dependence between them. The smallest p-value of a set that alarms is at most Alpha/(MaxDelay+1), when all its
// tests can be made, so that a period, too, which is tested MaxDelay+1 times while it ages, starts a false alarm (is the smallest of a
// set that alarms) with a probability of at most Alpha.
//
// The comparison takes the speed of reporting to be unchanged: when reports begin to come faster, this looks like a rise at short
// delays, and vanishes at long ones; see DelayTest. Lawless shows such a change in its hazards.
//
// Sources: Noufaily, Ghebremichael-Weldeselassie, Enki, Garthwaite, Andrews, Charlett and Farrington (2016), JASA 111, 488–499;
// Salmon, Schumacher, Stark and Höhle (2015), Biom J 57, 1051–1067; adjustment: Holm (1979), Scand J Stat 6, 65–70.
type EqualDelay struct {
	// MaxDelay is the oldest period judged, in periods before now, 0 or more.
	MaxDelay int
	// Detector judges each series; it must give p-values, as Exact, GammaPoisson and the Farrington methods do. The level of its own
	// alarm does not matter here.
	Detector Detector
	// Alpha is the error rate of the whole set, above 0 and below 1.
	Alpha float64
}

// DelayTest is the verdict on one of the newest periods.
type DelayTest struct {
	// Delay is the period's age, and Period its place in the triangle.
	Delay, Period int
	// Known is the number of its cases known by now.
	Known float64
	// Adjusted is Holm's adjusted p-value; NaN when there is no result.
	Adjusted float64
	// Alarm reports that Adjusted is at most EqualDelay.Alpha.
	Alarm bool
	// Result is the detector's verdict on the series as known at this delay, with bound and alarm at the detector's own level.
	Result Result
}

// DelaySpace is working space for EqualDelay; the zero value is ready. It belongs to one goroutine.
type DelaySpace struct {
	series Series
	memory Memory
	p      []float64
	order  []int
}

// Evaluate appends one test for each delay from 0 to MaxDelay to out. The frame gives frequency, days and population of the event
// periods, in its fields of these names; it may be nil, and its counts are not read. The workspace may be nil; with one that is
// reused and room in out nothing is allocated. Corrections that take reports back may stand in the triangle as negative numbers, and
// NaN for periods without data. Errors are InvalidSettings (also for a detector without p-values), TooShort when there are not more
// periods than MaxDelay, and InvalidSeries when a row lacks cells; what else keeps a test from being made stands in its result.
func (e EqualDelay) Evaluate(out []DelayTest, tr *Triangle, frame *Series, work *DelaySpace) ([]DelayTest, error) {
	if e.MaxDelay < 0 || e.Detector == nil || !(e.Alpha > 0 && e.Alpha < 1) {
		return out, InvalidSettings
	}
	if len(tr.Counts) <= e.MaxDelay {
		return out, TooShort
	}
	if work == nil {
		work = new(DelaySpace)
	}
	begin := len(out)
	work.p = work.p[:0]
	for d := 0; d <= e.MaxDelay; d++ {
		s, err := tr.SeriesAt(work.series.Counts[:0], d)
		if err != nil {
			return out[:begin], err
		}
		work.series = Series{Counts: s}
		if frame != nil {
			work.series.Frequency, work.series.Days, work.series.Population = frame.Frequency, frame.Days, frame.Population
		}
		at := len(s) - 1
		work.memory.Reset()
		r := e.Detector.Evaluate(&work.series, at, &work.memory)
		if r.Reason == OK && math.IsNaN(r.PValue) {
			return out[:begin], InvalidSettings
		}
		out = append(out, DelayTest{Delay: d, Period: at, Known: s[at], Result: r})
		p := r.PValue
		if r.Reason != OK {
			p = math.NaN()
		}
		work.p = append(work.p, p)
	}
	work.order = rank(work.p, work.order)
	stepDown(work.p, work.order, 0)
	for d, p := range work.p {
		out[begin+d].Adjusted, out[begin+d].Alarm = p, p <= e.Alpha
	}
	return out, nil
}

// SeriesAt appends to out the number of cases of each event period that were known once the given delay had passed, oldest first, up
// to the newest period that is old enough. The error is OutOfRange when none is or the delay is negative, and InvalidSeries when a row
// is too short to tell.
func (tr *Triangle) SeriesAt(out []float64, delay int) ([]float64, error) {
	if delay < 0 || delay >= len(tr.Counts) {
		return out, OutOfRange
	}
	begin := len(out)
	for _, row := range tr.Counts[:len(tr.Counts)-delay] {
		if len(row) <= delay {
			return out[:begin], InvalidSeries
		}
		out = append(out, total(row[:delay+1]))
	}
	return out, nil
}
