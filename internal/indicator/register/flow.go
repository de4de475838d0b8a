package register

import (
	"iter"

	"github.com/baqylau/baqylau"
)

// Flow is what a register did in a period: Start + ΣEntries − ΣExits = End. Start is the stock at the end of the day before the period, End that of its last day; both count registrations,
// which are persons unless somebody is registered twice. Counts made from registrations always balance; published ones may not.
type Flow struct {
	Start, End     int
	Entries, Exits map[string]int // by reason
	NPS            int            // of End: people whose main drug is one of the new substances
}

// Count makes the flows of a period by any division of the register, such as region, sex or drug; by may give several keys, "" for the whole among them. A division must not change
// during a registration.
func Count[K comparable](all iter.Seq[Registration], from, to baqylau.Date, by func(Registration) []K) map[K]*Flow {
	out := map[K]*Flow{}
	before := from.AddDays(-1)
	for r := range all {
		if r.Entered.After(to) || !r.Exit.IsZero() && r.Exit.Before(from) {
			continue
		}
		for _, k := range by(r) {
			f := out[k]
			if f == nil {
				f = &Flow{Entries: map[string]int{}, Exits: map[string]int{}}
				out[k] = f
			}
			if r.On(before) {
				f.Start++
			} else {
				f.Entries[r.EntryReason]++
			}
			if r.On(to) {
				f.End++
				if r.NPS {
					f.NPS++
				}
			} else {
				f.Exits[r.ExitReason]++
			}
		}
	}
	return out
}

// Sum adds counts by reason.
func Sum(byReason map[string]int) (n int) {
	for _, v := range byReason {
		n += v
	}
	return n
}

// Total are entries and exits without what cancels out within a country: moves between its regions. It is for the flow of a whole country; the third result is how many more arrived than
// left, which is 0 where every region reports.
func (f *Flow) Total() (entries, exits, unmatched int) {
	in, out := f.Entries[Moved], f.Exits[Moved]
	return Sum(f.Entries) - in, Sum(f.Exits) - out, in - out
}

// Gap is what a published flow leaves unexplained, End − (Start + ΣEntries − ΣExits): 0 where the figures agree.
func (f *Flow) Gap() int { return f.End - f.Start - Sum(f.Entries) + Sum(f.Exits) }
