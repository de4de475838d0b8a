package suppress

import "fmt"

// Fault is a table that cannot be protected, because it is not the table it says it is: what is wrong, where, and what to do.
type Fault struct {
	Where string // for example "table 1, dimension region"
	Say   string // a sentence in English for the person who made the table
}

// Error is place and sentence in one line.
func (f *Fault) Error() string { return f.Where + ": " + f.Say }

func fault(where, format string, args ...any) error {
	return &Fault{where, fmt.Sprintf(format, args...)}
}
