package suppress

import (
	"math"
	"slices"
)

// way is one way in which the hidden counts may differ from the true ones, with all sums kept.
type way struct {
	classes []int32 // those that differ, sorted
	by      []float64
}

// way is what moves in a program.
func (r *region) way() *way {
	w := &way{}
	for j, c := range r.classes {
		if v := r.prog.val[j]; math.Abs(v) > drift {
			w.classes, w.by = append(w.classes, c), append(w.by, v)
		}
	}
	return w
}

// of is by how much class c differs.
func (w *way) of(c int32) float64 {
	if w == nil {
		return 0
	}
	if i, ok := slices.BinarySearch(w.classes, c); ok {
		return w.by[i]
	}
	return 0
}

// up and down are by how many whole persons class c is more, and less.
func (w *way) up(c int32) int   { return max(0, int(math.Floor(w.of(c)+drift))) }
func (w *way) down(c int32) int { return max(0, int(math.Floor(-w.of(c)+drift))) }

// without is the part of a way that moves other classes.
func (w *way) without(out func(int32) bool) *way {
	rest := &way{}
	for i, c := range w.classes {
		if !out(c) {
			rest.classes, rest.by = append(rest.classes, c), append(rest.by, w.by[i])
		}
	}
	return rest
}

// with puts together two parts that move different classes.
func (w *way) with(v *way) *way {
	all := &way{}
	for i, j := 0, 0; i < len(w.classes) || j < len(v.classes); {
		if j == len(v.classes) || i < len(w.classes) && w.classes[i] < v.classes[j] {
			all.classes, all.by = append(all.classes, w.classes[i]), append(all.by, w.by[i])
			i++
		} else {
			all.classes, all.by = append(all.classes, v.classes[j]), append(all.by, v.by[j])
			j++
		}
	}
	return all
}
