package tdi

// Counts are the cross tables of a set of entrants, split by every treatment status and sex. A part is added by Add, another set by Plus; Tables makes of it
// the tables of the template.
type Counts struct {
	People int
	cells  [][]int32   // per section: part, row, column
	stats  [][]Moments // per section with means: part, row, number
}

// parts is the number of combinations of status and sex.
const parts = 3 * 3

// rowsOf is how many rows of a section are counted: answers, or lines where a person can stand in several.
func (s *section) rowsOf() int {
	if s.many != nil {
		return len(s.rows.Lines)
	}
	return len(s.rows.list.Codes)
}

// NewCounts is nobody.
func NewCounts() *Counts {
	c := &Counts{cells: make([][]int32, len(sections)), stats: make([][]Moments, len(sections))}
	for i := range sections {
		if s := &sections[i]; s.means {
			c.stats[i] = make([]Moments, parts*s.rowsOf()*3)
		} else {
			c.cells[i] = make([]int32, parts*s.rowsOf()*len(s.cols.list.Codes))
		}
	}
	return c
}

// Add counts one entrant in every cross table.
func (c *Counts) Add(r *Record) {
	c.People++
	part := int(r.Codes[Status])*3 + int(r.Codes[Sex])
	for i := range sections {
		s := &sections[i]
		if s.of != nil && !s.of(r) {
			continue
		}
		base := part * s.rowsOf()
		switch {
		case s.means:
			c.addMeans(i, (base+int(s.row(r)))*3, r)
		case s.many != nil:
			named, width, col := s.many(r), len(s.cols.list.Codes), int(s.col(r))
			for j := range s.rows.Lines {
				if s.rows.Lines[j].of&named != 0 {
					c.cells[i][(base+j)*width+col]++
				}
			}
		default:
			c.cells[i][(base+int(s.row(r)))*len(s.cols.list.Codes)+int(s.col(r))]++
		}
	}
}

// addMeans adds the ages of an entrant; the lag is that of people of whom both are known.
func (c *Counts) addMeans(i, at int, r *Record) {
	m := c.stats[i][at : at+3]
	if r.Age >= 0 {
		m[0].add(int64(r.Age))
	}
	if r.FirstUse >= 0 {
		m[1].add(int64(r.FirstUse))
	}
	if r.Age >= 0 && r.FirstUse >= 0 {
		m[2].add(int64(r.Age) - int64(r.FirstUse))
	}
}

// Plus adds the people of o: the years of a period.
func (c *Counts) Plus(o *Counts) {
	c.People += o.People
	for i := range c.cells {
		for j, n := range o.cells[i] {
			c.cells[i][j] += n
		}
		for j, m := range o.stats[i] {
			c.stats[i][j] = c.stats[i][j].Plus(m)
		}
	}
}

// Count counts entrants.
func Count(rs []Record) *Counts {
	c := NewCounts()
	for i := range rs {
		c.Add(&rs[i])
	}
	return c
}

// Tables are the 70 tables of the people counted.
func (c *Counts) Tables() []Table {
	tables := make([]Table, len(Specs))
	for i, spec := range Specs {
		tables[i] = c.Table(spec)
	}
	return tables
}

// Table is one table of the people counted.
func (c *Counts) Table(spec *Spec) Table {
	s := &sections[spec.section]
	t := Table{Spec: spec}
	if s.means {
		t.Stats = c.means(s, spec)
		return t
	}
	rows, width := s.rowsOf(), len(s.cols.list.Codes)
	sum := make([]int, rows*width)
	for part := range parts {
		if spec.Split.has(part) {
			for j, n := range c.cells[spec.section][part*rows*width : (part+1)*rows*width] {
				sum[j] += int(n)
			}
		}
	}
	t.N = make([]int, 0, len(spec.Rows.Lines)*len(spec.Cols.Lines))
	line := make([]int, width)
	for i, row := range spec.Rows.Lines {
		clear(line)
		for a := range rows {
			if s.many != nil && a == i || s.many == nil && row.of&(1<<a) != 0 {
				for j, n := range sum[a*width : (a+1)*width] {
					line[j] += n
				}
			}
		}
		for _, col := range spec.Cols.Lines {
			t.N = append(t.N, picked(line, col.of))
		}
	}
	return t
}

func (c *Counts) means(s *section, spec *Spec) []Moments {
	rows := s.rowsOf()
	out := make([]Moments, len(spec.Rows.Lines)*3)
	for part := range parts {
		if !spec.Split.has(part) {
			continue
		}
		for i, line := range spec.Rows.Lines {
			for a := range rows {
				if line.of&(1<<a) != 0 {
					for k := range 3 {
						out[i*3+k] = out[i*3+k].Plus(c.stats[spec.section][(part*rows+a)*3+k])
					}
				}
			}
		}
	}
	return out
}

// has reports whether a part of the people belongs to the split.
func (s Split) has(part int) bool {
	return (s.Status == "" || Statuses.Codes[part/3] == s.Status) && (s.Sex == "" || Sexes.Codes[part%3] == s.Sex)
}

func picked(row []int, of uint64) (n int) {
	for j, x := range row {
		if of&(1<<j) != 0 {
			n += x
		}
	}
	return n
}
