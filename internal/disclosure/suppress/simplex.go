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
	stand      []stand   // where a column stands that is not basic
	down       []bool    // a basic column with a price stands on the falling side of its kink at zero
	loose      []float64 // by how much a column may pass its bounds meanwhile, so that few moves are of no length; taken back at the end
	gain       []float64 // working space: what the aim gains by moving a column up by one
	active     []int32   // columns that may move
	nz         []int32   // working space
	pivots     int       // so far
	work       int       // entries gone through so far
}

// stand is where a column stands that is not basic.
type stand uint8

const (
	atZero stand = iota
	atLow
	atHigh
)

const (
	zero   = 1e-9 // a smaller deviation is none
	dust   = 1e-9 // smaller entries of the tableau are rounding
	better = 1e-7 // a smaller gain is none
	tiny   = 1e-5 // a smaller entry is no pivot
	hair   = 1e-7 // by how much a bound may be passed
	worth  = 1e5  // what moving the aim by one is worth: more than all prices on the way
)

func newProgram(rows, cols int) *program {
	p := &program{rows: rows, cols: cols, tab: make([]float64, rows*cols), basic: make([]int32, rows), at: make([]int32, cols), nz: make([]int32, 0, cols)}
	f := make([]float64, 6*cols)
	p.val, p.lo, p.hi, p.cost, p.gain = f[:cols:cols], f[cols:2*cols:2*cols], f[2*cols:3*cols:3*cols], f[3*cols:4*cols:4*cols], f[4*cols:5*cols:5*cols]
	p.loose = f[5*cols:]
	p.down, p.stand = make([]bool, cols), make([]stand, cols)
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
	p.work += p.rows * p.cols
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

// push moves column aim in direction dir (1 or −1) as far as target at the least cost of the other columns, and tells how far it came. The deviations are in val.
func (p *program) push(aim int, dir, target float64) float64 {
	bound := &p.hi[aim]
	if dir < 0 {
		bound = &p.lo[aim]
	}
	old := *bound
	if dir*old > target {
		*bound = dir * target
	}
	for _, loose := range [...]float64{1e-5, 0} {
		p.loosen(aim, loose)
		p.climb(aim, dir, target)
		if p.tighten() {
			break
		}
	}
	*bound = old
	return dir * p.val[aim]
}

// loosen starts from no deviation, with bounds a little wider than they are.
func (p *program) loosen(aim int, by float64) {
	clear(p.val)
	clear(p.down)
	for j := range p.stand {
		p.stand[j] = atZero
		p.loose[j] = by * (1 + float64(uint32(j+1)*2654435761)/(1<<32)) // Knuth's multiplicative hash: different for each column, the same in each run
	}
	p.loose[aim] = 0
}

// tighten takes the widening of bounds back and tells whether all still hold.
func (p *program) tighten() bool {
	for j := range p.val {
		switch p.stand[j] {
		case atZero:
			p.val[j] = 0
		case atLow:
			p.val[j] = p.lo[j]
		case atHigh:
			p.val[j] = p.hi[j]
		}
	}
	p.nz = p.nz[:0]
	for j, v := range p.val {
		if v != 0 && p.at[j] < 0 {
			p.nz = append(p.nz, int32(j))
		}
	}
	for i, b := range p.basic {
		if b < 0 {
			continue
		}
		v := 0.0
		for _, j := range p.nz {
			v -= p.tab[i*p.cols+int(j)] * p.val[j]
		}
		p.val[b] = v
	}
	for j, v := range p.val {
		if v < p.lo[j]-zero || v > p.hi[j]+zero {
			return false
		}
	}
	return true
}

// climb is the simplex itself.
func (p *program) climb(aim int, dir, target float64) {
	stalled := 0
	free := true
	p.active = p.active[:0]
	for j, c := range p.cost {
		free = free && c == 0
		if p.lo[j] < p.hi[j] {
			p.active = append(p.active, int32(j))
		}
	}
	for left := 20*(p.rows+p.cols) + 1000; left > 0 && !(free && dir*p.val[aim] >= target-zero); left-- {
		q, way := p.enter(aim, dir, stalled > 40)
		if q < 0 {
			return
		}
		if p.move(q, way, stalled > 40) > zero {
			stalled = 0
		} else {
			stalled++
		}
	}
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
		return max(0, hi+p.loose[j]-p.val[j]) / rate
	}
	return max(0, p.val[j]-lo+p.loose[j]) / -rate
}

