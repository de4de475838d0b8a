package mapping

import (
	"slices"
	"strings"
)

var delimiters = []byte{',', ';', '\t', '|'}

// detectDelimiter finds the separator that occurs outside quotes equally often in most lines of the sample, and most often.
func detectDelimiter(sample string) byte {
	if sep, ok := strings.CutPrefix(sample, "sep="); ok && sep != "" && slices.Contains(delimiters, sep[0]) {
		return sep[0] // the hint that spreadsheet programs write and read
	}
	best, bestScore := byte(','), 0
	for _, d := range delimiters {
		counts := countPerLine(sample, d)
		slices.Sort(counts)
		typical := 0
		if len(counts) > 0 {
			typical = counts[len(counts)/2]
		}
		same := 0
		for _, n := range counts {
			if n == typical {
				same++
			}
		}
		if typical == 0 {
			continue
		}
		// Regularity weighs more than number: commas in free text are many but irregular.
		if score := same*1000/len(counts) + min(typical, 200); score > bestScore {
			best, bestScore = d, score
		}
	}
	return best
}

// countPerLine counts d outside quotes in each of the first non-empty lines.
func countPerLine(sample string, d byte) (counts []int) {
	quoted, n, blank := false, 0, true
	for i := 0; i < len(sample) && len(counts) < 60; i++ {
		switch c := sample[i]; {
		case c == '"':
			quoted, blank = !quoted, false
		case c == '\n' && !quoted:
			if !blank {
				counts = append(counts, n)
			}
			n, blank = 0, true
		case c == d && !quoted:
			n, blank = n+1, false
		case c != '\r':
			blank = false
		}
	}
	if len(counts) == 0 && !blank {
		counts = append(counts, n)
	}
	return counts
}
