package suppress

import (
	"math"
	"slices"
)

// hint is how far a primary class went in programs that asked about others. Small counts of one table move together, so most proofs come for nothing.
type hint struct {
	up, down     int
	above, below []int32 // classes that moved then
}

// note takes hints from the deviations that a region's program has found.
func (g *guard) note(r *region) {
	if g.hints == nil {
		return
	}
	var cells []int32 // shared by all hints of one program
	for j, v := range r.prog.val {
		c := r.classes[j]
		by := int(math.Floor(math.Abs(v) + drift))
		if by == 0 || g.classes[c].need == 0 {
			continue
		}
		if cells == nil {
			cells = r.moved(nil)
		}
		h := &g.hints[c]
		if v > 0 && by > h.up {
			h.up, h.above = by, cells
		}
		if v < 0 && by > h.down {
			h.down, h.below = by, cells
		}
	}
}

// proof puts a hint's two ways together, if they go far enough.
func (h *hint) proof(need int) (proof, bool) {
	if h.up+h.down < need {
		return proof{}, false
	}
	p := proof{up: h.up, down: h.down}
	if h.up > 0 {
		p.cells = append(p.cells, h.above...)
	}
	if h.down > 0 {
		p.cells = append(p.cells, h.below...)
	}
	slices.Sort(p.cells)
	p.cells = slices.Compact(p.cells)
	return p, true
}
