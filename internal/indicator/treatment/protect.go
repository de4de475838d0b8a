package treatment

import (
	"slices"
	"strings"

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

// protector hides what a reader may not see of the tables of counted people.
type protector struct {
	counts   *tdi.Counts
	audience disclosure.Audience
	answer   func(*joint) (map[string][]bool, error) // see Service.hide
	known    map[string][]bool                       // by cross table, see cubeNamed
}

// protect decides what of a table a reader sees. All that the template publishes of the same people is looked at together (joint): a cell that is
// hidden in one table must not follow from another.
func (p *protector) protect(spec *tdi.Spec) (s shown, err error) {
	s = shown{Table: p.counts.Table(spec)}
	if p.audience == disclosure.Working {
		return s, nil
	}
	if p.known == nil {
		if p.known, err = p.answer(newJoint(p.counts)); err != nil {
			return s, err
		}
	}
	s.hidden = make([]bool, len(spec.Rows.Lines)*len(spec.Cols.Lines))
	if spec.Means {
		p.hideMeans(&s)
		return s, nil
	}
	copy(s.hidden, p.known[spec.Name][placeOf(spec)*len(s.hidden):])
	return s, nil
}

// hideMeans hides means and deviations with the number of people behind them.
func (p *protector) hideMeans(s *shown) {
	rows, cols := len(s.Rows.Lines), len(s.Cols.Lines)
	status, sex := slices.Index(byStatusParts, orAll(s.Split.Status)), slices.Index(bySexParts, orAll(s.Split.Sex))
	for k, of := range number {
		cross := p.known[s.Name+"/"+of]
		for r := range rows {
			if cross[(status*rows+r)*len(bySexParts)+sex] {
				at := r*cols + 3*k
				s.hidden[at], s.hidden[at+1], s.hidden[at+2] = true, true, true
			}
		}
	}
}

// cube is counts by three dimensions, the last running fastest, and what they count.
type cube struct {
	dims      [3]suppress.Dimension
	n         []int
	asks      [3]string // what each dimension asks of a person
	everybody [3]string // the code of each that asks nothing
	of        []string  // what is true of all
}

// codes of a whole that is divided by status or sex, and of the last row and column
const (
	all   = "all"
	total = "total"
)

// cubeOf is the cross table of a table with all its parts: by status where it is split so, else by sex, else alone.
func cubeOf(c *tdi.Counts, spec *tdi.Spec) (q cube) {
	asks, parts := partsOf(spec)
	q.asks = [3]string{asks, spec.Rows.Name, spec.Cols.Name}
	q.everybody = [3]string{all, total, total}
	switch spec.Name {
	case "first_use":
		q.asks[2] = spec.Name
	case "hiv", "hcv":
		q.asks[1] = spec.Name
	case "injecting":
		q.asks[1] = "any"
	case "injecting_years":
		q.of = []string{"of=ever"}
	case "oat_years":
		q.of = []string{"of=oat"}
	case "secondary_all":
		q.asks[1], q.everybody[1] = "second", "" // its total leaves out who has none
	case "secondary_opioids", "secondary_cocaine", "secondary_stimulants", "secondary_cannabis", "secondary_other":
		q.asks[1], q.asks[2], q.of = "next", "first", []string{"of=" + strings.TrimPrefix(spec.Name, "secondary_")}
	}
	for i, a := range q.asks {
		if strings.HasPrefix(a, "drug") {
			q.asks[i] = "drug"
		}
	}
	q.dims = [3]suppress.Dimension{{Name: "part", Codes: parts}, dimension(spec.Rows, "rows"), dimension(spec.Cols, "columns")}
	if len(parts) > 1 {
		q.dims[0].Total = all
	}
	if spec.Persons { // people stand in several rows: no row follows from others
		q.dims[1].Total, q.dims[1].Parents = "", nil
	}
	for _, p := range parts {
		part := *spec
		part.Split = tdi.Split{}
		switch asks {
		case "status":
			part.Split.Status = without(p)
		case "sex":
			part.Split.Sex = without(p)
		}
		q.n = append(q.n, c.Table(&part).N...)
	}
	return q
}

// partsOf are the parts of the whole that a cross table has, and what tells them apart.
func partsOf(spec *tdi.Spec) (asks string, parts []string) {
	switch status, sex := spec.Splits(); {
	case status:
		return "status", byStatusParts
	case sex:
		return "sex", bySexParts
	}
	return "", []string{all}
}

// placeOf is the place of a table among the parts of its cross table.
func placeOf(spec *tdi.Spec) int {
	asks, parts := partsOf(spec)
	switch asks {
	case "status":
		return slices.Index(parts, orAll(spec.Split.Status))
	case "sex":
		return slices.Index(parts, orAll(spec.Split.Sex))
	}
	return 0
}

// meansOf counts the people behind one of the three numbers of section 11, by status, drug and sex, as its nine tables publish them.
func meansOf(c *tdi.Counts, spec *tdi.Spec, k int) (q cube) {
	q.dims = [3]suppress.Dimension{{Name: "status", Codes: byStatusParts, Total: all}, dimension(spec.Rows, "rows"), {Name: "sex", Codes: bySexParts, Total: all}}
	q.asks, q.everybody, q.of = [3]string{"status", "drug", "sex"}, [3]string{all, total, all}, []string{"known=" + number[k]}
	rows := len(spec.Rows.Lines)
	q.n = make([]int, len(byStatusParts)*rows*len(bySexParts))
	for i, status := range byStatusParts {
		for j, sex := range bySexParts {
			part := *spec
			part.Split = tdi.Split{Status: without(status), Sex: without(sex)}
			for r := range rows {
				q.n[(i*rows+r)*len(bySexParts)+j] = int(c.Table(&part).Stats[r*3+k].N)
			}
		}
	}
	return q
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

func without(code string) string {
	if code == all {
		return ""
	}
	return code
}

func orAll(code string) string {
	if code == "" {
		return all
	}
	return code
}
