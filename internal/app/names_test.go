package app_test

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/baqylau/baqylau"
)

// names are those of substances, as chemists write them: whole, and the words in them.
type names struct{ whole, words map[string]bool }

func (h *house) named(t *testing.T) names {
	t.Helper()
	n := names{map[string]bool{}, map[string]bool{}}
	book := h.Shelf.Book()
	for _, s := range book.Substances() {
		all := []string{s.Name, s.Label.RU, s.Label.KK}
		for _, x := range book.Names(s.ID) {
			all = append(all, x.Text)
		}
		for _, x := range all {
			n.whole[strings.ToLower(x)] = true
			for _, w := range latin.FindAllString(x, -1) {
				n.words[strings.ToLower(w)] = true
			}
		}
	}
	for w := range english(t) {
		delete(n.words, w)
	}
	return n
}

// has reports whether a word belongs to a name: a word that only names have, or, since "Speed", "Ice" and "Green" are names too, one in a text that is nothing but a name.
func (n names) has(word, text string) bool {
	if n.words[word] {
		return true
	}
	if n.whole[strings.ToLower(text)] {
		return true
	}
	for part := range strings.FieldsFuncSeq(strings.ToLower(text), func(c rune) bool { return strings.ContainsRune("·,;:«»()", c) }) {
		if part = strings.TrimSpace(part); n.whole[part] && slices.Contains(latin.FindAllString(part, -1), word) {
			return true
		}
	}
	return false
}

// english are the words that our own English messages are made of.
func english(t *testing.T) map[string]bool {
	t.Helper()
	files, err := filepath.Glob("../locale/messages/*.en.toml")
	if err != nil || len(files) < 20 {
		t.Fatal(len(files), err)
	}
	out := map[string]bool{}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(b)) {
			_, text, _ := strings.Cut(line, "=")
			for _, w := range latin.FindAllString(text, -1) {
				out[strings.ToLower(w)] = true
			}
		}
	}
	return out
}

// cited are the texts that stand on a page as they are in another language: codes, names of regions in all three languages.
func (h *house) cited(t *testing.T) *strings.Replacer {
	t.Helper()
	var all []string
	for _, q := range []string{"SELECT code FROM source", "SELECT code FROM organisation"} {
		all = append(all, h.list(t, q)...)
	}
	for _, n := range h.list(t, "SELECT name FROM region UNION SELECT name FROM region_period") {
		all = append(all, baqylau.ParseText(n).EN, baqylau.ParseText(n).RU, baqylau.ParseText(n).KK)
	}
	slices.SortFunc(all, func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b)) })
	var pairs []string
	for _, c := range slices.Compact(all) {
		if c = strings.Join(strings.Fields(c), " "); latin.MatchString(c) && len(c) > 2 {
			pairs = append(pairs, c, " ")
		}
	}
	return strings.NewReplacer(pairs...)
}
