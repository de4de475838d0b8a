package rules

import "github.com/baqylau/baqylau"

// series is the weekly count of a subject in a place, by the week in which events became known.
type series struct {
	from   baqylau.Week
	counts []float64
	recent []witness // evidence of the last window
	name   Substance
}

type witness struct {
	week baqylau.Week
	Event
}

// add books an event in week w, which never lies before the last one booked, and keeps the evidence of the last window weeks.
func (x *series) add(w baqylau.Week, e Event, keep, window int) {
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
	x.counts[w-x.from] += float64(e.Count)
	if window == 0 {
		return
	}
	old := 0
	for old < len(x.recent) && int(w-x.recent[old].week) >= window {
		old++
	}
	if old > 0 {
		x.recent = append(x.recent[:0], x.recent[old:]...)
	}
	x.recent = append(x.recent, witness{w, e})
}

// fill writes the counts of the weeks from..to into dst, which it returns grown; weeks before the first count are 0.
func (x *series) fill(dst []float64, from, to baqylau.Week) []float64 {
	dst = dst[:0]
	for w := from; w <= to; w++ {
		y := 0.0
		if i := int(w - x.from); i >= 0 && i < len(x.counts) {
			y = x.counts[i]
		}
		dst = append(dst, y)
	}
	return dst
}
