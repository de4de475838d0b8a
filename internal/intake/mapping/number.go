package mapping

import (
	"strconv"
	"strings"
	"unicode"
)

// parseDecimal reads a non-negative or negative decimal number and returns it exactly: digits, at most one point, no
// exponent, no leading zeros. Spaces may group thousands; commas and points may not, because "1,234" means two things.
func parseDecimal(s string, decimal byte) (string, bool) {
	s = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		if r == '−' {
			return '-'
		}
		return r
	}, s)
	if i := strings.IndexAny(s, "eE"); i > 0 { // spreadsheets store 0.00001 as 1E-05
		f, err := strconv.ParseFloat(s, 64)
		if err != nil || f > 1e15 || f < -1e15 {
			return "", false
		}
		s, decimal = strconv.FormatFloat(f, 'f', -1, 64), '.'
	}
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "-", s[1:]
	}
	whole, frac, dot := strings.Cut(s, string(decimal))
	if whole == "" || strings.Trim(whole+frac, "0123456789") != "" || dot && frac == "" {
		return "", false
	}
	if whole = strings.TrimLeft(whole, "0"); whole == "" {
		whole = "0"
	}
	if len(whole) > 15 || len(frac) > 15 {
		return "", false
	}
	if strings.Trim(whole+frac, "0") == "" {
		sign = ""
	}
	if frac != "" {
		whole += "." + frac
	}
	return sign + whole, true
}

// shiftDecimal multiplies an exact decimal by 10^n.
func shiftDecimal(s string, n int) string {
	if n == 0 {
		return s
	}
	whole, frac, _ := strings.Cut(s, ".")
	for ; n > 0; n-- {
		if frac == "" {
			frac = "0"
		}
		whole, frac = whole+frac[:1], frac[1:]
	}
	for ; n < 0; n++ {
		if whole == "" {
			whole = "0"
		}
		whole, frac = whole[:len(whole)-1], whole[len(whole)-1:]+frac
	}
	if whole = strings.TrimLeft(whole, "0"); whole == "" {
		whole = "0"
	}
	if frac = strings.TrimRight(frac, "0"); frac != "" {
		whole += "." + frac
	}
	return whole
}

// splitUnit parts "12,5 г" into the number and the unit's word.
func splitUnit(s string) (number, word string) {
	i := strings.IndexFunc(s, func(r rune) bool { return unicode.IsLetter(r) })
	if i <= 0 || (s[i] == 'e' || s[i] == 'E') && i+1 < len(s) && strings.ContainsRune("+-0123456789", rune(s[i+1])) {
		return s, ""
	}
	return strings.TrimSpace(s[:i]), s[i:]
}

// lookUnit reads a unit's word in any of the three languages.
func lookUnit(word string) (unitWord, bool) {
	u, ok := unitWords[strings.TrimSuffix(strings.ToLower(strings.TrimSpace(word)), ".")]
	if !ok {
		for _, code := range Units {
			if code == word {
				return unitWord{code, 0}, true
			}
		}
	}
	return u, ok
}

const maxAge = 125 // years; the oldest person on record reached 122

var plainDashes = strings.NewReplacer("–", "-", "—", "-", " ", "")

// parseAge reads years ("35", "35 лет") or a band ("35-44", "65+", "under 18"; "<18" and «до 18» are written "under 18").
func parseAge(s string) (years *int, band string, ok bool) {
	s = strings.ToLower(strings.TrimSpace(s))
	for _, w := range []string{"years", "year", "yrs", "лет", "года", "год", "жас", "г."} {
		s = strings.TrimSpace(strings.TrimSuffix(s, w))
	}
	s = plainDashes.Replace(s)
	age := func(s string) (int, bool) {
		s = strings.TrimSuffix(strings.TrimSuffix(s, ".0"), ",0")
		v, err := strconv.Atoi(s)
		return v, err == nil && v >= 0 && v <= maxAge && s[0] != '+'
	}
	if v, ok := age(s); ok {
		return &v, "", true
	}
	if lo, hi, found := strings.Cut(s, "-"); found {
		a, ok1 := age(lo)
		b, ok2 := age(hi)
		return nil, lo + "-" + hi, ok1 && ok2 && a <= b
	}
	if lo, found := strings.CutSuffix(s, "+"); found {
		_, ok := age(lo)
		return nil, lo + "+", ok
	}
	for _, w := range []string{"under", "<", "до"} {
		if hi, found := strings.CutPrefix(s, w); found {
			_, ok := age(hi)
			return nil, "under " + hi, ok
		}
	}
	return nil, "", false
}

// float is the nearest float of an exact decimal.
func float(s string) float64 {
	f, _ := strconv.ParseFloat(s, 64) // parseDecimal has written it
	return f
}
