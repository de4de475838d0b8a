package death

import "iter"

// Tally counts the deaths of each selection under each key that by gives them. A death counts once under a key, however often by names it; by may give several keys (a death
// by three substances is one under each), whose counts then do not add up to the number of deaths.
func Tally[K comparable](records iter.Seq[Record], rules Rules, by func(Record, Match) []K) map[Selection]map[K]int {
	out := map[Selection]map[K]int{}
	for _, s := range Selections {
		out[s] = map[K]int{}
	}
	seen := map[K]bool{}
	for rec := range records {
		for _, s := range Selections {
			m, ok := rules.Select(rec, s)
			if !ok {
				continue
			}
			clear(seen)
			for _, k := range by(rec, m) {
				if !seen[k] {
					seen[k] = true
					out[s][k]++
				}
			}
		}
	}
	return out
}
