// Package suppress decides which cells of published tables stay hidden. It is the pure core of disclosure control: it reads no file, asks no database, and the same
// tables get the same answer each time.
//
// The rule. A count from 1 to threshold − 1 is hidden (primary). Zeros are shown. A reader knows every shown count, all sums of the tables and all links between them, and that a hidden
// count is a whole number of at least 1; he does not know which hidden cells are the small ones. For each primary cell the least and the greatest value that agree with all he knows must
// differ by at least threshold − 1, so that he cannot even tell that the cell is small. What is hidden for that sake alone is secondary.
//
// The method and its proof are in docs/methods/disclosure.md; the terms are those of Hundepool et al., Statistical Disclosure Control (Wiley 2012), chapter 4.
package suppress

// Dimension is one classification of a table.
type Dimension struct {
	Name    string            // for messages
	Codes   []string          // all of them, the total and the parents included
	Total   string            // the code that is the sum of the codes without a parent; "" when there is none
	Parents map[string]string // child → parent; a parent is the sum of its children
}

// Cell is a count and where it stands: one code for each dimension.
type Cell struct {
	Key []string
	N   int // persons, from 0 to MaxCount
}

// Rule is what a table is held to.
type Rule struct {
	Threshold int // the smallest count that is shown: 1 (nothing is hidden) to MaxThreshold
	Round     int // shown counts are rounded to multiples of it; 0 and 1 leave them as they are
}

// Table is a published table: every combination of codes is one cell.
type Table struct {
	Dimensions []Dimension
	Cells      []Cell
	Rule       Rule
}

// Ref names a cell of one of several tables.
type Ref struct {
	Release int // index of the table
	Key     []string
}

// Link says that a cell of one table is the sum of cells of others.
type Link struct {
	Total Ref
	Parts []Ref
}

// Releases are tables whose cells are linked.
type Releases struct {
	Tables   []Table
	Links    []Link
	Sequence bool // each table was out before the next one came; otherwise they come out together
}

// Why says why a cell is hidden.
type Why uint8

// The reasons.
const (
	Shown     Why = iota // it is not
	Primary              // a count below the threshold
	Secondary            // it would give a primary one away
)

// Outcome is what may be known of a cell.
type Outcome struct {
	N   int // the count, rounded if the rule says so; 0 when hidden
	Why Why
}

// Answer is the outcome of every cell of a table, in the order of its cells.
type Answer []Outcome

// Hidden counts the hidden cells.
func (a Answer) Hidden() (n int) {
	for _, o := range a {
		if o.Why != Shown {
			n++
		}
	}
	return n
}

// Bounds of what is accepted. With them all sums stay exact in the linear programs.
const (
	MaxCount     = 1_000_000_000_000
	MaxThreshold = 1000
	MaxCells     = 200_000 // in all tables that are protected together
)
