package suppress

// region is a part of a system with its program. Deviations outside it are taken as zero, so whatever freedom it finds, the reader's is at least as great: a proof found in a region
// holds in the whole.
type region struct {
	sys     *system
	classes []int32
	col     []int32 // of each class of the system; -1 outside
	prog    *program
}

// renewal is after how many pivots a program is made anew, so that rounding does not add up.
const renewal = 3000

func newRegion(s *system, classes []int32) *region {
	r := &region{sys: s, classes: classes, col: make([]int32, len(s.classes))}
	for i := range r.col {
		r.col[i] = -1
	}
	for j, c := range classes {
		r.col[c] = int32(j)
	}
	r.build()
	return r
}

func (r *region) build() {
	var rels []int32
	seen := make([]bool, len(r.sys.rels))
	for _, c := range r.classes {
		for _, k := range r.sys.classes[c].rels {
			if !seen[k] {
				seen[k] = true
				rels = append(rels, k)
			}
		}
	}
	p := newProgram(len(rels), len(r.classes))
	for i, k := range rels {
		row, rel := p.row(i), &r.sys.rels[k]
		for j, v := range rel.vars {
			if c := r.col[v]; c >= 0 {
				row[c] = float64(rel.coef[j])
			}
		}
	}
	p.settle()
	p.pivots = 0
	r.prog = p
}

// slackest is the most that a count is let go down by. It is far more than any proof needs, and keeps the numbers of a program within a few orders of size.
const slackest = 1e6

// attack opens the hidden cells and fixes the others: the reader's own view.
func (r *region) attack() {
	for j, c := range r.classes {
		k := &r.sys.classes[c]
		p := r.prog
		if p.lo[j], p.hi[j], p.cost[j] = 0, 0, 0; k.state == hidden {
			p.lo[j], p.hi[j] = max(-float64(k.n-1), -slackest), inf
		}
	}
}
