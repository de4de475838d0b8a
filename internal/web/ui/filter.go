package ui

import "github.com/a-h/templ"

// Filters is the bar above a list: saved views, chosen filters as chips, a search field and how many rows there are.
type Filters struct {
	Action string            // address the bar's form asks by GET
	Query  string            // text in the search field
	Label  string            // of the search field: what it searches
	Fields []templ.Component // further controls, usually small selects
	Keep   map[string]string // parameters that the form must carry along: sorting, chips
	Chips  []Chip
	Views  []NavItem // saved views; the current one is underlined
	Count  string    // "128 reports"
	Target string    // "#name" of the list that htmx replaces while one types, with "#name-exports" and so on beside it; "" loads a page
	Save   string    // address of the page that saves these filters as a view; "" hides the link
}

// Chip is one filter in force, with the address of the list without it.
type Chip struct{ Name, Value, Remove string }
