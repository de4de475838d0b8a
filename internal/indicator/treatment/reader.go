package treatment

import (
	"math"

	"github.com/baqylau/baqylau/internal/disclosure"
)

// reader is somebody who has all 70 tables of a year before him: what is shown, that a hidden number is at least 1, which cells count the same people and how all numbers add
// up. He narrows every hidden number down, sum by sum across all tables, until nothing moves any more.
type reader struct {
	j         *joint
	low, high []float64
	in        [][]int // the sums that a number stands in
}

func newReader(j *joint) *reader {
	r := &reader{j: j, low: make([]float64, len(j.n)), high: make([]float64, len(j.n)), in: make([][]int, len(j.n))}
	for k, s := range j.sums {
		for _, i := range s {
			r.in[i] = append(r.in[i], k)
		}
	}
	return r
}

// read narrows all numbers down.
func (r *reader) read() {
	for i, n := range r.j.n {
		r.low[i], r.high[i] = float64(n), float64(n)
		if r.j.hidden[i] {
			r.low[i], r.high[i] = 1, math.Inf(1)
		}
	}
	queue, queued := make([]int, len(r.j.sums)), make([]bool, len(r.j.sums))
	for k := range queue {
		queue[k], queued[k] = k, true
	}
	for len(queue) > 0 {
		k := queue[0]
		queue, queued[k] = queue[1:], false
		for at, i := range r.j.sums[k] {
			low, high := r.implied(k, at)
			if low <= r.low[i] && high >= r.high[i] {
				continue
			}
			r.low[i], r.high[i] = max(low, r.low[i]), min(high, r.high[i])
			for _, other := range r.in[i] {
				if !queued[other] {
					queue, queued[other] = append(queue, other), true
				}
			}
		}
	}
}

// implied is what sum k says of the number at a place in it, from what is known of the others.
func (r *reader) implied(k, at int) (low, high float64) {
	s := r.j.sums[k]
	for place, i := range s[1:] {
		if place+1 != at {
			low, high = low+r.low[i], high+r.high[i]
		}
	}
	if at == 0 {
		return low, high
	}
	return r.low[s[0]] - high, r.high[s[0]] - low
}

// narrow are the small counts of which the reader knows more than he may.
func (r *reader) narrow() (list []int) {
	for i, n := range r.j.n {
		if n > 0 && n < disclosure.Threshold && r.high[i]-r.low[i] < disclosure.Threshold-1 {
			list = append(list, i)
		}
	}
	return list
}

// close hides further numbers until no small count is narrowed down: of each sum that holds one tight, the smallest number that is still shown, and where none is, of the
// sums that hold its numbers tight. Hiding more never takes the protection of a single table away.
func (j *joint) close() {
	for i, n := range j.n {
		j.hidden[i] = j.hidden[i] || n > 0 && n < disclosure.Threshold
	}
	r := newReader(j)
	for more := true; more; {
		r.read()
		more = false
		seen := make([]bool, len(j.n))
		for _, i := range r.narrow() {
			more = r.widen(i, seen) || more
		}
	}
}

// widen hides what holds number i tight; false where nothing is left to hide.
func (r *reader) widen(i int, seen []bool) bool {
	if seen[i] {
		return false
	}
	seen[i] = true
	for _, k := range r.in[i] {
		if !r.tight(k, i) {
			continue
		}
		if r.j.loosen(k) {
			return true // one at a time: what it frees is seen when everything is read again
		}
		for _, other := range r.j.sums[k] {
			if r.j.hidden[other] && r.widen(other, seen) {
				return true
			}
		}
	}
	return false
}

// tight reports whether sum k bounds number i at either end.
func (r *reader) tight(k, i int) bool {
	for at, x := range r.j.sums[k] {
		if x == i {
			low, high := r.implied(k, at)
			return !math.IsInf(high, 1) && high <= r.high[i] || low > 1 && low >= r.low[i]
		}
	}
	return false
}

// loosen hides the smallest number of a sum that is shown, the whole last; false where none is left.
func (j *joint) loosen(k int) bool {
	best := -1
	for _, i := range j.sums[k][1:] {
		if !j.hidden[i] && j.n[i] > 0 && (best < 0 || j.n[i] < j.n[best]) {
			best = i
		}
	}
	if whole := j.sums[k][0]; best < 0 && !j.hidden[whole] && j.n[whole] > 0 {
		best = whole
	}
	if best < 0 {
		return false
	}
	j.hidden[best] = true
	return true
}
