package suppress

import "math"

// program is a linear program over deviations: the reader's freedom. Each column is by how much a count may differ from the true one; the rows say that every sum still holds, so
// their right sides are zero and "no deviation" is always feasible: there is no first phase. The tableau depends neither on bounds nor on costs: one program serves many questions in
// turn, each starting from the last basis with all deviations at zero.
//
// It is the primal simplex for bounded variables on a full tableau (Chvátal, Linear Programming, 1983, chapter 8). Bland's rule takes over when it stalls, so it ends.
type program struct {
	rows, cols int
	tab        []float64 // rows × cols: basic value + Σ entry · value of the other columns = 0
	basic      []int32   // column that is basic in a row; -1 for the row's own slack, which is fixed at zero
	at         []int32   // row where a column is basic; -1 when it is not
	val        []float64 // deviation of a column
	lo, hi     []float64 // its bounds
	cost       []float64 // price of moving it by one either way; zero for cells that are hidden already
	down       []bool    // a basic column with a price stands on the falling side of its kink at zero
	gain       []float64 // working space: what the aim gains by moving a column up by one
	nz         []int32   // working space
	pivots     int       // so far, the measure of work
}

const (
	zero   = 1e-9  // a smaller deviation is none
	dust   = 1e-11 // smaller entries of the tableau are rounding
	better = 1e-7  // a smaller gain is none
	worth  = 1e5   // what moving the aim by one is worth: more than all prices on the way
)

func newProgram(rows, cols int) *program {
	p := &program{rows: rows, cols: cols, tab: make([]float64, rows*cols), basic: make([]int32, rows), at: make([]int32, cols), nz: make([]int32, 0, cols)}
	f := make([]float64, 5*cols)
	p.val, p.lo, p.hi, p.cost, p.gain = f[:cols:cols], f[cols:2*cols:2*cols], f[2*cols:3*cols:3*cols], f[3*cols:4*cols:4*cols], f[4*cols:]
	p.down = make([]bool, cols)
	for i := range p.basic {
		p.basic[i] = -1
	}
	for j := range p.at {
		p.at[j] = -1
	}
	return p
}

func (p *program) row(i int) []float64 { return p.tab[i*p.cols : (i+1)*p.cols] }

// settle makes a column basic in every row, the first that can be, and drops the rows that follow from others.
func (p *program) settle() {
	kept := 0
	for i := range p.rows {
		row, q := p.row(i), -1
		for j, v := range row {
			if math.Abs(v) > zero {
				q = j
				break
			}
		}
		if q < 0 {
			continue
		}
		if kept != i {
			copy(p.row(kept), row)
			clear(row)
		}
		p.pivot(kept, q)
		kept++
	}
	p.rows, p.tab, p.basic = kept, p.tab[:kept*p.cols], p.basic[:kept]
}

// pivot makes column q basic in row r.
func (p *program) pivot(r, q int) {
	p.pivots++
	row := p.row(r)
	inv := 1 / row[q]
	p.nz = p.nz[:0]
	for j, v := range row {
		if v == 0 {
			continue
		}
		if v *= inv; math.Abs(v) < dust {
			v = 0
		} else {
			p.nz = append(p.nz, int32(j))
		}
		row[j] = v
	}
	for i := range p.rows {
		f := p.tab[i*p.cols+q]
		if i == r || f == 0 {
			continue
		}
		other := p.row(i)
		for _, j := range p.nz {
			v := other[j] - f*row[j]
			if math.Abs(v) < dust {
				v = 0
			}
			other[j] = v
		}
		other[q] = 0
	}
	row[q] = 1
	if out := p.basic[r]; out >= 0 {
		p.at[out] = -1
	}
	p.basic[r], p.at[q] = int32(q), int32(r)
}

// room is how far column j may go at the rate given before it meets a bound. The price of a column has a kink at zero, which is a bound too.
func (p *program) room(j int32, rate float64) float64 {
	lo, hi := p.lo[j], p.hi[j]
	if p.cost[j] > 0 {
		if p.down[j] {
			hi = 0
		} else {
			lo = 0
		}
	}
	if rate > 0 {
		return max(0, hi-p.val[j]) / rate
	}
	return max(0, p.val[j]-lo) / -rate
}

