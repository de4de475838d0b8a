package mapping

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestWorkedExampleOfTheDocumentation reads the table of docs/mapping.md by the mapping beside it.
func TestWorkedExampleOfTheDocumentation(t *testing.T) {
	b, err := os.ReadFile(filepath.Join("..", "..", "..", "docs", "mapping.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(b), "```yaml\n")
	yaml, _, ok2 := strings.Cut(rest, "```")
	if !ok || !ok2 {
		t.Fatal("no mapping in the documentation")
	}
	var table strings.Builder
	for _, line := range strings.Split(string(b), "\n") {
		if l, ok := strings.CutPrefix(line, "    "); ok && strings.Contains(l, ";") {
			table.WriteString(l + "\n")
		}
	}
	recs := mustRead(t, mustParse(t, yaml), []byte(table.String()), "изъятия.csv")
	if len(recs) != 2 {
		t.Fatalf("%d records", len(recs))
	}
	for _, r := range recs {
		if len(r.Problems) > 0 {
			t.Errorf("row %d: %+v", r.Row, r.Problems)
		}
	}
	equal(t, "list", names(recs[0]), "мефедрон альфа-ПВП")
	r := recs[1]
	equal(t, "as the text says", strings.Join([]string{r.Kind, r.Key, r.Occurred.String(), r.RegionText, r.PlaceType,
		r.Quantity.Value + " " + r.Quantity.Unit, r.Sex, names(r)}, ", "),
		"seizure, К-18, 2024-04-17, Павлодарская область, home, 1.25 g, female, метадон")
}

// TestDocumentationNamesEveryField finds each field, code and encoding in the documentation.
func TestDocumentationNamesEveryField(t *testing.T) {
	b, err := os.ReadFile(filepath.Join("..", "..", "..", "docs", "mapping.md"))
	if err != nil {
		t.Fatal(err)
	}
	words := slices.Concat(FieldNames, Encodings, Standards)
	for _, list := range vocabulary {
		words = append(words, list...)
	}
	for _, w := range words {
		if !strings.Contains(string(b), "`"+w+"`") {
			t.Errorf("%q is not documented", w)
		}
	}
}
