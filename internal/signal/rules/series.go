package rules

import (
	"slices"

	"github.com/baqylau/baqylau"
)

// series is the weekly count of a subject in a place, by the week in which events became known.
type series struct {
	from   baqylau.Week
	counts []uint32
	recent []witness // evidence of the last window
	name   Substance
}

// witness is an event of a week. The many series that count an event share it.
type witness struct {
	week baqylau.Week
	*Event
}

// add books an event in week w, which never lies before the last one booked, and keeps the evidence of the last window weeks.
func (x *series) add(w baqylau.Week, e *Event, keep, window int) {
	if len(x.counts) == 0 {
		x.from = w
	}
	if gap := int(w - x.from); gap >= 2*keep+len(x.counts) { // long silent: nothing of the past is left in reach
		x.from, x.counts = w, x.counts[:0]
	}
	for int(w-x.from) >= len(x.counts) {
		x.counts = append(x.counts, 0)
	}
	if cut := len(x.counts) - keep; cut > keep {
		x.counts = append(x.counts[:0], x.counts[cut:]...)
		x.from += baqylau.Week(cut)
	}
	x.counts[w-x.from] += uint32(min(e.Count, 1<<30)) //nolint:gosec // tidy makes it 1 at least
	if window > 0 {
		x.recent = append(slices.Delete(x.recent, 0, x.old(w, window)), witness{w, e})
	}
}

// old is how many of the recent events lie before the last window weeks.
func (x *series) old(w baqylau.Week, window int) int {
	for i, r := range x.recent {
		if int(w-r.week) < window {
			return i
		}
	}
	return len(x.recent)
}

// forget gives up what no rule will look at from week w on. The series itself stays: it is one of those over which the false discovery rate is kept.
func (x *series) forget(w baqylau.Week, keep, window int) {
	if n := x.old(w, window); n > 0 {
		x.recent = slices.Clone(x.recent[n:])
	}
	cut := min(int(w-x.from)+1-keep, len(x.counts))
	if cut <= 0 {
		return
	}
	x.counts = slices.Clone(x.counts[cut:])
	x.from += baqylau.Week(cut)
}

// fill writes the counts of the weeks from..to into dst, which it returns grown; weeks before the first count are 0.
func (x *series) fill(dst []float64, from, to baqylau.Week) []float64 {
	dst = dst[:0]
	for w := from; w <= to; w++ {
		y := 0.0
		if i := int(w - x.from); i >= 0 && i < len(x.counts) {
			y = float64(x.counts[i])
		}
		dst = append(dst, y)
	}
	return dst
}

// forget lets all series do so once in a window.
func (s *State) forget() {
	if int(s.week-s.swept) < s.opt.Window {
		return
	}
	s.swept = s.week
	for _, x := range s.series {
		x.forget(s.week, s.opt.Baseline+s.opt.Window, s.opt.Window)
	}
}
