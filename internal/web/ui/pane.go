package ui

import "github.com/a-h/templ"

// Item is one entry of the list on a Split page.
type Item struct {
	Href, Title, Note string
	When              string // time left or date, never wrapped
	Badge             templ.Component
	Current, Unread   bool
}

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
