package treatment

import "github.com/baqylau/baqylau/internal/disclosure"

// dim is a dimension of a cube: how many codes it has, and its sums, each as the places of the parts and, last, of their total.
type dim struct {
	size int
	sums [][]int
}

// cube is counts by three dimensions, the last running fastest.
type cube struct {
	dims [3]dim
	n    []int
}

// hide is the first rule of package disclosure for tables: counts of 1 to 4 are hidden, and along every sum either the total is hidden as well or so much is hidden that no
// single count follows from it: at least two, of which each may be disclosure.Threshold-1 away from what it is.
func (q *cube) hide() []bool {
	hidden := make([]bool, len(q.n))
	for i, n := range q.n {
		hidden[i] = n > 0 && n < disclosure.Threshold
	}
	for again := true; again; {
		again = false
		q.each(func(sum []int) {
			for q.open(sum, hidden) {
				again = true
			}
		})
	}
	return hidden
}

// each calls f with every sum of the cube, as places of cells.
func (q *cube) each(f func(sum []int)) {
	stride := [3]int{q.dims[1].size * q.dims[2].size, q.dims[2].size, 1}
	for d := range q.dims {
		a, b := (d+1)%3, (d+2)%3
		for _, line := range q.dims[d].sums {
			cells := make([]int, len(line))
			for i := range q.dims[a].size {
				for j := range q.dims[b].size {
					for k, place := range line {
						cells[k] = place*stride[d] + i*stride[a] + j*stride[b]
					}
					f(cells)
				}
			}
		}
	}
}

// open hides one more cell of a sum that gives a hidden one away, and reports whether it did.
func (q *cube) open(sum []int, hidden []bool) bool {
	parts, total := sum[:len(sum)-1], sum[len(sum)-1]
	count, people, least := 0, 0, -1
	for _, i := range parts {
		switch {
		case hidden[i]:
			count, people = count+1, people+q.n[i]
		case q.n[i] > 0 && (least < 0 || q.n[i] < q.n[least]):
			least = i
		}
	}
	switch {
	case count == 0 && (!hidden[total] || least < 0): // nothing hidden, or a total of nothing
		return false
	case count > 0 && hidden[total], count > 1 && people-count >= disclosure.Threshold-1:
		return false
	case least >= 0: // also where only the total is hidden, which its parts would give away
		hidden[least] = true
	default:
		hidden[total] = true
	}
	return true
}
