package aberration

import (
	"math"
	"sync/atomic"
)

// The tails of the predictive distribution depend on two whole numbers, how many periods were looked at and how many cases they had,
// and in most series both are small. So they are computed once and kept, for all detectors and goroutines; a row never changes.
const (
	keptPeriods = 128
	keptCases   = 512
)

// tailRow are P(Y >= y) for y = 0, 1, 2 … down to where they no longer matter.
type tailRow []float64

var kept [keptPeriods]atomic.Pointer[[keptCases]atomic.Pointer[tailRow]]

// tails is the row for whole numbers of cases and periods, nil where it is not kept.
func tails(cases, periods float64) tailRow {
	if !(cases < keptCases && periods < keptPeriods && periods >= 1) {
		return nil
	}
	c, p := int(cases), int(periods)
	if float64(c) != cases || float64(p) != periods {
		return nil
	}
	table := kept[p].Load()
	if table == nil {
		kept[p].CompareAndSwap(nil, new([keptCases]atomic.Pointer[tailRow]))
		table = kept[p].Load()
	}
	if row := table[c].Load(); row != nil {
		return *row
	}
	row := newTails(cases+0.5, periods)
	table[c].Store(&row)
	return row
}

// newTails adds up the probabilities from the least likely count down, so that each tail has its full relative precision.
func newTails(size, n float64) tailRow {
	fail := 1 / (n + 1)
	mass := math.Exp(-size * math.Log1p(1/n))
	var row tailRow
	for k := 0.0; k <= size/n || mass > 1e-40; {
		row = append(row, mass)
		k++
		mass *= (k - 1 + size) / k * fail
	}
	above := 0.0
	for k := len(row) - 1; k >= 0; k-- {
		above += row[k]
		row[k] = min(1, above)
	}
	for len(row) > 2 && row[len(row)-1] < 1e-20 {
		row = row[:len(row)-1]
	}
	row[0] = 1
	return append(tailRow(nil), row...)
}

// bound is the smallest u with P(Y > u) <= alpha; ok is false when it lies beyond the row.
func (r tailRow) bound(alpha float64) (u float64, ok bool) {
	lo, hi := 0, len(r) // r[lo] > alpha, and the tail at hi is not, or not known
	for hi-lo > 1 {
		if mid := (lo + hi) / 2; r[mid] > alpha {
			lo = mid
		} else {
			hi = mid
		}
	}
	return float64(lo), hi < len(r)
}
