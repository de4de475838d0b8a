package locale

import (
	"context"
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"github.com/baqylau/baqylau"
)

// nbsp keeps a number and its groups or sign on one line.
const nbsp = "\u00a0"

// none stands where a number or date is unknown.
const none = "–"

// Number writes x with exactly the given decimals, rounded half to even on its binary value: "12 345,60" in Kazakh and
// Russian (CLDR: no-break space, comma), "12,345.60" in English. NaN and infinities give "–".
func Number(ctx context.Context, x float64, decimals int) string {
	return write(ctx, x, max(decimals, 0))
}

// Shortest writes x with as many decimals as it has.
func Shortest(ctx context.Context, x float64) string { return write(ctx, x, -1) }

func write(ctx context.Context, x float64, decimals int) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return none
	}
	s := strconv.FormatFloat(x, 'f', decimals, 64)
	sign := ""
	if strings.HasPrefix(s, "-") {
		s = s[1:]
		if strings.Trim(s, "0.") != "" { // no "-0,0"
			sign = "-"
		}
	}
	whole, fraction, _ := strings.Cut(s, ".")
	groups, point := nbsp, ","
	if Lang(ctx) == baqylau.English {
		groups, point = ",", "."
	}
	s = sign + group(whole, groups)
	if fraction != "" {
		s += point + fraction
	}
	return s
}

// group puts sep between the thousands of a string of digits.
func group(digits, sep string) string {
	var b strings.Builder
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteString(sep)
		}
		b.WriteRune(d)
	}
	return b.String()
}

// Int writes a whole number with grouped digits: "12 345" or, in English, "12,345".
func Int[I ~int | ~int32 | ~int64](ctx context.Context, n I) string {
	digits, negative := strings.CutPrefix(strconv.FormatInt(int64(n), 10), "-")
	sep := nbsp
	if Lang(ctx) == baqylau.English {
		sep = ","
	}
	s := group(digits, sep)
	if negative {
		s = "-" + s
	}
	return s
}

// grouped is how English writes thousands.
var grouped = regexp.MustCompile(`^[+-]?\d{1,3}(,\d{3})+(\.\d*)?$`)

// decimal is a number with a point.
var decimal = regexp.MustCompile(`^[+-]?(\d+\.?\d*|\.\d+)$`)

// Plain reads a number as people of a language write it, and gives it as digits and a point: "12 345,6" of Kazakh and Russian, "12,345.6" of English, and what Shortest and
// Number write, are "12345.6". A single comma that parts no thousands is a decimal comma in every language. It reports whether the text is a number.
func Plain(l baqylau.Lang, text string) (string, bool) {
	s := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, text)
	switch {
	case l == baqylau.English && grouped.MatchString(s):
		s = strings.ReplaceAll(s, ",", "")
	case strings.Count(s, ",") == 1 && !strings.Contains(s, "."):
		s = strings.Replace(s, ",", ".", 1)
	}
	return s, decimal.MatchString(s)
}
