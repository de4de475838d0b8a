package scan

import "github.com/baqylau/baqylau/aberration"

// Connected makes the flexible zones of Tango and Takahashi: every set of up to size places that hangs together in a graph of
// neighbours, so that clusters along a road or a border are found, which no circle fits. neighbours[i] lists the places next to i;
// a border given from one side holds for both.
//
// The number of zones grows steeply with size: a map of 21 regions with some 5 neighbours each has about a thousand for size 4 and
// ten thousand for size 6. The error is aberration.InvalidSettings for more than a million, for no place, a size below 1 or above
// 1,000, or a neighbour that is not on the map.
//
// Sources: T. Tango, K. Takahashi (2005), A flexibly shaped spatial scan statistic for detecting clusters, Int J Health Geogr 4:11;
// the enumeration, which meets each set once, is that of S. Wernicke (2006), IEEE/ACM Trans Comput Biol Bioinform 3, 347–359.
func Connected(neighbours [][]int, size int) (*Zones, error) {
	n := len(neighbours)
	if n == 0 || n > maxZones || size < 1 || size > 1000 {
		return nil, aberration.InvalidSettings
	}
	next := make([][]int32, n)
	for i, list := range neighbours {
		for _, j := range list {
			if j < 0 || j >= n {
				return nil, aberration.InvalidSettings
			}
			if i != j {
				next[i], next[j] = append(next[i], int32(j)), append(next[j], int32(i))
			}
		}
	}
	g := growth{zones: newZones(n), next: next, near: make([]int32, n), size: size}
	for i := range next {
		g.root = int32(i)
		if !g.extend(-1, [2]uint64{}, int32(i), nil, 1) {
			return nil, aberration.InvalidSettings
		}
	}
	g.zones.seen = nil
	return g.zones, nil
}

type growth struct {
	zones *Zones
	next  [][]int32
	near  []int32 // how many members of the present set each place is next to, itself counted as 1 for members
	root  int32
	size  int
}

// extend makes the zone of a set with one more place and goes on to those that contain it. Candidates are places beyond the root that
// may still be added to the set without it; the new place brings only its own neighbours that no earlier member had.
func (g *growth) extend(from int32, key [2]uint64, place int32, candidates []int32, size int) bool {
	if g.zones.Len() >= maxZones {
		return false
	}
	at, key := g.zones.grow(from, key, place)
	if size == g.size {
		return true
	}
	all := append([]int32(nil), candidates...)
	for _, p := range g.next[place] {
		if p > g.root && g.near[p] == 0 {
			all = append(all, p)
			g.near[p]++ // so that a border listed twice counts once; taken back below
		}
	}
	fresh := all[len(candidates):]
	for _, p := range fresh {
		g.near[p]--
	}
	g.near[place]++
	for _, p := range g.next[place] {
		g.near[p]++
	}
	whole := true
	for len(all) > 0 && whole {
		p := all[len(all)-1]
		all = all[:len(all)-1]
		whole = g.extend(at, key, p, all, size+1)
	}
	g.near[place]--
	for _, p := range g.next[place] {
		g.near[p]--
	}
	return whole
}