// push moves column aim in direction dir (1 or −1) as far as target at the least cost of the other columns, and tells how far it came. The deviations are in val.
func (p *program) push(aim int, dir, target float64) float64 {
	clear(p.val)
	clear(p.down)
	bound := &p.hi[aim]
	if dir < 0 {
		bound = &p.lo[aim]
	}
	old := *bound
	if dir*old > target {
		*bound = dir * target
	}
	stalled := 0
	for left := 20*(p.rows+p.cols) + 1000; left > 0 && dir*p.val[aim] < target-zero; left-- {
		q, way := p.enter(aim, dir, stalled > 40)
		if q < 0 {
			break
		}
		switch step := p.move(q, way, stalled > 40); {
		case math.IsInf(step, 1): // cannot be while the aim is bounded
			left = 0
		case step > zero:
			stalled = 0
		default:
			stalled++
		}
	}
	*bound = old
	return dir * p.val[aim]
}

// enter chooses the column whose move gains most, or with bland the first that gains.
func (p *program) enter(aim int, dir float64, bland bool) (q int, way float64) {
	clear(p.gain)
	if r := p.at[aim]; r >= 0 {
		for j, v := range p.row(int(r)) {
			p.gain[j] = -dir * worth * v
		}
	} else {
		p.gain[aim] = dir * worth
	}
	for i, b := range p.basic {
		if b < 0 || p.cost[b] == 0 {
			continue
		}
		c := p.cost[b]
		if p.down[b] {
			c = -c
		}
		for j, v := range p.row(i) {
			if v != 0 {
				p.gain[j] += c * v
			}
		}
	}
	q, most := -1, better
	for j, g := range p.gain {
		if p.at[j] >= 0 || p.lo[j] == p.hi[j] {
			continue
		}
		up, down := g-p.cost[j], -g-p.cost[j]
		if p.val[j] < 0 {
			up = g + p.cost[j]
		}
		if up > most && p.val[j] < p.hi[j] {
			q, way, most = j, 1, up
		}
		if down > most && p.val[j] > p.lo[j] {
			q, way, most = j, -1, down
		}
		if bland && q >= 0 {
			break
		}
	}
	return q, way
}

// move lets column q go the way given as far as all bounds allow, changes the basis if another column meets its bound first, and tells how far it went.
func (p *program) move(q int, way float64, bland bool) float64 {
	p.down[q] = p.val[q] < 0 || p.val[q] == 0 && way < 0
	own := p.room(int32(q), way)
	step := own
	for i := range p.rows {
		if rate := -way * p.tab[i*p.cols+q]; math.Abs(rate) > zero {
			if b := p.basic[i]; b < 0 {
				step = 0
			} else {
				step = min(step, p.room(b, rate))
			}
		}
	}
	if math.IsInf(step, 1) {
		return step
	}
	leave, size := -1, 0.0
	if own > step {
		for i := range p.rows {
			a := p.tab[i*p.cols+q]
			if math.Abs(a) <= zero {
				continue
			}
			b := p.basic[i]
			if b >= 0 && p.room(b, -way*a) > step+zero {
				continue
			}
			if leave < 0 || bland && b < p.basic[leave] || !bland && math.Abs(a) > size {
				leave, size = i, math.Abs(a)
			}
		}
	}
	if step > 0 {
		p.val[q] += way * step
		for i, b := range p.basic {
			if a := p.tab[i*p.cols+q]; a != 0 && b >= 0 {
				p.val[b] -= a * way * step
			}
		}
	}
	if leave < 0 {
		p.snap(int32(q))
		return step
	}
	if b := p.basic[leave]; b >= 0 {
		p.snap(b)
	}
	p.pivot(leave, q)
	return step
}

// snap puts a column exactly on the bound that it has reached.
func (p *program) snap(j int32) {
	for _, bound := range [...]float64{0, p.lo[j], p.hi[j]} {
		if math.Abs(p.val[j]-bound) < 1e-7 && (bound != 0 || p.cost[j] > 0 || p.lo[j] == 0 || p.hi[j] == 0) {
			p.val[j] = bound
		}
	}
}