// enter chooses the column whose move gains most, or with bland the first that gains.
func (p *program) enter(aim int, dir float64, bland bool) (q int, way float64) {
	if r := p.at[aim]; r >= 0 {
		row := p.row(int(r))
		for _, j := range p.active {
			p.gain[j] = -dir * worth * row[j]
		}
	} else {
		for _, j := range p.active {
			p.gain[j] = 0
		}
		p.gain[aim] = dir * worth
	}
	for i, b := range p.basic {
		if b < 0 || p.cost[b] == 0 {
			continue
		}
		c, row := p.cost[b], p.row(i)
		if p.down[b] {
			c = -c
		}
		for _, j := range p.active {
			p.gain[j] += c * row[j]
		}
	}
	q, most := -1, better
	for _, j := range p.active {
		if p.at[j] >= 0 {
			continue
		}
		g, cost := p.gain[j], p.cost[j]
		up, down := g-cost, -g-cost
		switch p.stand[j] {
		case atLow:
			up, down = g+cost, 0 // a price paid before is saved
		case atHigh:
			up, down = 0, -g+cost
		default:
			if p.lo[j] == 0 {
				down = 0
			}
		}
		if up > most {
			q, way, most = int(j), 1, up
		}
		if down > most {
			q, way, most = int(j), -1, down
		}
		if bland && q >= 0 {
			break
		}
	}
	return q, way
}

// move lets column q go the way given as far as all bounds allow, changes the basis if another column meets its bound first, and tells how far it went.
func (p *program) move(q int, way float64, bland bool) float64 {
	p.down[q] = p.stand[q] == atLow || p.stand[q] == atZero && way < 0
	own := p.room(int32(q), way)
	far := own // how far it may go if bounds are passed by a hair, which leaves a choice of columns that block it (Harris)
	for i, b := range p.basic {
		if rate := -way * p.tab[i*p.cols+q]; math.Abs(rate) > tiny && b >= 0 {
			far = min(far, p.room(b, rate)+hair/math.Abs(rate))
		}
	}
	if math.IsInf(far, 1) { // cannot be, since the aim is bounded
		return 0
	}
	step, leave, size := own, -1, 0.0
	if own > far {
		for i, b := range p.basic {
			rate := -way * p.tab[i*p.cols+q]
			if math.Abs(rate) <= tiny || b < 0 {
				continue
			}
			room := p.room(b, rate)
			if room > far {
				continue
			}
			if leave < 0 || bland && b < p.basic[leave] || !bland && math.Abs(rate) > size {
				step, leave, size = room, i, math.Abs(rate)
			}
		}
	}
	p.val[q] += way * step
	rate := 0.0
	for i, b := range p.basic {
		if a := p.tab[i*p.cols+q]; a != 0 && b >= 0 {
			p.val[b] -= a * way * step
			if i == leave {
				rate = -a * way
			}
		}
	}
	if leave < 0 {
		p.stop(int32(q), way)
		return step
	}
	if b := p.basic[leave]; b >= 0 {
		p.stop(b, rate)
	}
	p.pivot(leave, q)
	return step
}

// stop notes which bound a column has met, going the way given.
func (p *program) stop(j int32, way float64) {
	switch {
	case p.cost[j] > 0 && p.down[j] == (way > 0), way < 0 && p.lo[j] == 0: // at its kink, or a bound there
		p.stand[j] = atZero
	case way > 0:
		p.stand[j] = atHigh
	default:
		p.stand[j] = atLow
	}
}
