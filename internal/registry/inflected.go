package registry

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/baqylau/baqylau"
)

// streetWord is a street name with the other forms of the same word: what is recognised in texts has to be there in every case, but whoever reads the list
// reads one word.
type streetWord struct {
	Name
	forms []Name
}

// endings are the endings of cases and numbers by language, as far as the street names that are shipped need them; the longest that fits is taken off.
var endings = map[baqylau.Lang][]string{
	baqylau.Russian: {"ами", "ями", "ах", "ях", "ам", "ям", "ом", "ем", "ой", "ою", "ей", "ов", "ев", "ью", "а", "я", "у", "ю", "ы", "и", "е", "о", "ь"},
	baqylau.Kazakh: {"ының", "інің", "ында", "інде", "ынан", "інен", "дың", "дің", "тың", "тің", "ның", "нің", "дан", "ден", "тан", "тен", "нан", "нен", "бен", "пен", "мен",
		"лар", "лер", "дар", "дер", "тар", "тер", "ды", "ді", "ты", "ті", "ны", "ні", "да", "де", "та", "те", "ға", "ге", "қа", "ке", "сы", "сі", "ын", "ін", "ы", "і"},
}

// leastStem is how many letters a stem has at least: shorter words differ by as much as their endings do.
const leastStem = 3

// stem takes the endings off the words of a name; ended is how far the name is from its dictionary form: 0 for no ending, more for each that is not that of a first case.
func stem(text string, lang baqylau.Lang) (key string, ended int) {
	words := strings.Fields(strings.ToLower(text))
	for i, w := range words {
		for _, e := range endings[lang] {
			if s, ok := strings.CutSuffix(w, e); ok && utf8.RuneCountInString(s) >= leastStem {
				words[i] = s
				switch e {
				case "ь":
					ended++
				case "а", "я", "о":
					ended += 2
				default:
					ended += 3
				}
				break
			}
		}
	}
	return strings.Join(words, " "), ended
}

// asWords gathers the forms of each word under the one that a dictionary would have, in the order of the names.
func asWords(names []Name) (words []streetWord) {
	type place struct {
		lang        baqylau.Lang
		region, key string
	}
	at := map[place]int{}
	for _, n := range names {
		key, _ := stem(n.Text, n.Lang)
		k := place{n.Lang, n.Region, key}
		i, ok := at[k]
		if !ok {
			i = len(words)
			at[k] = i
			words = append(words, streetWord{})
		}
		words[i].forms = append(words[i].forms, n)
	}
	for i := range words {
		w := &words[i]
		slices.SortStableFunc(w.forms, func(a, b Name) int {
			_, x := stem(a.Text, a.Lang)
			_, y := stem(b.Text, b.Lang)
			return cmp.Compare(x, y)
		})
		w.Name, w.forms = w.forms[0], w.forms[1:]
	}
	return words
}
