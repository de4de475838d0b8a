package treatment

import (
	"github.com/baqylau/baqylau/internal/disclosure"
	"github.com/baqylau/baqylau/internal/disclosure/suppress"
	"github.com/baqylau/baqylau/internal/indicator/tdi"
)

// shown is a table as a reader may see it.
type shown struct {
	tdi.Table
	hidden []bool // per cell, row by row; nil: nothing is
}

// Hidden reports whether the figure in row i, column j is kept from the reader.
func (s *shown) Hidden(i, j int) bool { return s.hidden != nil && s.hidden[i*len(s.Cols.Lines)+j] }

// protector hides what a reader may not see of the tables of counted people. It remembers what it found of a cross table, which several tables of the template are parts of.
type protector struct {
	counts   *tdi.Counts
	audience disclosure.Audience
	cubes    map[int][]bool // by section and place in it
	means    [3][]bool      // of section 11
}

// protect decides what of a table a reader sees. Everything the template publishes of the same cross table is looked at together: the parts by treatment status, or by
// sex, add up to the whole, so a cell that is hidden in one must not follow from the others.
func (p *protector) protect(spec *tdi.Spec) (s shown, err error) {
	s = shown{Table: p.counts.Table(spec)}
	if p.audience == disclosure.Working {
		return s, nil
	}
	if spec.Means {
		s.hidden, err = p.hideMeans(spec)
		return s, err
	}
	q, at := cubeOf(p.counts, spec)
	hidden, known := p.cubes[spec.Cross()]
	if !known {
		if hidden, err = q.hide(); err != nil {
			return s, err
		}
		if p.cubes == nil {
			p.cubes = map[int][]bool{}
		}
		p.cubes[spec.Cross()] = hidden
	}
	size := len(spec.Rows.Lines) * len(spec.Cols.Lines)
	s.hidden = hidden[at*size : (at+1)*size]
	return s, nil
}

// cube is counts by three dimensions, the last running fastest.
type cube struct {
	dims [3]suppress.Dimension
	n    []int
}

// hide tells which cells stay hidden.
func (q *cube) hide() ([]bool, error) {
	t := suppress.Table{Dimensions: q.dims[:], Rule: suppress.Rule{Threshold: disclosure.Threshold}}
	i := 0
	for _, a := range q.dims[0].Codes {
		for _, b := range q.dims[1].Codes {
			for _, c := range q.dims[2].Codes {
				t.Cells = append(t.Cells, suppress.Cell{Key: []string{a, b, c}, N: q.n[i]})
				i++
			}
		}
	}
	mark := markOf(q)
	if hidden, known := answered.get(mark); known {
		return hidden, nil
	}
	answer, err := suppress.Protect(t, suppress.Page)
	if err != nil {
		return nil, err
	}
	hidden := make([]bool, len(answer))
	for i, o := range answer {
		hidden[i] = o.Why != suppress.Shown
	}
	answered.put(mark, hidden)
	return hidden, nil
}

const all = "all" // code of a whole that is divided by status or sex

// cubeOf is the cross table of a table with all its parts: by status where it is split so, else by sex, else alone. at is the place of the table among them.
func cubeOf(c *tdi.Counts, spec *tdi.Spec) (q cube, at int) {
	parts, codes := []tdi.Split{{}}, []string{all}
	status, sex := spec.Splits()
	switch {
	case status:
		parts, codes = []tdi.Split{{Status: "1"}, {Status: "2"}, {Status: "3"}, {}}, []string{"1", "2", "3", all}
	case sex:
		parts, codes = []tdi.Split{{Sex: "male"}, {Sex: "female"}, {Sex: "unknown"}, {}}, []string{"male", "female", "unknown", all}
	}
	q.dims = [3]suppress.Dimension{{Name: "part", Codes: codes}, dimension(spec.Rows, "rows"), dimension(spec.Cols, "columns")}
	if len(parts) > 1 {
		q.dims[0].Total = all
	}
	if spec.Persons { // people stand in several rows: no row follows from others
		q.dims[1].Total, q.dims[1].Parents = "", nil
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

// dimension is an axis with its total and its groups.
func dimension(a *tdi.Axis, name string) suppress.Dimension {
	d := suppress.Dimension{Name: name, Parents: map[string]string{}}
	for _, l := range a.Lines {
		d.Codes = append(d.Codes, l.Code)
		if l.Total {
			d.Total = l.Code
		}
		if l.Group != "" {
			d.Parents[l.Code] = l.Group
		}
	}
	return d
}

// hideMeans hides means and deviations with the number of people behind them: for each of the three numbers the counts by drug, status and sex are protected together, as the
// nine tables of the section publish them.
func (p *protector) hideMeans(spec *tdi.Spec) (hidden []bool, err error) {
	rows, cols := len(spec.Rows.Lines), len(spec.Cols.Lines)
	hidden = make([]bool, rows*cols)
	statuses, sexes := []string{"1", "2", "3", all}, []string{"male", "female", "unknown", all}
	for k := range 3 {
		q := cube{dims: [3]suppress.Dimension{{Name: "status", Codes: statuses, Total: all}, dimension(spec.Rows, "rows"), {Name: "sex", Codes: sexes, Total: all}}}
		at := [2]int{}
		for i, status := range statuses {
			of := make([]tdi.Table, len(sexes))
			for j, sex := range sexes {
				part := *spec
				part.Split = tdi.Split{Status: without(status), Sex: without(sex)}
				of[j] = p.counts.Table(&part)
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
		if p.means[k] == nil {
			if p.means[k], err = q.hide(); err != nil {
				return nil, err
			}
		}
		for r := range rows {
			if p.means[k][(at[0]*rows+r)*len(sexes)+at[1]] {
				hidden[r*cols+3*k], hidden[r*cols+3*k+1], hidden[r*cols+3*k+2] = true, true, true
			}
		}
	}
	return hidden, nil
}

func without(code string) string {
	if code == all {
		return ""
	}
	return code
}
