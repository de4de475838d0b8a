package ui

// Progress is how far a thing has come: the shape beside the name of its state.
type Progress string

// The degrees of progress.
const (
	NotBegun Progress = ""     // empty square
	Waiting  Progress = "wait" // waits for a person
	Busy     Progress = "busy" // half-filled: work is under way
	Done     Progress = "done" // filled
	Failed   Progress = "bad"  // red lozenge: refused, failed, retracted
)
