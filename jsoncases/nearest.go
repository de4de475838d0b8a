package jsoncases

import (
	"slices"
	"strconv"
	"strings"
)

// Unknown says which names there are, in place of one that is missing or that there is not.
func Unknown(name string, names []string) string {
	names = slices.Sorted(slices.Values(names))
	say := "is missing"
	if name != "" {
		say = "is " + strconv.Quote(Short(name)) + ", which is not known"
	}
	if meant := Nearest(name, names); meant != "" {
		say += " (did you mean " + meant + "?)"
	}
	return say + "; give one of " + strings.Join(names, ", ")
}

// Nearest is the name that was probably meant: the one with the fewest letters to change, as long as they are at most two in five, or one
// that the written name begins. Capitals and underscores do not count. It is empty where there is none.
func Nearest(name string, names []string) (meant string) {
	plain := func(s string) string {
		return strings.ToLower(strings.NewReplacer("_", "", ".", "", "-", "").Replace(s))
	}
	if len(name) > 64 {
		return ""
	}
	written, least := plain(name), 0
	for _, n := range names {
		p := plain(n)
		d := distance(written, p)
		if 5*d > 2*max(len(written), len(p)) {
			if len(written) < 3 || !strings.HasPrefix(p, written) {
				continue
			}
			d = 64 // only where nothing else is near
		}
		if meant == "" || d < least {
			meant, least = n, d
		}
	}
	return meant
}

// distance is Levenshtein's: the least number of letters to put in, take out or change, by the usual table of which one row is kept.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		corner := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := corner
			if a[i] != b[j] {
				change++
			}
			corner = row[j+1]
			row[j+1] = min(change, row[j+1]+1, row[j]+1)
		}
	}
	return row[len(b)]
}
