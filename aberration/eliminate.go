package aberration

import "math"

// runLengths are the states of a chart that can be reached, state 0 first and the head start last, with the probabilities of going from
// one to another, of the alarm, and the time spent in a state on the way.
type runLengths struct {
	goes  [][]float64
	alarm []float64
	time  []float64
	head  int
}

// newRunLengths sets up the chain on the multiples of the greatest common step of a chart, and on those shifted by the head start.
func newRunLengths(l lattice, p counts) *runLengths {
	step := gcd(l.one, l.k)
	index := map[int]int{0: 0}
	sums := []int{0}
	add := func(from int) {
		for s := from; s < l.h; s += step {
			if _, known := index[s]; !known {
				index[s] = len(sums)
				sums = append(sums, s)
			}
		}
	}
	add(0)
	add(l.head % step)
	r := &runLengths{alarm: make([]float64, len(sums)), time: make([]float64, len(sums)), head: index[l.head]}
	for i, from := range sums {
		row := make([]float64, len(sums))
		r.time[i] = 1
		for x, mass := range p.mass {
			to := from + x*l.one - l.k
			if to >= l.h {
				r.alarm[i] = p.tail[x]
				break
			}
			row[index[max(0, to)]] += mass
		}
		r.goes = append(r.goes, row)
	}
	return r
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// solve takes out the states from the last to the first: who would go to a state goes instead where it leads. The probability of
// leaving a state is the sum of where to, never one less the probability of staying, so that nothing cancels.
func (r *runLengths) solve() (zero, head float64) {
	n := len(r.alarm)
	leave := make([]float64, n)
	for s := n - 1; s >= 0; s-- {
		row := r.goes[s]
		leave[s] = r.alarm[s]
		for j := range s {
			leave[s] += row[j]
		}
		for i := range s {
			f := r.goes[i][s]
			switch {
			case f == 0:
				continue
			case leave[s] == 0: // a trap, from which there is no alarm
				r.time[i] = math.Inf(1)
				continue
			}
			f /= leave[s]
			into := r.goes[i][:s]
			for j, p := range row[:s] {
				into[j] += f * p
			}
			r.alarm[i] += f * r.alarm[s]
			r.time[i] += f * r.time[s]
		}
	}
	length := make([]float64, n)
	for s := range n {
		length[s] = r.time[s]
		for j := range s {
			if p := r.goes[s][j]; p > 0 {
				length[s] += p * length[j]
			}
		}
		length[s] /= leave[s]
	}
	return length[0], length[r.head]
}
