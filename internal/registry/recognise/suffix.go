package recognise

// ending tells which letters may follow a name inside the same word.
type ending uint8

const (
	endNone   ending = iota // nothing
	endLatin                // English plural
	endHard                 // Russian noun in a consonant, or Kazakh: any case; and the adjectives made from it
	endStemA                // stem of a Russian noun in -а, -я: an ending must follow
	endStemY                // stem of a Russian noun in -й, -ь, -о, -е: an ending must follow
	endStemAd               // stem of a Russian adjective: an ending must follow
	endCase                 // as endHard without adjectives: what may follow a misspelled name
	endings
)

// suffixes holds the endings in folded letters, of whatever language a text may be in, and russian those of Russian words alone.
//
// Sources: the declensions of the Russian and Kazakh school grammars; Kazakh vowel harmony and consonant assimilation are
// written out because folding has merged the letters but not the syllables.
var suffixes, russian = buildSuffixes(true), buildSuffixes(false)

func buildSuffixes(withKazakh bool) (sets [endings]map[string]bool) {
	for i := range sets {
		sets[i] = map[string]bool{}
	}
	add := func(e ending, words ...string) {
		for _, w := range words {
			sets[e][string(foldWord(w))] = true
		}
	}
	adjective := []string{"ый", "ого", "ому", "ым", "ом", "ая", "ой", "ую", "ое", "ые", "ых", "ыми", "ий", "его", "ему", "им", "ем", "яя", "ей", "юю", "ее", "ие", "их", "ими"}
	add(endLatin, "s", "es", "e")
	cases := []string{"а", "у", "ом", "ем", "е", "ы", "и", "ов", "ам", "ами", "ах"}
	add(endHard, cases...)
	add(endCase, cases...)
	for _, a := range adjective {
		add(endStemAd, a)
		add(endHard, "ов"+a, "н"+a, "иев"+a)
	}
	add(endStemA, "а", "ы", "е", "у", "ой", "ою", "ам", "ами", "ах", "я", "и", "ю", "ей", "ею", "ь", "")
	delete(sets[endStemA], "")
	add(endStemY, "й", "я", "ю", "ем", "и", "е", "ев", "ям", "ями", "ях", "ь", "ью", "ей", "о", "а", "у", "ом", "ами", "ах", "ам", "ием", "ии")
	if !withKazakh {
		return sets
	}
	kazakh := kazakhSuffixes()
	add(endHard, kazakh...)
	add(endCase, kazakh...)
	add(endStemA, prefixed("а", kazakh)...)
	add(endStemA, prefixed("я", kazakh)...)
	add(endStemY, prefixed("й", kazakh)...)
	add(endStemY, prefixed("ь", kazakh)...)
	add(endStemY, prefixed("о", kazakh)...)
	return sets
}

func prefixed(p string, words []string) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = p + w
	}
	return out
}

// kazakhSuffixes lists plural × possession × case, in that order of attachment.
func kazakhSuffixes() []string {
	plural := []string{"", "лар", "лер", "дар", "дер", "тар", "тер"}
	possession := []string{"", "ы", "і", "сы", "сі", "ым", "ім", "ың", "ің", "ымыз", "іміз", "лары", "лері", "дары", "дері", "тары", "тері"}
	cases := []string{
		"", "ның", "нің", "дың", "дің", "тың", "тің", "ға", "ге", "қа", "ке", "на", "не", "ны", "ні", "ды", "ді", "ты", "ті", "н",
		"да", "де", "та", "те", "нда", "нде", "дан", "ден", "тан", "тен", "нан", "нен", "мен", "бен", "пен", "менен",
		"лы", "лі", "ды", "дік", "дық", "тық", "тік", "лық", "лік", "сыз", "сіз", "дағы", "дегі", "тағы", "тегі", "ндағы", "ндегі", "ша", "ше",
	}
	seen := map[string]bool{"": true}
	var out []string
	for _, p := range plural {
		for _, h := range possession {
			for _, c := range cases {
				if w := p + h + c; !seen[w] {
					seen[w] = true
					out = append(out, w)
				}
			}
		}
	}
	return out
}

// stemOf returns the stem of a Cyrillic word in folded letters and the endings that its stem takes. Words in a consonant are
// their own stem.
func stemOf(word []byte) ([]byte, ending) {
	n := len(word)
	if n < 3 || !isCyrillic(word[n-1]) {
		return word, endNone
	}
	last := rune(word[n-1]) - cyrillic + 'а'
	prev := rune(word[n-2]) - cyrillic + 'а'
	switch {
	case last == 'й' && (prev == 'ы' || prev == 'и' && n > 5 || prev == 'о'):
		return word[:n-2], endStemAd
	case (last == 'я' || last == 'е') && (prev == 'а' || prev == 'о' || prev == 'ы'):
		return word[:n-2], endStemAd
	case last == 'а' || last == 'я' || last == 'ы':
		return word[:n-1], endStemA
	case last == 'й' || last == 'ь' || last == 'о' || last == 'е' || last == 'и':
		return word[:n-1], endStemY
	}
	return word, endHard
}
