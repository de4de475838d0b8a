package compute

import (
	"math"
	"strings"

	"github.com/baqylau/baqylau/epi"
)

var scaleUp = Method{Code: "scale_up", Size: true, run: runScaleUp,
	Fields: []Field{{Name: "known", Kind: Rows}, {Name: "answers", Kind: Rows}, {Name: "size", Kind: Number}, {Name: "transmission", Kind: Number, Optional: true},
		{Name: "popularity", Kind: Number, Optional: true}, level},
	arguments: map[string]string{"population": "size", "known": "answers", "reports": "answers", "sizes": "known", "transmission": "transmission", "popularity": "popularity"}}

// runScaleUp is network scale-up: the last column of the answers is of the hidden group, the others of groups whose sizes are known, in the order of the list of sizes.
// Each known group is estimated from the others, which tells how far the method can be believed.
func runScaleUp(r *reader) (Output, error) {
	level, size := r.level(), r.number("size")
	names, sizes := r.groups()
	known, hidden := r.answers(len(sizes))
	if len(r.errs) > 0 {
		return Output{}, nil
	}
	s, err := epi.NewScaleUp(size, known, sizes)
	if err != nil {
		return Output{}, err
	}
	h, err := s.Hidden(hidden, level)
	if err != nil {
		return Output{}, err
	}
	out := output("persons", line("scale_up", h.Estimate, h.SE, limits("binomial", h.Normal)))
	if t, p := r.number("transmission"), r.number("popularity"); !math.IsNaN(t) || !math.IsNaN(p) {
		a, err := h.Adjust(orOne(t), orOne(p))
		if err != nil {
			return Output{}, err
		}
		out.Lines = append(out.Lines, line("adjusted", a.Estimate, a.SE, limits("binomial", a.Normal)))
		out.Chosen = 1
	}
	out.Facts = []Fact{{Name: "respondents", Value: Value(len(hidden))}, {Name: "mean_degree", Value: Value(s.MeanDegree), Decimals: 1}}
	if len(sizes) > 1 {
		out.Tables = append(out.Tables, leftOut(size, names, sizes, known, level))
	}
	sum := 0.0
	for _, n := range hidden {
		sum += n
	}
	out.count(sum)
	out.Sample = len(hidden)
	return out, nil
}

// leftOut estimates each known group from the others; undefined where that cannot be done.
func leftOut(size float64, names []string, sizes []float64, known [][]float64, level float64) Table {
	t := Table{Name: "left_out", Columns: []string{"group", "known_size", "estimate", "quotient"}}
	for i := range sizes {
		var others []float64
		var reports [][]float64
		for j := range sizes {
			if j != i {
				others, reports = append(others, sizes[j]), append(reports, known[j])
			}
		}
		estimate := math.NaN()
		if s, err := epi.NewScaleUp(size, reports, others); err == nil {
			if h, err := s.Hidden(known[i], level); err == nil {
				estimate = h.Estimate
			}
		}
		t.Rows = append(t.Rows, Row{names[i], []Value{Value(sizes[i]), Value(estimate), Value(estimate / sizes[i])}})
	}
	return t
}

func orOne(v float64) float64 {
	if math.IsNaN(v) {
		return 1
	}
	return v
}

// groups reads lines of a name and a size.
func (r *reader) groups() (names []string, sizes []float64) {
	for i, row := range r.table("known") {
		n, ok := decimal(row[len(row)-1])
		if !ok && i == 0 {
			continue // a line of names
		}
		if !ok || len(row) < 2 {
			r.bad("known", "estimate.error.group", "Row", i+1)
			return nil, nil
		}
		names, sizes = append(names, strings.TrimSpace(strings.Join(row[:len(row)-1], " "))), append(sizes, n)
	}
	return names, sizes
}

// answers reads a line a respondent: how many they know of each of n groups, and then of the hidden one.
func (r *reader) answers(n int) (known [][]float64, hidden []float64) {
	known = make([][]float64, n)
	for i, row := range r.table("answers") {
		if _, ok := decimal(row[0]); !ok && i == 0 {
			continue // a line of names
		}
		if len(row) != n+1 {
			r.bad("answers", "estimate.error.answers", "Row", i+1, "Columns", n+1)
			return nil, nil
		}
		for j, cell := range row {
			v, ok := decimal(cell)
			if !ok {
				r.bad("answers", "estimate.error.answers", "Row", i+1, "Columns", n+1)
				return nil, nil
			}
			if j < n {
				known[j] = append(known[j], v)
			} else {
				hidden = append(hidden, v)
			}
		}
	}
	return known, hidden
}
