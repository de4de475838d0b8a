package aberration

import "slices"

// Stream feeds a series that grows to one detector: each new period is judged as it comes, and what did not change is not computed
// again. It is not safe for concurrent use.
type Stream struct {
	d Detector
	s Series
	m Memory
}

// NewStream starts with the past of a series, whose slices it takes over; the past may be empty. A population or days that go beyond the
// counts are dropped: FeedPeriod brings them.
func NewStream(d Detector, past Series) *Stream {
	n := len(past.Counts)
	if len(past.Population) > n {
		past.Population = past.Population[:n]
	}
	if len(past.Days) > n {
		past.Days = past.Days[:n]
	}
	return &Stream{d: d, s: past}
}

// Feed appends a period and judges it. Series with a population or days are fed by FeedPeriod.
func (st *Stream) Feed(count float64) Result {
	st.s.Counts = append(st.s.Counts, count)
	return st.judge()
}

// FeedPeriod appends a period with its population and first day, either of which is ignored when the series began without one.
func (st *Stream) FeedPeriod(count, population float64, day int) Result {
	if st.s.Population != nil {
		st.s.Population = append(st.s.Population, population)
	}
	if st.s.Days != nil {
		st.s.Days = append(st.s.Days, day)
	}
	return st.Feed(count)
}

func (st *Stream) judge() Result { return st.d.Evaluate(&st.s, len(st.s.Counts)-1, &st.m) }

// Revise replaces the count of an earlier period, after a late report, and judges the newest period again. The error is OutOfRange
// when there is no such period.
func (st *Stream) Revise(period int, count float64) (Result, error) {
	if period < 0 || period >= len(st.s.Counts) {
		return none(OutOfRange), OutOfRange
	}
	st.s.Counts[period] = count
	st.m.Reset()
	return st.judge(), nil
}

// Range judges the periods first to last of a series in order and appends the results to out, one for each, with OutOfRange for those
// that the series does not have.
func Range(out []Result, d Detector, s *Series, first, last int, m *Memory) []Result {
	if m == nil {
		m = new(Memory)
	}
	for first <= last {
		n := 512
		if d := last - first; d >= 0 && d < n {
			n = d + 1
		}
		out = slices.Grow(out, n)
		block := out[len(out) : len(out)+n]
		switch d := d.(type) { // the cheapest, for which passing settings and results would cost as much as the work
		case EARS:
			for i := range block {
				d.into(&block[i], s, first+i)
			}
		case Bayes:
			for i := range block {
				d.into(&block[i], s, first+i)
			}
		default:
			for i := range block {
				block[i] = d.Evaluate(s, first+i, m)
			}
		}
		out, first = out[:len(out)+n], first+n
	}
	return out
}
