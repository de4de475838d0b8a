package locale

import (
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// substitutes are the letters people type when the Kazakh layout is not at hand, and ё.
var substitutes = map[rune]string{
	'ё': "е", 'ә': "а", 'ғ': "г", 'қ': "к", 'ң': "н", 'ө': "о", 'ұ': "у", 'ү': "у", 'һ': "х", 'і': "и", 'ї': "и",
	// chemists write these letters or their names
	'α': "alpha", 'β': "beta", 'γ': "gamma", 'δ': "delta", 'ε': "epsilon", 'ζ': "zeta", 'η': "eta", 'θ': "theta",
	'ι': "iota", 'κ': "kappa", 'λ': "lambda", 'μ': "mu", 'ν': "nu", 'ξ': "xi", 'ο': "omicron", 'π': "pi", 'ρ': "rho",
	'σ': "sigma", 'τ': "tau", 'υ': "upsilon", 'φ': "phi", 'χ': "chi", 'ψ': "psi", 'ω': "omega",
}

// Fold reduces s to the form in which search columns are kept and queries are asked: lower case by Unicode folding, Kazakh
// letters as their Russian keyboard substitutes, Greek letters by name, accents, punctuation and symbols dropped, spaces
// single. "α-PVP", "Alpha-PVP" and "alphaPVP" fold alike, as do "Қызылорда" and "Кызылорда". Folding twice changes nothing.
func Fold(s string) string {
	if plain(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for _, r := range norm.NFC.String(cases.Fold().String(norm.NFKC.String(s))) {
		if unicode.Is(unicode.Cherokee, r) { // which package cases folds to and fro
			r = unicode.ToUpper(r)
		}
		t, ok := substitutes[r]
		switch {
		case ok:
		case unicode.IsSpace(r):
			space = true
			continue
		case r == 'й': // a letter of its own, not и with a mark
			t = "й"
		default:
			t = bare(r)
		}
		if t == "" {
			continue
		}
		if space && b.Len() > 0 {
			b.WriteByte(' ')
		}
		space = false
		b.WriteString(t)
	}
	return b.String()
}

// bare is the letter or digit r without its marks; "" for marks, punctuation and symbols.
func bare(r rune) string {
	if r < unicode.MaxASCII {
		if 'a' <= r && r <= 'z' || '0' <= r && r <= '9' {
			return string(r)
		}
		return ""
	}
	var b strings.Builder
	for _, r := range norm.NFKD.String(string(r)) {
		if t, ok := substitutes[r]; ok {
			b.WriteString(t)
		} else if unicode.IsLetter(r) || unicode.IsDigit(r) {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// plain reports whether s is folded already: lower-case ASCII words with single spaces.
func plain(s string) bool {
	after := byte(' ')
	for i := range len(s) {
		c := s[i]
		switch {
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9', c == ' ' && after != ' ':
		default:
			return false
		}
		after = c
	}
	return after != ' '
}
