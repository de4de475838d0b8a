package ui

import "unicode"

func sum(scores []Score) (n int) {
	for _, s := range scores {
		n += s.Got
	}
	return n
}

func most(scores []Score) (n int) {
	for _, s := range scores {
		n += s.Max
	}
	return n
}

type formulaPart struct {
	text  string
	count bool // a number of atoms, shown as a subscript
}

// formulaParts splits "C20H22N4O3" into elements and counts. A charge or an isotope stays as it is written.
func formulaParts(f string) []formulaPart {
	var parts []formulaPart
	afterLetter := false
	for _, r := range f {
		digit := unicode.IsDigit(r)
		count := digit && afterLetter
		if n := len(parts); n > 0 && parts[n-1].count == count {
			parts[n-1].text += string(r)
		} else {
			parts = append(parts, formulaPart{string(r), count})
		}
		afterLetter = unicode.IsLetter(r) || r == ')' || r == ']' || count
	}
	return parts
}
