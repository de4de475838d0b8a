package ui

import "github.com/a-h/templ"

// Head is the top of a page: what it is, for which period and place, how fresh, and the one main act.
type Head struct {
	Title string
	Tags  []templ.Component // badges above the title: severity, handling, number
	Sub   []string          // period, place and the like, joined by dots
	AsOf  string            // "data as of …"; joins Sub as its last part
	Act   templ.Component   // main act, and at most one quiet one beside it
}

func (h Head) facts() []string {
	if h.AsOf == "" {
		return h.Sub
	}
	return append(h.Sub[:len(h.Sub):len(h.Sub)], h.AsOf)
}

// SectionHead is the head of a section, under its two-pixel rule.
type SectionHead struct {
	ID    string // for links to the section
	Title string
	Note  string          // one muted line below the title
	Act   templ.Component // a link or small act at the right
}
