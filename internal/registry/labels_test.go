package registry_test

import (
	"compress/gzip"
	"encoding/csv"
	"maps"
	"regexp"
	"slices"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/data"
)

// A reader of the demonstration in Kazakh or Russian meets no English name: every substance that its causes of death can show, as
// a finding or as the candidate of a question, has a name in each language.
func TestTheDemonstrationSpeaksThreeLanguages(t *testing.T) {
	b := shelf(t)
	f, err := data.FS.Open("demo/connecticut-drug-deaths.csv.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(z).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	shown := map[string]bool{}
	for _, l := range lines[1:] {
		for _, text := range l[5:] { // cause, other, flags
			r := b.Recognise(text)
			for _, f := range r.Findings {
				shown[f.Key] = true
			}
			for _, q := range r.Questions {
				for _, k := range q.Keys {
					shown[k] = true
				}
			}
		}
	}
	if len(shown) < 200 {
		t.Fatalf("the demonstration shows %d substances and families", len(shown))
	}
	for _, key := range slices.Sorted(maps.Keys(shown)) {
		if s, ok := b.Substance(key); ok {
			if s.Label.KK == "" || s.Label.RU == "" || s.Label.EN == "" {
				t.Errorf("%s is shown as %+v", s.Name, s.Label)
			}
		} else if _, ok := b.Family(key); !ok {
			t.Errorf("%s is neither a substance nor a family", key)
		}
	}
}

// Families and effect groups stand where a class was named and nothing closer is known, so each has three names, in its own letters.
func TestFamiliesAndEffectGroupsSpeakThreeLanguages(t *testing.T) {
	cyrillic := regexp.MustCompile(`\p{Cyrillic}`)
	for _, f := range shelf(t).AllFamilies() {
		for _, l := range []baqylau.Lang{baqylau.Kazakh, baqylau.Russian} {
			if name := f.Name.In(l); !cyrillic.MatchString(name) {
				t.Errorf("family %s in %s is %q", f.Code, l, name)
			}
		}
		if f.Name.EN == "" || cyrillic.MatchString(f.Name.EN) {
			t.Errorf("family %s in English is %q", f.Code, f.Name.EN)
		}
	}
}

// A class without a family would be shown as "other": every class that texts name has its own.
func TestEveryClassHasAFamily(t *testing.T) {
	families := map[string]bool{}
	for _, r := range csvRows(t, "substances/class-family.csv") {
		families[r["class"]] = true
	}
	for _, r := range csvRows(t, "substances/recognition/classes.csv") {
		if !families[r["class"]] {
			t.Errorf("class %q has no family", r["class"])
		}
	}
}
