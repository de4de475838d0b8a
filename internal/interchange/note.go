package interchange

import (
	"slices"
	"strings"
)

// Formats without a place for absence, qualifier and "provisional" carry them in front of their free text, as words in brackets:
//
//	[not collected] the clinic was closed in May
//	[about] [provisional]
//
// People can read it, and a program that does not know it shows it as a remark. A text that begins with a bracket itself stands behind an
// empty pair, so that it is not taken for one of these words.

const (
	provisionalMark = "provisional"
	endOfMarks      = "[]"
)

// Note writes what f says beside its value, followed by text.
func Note(f Figure, text string) string {
	var marks []string
	for _, word := range []string{string(f.Absence), string(f.Qualifier)} {
		if word != "" {
			marks = append(marks, "["+strings.ReplaceAll(word, "_", " ")+"]")
		}
	}
	if f.Provisional {
		marks = append(marks, "["+provisionalMark+"]")
	}
	if strings.HasPrefix(text, "[") || text != "" && strings.TrimSpace(text) == "" {
		marks = append(marks, endOfMarks)
	}
	if text != "" {
		marks = append(marks, text)
	}
	return strings.Join(marks, " ")
}

// ParseNote is the reverse: the figure without its value, and the free text. A word that it does not know begins the free text.
func ParseNote(s string) (f Figure, text string) {
	text = s
	for strings.HasPrefix(text, "[") {
		end := strings.IndexByte(text, ']')
		if end < 0 || !f.mark(strings.ReplaceAll(strings.ToLower(text[1:end]), " ", "_")) {
			return f, text
		}
		last := end == 1
		text = strings.TrimPrefix(text[end+1:], " ")
		if last {
			break
		}
	}
	return f, text
}

// mark takes one word; false when it is none of ours, or comes a second time.
func (f *Figure) mark(word string) bool {
	switch {
	case word == "":
	case word == provisionalMark && !f.Provisional:
		f.Provisional = true
	case slices.Contains(Absences, Absence(word)) && f.Absence == "" && f.Qualifier == "":
		f.Absence = Absence(word)
	case slices.Contains(Qualifiers, Qualifier(word)) && f.Qualifier == "" && f.Absence == "":
		f.Qualifier = Qualifier(word)
	default:
		return false
	}
	return true
}
