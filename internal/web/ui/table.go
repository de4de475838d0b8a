package ui

import (
	"context"
	"io"
	"slices"
	"strings"

	"github.com/a-h/templ"
)

// Table is a list of records. On a phone each row becomes a card: the Main column is its title, Minor columns are left out.
type Table struct {
	ID      string // of the element that htmx replaces
	Caption string // for screen readers: what the rows are
	Columns []Column
	Rows    []Row
	Bulk    *Bulk // acts on several rows at once; nil shows no checkboxes
	Pager   *Pager
	Empty   Empty // shown when there are no rows
}

// Column describes one column.
type Column struct {
	Label  string
	Sort   string // address that sorts by this column; "" if it cannot
	Sorted Order
	Number bool // figures: right-aligned, never wrapped
	NoWrap bool // dates and codes
	Main   bool // the card's title on a phone
	Bare   bool // needs no label on a phone (badges)
	Minor  bool // left out on a phone
}

// Order is the direction a column is sorted in, as ARIA names it.
type Order string

// The orders.
const (
	Unsorted   Order = ""
	Ascending  Order = "ascending"
	Descending Order = "descending"
)

// Row is one record; Cells has as many parts as the table has columns.
type Row struct {
	ID     string // value of the row's checkbox
	Label  string // name of the record for screen readers, on the checkbox
	States []RowState
	Cells  []templ.Component
}

// RowState shows at the left edge of a row.
type RowState string

// The states.
const (
	Active  RowState = "active"  // open now
	Unread  RowState = "unread"  // nobody of this office has opened it
	Removed RowState = "removed" // undone or withdrawn, kept visible
)

func (r Row) state() string {
	parts := make([]string, len(r.States))
	for i, s := range r.States {
		parts[i] = string(s)
	}
	return strings.Join(parts, " ")
}

// Bulk is the bar that replaces the filter bar while rows are chosen: a POST to Action with "id" once for every chosen row and
// the pressed button's name and value.
type Bulk struct {
	Action string
	Acts   []Button
}

// Pager leads through a long list by cursor; there are no page numbers, since rows come and go.
type Pager struct {
	Newer, Older string // addresses; "" if there is nothing that way
	Summary      string // "1–50 of 1,234"
}

// Empty says why a list has no rows and what to do.
type Empty struct {
	Title, Text string
	Act         templ.Component
}

// blank is a cell without anything in it.
type blank struct{}

// Render writes nothing.
func (blank) Render(context.Context, io.Writer) error { return nil }

// empty reports whether a cell says nothing.
func empty(c templ.Component) bool {
	_, is := c.(blank)
	return c == nil || is
}

// Text is a cell of plain text.
func Text(s string) templ.Component {
	if s == "" {
		return blank{}
	}
	return text(s)
}

// Lines is a cell of text with a muted second line.
func Lines(s, note string) templ.Component {
	if s == "" && note == "" {
		return blank{}
	}
	return lines(s, note)
}

// withoutBlanks leaves out the columns in which no row says anything. A list that is sorted and paged keeps them: on its next page they may say something.
func (t Table) withoutBlanks() Table {
	keep := func(i int) bool {
		return t.Columns[i].Sort != "" || slices.ContainsFunc(t.Rows, func(r Row) bool { return i < len(r.Cells) && !empty(r.Cells[i]) })
	}
	if t.Pager != nil {
		return t
	}
	out := t
	out.Columns, out.Rows = nil, slices.Clone(t.Rows)
	for j := range out.Rows {
		out.Rows[j].Cells = nil
	}
	for i, c := range t.Columns {
		if !keep(i) {
			continue
		}
		out.Columns = append(out.Columns, c)
		for j, r := range t.Rows {
			out.Rows[j].Cells = append(out.Rows[j].Cells, at(r.Cells, i))
		}
	}
	return out
}

func (c Column) class() string {
	var parts []string
	for _, p := range []struct {
		on   bool
		name string
	}{{c.Number, "num"}, {c.NoWrap, "nowrap"}, {c.Main, "main"}, {c.Bare, "bare"}, {c.Minor, "minor"}} {
		if p.on {
			parts = append(parts, p.name)
		}
	}
	return strings.Join(parts, " ")
}

func sortAttribute(o Order) templ.Attributes {
	if o == Unsorted {
		return nil
	}
	return templ.Attributes{"aria-sort": string(o)}
}

func idAttribute(id string) templ.Attributes {
	if id == "" {
		return nil
	}
	return templ.Attributes{"id": id}
}

func stateAttribute(r Row) templ.Attributes {
	if len(r.States) == 0 {
		return nil
	}
	return templ.Attributes{"data-state": r.state()}
}

// oneWord tells numbers, codes and dates, which never wrap, from sentences and from addresses too long for a phone.
func oneWord(s string) bool { return len(s) <= 24 && !strings.ContainsAny(s, " @/") }
