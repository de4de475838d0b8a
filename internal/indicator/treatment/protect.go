package treatment

import (
	"github.com/baqylau/baqylau/internal/disclosure"
	"github.com/baqylau/baqylau/internal/indicator/tdi"
)

// shown is a table as a reader may see it.
type shown struct {
	tdi.Table
	hidden []bool // per cell, row by row
}

// Hidden reports whether the figure in row i, column j is kept from the reader.
func (s *shown) Hidden(i, j int) bool { return s.hidden != nil && s.hidden[i*len(s.Cols.Lines)+j] }

// protect decides what of a table of counted people a reader sees. Everything the template publishes of the same cross table is looked at together: the parts by treatment
// status, or by sex, add up to the whole, so a cell that is hidden in one must not follow from the others.
func protect(c *tdi.Counts, spec *tdi.Spec, a disclosure.Audience) shown {
	s := shown{Table: c.Table(spec)}
	if a == disclosure.Working {
		return s
	}
	if spec.Means {
		s.hidden = hideMeans(c, spec)
		return s
	}
	cube, at := cubeOf(c, spec)
	hidden := cube.hide()
	rows, cols := len(spec.Rows.Lines), len(spec.Cols.Lines)
	s.hidden = hidden[at*rows*cols : (at+1)*rows*cols]
	return s
}

// cubeOf is the cross table of a table with all its parts: by status where it is split so, else by sex, else alone. at is the place of the table among them.
func cubeOf(c *tdi.Counts, spec *tdi.Spec) (q cube, at int) {
	parts := []tdi.Split{{}}
	status, sex := spec.Splits()
	switch {
	case status:
		parts = []tdi.Split{{Status: "1"}, {Status: "2"}, {Status: "3"}, {}}
	case sex:
		parts = []tdi.Split{{Sex: "male"}, {Sex: "female"}, {Sex: "unknown"}, {}}
	}
	q.dims = [3]dim{{size: len(parts)}, lines(spec.Rows), lines(spec.Cols)}
	if len(parts) > 1 {
		q.dims[0].sums = [][]int{{0, 1, 2, 3}}
	}
	if spec.Persons {
		q.dims[1].sums = nil // people stand in several rows: no row follows from others
	}
	for i, p := range parts {
		part := *spec
		part.Split = p
		t := c.Table(&part)
		q.n = append(q.n, t.N...)
		if p == spec.Split {
			at = i
		}
	}
	return q, at
}

// lines are the sums of an axis: its parts with their total last, and the members of each group with the group last.
func lines(a *tdi.Axis) (d dim) {
	d.size = len(a.Lines)
	var whole []int
	group := map[string][]int{}
	place := map[string]int{}
	for i, l := range a.Lines {
		place[l.Code] = i
		switch {
		case l.Total:
			whole = append(whole, i)
		case l.Group != "":
			group[l.Group] = append(group[l.Group], i)
		default:
			whole = append(whole, i)
		}
	}
	d.sums = append(d.sums, whole)
	for _, l := range a.Lines {
		if m := group[l.Code]; len(m) > 0 {
			d.sums = append(d.sums, append(m, place[l.Code]))
		}
	}
	return d
}

// hideMeans hides mean and deviation with the number of people behind them, in all nine tables of section 11 alike: a number that is hidden among men hides
// its row among all.
func hideMeans(c *tdi.Counts, spec *tdi.Spec) []bool {
	rows, cols := len(spec.Rows.Lines), len(spec.Cols.Lines)
	hidden := make([]bool, rows*cols)
	for k := range 3 {
		q := cube{dims: [3]dim{{size: 4, sums: [][]int{{0, 1, 2, 3}}}, lines(spec.Rows), {size: 4, sums: [][]int{{0, 1, 2, 3}}}}}
		sexes, at := []string{"male", "female", "unknown", ""}, [2]int{}
		for i, status := range []string{"1", "2", "3", ""} {
			of := make([]tdi.Table, 4)
			for j, sex := range sexes {
				part := *spec
				part.Split = tdi.Split{Status: status, Sex: sex}
				of[j] = c.Table(&part)
				if part.Split == spec.Split {
					at = [2]int{i, j}
				}
			}
			for r := range rows {
				for j := range sexes {
					q.n = append(q.n, int(of[j].Stats[r*3+k].N))
				}
			}
		}
		all := q.hide()
		for r := range rows {
			if all[(at[0]*rows+r)*4+at[1]] {
				hidden[r*cols+3*k], hidden[r*cols+3*k+1], hidden[r*cols+3*k+2] = true, true, true
			}
		}
	}
	return hidden
}
