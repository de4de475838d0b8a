package scan

import (
	"math"
	"slices"

	"github.com/baqylau/baqylau/aberration"
)

// Zones are the sets of places that are looked at, each once. They are made once for a map and can then be used by any number of
// scans at the same time. The zero value has none.
type Zones struct {
	places int
	// Zone z is zone parent[z] (-1: the empty set) with the places added[start[z]:start[z+1]]; a parent comes before its children,
	// so that the cases of a zone are those of its parent and of a place or two.
	parent, start, added []int32
	seen                 map[[2]uint64]int32 // while they are made: the zone of a set, by the sums of hashes of its places
}

// maxZones keeps the memory of a map within bounds: at 8 durations a zone takes some 200 bytes of working space.
const maxZones = 1 << 20

// maxSorted is the number of places up to which sorting them around each of them takes no more than some seconds.
const maxSorted = 1 << 14

// Len is the number of zones.
func (z *Zones) Len() int { return len(z.parent) }

func (z *Zones) usable() bool { return z != nil && z.Len() > 0 }

// grown reports whether every zone is another one, or the empty set, with one more place.
func (z *Zones) grown() bool { return len(z.added) == len(z.parent) }

// Places is the number of places of the map.
func (z *Zones) Places() int { return z.places }

// Members appends the places of a zone to dst in ascending order; it appends nothing when there is no such zone.
func (z *Zones) Members(dst []int, zone int) []int {
	from := len(dst)
	if zone < 0 || zone >= z.Len() {
		return dst
	}
	for i := int32(zone); i >= 0; i = z.parent[i] {
		for _, p := range z.added[z.start[i]:z.start[i+1]] {
			dst = append(dst, int(p))
		}
	}
	slices.Sort(dst[from:])
	return dst
}

// Place is a point on the earth in degrees, north and east positive.
type Place struct{ Latitude, Longitude float64 }

// earthRadius is the mean radius of the earth (IUGG) in kilometres.
const earthRadius = 6371.0088

// Distance is the great-circle distance in kilometres on a sphere of radius 6371.0088 km, by the haversine formula
//
//	2 R asin √(sin²(Δφ/2) + cos φ₁ cos φ₂ sin²(Δλ/2))
//
// It is NaN where a coordinate is not finite.
func Distance(a, b Place) float64 {
	const degree = math.Pi / 180
	north := math.Sin((b.Latitude - a.Latitude) * degree / 2)
	east := math.Sin((b.Longitude - a.Longitude) * degree / 2)
	h := north*north + math.Cos(a.Latitude*degree)*math.Cos(b.Latitude*degree)*east*east
	return 2 * earthRadius * math.Asin(min(1, math.Sqrt(h)))
}

// Nearest makes the circular zones of Kulldorff: each place alone, with its nearest other place, … with its k nearest, by Distance;
// where two are equally far the one listed first is nearer. Sets that arise around several places are kept once.
// The error is aberration.InvalidSettings when there is no place or more than 16,384, k is below 0, a latitude is outside ±90°, a
// longitude outside ±360°, or there would be more than a million zones. A k beyond the number of places stands for all of them.
func Nearest(places []Place, k int) (*Zones, error) {
	for _, p := range places {
		if !(math.Abs(p.Latitude) <= 90) || !(math.Abs(p.Longitude) <= 360) {
			return nil, aberration.InvalidSettings
		}
	}
	n := len(places)
	if k = min(k, n-1); n == 0 || n > maxSorted || k < 0 || n > maxZones/(k+1) {
		return nil, aberration.InvalidSettings
	}
	z := newZones(n)
	order, away := make([]int32, n), make([]float64, n)
	for centre := range places {
		for i := range order {
			order[i], away[i] = int32(i), Distance(places[centre], places[i])
		}
		away[centre] = -1 // first, though another may be at the same point
		slices.SortFunc(order, func(a, b int32) int {
			switch {
			case away[a] < away[b]:
				return -1
			case away[a] > away[b]:
				return 1
			}
			return int(a - b)
		})
		at, key := int32(-1), [2]uint64{}
		for _, p := range order[:k+1] {
			at, key = z.grow(at, key, p)
		}
	}
	z.seen = nil
	return z, nil
}

// Sets takes the zones as they are given: each a set of places numbered from 0 to places-1. Empty sets and repetitions are dropped.
// The error is aberration.InvalidSettings when a number is out of range or there is no set left.
func Sets(places int, sets [][]int) (*Zones, error) {
	if places < 1 || places > math.MaxInt32 || len(sets) > maxZones {
		return nil, aberration.InvalidSettings
	}
	z := newZones(places)
	var set []int32
	for _, s := range sets {
		set = set[:0]
		for _, p := range s {
			if p < 0 || p >= places {
				return nil, aberration.InvalidSettings
			}
			set = append(set, int32(p))
		}
		slices.Sort(set)
		set = slices.Compact(set)
		key := [2]uint64{}
		for _, p := range set {
			key = with(key, p)
		}
		if _, known := z.seen[key]; known || len(set) == 0 {
			continue
		}
		z.add(-1, key, set...)
	}
	if z.Len() == 0 {
		return nil, aberration.InvalidSettings
	}
	z.seen = nil
	return z, nil
}

func newZones(places int) *Zones {
	return &Zones{places: places, start: []int32{0}, seen: map[[2]uint64]int32{}}
}

// grow is the zone of a known set with one more place, which is made if there is none yet.
func (z *Zones) grow(from int32, key [2]uint64, place int32) (int32, [2]uint64) {
	key = with(key, place)
	if i, known := z.seen[key]; known {
		return i, key
	}
	return z.add(from, key, place), key
}

func (z *Zones) add(parent int32, key [2]uint64, places ...int32) int32 {
	i := int32(len(z.parent))
	z.parent, z.added = append(z.parent, parent), append(z.added, places...)
	z.start = append(z.start, int32(len(z.added)))
	z.seen[key] = i
	return i
}

// with is the key of a set with one more place. Sums of 128 scrambled bits stand for sets: they do not depend on the order, and two
// different sets among a million share one with a probability of 1e-27.
func with(key [2]uint64, place int32) [2]uint64 {
	p := uint64(place)
	return [2]uint64{key[0] + scramble(2*p), key[1] + scramble(2*p+1)}
}

// scramble is the finishing function of SplitMix64 (Steele, Lea, Flood 2014) on the x-th step of its sequence.
func scramble(x uint64) uint64 {
	x = (x + 1) * 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
