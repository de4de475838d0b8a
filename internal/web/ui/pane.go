package ui

import (
	"cmp"

	"github.com/a-h/templ"
)

// Item is one entry of the list on a Split page.
type Item struct {
	Href, Title, Note string
	When              string // time left or date, never wrapped
	Said              string // how a screen reader says When, '' as it stands
	Badge             templ.Component
	Current, Unread   bool
}

func (i Item) said() string { return cmp.Or(i.Said, i.When) }

func itemState(i Item) templ.Attributes {
	a := current(i.Current)
	if a == nil {
		a = templ.Attributes{}
	}
	if i.Unread {
		a["data-state"] = "unread"
	}
	return a
}
