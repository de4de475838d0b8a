package registry

import (
	"cmp"
	"slices"
	"strings"
)

// entry is one name in the search index.
type entry struct {
	fold      string // compact
	substance *Substance
	name      string
	street    bool
}

// Match is a substance found by Search, with the name it was found by.
type Match struct {
	Substance *Substance
	Name      string
	rank      int
}

// Mended reports whether the name was misspelt and found by recognition only.
func (m Match) Mended() bool { return m.rank == mended }

// mended is the lowest rank.
const mended = 1

func (b *Book) addToIndex(n Name, fold string) {
	if n.Substance == "" || fold == "" {
		return
	}
	s := b.byID[n.Substance]
	b.byName[fold] = append(b.byName[fold], claim{substance: s, preferred: n.Text == s.Name, ambiguous: n.Ambiguous})
	b.index = append(b.index, entry{fold: fold, substance: s, name: n.Text, street: n.Type == Street})
}

// Search finds substances by a part of any of their names in any language and script, by CAS number or by InChIKey: exact names
// first, then names that begin so, then those that contain it; within a rank the shorter name first. When no name fits, a misspelt
// one is mended by recognition. limit bounds the matches; 0 is all.
func (b *Book) Search(q string, limit int) []Match {
	want := compact(q)
	if want == "" {
		return nil
	}
	best := map[*Substance]Match{}
	for _, e := range b.index {
		rank := rankOf(e.fold, want)
		if rank == 0 {
			continue
		}
		if old, ok := best[e.substance]; !ok || rank > old.rank || rank == old.rank && len(e.name) < len(old.Name) {
			best[e.substance] = Match{e.substance, e.name, rank}
		}
	}
	b.searchNumbers(strings.ToUpper(strings.TrimSpace(q)), best)
	if len(best) == 0 {
		for _, f := range b.Recognise(q).Findings {
			if s, ok := b.byID[f.Key]; ok {
				best[s] = Match{s, f.Name, mended}
			}
		}
	}
	list := make([]Match, 0, len(best))
	for _, m := range best {
		list = append(list, m)
	}
	slices.SortFunc(list, func(x, y Match) int {
		return cmp.Or(cmp.Compare(y.rank, x.rank), cmp.Compare(len(x.Name), len(y.Name)), cmp.Compare(x.Substance.Name, y.Substance.Name))
	})
	if limit > 0 && len(list) > limit {
		list = list[:limit]
	}
	return list
}

func rankOf(fold, want string) int {
	switch {
	case fold == want:
		return 4
	case strings.HasPrefix(fold, want):
		return 3
	case len(want) >= 3 && strings.Contains(fold, want):
		return 2
	}
	return 0
}

// searchNumbers adds the substances with that CAS number or InChIKey.
func (b *Book) searchNumbers(q string, best map[*Substance]Match) {
	for i := range b.substances {
		s := &b.substances[i]
		if slices.Contains(s.CAS, q) || len(q) >= 14 && strings.HasPrefix(s.InChIKey, q) {
			best[s] = Match{s, q, 4}
		}
	}
}
