package recognise

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"github.com/baqylau/baqylau"
)

// Inflections gathers names of a language that are one word, or one phrase, in its cases and numbers. It gives their places, the form that a dictionary has first and
// the groups in the order of those, and goes by the endings after which names are recognised in texts.
func Inflections(lang baqylau.Lang, names []string) (groups [][]int) {
	phrases := make([]phrase, len(names))
	for i, n := range names {
		phrases[i] = phraseOf(n)
	}
	endings := &suffixes
	if lang == baqylau.Russian { // folded, a Kazakh ending is many a Russian one: "мефка" is another word than "меф"
		endings = &russian
	}
	forms := make([][]int, len(names)) // of each name, itself included
	for i := range phrases {
		for j := range phrases {
			if i == j || phrases[i].inflectedAs(phrases[j], endings) {
				forms[i] = append(forms[i], j)
			}
		}
	}
	heads := make([]int, len(names))
	for i := range heads {
		heads[i] = i
	}
	slices.SortStableFunc(heads, func(a, b int) int { // one that has many forms is none itself; singular and plural have each other
		return cmp.Or(cmp.Compare(len(forms[b]), len(forms[a])), cmp.Compare(phrases[a].plurals, phrases[b].plurals))
	})
	taken := make([]bool, len(names))
	for _, head := range heads {
		if taken[head] {
			continue
		}
		group := []int{head}
		taken[head] = true
		for _, form := range forms[head] {
			if !taken[form] {
				group, taken[form] = append(group, form), true
			}
		}
		groups = append(groups, group)
	}
	slices.SortFunc(groups, func(a, b []int) int { return cmp.Compare(a[0], b[0]) })
	return groups
}

// phrase is a name cut into its words.
type phrase struct {
	words   []inflected
	plurals int // words that end as plurals do
}

type inflected struct {
	word, stem []byte
	ending     ending
}

func phraseOf(name string) (p phrase) {
	for _, w := range strings.Fields(name) {
		x := inflected{word: foldWord(w)}
		if x.stem, x.ending = stemOf(x.word); x.ending == endHard {
			x.ending = endCase // an adjective is another word
		}
		p.words = append(p.words, x)
		if strings.HasSuffix(w, "и") || strings.HasSuffix(w, "ы") {
			p.plurals++
		}
	}
	return p
}

// inflectedAs reports whether form is p, each word of it as it stands or with another ending.
func (p phrase) inflectedAs(form phrase, sets *[endings]map[string]bool) bool {
	return slices.EqualFunc(p.words, form.words, func(x, y inflected) bool {
		rest, ok := bytes.CutPrefix(y.word, x.stem)
		return bytes.Equal(x.word, y.word) || ok && sets[x.ending][string(rest)]
	})
}
