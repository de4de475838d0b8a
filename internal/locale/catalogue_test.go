package locale

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/nicksnyder/go-i18n/v2/i18n"

	"github.com/baqylau/baqylau"
)

// needed are the plural forms of CLDR that each language must have for whole numbers and, in Russian, fractions.
var needed = map[baqylau.Lang][]string{
	baqylau.Kazakh:  {"one", "other"},
	baqylau.Russian: {"one", "few", "many", "other"},
	baqylau.English: {"one", "other"},
}

func keysOf(l baqylau.Lang) []string {
	return slices.Sorted(maps.Keys(union(messages.plain[l], messages.plurals[l])))
}

func union[A, B any](a map[string]A, b map[string]B) map[string]bool {
	all := map[string]bool{}
	for k := range a {
		all[k] = true
	}
	for k := range b {
		all[k] = true
	}
	return all
}

func TestFilesAreWellFormed(t *testing.T) {
	if err := Check(); err != nil {
		t.Fatal(err)
	}
	if n := len(keysOf(baqylau.Kazakh)); n < 200 {
		t.Fatalf("only %d messages were loaded", n)
	}
}

func TestEveryKeyInEveryLanguage(t *testing.T) {
	for _, l := range baqylau.Langs {
		for _, key := range keysOf(l) {
			for _, other := range baqylau.Langs {
				if messages.plain[other][key] == nil && messages.plurals[other][key] == nil {
					t.Errorf("%q is in %s and missing in %s", key, l, other)
				}
			}
			if !keyShape.MatchString(key) {
				t.Errorf("%q is not a key: words of letters, digits, _, + or - joined by dots", key)
			}
		}
	}
}

func TestPluralForms(t *testing.T) {
	for _, key := range pluralKeys() {
		for _, l := range baqylau.Langs {
			m := messages.plurals[l][key]
			if m == nil {
				t.Errorf("%q has plural forms in one language and none in %s", key, l)
				continue
			}
			if got := formNames(m); !slices.Equal(got, needed[l]) {
				t.Errorf("%s %q has the forms %v and needs %v", l, key, got, needed[l])
			}
		}
	}
}

func pluralKeys() []string {
	all := map[string]bool{}
	for _, l := range baqylau.Langs {
		maps.Copy(all, union(messages.plurals[l], map[string]bool{}))
	}
	return slices.Sorted(maps.Keys(all))
}

func formNames(m *i18n.Message) (names []string) {
	for _, f := range forms(m) {
		names = append(names, f.name)
	}
	return names
}

func TestSamePlaceholders(t *testing.T) {
	for _, key := range keysOf(baqylau.English) {
		want := placeholders(t, baqylau.English, key)
		for _, l := range baqylau.Langs {
			if got := placeholders(t, l, key); !slices.Equal(got, want) {
				t.Errorf("%q has the placeholders %v in %s and %v in en", key, got, l, want)
			}
		}
	}
}

// placeholders of a message; "one" may leave {{.Count}} out ("a row"), so plural messages are judged by their form other.
func placeholders(t *testing.T, l baqylau.Lang, key string) []string {
	t.Helper()
	p := messages.plain[l][key]
	if m := messages.plurals[l][key]; m != nil {
		var err error
		if p, err = parse(m.Other); err != nil {
			t.Fatal(err)
		}
	}
	if p == nil {
		return nil
	}
	return slices.Compact(slices.Sorted(slices.Values(p.names)))
}

func TestNoMessageIsBlank(t *testing.T) {
	for _, l := range baqylau.Langs {
		for key, p := range messages.plain[l] {
			if strings.TrimSpace(strings.Join(p.texts, "")) == "" && len(p.names) == 0 {
				t.Errorf("%s %q is blank", l, key)
			}
		}
	}
}

// Every value of the vocabulary has a name.
func TestVocabularyHasNames(t *testing.T) {
	need := func(list string, values ...string) {
		for _, v := range values {
			if !Has("code." + list + "." + v) {
				t.Errorf("code.%s.%s has no name", list, v)
			}
		}
	}
	for _, v := range baqylau.Severities {
		need("severity", string(v))
	}
	for _, v := range baqylau.Confidences {
		need("confidence", string(v))
	}
	for _, v := range baqylau.Levels {
		need("level", string(v))
	}
	for _, v := range baqylau.TLPs {
		need("tlp", string(v))
		need("tlp_meaning", string(v))
	}
	for _, v := range baqylau.Langs {
		need("lang", string(v))
	}
	for _, v := range []baqylau.Precision{baqylau.Day, baqylau.Month, baqylau.Year} {
		need("precision", string(v))
	}
	need("domain", string(baqylau.HealthDomain), string(baqylau.EnforcementDomain), string(baqylau.NeutralDomain))
	for _, c := range categories {
		if !Has("error." + string(c)) {
			t.Errorf("error.%s is missing", c)
		}
	}
}
