package mapping

import (
	"slices"
	"strings"
	"unicode"
)

// figure is a number as a table writes it.
type figure struct {
	value     string // exact decimal; "" for a range
	low, high string
	qualifier string // about, more_than, at_least; "" is exact
}

// figureResult tells apart what is no number from one that a program has damaged.
type figureResult int

const (
	noFigure figureResult = iota
	zeroedFigure
	figureOK
)

// qualifierWords are what stands before a figure that is not exact, longest first.
var qualifierWords = []struct{ word, qualifier string }{
	{"not less than", "at_least"}, {"no less than", "at_least"}, {"at least", "at_least"}, {"не менее", "at_least"}, {"не меньше", "at_least"}, {"кемінде", "at_least"}, {">=", "at_least"}, {"≥", "at_least"},
	{"more than", "more_than"}, {"over", "more_than"}, {"более", "more_than"}, {"больше", "more_than"}, {"свыше", "more_than"}, {">", "more_than"},
	{"approximately", "about"}, {"about", "about"}, {"around", "about"}, {"примерно", "about"}, {"около", "about"}, {"порядка", "about"}, {"шамамен", "about"}, {"≈", "about"}, {"~", "about"},
}

// parseFigure reads a number, and in the odd ways that the mapping allows also a range or a figure that is not exact.
func parseFigure(s string, decimals string, odd []string) (f figure, got figureResult) {
	s = strings.TrimSpace(strings.TrimSuffix(s, "%"))
	number := func(s string) (string, figureResult) {
		if zeroed(s) && !slices.Contains(odd, OddZeros) {
			return "", zeroedFigure
		}
		for i := range len(decimals) {
			if v, ok := parseDecimal(s, decimals[i]); ok {
				return v, figureOK
			}
		}
		return "", noFigure
	}
	if f.value, got = number(s); got != noFigure {
		return f, got
	}
	if slices.Contains(odd, OddWords) {
		rest := strings.ToLower(s)
		for _, w := range qualifierWords {
			if after, ok := strings.CutPrefix(rest, w.word); ok {
				f.qualifier, rest = w.qualifier, strings.TrimSpace(after)
				break
			}
		}
		if after, ok := strings.CutSuffix(rest, "+"); ok && f.qualifier == "" {
			f.qualifier, rest = "at_least", after
		}
		if f.qualifier != "" {
			f.value, got = number(rest)
			return f, got
		}
	}
	if slices.Contains(odd, OddRanges) {
		if lo, hi, ok := cutRange(s); ok {
			var got2 figureResult
			f.low, got = number(lo)
			f.high, got2 = number(hi)
			return f, min(got, got2)
		}
	}
	return f, noFigure
}

// zeroed reports whether a number begins with a zero that no number has: what is left of a decimal that a spreadsheet took for a date.
func zeroed(s string) bool {
	s = strings.TrimLeft(s, "-− ")
	return len(s) > 1 && s[0] == '0' && isDigit(s[1])
}

// cutRange parts two numbers at the first dash behind a digit.
func cutRange(s string) (low, high string, ok bool) {
	digit := false
	for i, r := range s {
		if digit && (unicode.Is(unicode.Pd, r) || r == '−' || r == '…') {
			return strings.TrimSpace(s[:i]), strings.TrimSpace(s[i+len(string(r)):]), true
		}
		digit = digit || unicode.IsDigit(r)
	}
	return "", "", false
}

func isDigit(b byte) bool { return '0' <= b && b <= '9' }
