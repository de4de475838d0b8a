package tdi

import (
	"fmt"
	"math"
	"strconv"
)

// Spec is one of the 70 data tables of the template: what stands on its rows and columns, and whom it is about.
type Spec struct {
	Section    int
	Number     int    // within the section, as the template numbers it: table Section.1.Number
	Name       string // of the cross table; "tdi.section.<Name>" is its title
	Rows, Cols *Axis
	Split      Split
	Means      bool // section 11: numbers with two decimals instead of counts
	Persons    bool // rows may overlap: a person who named two drugs stands in both; the total counts each person once
	section    int  // index in sections
}

// ID is the template's number of the table, "11.1.4".
func (s *Spec) ID() string { return fmt.Sprintf("%d.1.%d", s.Section, s.Number) }

// Cross numbers the cross table that the table is a part of, from 0: tables of one number differ in whom they are about.
func (s *Spec) Cross() int { return s.section }

// Splits reports along what the template splits the section of the table.
func (s *Spec) Splits() (status, sex bool) {
	for _, x := range sections[s.section].split {
		status, sex = status || x.Status != "", sex || x.Sex != ""
	}
	return status, sex
}

// Specs are the tables in the order of the template.
var Specs = func() (specs []*Spec) {
	number := map[int]int{}
	for i := range sections {
		sec := &sections[i]
		for _, split := range sec.split {
			number[sec.number]++
			specs = append(specs, &Spec{Section: sec.number, Number: number[sec.number], Name: sec.name, Rows: sec.rows, Cols: sec.cols, Split: split, Means: sec.means,
				Persons: sec.many != nil, section: i})
		}
	}
	return specs
}()

// SpecOf finds a table by the template's number.
func SpecOf(id string) (*Spec, bool) {
	for _, s := range Specs {
		if s.ID() == id {
			return s, true
		}
	}
	return nil, false
}

// Table is a table with its figures.
type Table struct {
	*Spec
	N     []int     // row by row; nil in section 11
	Stats []Moments // section 11: three for each row: age at start, age at first use, lag
}

// At is the count in row i, column j.
func (t *Table) At(i, j int) int { return t.N[i*len(t.Cols.Lines)+j] }

// Cell finds a count by the codes of its row and column.
func (t *Table) Cell(row, col string) (n int, ok bool) {
	i, j := find(t.Rows, row), find(t.Cols, col)
	if t.Means || i < 0 || j < 0 {
		return 0, false
	}
	return t.At(i, j), true
}

// Total is the count in the table's last row and column; in section 11 that of valid ages at the start.
func (t *Table) Total() int {
	if t.Means {
		return int(t.Stats[len(t.Stats)-3].N)
	}
	return t.N[len(t.N)-1]
}

func find(a *Axis, code string) int {
	for i, l := range a.Lines {
		if l.Code == code {
			return i
		}
	}
	return -1
}

// Text is the figure in row i, column j as the template wants it: a count, or in section 11 a mean or standard deviation with two decimals and a point. It is ""
// where there is none: the mean of nobody, the deviation of one person.
func (t *Table) Text(i, j int) string {
	if !t.Means {
		return strconv.Itoa(t.At(i, j))
	}
	m := t.Stats[i*3+j/3]
	switch j % 3 {
	case 0:
		return decimals(m.Mean())
	case 1:
		return decimals(m.SD())
	}
	return strconv.FormatInt(m.N, 10)
}

func decimals(x float64) string {
	if math.IsNaN(x) {
		return ""
	}
	return strconv.FormatFloat(Round2(x), 'f', 2, 64)
}

// Round2 rounds to two decimals, halves away from zero.
func Round2(x float64) float64 { return math.Round(x*100) / 100 }
