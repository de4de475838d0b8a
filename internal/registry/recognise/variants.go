package recognise

import (
	"regexp"
	"strings"
)

// bracketTag is the kind of name that some sources write after it: "Nexus [Street Name]".
var bracketTag = regexp.MustCompile(`\s*\[[A-Z][A-Za-z ]+\]$`)

// autoUse decides where a name of undeclared use may be recognised. Long names are safe anywhere; a short one, or one that is
// also an ordinary word, is not.
func autoUse(s *scan, r rank) Use {
	letters, digits, ordinary := 0, 0, true
	for i := range s.toks {
		word := s.compact(i, i+1, nil)
		for _, c := range word {
			if isDigit(c) {
				digits++
			} else {
				letters++
			}
		}
		if !rules.ordinary[string(word)] {
			ordinary = false
		}
	}
	n := letters + digits
	ordinary = ordinary || rules.ordinary[string(s.compact(0, len(s.toks), nil))]
	switch {
	case r < rankCurated && locantPart(s.compact(0, len(s.toks), nil)):
		return Never // "3-MeO" begins many names
	case letters == 0 || n < 3 && r < rankPreferred || ordinary && r < rankCurated:
		return Never
	case ordinary && r == rankPreferred:
		return Alone
	case r == rankCurated && digits == 0 && n <= 3:
		return Upper
	case r == rankCurated:
		return Prose
	case digits > 0 && (n >= 5 && letters >= 2 || n == 4 && letters >= 3):
		return Prose
	case digits > 0 && n == 4 && letters >= 2 && r == rankPreferred:
		return Prose
	case digits > 0 && n == 3 && letters == 2 && r == rankPreferred:
		return Prose
	case digits > 0:
		return Alone
	case n >= 6 || n >= 4 && r == rankPreferred:
		return Prose
	case n == 5:
		return Prose
	case n == 3 && r == rankPreferred:
		return Upper
	case r == rankPreferred || s.toks[0].caps:
		return Alone // an abbreviation
	default:
		return Never // "Tina", "Adam": slang of sources that say nothing about region or date
	}
}

// greekVariants writes a leading or inner locant letter the other ways people write it: α-PVP, a-PVP, альфа-PVP.
func greekVariants(name string) []string {
	var out []string
	low := strings.ToLower(name)
	for _, g := range greekSpellings {
		for _, from := range g {
			rest, ok := strings.CutPrefix(low, from)
			if !ok || rest == "" || len(from) <= len("α") && rest[0] != '-' {
				continue
			}
			rest = name[len(name)-len(rest):]
			for _, to := range g {
				if to != from {
					out = append(out, to+"-"+strings.TrimLeft(rest, "- "))
				}
			}
			return out
		}
	}
	return out
}

var greekSpellings = [][]string{
	{"alpha", "α", "a", "alfa", "альфа"}, {"beta", "β", "b", "бета"}, {"para", "p", "пара"}, {"ortho", "o", "орто"}, {"meta", "m", "мета"}, {"delta", "δ", "Δ", "дельта"},
}

// lookalikes writes the parts of a short Latin code that have Cyrillic look-alikes in Cyrillic: "4-CMC" is often typed 4-СМС.
func lookalikes(s *scan) [][]byte {
	out := [][]byte{nil}
	changed := false
	for i := range s.toks {
		word := s.compact(i, i+1, nil)
		other := make([]byte, 0, len(word))
		if len(word) <= 4 {
			for _, c := range word {
				if isDigit(c) {
					other = append(other, c)
				} else if o := toCyrillic[c]; o != 0 && toLatin[o] != 0 {
					other = append(other, o)
				}
			}
		}
		if len(other) != len(word) || string(other) == string(word) {
			for j := range out {
				out[j] = append(out[j], word...)
			}
			continue
		}
		changed = true
		if len(out) > 4 {
			return nil
		}
		var both [][]byte
		for _, o := range out {
			both = append(both, append(append([]byte(nil), o...), word...), append(append([]byte(nil), o...), other...))
		}
		out = both
	}
	if !changed {
		return nil
	}
	return out[1:] // the first is the Latin spelling itself
}

// innerForms returns every spelling of the words before the last one: as given, and for Russian phrases inflected
// ("веселящего газа", "уксусного ангидрида").
func innerForms(s *scan) [][]byte {
	out := [][]byte{nil}
	for i := 0; i+1 < len(s.toks); i++ {
		word := s.compact(i, i+1, nil)
		if i > 0 && s.toks[i].before == gapSlash {
			word = append([]byte{'/'}, word...)
		}
		forms := [][]byte{word}
		if len(out) <= 64 && s.toks[i+1].before == gapSpace {
			forms = append(forms, innerEndings(word)...)
		}
		var next [][]byte
		for _, o := range out {
			for _, f := range forms {
				next = append(next, append(append([]byte(nil), o...), f...))
			}
		}
		out = next
	}
	return out
}

var innerEndingsOf = map[ending][]string{
	endStemAd: {"ый", "ого", "ому", "ым", "ом", "ая", "ой", "ую", "ое", "ые", "ых", "ыми", "ий", "его", "ему", "им", "ем", "ие", "их", "ими", "яя", "ей", "юю", "ее"},
	endStemA:  {"ы", "е", "у", "ой", "и"},
	endStemY:  {"и", "ю", "я", "ем", "ью"},
	endHard:   {"а", "у", "ом", "е"},
}

func innerEndings(word []byte) [][]byte {
	stem, e := stemOf(word)
	var out [][]byte
	for _, x := range innerEndingsOf[e] {
		f := append(append([]byte(nil), stem...), foldWord(x)...)
		if string(f) != string(word) {
			out = append(out, f)
		}
	}
	return out
}
