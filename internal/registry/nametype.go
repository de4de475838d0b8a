package registry

import (
	"strings"
	"unicode"
)

// guessType tells systematic names and codes from common ones by their shape: "1-phenyl-2-(pyrrolidin-1-yl)pentan-1-one",
// "MK-306", "mephedrone". It only sorts names on a page; nothing depends on it.
func guessType(s string) NameType {
	letters, digits, upper := 0, 0, 0
	for _, r := range s {
		switch {
		case unicode.IsUpper(r):
			upper++
			letters++
		case unicode.IsLetter(r):
			letters++
		case unicode.IsDigit(r):
			digits++
		}
	}
	switch {
	case len([]rune(s)) <= 14 && letters > 0 && upper*2 > letters && (digits > 0 || upper == letters):
		return CodeName
	case strings.ContainsAny(s, "([{") || digits > 0 && strings.Contains(s, "-") && letters >= 12:
		return Systematic
	}
	return Common
}
