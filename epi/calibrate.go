package epi

import (
	"math"
	"slices"
)

// Margin is a division of the population into cells whose sizes are known, such as sex by age.
type Margin struct {
	// Cell is the cell of each row, from 0 to len(Total)-1.
	Cell []int
	// Total is how many persons of the population are in each cell. A cell without rows must be empty in the population too.
	Total []float64
}

// calibration is a step that made weights agree with known totals, and what it does to influences.
type calibration interface{ residuals(u []float64) }

// PostStratify gives the sample the known totals of a margin: w' = w N_g/Σ_g w in each cell g. Estimates of the new design are more precise by as much as the cells explain
// the variable: from each influence, computed with w', goes w' times the mean Σ(u w/w')/Σw of its cell (Särndal, Swensson and Wretman 1992, section 7.6).
// Errors: cells that do not fit the rows (UnequalLengths, InvalidSetting), a total that is no number of 0 or more, rows of weight in a cell of which the population has none
// (NoTotal), or persons in a cell of which the sample has none (NoRespondent): join such cells with others.
func (d *Design) PostStratify(m Margin) (*Design, error) {
	sums, err := d.cells(m, 0)
	if err != nil {
		return nil, err
	}
	p := poststrata{cell: m.Cell, before: d.weights, after: make([]float64, d.Rows()), sums: sums}
	for row, c := range m.Cell {
		p.after[row] = scaled(d.weights[row], m.Total[c], sums[c])
	}
	return d.with(p.after, p), nil
}

// mostCycles is where raking ends.
const mostCycles = 500

// Rake gives the sample the known totals of several margins, taking one after the other as PostStratify does until no weight changes any more (W. E. Deming and F. F. Stephan
// 1940; J.-C. Deville, C.-E. Särndal and O. Sautory 1993, Generalized raking procedures in survey sampling, J. Am. Statist. Ass. 88, 1013–1020). Margins whose totals
// differ in their sums end with those of the last one. From the influences goes, in ten cycles over the margins, w times the plain mean of u/w in the cell, with
// the weights after that margin's step of the last cycle: what remains of them beside all the margins.
// Errors: as PostStratify, with the margin's place for At; and NoConvergence where weights still change by more than a millionth after 500 cycles.
func (d *Design) Rake(margins ...Margin) (*Design, error) {
	if len(margins) == 0 {
		return nil, refuse(Empty, "margins")
	}
	for i, m := range margins {
		if _, err := d.cells(m, i); err != nil {
			return nil, err
		}
	}
	last := len(margins) - 1
	after := make([][]float64, len(margins))
	for i := range after {
		after[i] = make([]float64, d.Rows())
	}
	weights, moved := d.weights, 1.0
	for cycle := 0; cycle < mostCycles && moved > 1e-14; cycle++ {
		moved = 0
		for i, m := range margins {
			sums := cellSums(m, weights)
			for row, c := range m.Cell {
				w := scaled(weights[row], m.Total[c], sums[c])
				if i == last && w > 0 {
					moved = max(moved, math.Abs(w-after[i][row])/w)
				}
				after[i][row] = w
			}
			weights = after[i]
		}
	}
	if moved > 1e-6 {
		return nil, refuse(NoConvergence, "margins")
	}
	return d.with(weights, newRaking(margins, after)), nil
}

// with is the design with other weights and one more step.
func (d *Design) with(weights []float64, step calibration) *Design {
	out := &Design{weights: weights, lonely: d.lonely, stages: d.stages, leaf: d.leaf, psu: d.psu, steps: append(slices.Clone(d.steps), step)}
	out.spaces.New = func() any { return &space{} }
	return out
}

// cells checks a margin and adds up the weights of its cells.
func (d *Design) cells(m Margin, at int) ([]float64, error) {
	if len(m.Cell) != d.Rows() {
		return nil, &Error{UnequalLengths, "Cell", at}
	}
	if err := all(m.Total, "Total", nonNegative); err != nil {
		return nil, err
	}
	for _, c := range m.Cell {
		if c < 0 || c >= len(m.Total) {
			return nil, &Error{InvalidSetting, "Cell", at}
		}
	}
	sums := cellSums(m, d.weights)
	for c, s := range sums {
		switch {
		case s > 0 && m.Total[c] == 0:
			return nil, &Error{NoTotal, "Total", c}
		case s == 0 && m.Total[c] > 0:
			return nil, &Error{NoRespondent, "Total", c}
		}
	}
	return sums, nil
}

func cellSums(m Margin, weights []float64) []float64 {
	sums := make([]float64, len(m.Total))
	for row, c := range m.Cell {
		sums[c] += weights[row]
	}
	return sums
}

func scaled(w, total, sum float64) float64 {
	if w == 0 {
		return 0
	}
	return w * (total / sum)
}

type poststrata struct {
	cell                []int
	before, after, sums []float64
}

func (p poststrata) residuals(u []float64) {
	mean := make([]float64, len(p.sums))
	for row, c := range p.cell {
		if w := p.after[row]; w > 0 {
			mean[c] += u[row] * p.before[row] / w
		}
	}
	for c, s := range p.sums {
		if s > 0 {
			mean[c] /= s
		}
	}
	for row, c := range p.cell {
		u[row] -= p.after[row] * mean[c]
	}
}
