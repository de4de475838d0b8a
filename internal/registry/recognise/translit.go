package recognise

import "strings"

// International names are spelled by rule in Cyrillic ("quetiapine" → "кветиапин") and Russian ones are typed in Latin letters
// ("mefedron"). Writing both out lets a name given in one script be found in the other; the soft sign and other choices that
// no rule settles are left to the tolerance for misspellings. Made-up spellings yield to any real name.

var toRussian = strings.NewReplacer(
	"fluoro", "фтор", "chloro", "хлор", "bromo", "бром", "iodo", "йод",
	"sch", "сх", "tz", "тц", "ph", "ф", "th", "т", "ch", "х", "ck", "к", "qu", "кв", "ce", "це", "ci", "ци", "cy", "ци", "ae", "е", "oe", "е",
	"eu", "эу", "ya", "иа", "yo", "ио", "io", "ио", "ia", "иа", "ll", "лл",
	"a", "а", "b", "б", "c", "к", "d", "д", "e", "е", "f", "ф", "g", "г", "h", "г", "i", "и", "j", "й", "k", "к", "l", "л", "m", "м",
	"n", "н", "o", "о", "p", "п", "q", "к", "r", "р", "s", "с", "t", "т", "u", "у", "v", "в", "w", "в", "x", "кс", "y", "и", "z", "з",
)

// russianSpelling writes a Latin international name in Cyrillic, or returns "" when name is not one plain word.
func russianSpelling(name string) string {
	name = strings.ToLower(name)
	if len(name) < 6 {
		return ""
	}
	for i := range len(name) {
		if name[i] < 'a' || name[i] > 'z' {
			return ""
		}
	}
	for _, end := range []string{"ine", "one", "ene", "ane", "yne", "ole", "ate", "ide", "ile", "ite", "ose"} {
		if strings.HasSuffix(name, end) {
			name = name[:len(name)-1]
			break
		}
	}
	initial := ""
	if name[0] == 'e' && !strings.HasPrefix(name, "eu") {
		initial, name = "э", name[1:]
	}
	return initial + toRussian.Replace(name)
}

var toLatinLetters = strings.NewReplacer(
	"щ", "sch", "ж", "zh", "х", "h", "ц", "ts", "ч", "ch", "ш", "sh", "ю", "yu", "я", "ya", "ъ", "", "ь", "", "э", "e", "й", "y",
	"а", "a", "б", "b", "в", "v", "г", "g", "д", "d", "е", "e", "ё", "e", "з", "z", "и", "i", "к", "k", "л", "l", "м", "m", "н", "n",
	"о", "o", "п", "p", "р", "r", "с", "s", "т", "t", "у", "u", "ф", "f", "ы", "y",
)

// latinTyping writes a Russian word as people type it without Cyrillic, or returns "" when it is short or not one word.
func latinTyping(name string) string {
	name = strings.ToLower(name)
	if len([]rune(name)) < 6 {
		return ""
	}
	for _, r := range name {
		if (r < 'а' || r > 'я') && r != 'ё' {
			return ""
		}
	}
	return toLatinLetters.Replace(name)
}
