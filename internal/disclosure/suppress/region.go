package suppress

import (
	"maps"
	"math"
	"slices"
)

var inf = math.Inf(1)

// region is a part of a system with its program. Deviations outside it are taken as zero, so the reader's freedom is at least what the region finds: a proof found in it holds in the whole.
type region struct {
	sys     *system
	classes []int32 // sorted
	prog    *program
	only    func(rel int32) bool // the relations that are looked at; nil for all
	extra   map[int32]float64    // entries of one more column after the classes, by relation
}

// newRegion makes the program of some classes.
func (g *guard) newRegion(classes []int32) *region {
	slices.Sort(classes)
	r := &region{sys: g.system, classes: classes}
	r.build(&g.scratch)
	return r
}

// scratch is working space for building regions: the column of a class and the row of a relation, −1 outside.
type scratch struct {
	col, row []int32
	rels     []int32
	work     int // entries of tableaus gone through, which tells the effort the same on every machine
}

func (r *region) build(w *scratch) {
	if w.col == nil {
		w.col, w.row = slices.Repeat([]int32{-1}, len(r.sys.classes)), slices.Repeat([]int32{-1}, len(r.sys.rels))
	}
	w.rels = w.rels[:0]
	for j, c := range r.classes {
		w.col[c] = int32(j)
		for _, k := range r.sys.classes[c].rels {
			if w.row[k] < 0 && (r.only == nil || r.only(k)) {
				w.row[k] = int32(len(w.rels))
				w.rels = append(w.rels, k)
			}
		}
	}
	cols := len(r.classes)
	if r.extra != nil {
		cols++
		for _, k := range slices.Sorted(maps.Keys(r.extra)) {
			if w.row[k] < 0 {
				w.row[k] = int32(len(w.rels))
				w.rels = append(w.rels, k)
			}
		}
	}
	p := newProgram(len(w.rels), cols)
	for k, v := range r.extra {
		p.row(int(w.row[k]))[cols-1] = v
	}
	for j, c := range r.classes {
		k := &r.sys.classes[c]
		for i, rel := range k.rels {
			if row := w.row[rel]; row >= 0 {
				p.row(int(row))[j] = float64(k.coef[i])
			}
		}
	}
	for _, c := range r.classes {
		w.col[c] = -1
	}
	for _, k := range w.rels {
		w.row[k] = -1
	}
	p.settle()
	w.work += p.work
	p.pivots, p.work = 0, 0
	r.prog = p
}

// column is where a class stands in the program.
func (r *region) column(c int32) int {
	j, ok := slices.BinarySearch(r.classes, c)
	if !ok {
		return -1
	}
	return j
}

// slackest is the most that a count is let go down by. It is far more than any proof needs, and keeps the numbers of a program within a few orders of size.
const slackest = 1e6

// attack opens the hidden cells and fixes the others: the reader's own view.
func (r *region) attack() {
	p := r.prog
	for j, c := range r.classes {
		k := &r.sys.classes[c]
		if p.lo[j], p.hi[j], p.cost[j] = 0, 0, 0; k.state == hidden {
			p.lo[j], p.hi[j] = max(-float64(k.n-1), -slackest), inf
		}
	}
}

// banned is the price of a class that must stay shown.
const banned = -1

// price opens what is hidden and, for its price, what may be hidden.
func (r *region) price(prices []float64) {
	p := r.prog
	for j, c := range r.classes {
		k := &r.sys.classes[c]
		p.lo[j], p.hi[j], p.cost[j] = 0, 0, 0
		if k.state == hidden || k.state == open && prices[c] != banned {
			p.lo[j], p.hi[j] = max(-float64(k.n-1), -slackest), inf
		}
		if k.state == open && prices[c] != banned {
			p.cost[j] = prices[c]
		}
	}
}

// renewal is after how many moves a program is made anew, and drift how much of a sum may be missing, so that rounding does not add up.
const (
	renewal = 2000
	drift   = 1e-6
)

// push asks the program, and once more a new one if rounding has eaten at a sum.
func (r *region) push(w *scratch, c int32, dir float64, target int) float64 {
	before := r.prog.work
	r.prog.work += 10 * (len(r.classes) + 10) // what a question costs by itself
	defer func() { w.work += r.prog.work - before }()
	aim := r.column(c)
	if r.prog.pivots > renewal {
		r.rebuild(w)
	}
	v := r.prog.push(aim, dir, float64(target))
	if r.missing() > drift {
		r.rebuild(w)
		if v = r.prog.push(aim, dir, float64(target)); r.missing() > drift {
			clear(r.prog.val)
			return 0
		}
	}
	return v
}

func (r *region) rebuild(w *scratch) {
	old := r.prog
	r.build(w)
	r.prog.work += old.work
	r.prog.lo, r.prog.hi, r.prog.cost = old.lo, old.hi, old.cost
}

// missing is the largest amount by which the deviations break a sum.
func (r *region) missing() (most float64) {
	sums := map[int32]float64{}
	for j, c := range r.classes {
		if v := r.prog.val[j]; v != 0 {
			k := &r.sys.classes[c]
			for i, rel := range k.rels {
				if r.only == nil || r.only(rel) {
					sums[rel] += v * float64(k.coef[i])
				}
			}
		}
	}
	for rel, v := range r.extra {
		sums[rel] += v * r.prog.val[len(r.classes)]
	}
	for _, s := range sums {
		most = max(most, math.Abs(s))
	}
	return most
}

// moved adds the classes that deviate to a sorted set.
func (r *region) moved(set []int32) []int32 {
	for j, v := range r.prog.val {
		if math.Abs(v) > drift {
			if i, ok := slices.BinarySearch(set, r.classes[j]); !ok {
				set = slices.Insert(set, i, r.classes[j])
			}
		}
	}
	return set
}
