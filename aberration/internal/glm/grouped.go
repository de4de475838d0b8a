package glm

import (
	"math"
	"sync"
)

// Grouped is a log-linear regression of counts over time: E(Y) = Exposure exp(level of the group + slope (time - Now)). It is the
// regression of Problem with treatment contrasts for the groups, but solved by group: given the slope, each level is a weighted mean, and
// the slope is a quotient of two sums. A step takes a few operations an observation instead of a decomposition.
type Grouped struct {
	// Y are the counts, Time when they were made, Group their groups from 0. Runs of the same group are quickest together.
	Y, Time []float64
	Group   []int
	// Groups is their number; groups may be empty.
	Groups int
	// Weights are prior weights and Exposure positive factors of the mean; nil for 1.
	Weights, Exposure []float64
	// Slope asks for a slope, and not for levels alone.
	Slope bool
	// Now and NowGroup are the time and group of the prediction, Now at or after the last Time.
	Now      float64
	NowGroup int
	// Epsilon and MaxSteps are those of Problem.
	Epsilon  float64
	MaxSteps int
}

// GroupedFit is the result of a Grouped regression, and the working space for the next.
type GroupedFit struct {
	// Mu and W are the means and the working weights, as in Fit.
	Mu, W []float64
	// Slope is the change of the log mean per unit of time, SlopeLeverage its variance in units of the dispersion; SlopeKept is false
	// when there is none or it is collinear with the groups.
	Slope, SlopeLeverage float64
	SlopeKept            bool
	// EtaNow is the linear predictor at Now without exposure, and NowLeverage its variance in units of the dispersion.
	EtaNow, NowLeverage float64
	// Singular reports that the covariance is out of R's reach: its predict() stops with an error when a column of the weighted design is
	// made up by those before it to 1e-7. This happens when hardly any weight is left for the first group.
	Singular bool
	// Collinear reports that a column of the design was made up by others and dropped.
	Collinear bool
	// Deviance, Steps, Rank and Converged are those of Fit.
	Deviance    float64
	Steps, Rank int
	Converged   bool

	eta, logStart, logY, centred []float64
	lag                          []int32 // Now - Time, where that is a whole number
	longest                      int     // the largest lag
	large                        float64 // counts above it get their deviance from the logarithm of a quotient, which loses fewer digits
	runs                         []run
	groups                       []cell
	powers                       []float64
	dense                        bool // solved by fit
	fit                          Fit
	x, offset, row               []float64
	column                       []int
}

// run is a stretch of observations of one group.
type run struct{ from, to, group int }

// cell holds the weighted sums of a group, over times t less their plain mean in it.
type cell struct {
	n                    int
	centre               float64 // the plain mean of Time - Now
	w, wt, wtt, wz, wtz  float64
	level, factor, shift float64 // linear predictor at Now, its exponential; weighted mean of Time - Now
}

// Solve fits the regression and reports whether the iteration ran to its end, as Fit.Solve does.
func (f *GroupedFit) Solve(q *Grouped) bool {
	if len(q.Y) == 0 {
		return false
	}
	f.prepare(q)
	if f.groups[q.NowGroup].n == 0 {
		return false
	}
	single := q.Groups == 1 && q.Exposure == nil // follows R to the last bit, see bySingle
	switch {
	case single && q.Slope || q.Epsilon > 0 && q.Epsilon < 1e-12:
		return f.byColumns(q)
	case single:
		return f.bySingle(q) || f.byColumns(q)
	}
	return f.bySums(q) || f.byColumns(q)
}

