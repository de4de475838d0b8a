package registry

import (
	"cmp"
	"slices"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/registry/recognise"
)

// streetWord is a street name with the other forms of the same word: what is recognised in texts has to be there in every case, but whoever reads the list
// reads one word.
type streetWord struct {
	Name
	forms []Name
}

// asWords gathers the forms of each word that is said in a language and region under the one that a dictionary would have, in the order of these among the names.
func asWords(names []Name) (words []streetWord) {
	type place struct {
		lang   baqylau.Lang
		region string
	}
	said := map[place][]int{}
	for i, n := range names {
		p := place{n.Lang, n.Region}
		said[p] = append(said[p], i)
	}
	var groups [][]int
	for p, at := range said {
		texts := make([]string, len(at))
		for i, n := range at {
			texts[i] = names[n].Text
		}
		for _, group := range recognise.Inflections(p.lang, texts) {
			for i := range group {
				group[i] = at[group[i]]
			}
			groups = append(groups, group)
		}
	}
	slices.SortFunc(groups, func(a, b []int) int { return cmp.Compare(a[0], b[0]) })
	for _, group := range groups {
		w := streetWord{Name: names[group[0]]}
		for _, i := range group[1:] {
			w.forms = append(w.forms, names[i])
		}
		words = append(words, w)
	}
	return words
}
