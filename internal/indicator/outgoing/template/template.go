// Package template holds the tables that other bodies ask of the centre: which template, of which years, with which tables, and what each cell asks of the facts that the
// centre keeps. All of it is data (data/outgoing/*.yaml); a node may add a template or replace one by a file of the same name in its data folder under outgoing/. The
// format is described in docs/howto-outgoing.md. The package counts nothing: it says what a cell asks, package outgoing finds the answer.
package template

import (
	"strconv"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/indicator/tdi"
)

// Template is an edition of what a body asks for.
type Template struct {
	Code     string // also the name of its file
	Version  string // of the mapping
	From, To int    // reporting years that it is for, inclusive; 0 is open
	Body     baqylau.Text
	Title    baqylau.Text
	Source   string // where its tables are described
	Verified bool   // compared with the primary document
	Sheets   []Sheet
}

// For reports whether the template is for a reporting year.
func (t *Template) For(year int) bool {
	return (t.From == 0 || year >= t.From) && (t.To == 0 || year <= t.To)
}

// Sheet is a sheet of the workbook.
type Sheet struct {
	Name   string // at most 31 characters, as workbooks demand
	Title  baqylau.Text
	Tables []Table
}

// Table is rows by columns of cells that each ask one question, or a text that somebody writes.
type Table struct {
	ID            string // within the template
	Title         baqylau.Text
	Note          baqylau.Text // how to read it; "" none
	Verified      bool
	Text          bool // a text is asked for, no figures
	Treatment     *tdi.Spec
	Rows, Columns []Line
	Cells         [][]Question // by row and column
	Top           int          // row of the sheet that holds the title, from 1
}

// Line is a row or a column.
type Line struct {
	Code  string
	Title baqylau.Text
	Year  *int // its title is the reporting year less so many
}

// Label is the title of a line in a reporting year.
func (l Line) Label(lang baqylau.Lang, year int) string {
	if l.Year != nil {
		return strconv.Itoa(year - *l.Year)
	}
	return l.Title.In(lang)
}

// Fact is the kind of fact that a cell asks for.
type Fact string

// The kinds.
const (
	Observation Fact = "observation" // a figure of the data collection
	Treatment   Fact = "treatment"   // a cell of one of the 70 tables of the treatment demand indicator
	Death       Fact = "death"       // a count of deaths of a selection
)

// Question is what a cell asks.
type Question struct {
	Fact                  Fact
	Indicator, Unit, Drug string // of an observation; Drug of a death, too
	Sex, Age, Breakdown   string
	Latest                bool   // the latest up to the reporting year, as of studies and estimates
	Back                  int    // years before the reporting year
	Measure               string // what of the observation; one of Measures
	Table, Row, Column    string // of the treatment demand indicator
	Selection             string // of deaths
}

// Measures are what a cell may show of an observation.
var Measures = []string{"value", "low", "high", "n", "mean", "median", "mode", "year", "method", "source"}

// Places in a table of a sheet: the title, a line of column titles, then the rows; an empty line between tables.
const (
	headRows = 2
	gapRows  = 1
	firstCol = 2 // column A holds the codes of rows, B their titles
)

// Height is how many rows of the sheet a table takes.
func (t *Table) Height() int {
	if t.Text {
		return 2
	}
	return headRows + len(t.Rows)
}

// Address is where a cell stands in its sheet, as "C7".
func (t *Table) Address(i, j int) string { return column(firstCol+j) + strconv.Itoa(t.Top+headRows+i) }

// column is the letters of a column counted from 0.
func column(n int) string {
	s := ""
	for n++; n > 0; n = (n - 1) / 26 {
		s = string(rune('A'+(n-1)%26)) + s
	}
	return s
}

// Cells counts the cells of a template.
func (t *Template) Cells() (n int) {
	for _, s := range t.Sheets {
		for i := range s.Tables {
			n += len(s.Tables[i].Rows) * len(s.Tables[i].Columns)
		}
	}
	return n
}
