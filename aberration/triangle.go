package aberration

import "math"

// Triangle is a reporting triangle: cases by the period in which they happened and the delay with which they became known, as known
// now. The last row is the current period, so row t of n has seen the delays 0 … n-1-t; cells beyond are not read.
type Triangle struct {
	// Counts[t][d] is the number of cases of event period t, oldest first, that became known d periods later.
	Counts [][]float64
}

// NewTriangle is an empty triangle of the given number of event periods, whose rows hold the delays 0 … maxDelay, or fewer when there
// are not so many periods. The error is InvalidSettings for negative numbers and for more than a hundred million cells.
func NewTriangle(periods, maxDelay int) (*Triangle, error) {
	if periods < 0 || maxDelay < 0 {
		return nil, InvalidSettings
	}
	width := min(maxDelay, max(0, periods-1)) + 1 // longer delays cannot have been seen
	if float64(periods)*float64(width) > 1e8 {
		return nil, InvalidSettings
	}
	cells := make([]float64, periods*width)
	tr := &Triangle{Counts: make([][]float64, periods)}
	for t := range tr.Counts {
		tr.Counts[t] = cells[t*width : (t+1)*width : (t+1)*width]
	}
	return tr, nil
}

// Add counts n cases of event period t that became known with the given delay; delays longer than the row go to its last cell. The
// error is OutOfRange when there is no such period, or when such a report lies in the future.
func (tr *Triangle) Add(t, delay int, n float64) error {
	if t < 0 || t >= len(tr.Counts) || delay < 0 || delay > len(tr.Counts)-1-t || len(tr.Counts[t]) == 0 {
		return OutOfRange
	}
	tr.Counts[t][min(delay, len(tr.Counts[t])-1)] += n
	return nil
}

// KnownAt is the number of cases of event period t that were known once the given delay had passed. The error is OutOfRange when
// there is no such period, that moment lies in the future, or the row is too short to tell.
func (tr *Triangle) KnownAt(t, delay int) (float64, error) {
	if t < 0 || t >= len(tr.Counts) || delay < 0 || delay > len(tr.Counts)-1-t || delay >= len(tr.Counts[t]) {
		return math.NaN(), OutOfRange
	}
	return total(tr.Counts[t][:delay+1]), nil
}

// seen are the cells of row t that can be known by now.
func (tr *Triangle) seen(t int) []float64 {
	row := tr.Counts[t]
	return row[:min(len(row), len(tr.Counts)-t)]
}

// known is the number of cases of event period t known by now, whatever their delay.
func (tr *Triangle) known(t int) float64 { return total(tr.seen(t)) }

// cell is the number of cases of period t with delay d; longer delays count as maxDelay.
func (tr *Triangle) cell(t, d, maxDelay int) float64 {
	if d < maxDelay {
		return tr.Counts[t][d]
	}
	return total(tr.seen(t)[d:])
}

// check wants every cell that can be known up to the longest delay, with numbers of cases in it.
func (tr *Triangle) check(maxDelay int) Reason {
	n := len(tr.Counts)
	if n <= maxDelay {
		return TooShort // no period has seen the longest delay yet
	}
	for t := range n {
		if len(tr.Counts[t]) < min(maxDelay, n-1-t)+1 {
			return InvalidSeries
		}
		if r := check(tr.seen(t)); r != OK {
			return r
		}
	}
	return OK
}

func total(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return sum
}
