package ui

import "github.com/a-h/templ"

// Event is one line of a timeline.
type Event struct {
	ISO, When string // machine and shown form of the time
	Act       string
	Reason    string
	By        string // the person's role, not their name, unless the reader may see it
	Link      string // what to open for more, and its address; "" when there is nothing
	Href      string
}

// Fact is one line of a list of facts.
type Fact struct {
	Name  string
	Value templ.Component
}

// Score is one criterion of an assessment.
type Score struct {
	Criterion string
	Got, Max  int
	Note      string
}

// Receipt is the proof that something was received.
type Receipt struct {
	Title  string
	Number string
	Text   string // what happens next, when, and where to look
}

// Question is the confirmation of an irreversible or outward act.
type Question struct {
	ID     string // unique on the page
	Open   string // label of the button that asks
	Title  string // the question
	Text   string // what will happen, to whom, and that it cannot be undone
	Action string // address the confirmation is sent to by POST
	Fields map[string]string
	Yes    string // label of the confirming button: a verb
	Grave  bool   // red: retract, erase
}

// Hit is one result of the command palette.
type Hit struct{ Href, Label, Kind, Hint string }

// Structure is a molecule: drawn in the browser, told in text without scripts.
type Structure struct{ SMILES, Name, Formula string }

// Total is a figure in large type.
type Total struct{ Value, Label string }

// Step is one step of a first run or of a long form.
type Step struct {
	Label, Note string
	Href        string
	Progress    Progress
	State       string
}
