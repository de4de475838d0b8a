package locale

import (
	"encoding/csv"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/baqylau/baqylau"
)

// term is a row of testdata/glossary.csv: how the field names one thing. stems are alternatives of beginnings of words that must all stand in a message;
// never are beginnings that no message may have.
type term struct {
	en    *regexp.Regexp
	name  string
	stems map[baqylau.Lang][][]string
	never map[baqylau.Lang][]string
}

// exception is a reviewed place where another word is right.
type exception struct {
	lang, key, en string
	used          bool
}

func (e *exception) fits(l baqylau.Lang, key, en string) bool {
	start, open := strings.CutSuffix(e.key, "*")
	fits := (e.lang == "*" || e.lang == string(l)) && e.en == en && (key == e.key || open && strings.HasPrefix(key, start))
	e.used = e.used || fits
	return fits
}

func rows(t *testing.T, name string, columns int) [][]string {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.FieldsPerRecord = columns
	all, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return all[1:]
}

func alternatives(s string) (out [][]string) {
	for a := range strings.SplitSeq(s, "|") {
		out = append(out, strings.Fields(a))
	}
	return out
}

func glossary(t *testing.T) (terms []term) {
	t.Helper()
	for _, r := range rows(t, "testdata/glossary.csv", 6) {
		split := func(s string) []string { return strings.FieldsFunc(s, func(c rune) bool { return c == '|' }) }
		terms = append(terms, term{
			en: regexp.MustCompile(`(?i)\b` + strings.ReplaceAll(regexp.QuoteMeta(r[0]), " ", `[\s-]+`) + `(s|es)?\b`), name: r[0],
			stems: map[baqylau.Lang][][]string{baqylau.Russian: alternatives(r[1]), baqylau.Kazakh: alternatives(r[2])},
			never: map[baqylau.Lang][]string{baqylau.Russian: split(r[3]), baqylau.Kazakh: split(r[4])},
		})
	}
	return terms
}

// said is what a message says in a language, all its plural forms, without placeholders and addresses.
func said(l baqylau.Lang, key string) string {
	var parts []string
	if p := messages.plain[l][key]; p != nil {
		parts = p.texts
	}
	if m := messages.plurals[l][key]; m != nil {
		for _, f := range forms(m) {
			parts = append(parts, f.text)
		}
	}
	return notProse.ReplaceAllString(strings.ToLower(strings.Join(parts, " ")), " ")
}

var (
	notProse = regexp.MustCompile(`\{\{[^}]*\}\}|\b[a-z]+://\S+|\b[\w-]+\.(?:com|org|eu|kz)\b\S*|--[\w-]+`)
	wordOf   = regexp.MustCompile(`[\p{L}\d]+`)
)

// begins reports whether some word of the text begins with the stem.
func begins(text []string, stem string) bool {
	return slices.ContainsFunc(text, func(w string) bool { return strings.HasPrefix(w, stem) })
}

// wrong reports whether the words of a message say none of the alternatives.
func (m term) wrong(l baqylau.Lang, words []string) bool {
	return !slices.ContainsFunc(m.stems[l], func(all []string) bool {
		return !slices.ContainsFunc(all, func(stem string) bool { return !begins(words, stem) })
	})
}

// TestGlossary holds the messages to the terms of the field: what English calls an alert is «предупреждение» and «ескерту» wherever it stands.
func TestGlossary(t *testing.T) {
	terms := glossary(t)
	var except []*exception
	for _, r := range rows(t, "testdata/glossary-exceptions.csv", 4) {
		if r[3] == "" {
			t.Errorf("the exception %v gives no reason", r)
		}
		except = append(except, &exception{lang: r[0], key: r[1], en: r[2]})
	}
	excused := func(l baqylau.Lang, key, en string) (yes bool) {
		for _, e := range except {
			yes = e.fits(l, key, en) || yes
		}
		return yes
	}
	held := 0
	for _, key := range keysOf(baqylau.English) {
		english := said(baqylau.English, key)
		for _, l := range []baqylau.Lang{baqylau.Russian, baqylau.Kazakh} {
			text := said(l, key)
			words := wordOf.FindAllString(text, -1)
			for _, m := range terms {
				if m.en.MatchString(english) {
					held++
					if m.wrong(l, words) && !excused(l, key, m.name) {
						t.Errorf("%s %q says «%s» for “%s”: %q is %v in the glossary", l, key, text, english, m.name, m.stems[l])
					}
				}
				for _, never := range m.never[l] {
					if begins(words, never) && !excused(l, key, m.name) {
						t.Errorf("%s %q says «%s»: not «%s…» but %v for %q", l, key, text, never, m.stems[l], m.name)
					}
				}
			}
		}
	}
	if held < 1000 {
		t.Errorf("only %d terms were found in messages", held)
	}
	for _, e := range except {
		if !e.used {
			t.Errorf("the exception of %q for %q in %s is needed no more", e.key, e.en, e.lang)
		}
	}
}

// The test can fail: a wrong word, a missing word and a forbidden one are each seen.
func TestGlossarySeesOtherWords(t *testing.T) {
	for _, c := range []struct {
		l           baqylau.Lang
		en, ru      string
		want, never string
	}{
		{baqylau.Russian, "two alerts wait", "два оповещения ждут", "alert", "оповещ"},
		{baqylau.Russian, "two alerts wait", "два предупреждения ждут", "", ""},
		{baqylau.Kazakh, "check signals", "дабылдарды тексеріңіз", "signal", "дабыл"},
		{baqylau.Kazakh, "designal", "басқа", "", ""},
		{baqylau.Russian, "street names", "сленговые названия", "", ""},
	} {
		var broken, forbidden string
		words := wordOf.FindAllString(c.ru, -1)
		for _, m := range glossary(t) {
			if m.en.MatchString(c.en) && m.wrong(c.l, words) {
				broken = m.name
			}
			for _, n := range m.never[c.l] {
				if begins(words, n) {
					forbidden = n
				}
			}
		}
		if broken != c.want || forbidden != c.never {
			t.Errorf("%q, %q: broken %q, forbidden %q", c.en, c.ru, broken, forbidden)
		}
	}
}
