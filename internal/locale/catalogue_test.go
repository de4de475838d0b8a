package locale

import (
	"maps"
	"regexp"
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

// counts are the names that placeholders of numbers have; fixed are messages whose number is never one, or stands before a sign of a unit.
var counts = []string{"Count", "N", "Days", "Weeks", "Total", "Done", "Bytes", "Entries", "Rows", "Good", "Bad", "Same", "Tried", "Score", "Max", "Limit", "Persons", "Events", "Reports", "Signals"}
var fixed = map[string]string{
	"account.error.password_length": "limits of the product", "alert.error.photos": "a limit", "api.error.many": "a limit", "error.export_rows": "a limit", "import.file.columns": "a limit", "import.group.large": "a limit", "lab.file.large": "a limit",
	"list.count.more": "a limit", "error.too_long": "limits, in Russian always the genitive of many", "report.files.too_many": "a limit", "overview.curve.summary": "26 weeks", "overview.map.summary": "4 weeks",
	"rules.re_emergence": "a year at least", "format.days": "a sign", "format.hours": "a sign", "format.minutes": "a sign", "cli.backup.done": "a database is never one byte",
}

var beforeWord = regexp.MustCompile(`\{\{\.([A-Za-z]+)\}\} (?:\p{Ll}+ )?(\p{Ll}+)`)

// A number before a noun needs plural forms: "1 reports" and «1 сообщений» are no language. English and Russian show it; what follows a number
// as a preposition or a number alone is fine.
func TestNumbersBeforeNounsHavePluralForms(t *testing.T) {
	found := 0
	for l, joins := range map[baqylau.Lang][]string{baqylau.English: {"of", "in", "to"}, baqylau.Russian: {"из", "в", "до"}} {
		for key, p := range messages.plain[l] {
			for i, name := range p.names {
				m := beforeWord.FindStringSubmatch("{{." + name + "}}" + p.texts[i+1])
				if m == nil || !slices.Contains(counts, name) || !strings.HasPrefix("{{."+name+"}}"+p.texts[i+1], m[0]) {
					continue
				}
				word, _, _ := strings.Cut(strings.TrimPrefix(p.texts[i+1], " "), " ")
				if slices.Contains(joins, word) {
					continue
				}
				if found++; fixed[key] == "" {
					t.Errorf("%s %q: {{.%s}} stands before %q; give it plural forms and ask by N, or write the noun first", l, key, name, word)
				}
			}
		}
	}
	if found == 0 {
		t.Error("the test finds nothing, not even the exceptions")
	}
	for key := range messages.plain[baqylau.English] {
		if strings.Contains(key, ".total.") && !slices.Contains([]string{"import.total.good", "import.total.bad", "import.total.same"}, key) {
			t.Errorf("%q labels a number above it and has no plural forms", key)
		}
	}
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
