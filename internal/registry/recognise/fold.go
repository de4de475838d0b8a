package recognise

import (
	"unicode"
	"unicode/utf8"
)

// Folded letters are single bytes, so that the trie, the suffix sets and the edit distance work on bytes: a-z and 0-9 stand
// for themselves, Cyrillic а-я are 128..159, '/' is kept because some names hold it ("Pseudo/Ephedrine").
const (
	cyrillic = 128
	foreign  = 1 // a letter of another script: belongs to its word, matches nothing
)

func isLetter(c byte) bool   { return c >= 'a' && c <= 'z' || c >= cyrillic }
func isDigit(c byte) bool    { return c >= '0' && c <= '9' }
func isCyrillic(c byte) bool { return c >= cyrillic }

// cell is one folded letter with the bytes of the text it came from. A Greek letter gives several cells ("α" → "alpha").
type cell struct {
	start, end int32
	code       byte
	caps       bool
}

// Kazakh letters fold onto the Russian ones that a keyboard without Kazakh would give; ё onto е.
var cyrFold = map[rune]rune{
	'ё': 'е', 'ұ': 'у', 'ү': 'у', 'қ': 'к', 'і': 'и', 'ә': 'а', 'ө': 'о', 'ғ': 'г', 'ң': 'н', 'һ': 'х', 'ї': 'и', 'є': 'е', 'ѕ': 'с', 'ј': 'й',
}

var greek = map[rune]string{
	'α': "alpha", 'β': "beta", 'γ': "gamma", 'δ': "delta", 'ε': "epsilon", 'κ': "kappa", 'μ': "mu", 'µ': "mu", 'ψ': "psi", 'ω': "omega",
}

var latinFold = map[rune]byte{
	'à': 'a', 'á': 'a', 'â': 'a', 'ã': 'a', 'ä': 'a', 'å': 'a', 'ç': 'c', 'è': 'e', 'é': 'e', 'ê': 'e', 'ë': 'e', 'ì': 'i', 'í': 'i', 'î': 'i',
	'ï': 'i', 'ñ': 'n', 'ò': 'o', 'ó': 'o', 'ô': 'o', 'õ': 'o', 'ö': 'o', 'ù': 'u', 'ú': 'u', 'û': 'u', 'ü': 'u', 'ý': 'y', 'ÿ': 'y', 'ı': 'i',
}

// foldRune appends the folded letters of r (at text[start:end]) to cells, and nothing for a separator.
func foldRune(cells []cell, r rune, start, end int) []cell {
	add := func(code byte, caps bool) []cell {
		return append(cells, cell{start: int32(start), end: int32(end), code: code, caps: caps})
	}
	switch {
	case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
		return add(byte(r), false)
	case r >= 'A' && r <= 'Z':
		return add(byte(r)+'a'-'A', true)
	case r < utf8.RuneSelf:
		return cells
	case r >= 'а' && r <= 'я':
		return add(byte(cyrillic+r-'а'), false)
	case r >= 'А' && r <= 'Я':
		return add(byte(cyrillic+r-'А'), true)
	}
	if sub := subscript(r); sub != 0 {
		return add(sub, false)
	}
	if !unicode.IsLetter(r) && !unicode.Is(unicode.Nd, r) {
		if unicode.Is(unicode.Mn, r) && len(cells) > 0 && int(cells[len(cells)-1].end) == start {
			for i := len(cells) - 1; i >= 0 && int(cells[i].end) == start; i-- {
				cells[i].end = int32(end) // a combining mark belongs to its letter
			}
		}
		return cells
	}
	low, caps := unicode.ToLower(r), unicode.IsUpper(r)
	if f, ok := cyrFold[low]; ok {
		return add(byte(cyrillic+f-'а'), caps)
	}
	if g, ok := greek[low]; ok {
		for i := range len(g) {
			cells = append(cells, cell{start: int32(start), end: int32(end), code: g[i], caps: true})
		}
		return cells
	}
	if l, ok := latinFold[low]; ok {
		return add(l, caps)
	}
	if low >= 'а' && low <= 'я' {
		return add(byte(cyrillic+low-'а'), caps)
	}
	if low >= 'a' && low <= 'z' {
		return add(byte(low), caps)
	}
	return add(foreign, caps)
}

// subscript gives the plain digit for ₀-₉ and ⁰-⁹, or 0.
func subscript(r rune) byte {
	switch {
	case r >= '₀' && r <= '₉':
		return byte('0' + r - '₀')
	case r >= '⁴' && r <= '⁹':
		return byte('4' + r - '⁴')
	}
	return 0
}

// lookalike pairs Latin and Cyrillic letters that are drawn alike, in small or only in capital form.
var toLatin, toCyrillic [256]byte

func init() {
	for latin, cyr := range map[byte]rune{
		'a': 'а', 'b': 'в', 'c': 'с', 'e': 'е', 'h': 'н', 'k': 'к', 'm': 'м', 'o': 'о', 'p': 'р', 't': 'т', 'x': 'х', 'y': 'у', 'i': 'и',
	} {
		code := byte(cyrillic + cyr - 'а')
		toLatin[code], toCyrillic[latin] = latin, code
	}
	toLatin[cyrillic+'и'-'а'] = 0 // и is not drawn like i; only the Ukrainian/Kazakh і is, and it has been folded by now
}