// prepare lays out what does not change from step to step.
func (f *GroupedFit) prepare(q *Grouped) {
	n := len(q.Y)
	f.Mu, f.W, f.eta, f.centred = resize(f.Mu, n), resize(f.W, n), resize(f.eta, n), resize(f.centred, n)
	f.logStart, f.logY, f.lag, f.groups = resize(f.logStart, n), resize(f.logY, n), resize(f.lag, n), resize(f.groups, q.Groups)
	f.runs = f.runs[:0]
	clear(f.groups)
	table := small()
	if f.large = 64; q.Epsilon > 0 && q.Epsilon < 1e-12 {
		f.large = 0
	}
	for i, y := range q.Y {
		g := &f.groups[q.Group[i]]
		g.n++
		g.centre += q.Time[i] - q.Now
		f.logStart[i], f.logY[i] = logs(table, y)
		if i == 0 || q.Group[i] != q.Group[i-1] {
			f.runs = append(f.runs, run{i, i, q.Group[i]})
		}
		f.runs[len(f.runs)-1].to = i + 1
	}
	for i := range f.groups {
		f.groups[i].centre /= float64(f.groups[i].n)
	}
	for i, g := range q.Group {
		f.centred[i] = q.Time[i] - q.Now - f.groups[g].centre
	}
	if q.Exposure != nil {
		f.offset = resize(f.offset, n)
		for i, e := range q.Exposure[:n] {
			f.offset[i] = math.Log(e)
		}
	}
}

// small holds log(y + 0.1) and log(y) of small counts.
var small = sync.OnceValue(func() *[256][2]float64 {
	var t [256][2]float64
	for y := range t {
		t[y] = [2]float64{Log(float64(y) + 0.1), math.Log(float64(y))}
	}
	t[0][1] = 0 // only ever multiplied by y
	return &t
})

func logs(small *[256][2]float64, y float64) (start, log float64) {
	if k := int(y); y >= 0 && y < float64(len(small)) && float64(k) == y {
		return small[k][0], small[k][1]
	}
	return Log(y + 0.1), math.Log(y)
}

// Hat writes the diagonal of the hat matrix into dst.
func (f *GroupedFit) Hat(q *Grouped, dst []float64) {
	if f.dense {
		f.fit.Hat(dst)
		return
	}
	for i, w := range f.W {
		g := &f.groups[q.Group[i]]
		h := 1 / g.w
		if f.SlopeKept {
			d := f.centred[i] + g.centre - g.shift
			h += d * d * f.SlopeLeverage
		}
		dst[i] = w * h
	}
}

// byColumns solves the regression as any other. Columns stand in the order of R's formula: 1, time, groups but the first.
func (f *GroupedFit) byColumns(q *Grouped) bool {
	f.dense = true
	n, p := len(q.Y), 1
	f.column = resize(f.column, q.Groups)
	if q.Slope {
		p++
	}
	first := true
	for g := range f.groups {
		f.column[g] = -1
		if f.groups[g].n > 0 {
			if !first {
				f.column[g] = p
				p++
			}
			first = false
		}
	}
	f.x, f.row = resize(f.x, n*p), resize(f.row, p)
	for i, t := range q.Time {
		f.fill(q, f.x[i*p:(i+1)*p], t, q.Group[i])
	}
	problem := Problem{X: f.x, P: p, Y: q.Y, Weights: q.Weights, Epsilon: q.Epsilon, MaxSteps: q.MaxSteps}
	if q.Exposure != nil {
		problem.Offset = f.offset
	}
	ok := f.fit.Solve(&problem)
	r := &f.fit
	copy(f.Mu, r.Mu)
	copy(f.W, r.W)
	f.Deviance, f.Steps, f.Rank, f.Converged = r.Deviance, r.Steps, r.Rank, r.Converged
	f.SlopeKept, f.Slope = q.Slope && r.Kept(1), 0
	if !ok {
		return false
	}
	if f.SlopeKept {
		clear(f.row)
		f.row[1] = 1
		f.Slope, f.SlopeLeverage = r.Coef[1], r.Leverage(f.row)
	}
	f.Singular, f.Collinear = r.singular(), r.Rank < p
	f.fill(q, f.row, q.Now, q.NowGroup)
	f.EtaNow, f.NowLeverage = 0, r.Leverage(f.row)
	for j, v := range f.row {
		f.EtaNow += v * r.Coef[j]
	}
	return true
}

// fill writes a row of the design.
func (f *GroupedFit) fill(q *Grouped, row []float64, time float64, group int) {
	clear(row)
	row[0] = 1
	if q.Slope {
		row[1] = time
	}
	if j := f.column[group]; j >= 0 {
		row[j] = 1
	}
}
