package registry_test

import (
	"encoding/csv"
	"slices"
	"strings"
	"testing"

	"github.com/baqylau/baqylau/data"
	"github.com/baqylau/baqylau/internal/registry"
)

// csvRows reads a shipped table.
func csvRows(t testing.TB, name string) []map[string]string {
	t.Helper()
	f, err := data.FS.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	in := csv.NewReader(f)
	in.Comment = '#'
	lines, err := in.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]string
	for _, l := range lines[1:] {
		row := map[string]string{}
		for i, h := range lines[0] {
			row[h] = l[i]
		}
		out = append(out, row)
	}
	return out
}

func codeOf(b *registry.Book, country, name, column string) string {
	if r, ok := b.RegionByName(country, name, column); ok {
		return r.Code
	}
	return ""
}

// shared are the names that a city and the region around it share.
var shared = []string{"almaty", "алматы", "osh", "ош", "tashkent", "ташкент"}

// Every unit of the five countries is found by each name of the table, whole and without the word for its kind, in three languages
// and its own. A name that a city shares with its region is no region, and decided by a column of
// cities; the page of an import tells the rows that say it.
func TestEveryRegionIsFoundInThreeLanguages(t *testing.T) {
	b := shelf(t)
	rows := csvRows(t, "geo/regions.csv")
	if len(rows) != 54 {
		t.Fatalf("%d regions", len(rows))
	}
	kinds := []string{" қаласы", "город ", " облысы", " область", "область ", " Region", " (city)", " уәлаяты", " велаят"}
	for _, r := range rows {
		for _, column := range []string{"name_kk", "name_ru", "name_en", "name_local"} {
			name := r[column]
			bare := name
			for _, k := range kinds {
				bare = strings.ReplaceAll(bare, k, "")
			}
			for _, n := range []string{name, strings.ToUpper(name), bare} {
				got, want := codeOf(b, r["country"], n, ""), r["code"]
				if slices.Contains(shared, strings.ToLower(n)) {
					if got != "" {
						t.Errorf("%q alone is %s, and should be none", n, got)
					}
					if r["type"] == "city" && codeOf(b, r["country"], n, "Город") != want {
						t.Errorf("%q in a column of cities is not %s", n, want)
					}
					continue
				}
				if got != want {
					t.Errorf("%s %q is %q, want %s", column, n, got, want)
				}
			}
		}
	}
	for _, r := range csvRows(t, "geo/region-names.csv") {
		for _, n := range strings.Split(r["names"], "|") {
			if got := codeOf(b, r["code"][:2], n, ""); got != r["code"] {
				t.Errorf("%q is %q, want %s", n, got, r["code"])
			}
		}
	}
}

func TestRegionsAsAgenciesWriteThem(t *testing.T) {
	b := shelf(t)
	for name, want := range map[string]string{"KZ-75": "KZ-75", "KZ-ALM": "KZ-19", "г.Алматы": "KZ-75", "г. Алматы": "KZ-75", "Алматы қ.": "KZ-75",
		"Алматы қаласы": "KZ-75", "гор. Алматы": "KZ-75", "Almaty city": "KZ-75", "Almaty (city)": "KZ-75", "Алма-Ата": "KZ-75", "Alma-Ata": "KZ-75",
		"Алматы облысы": "KZ-19", "Алматы обл.": "KZ-19", "Алматинская обл.": "KZ-19", "Алматинская": "KZ-19", "Almaty Region": "KZ-19", "Almaty oblast": "KZ-19",
		"Алматы": "", "Almaty": "", "Нур-Султан": "KZ-71", "Нұр-Сұлтан қ.": "KZ-71", "Nur-Sultan": "KZ-71", "Астана": "KZ-71", "астана каласы": "KZ-71", "г. Астана": "KZ-71",
		"Южно-Казахстанская область": "KZ-61", "ЮКО": "KZ-61", "ОҚО": "KZ-61", "Туркестанская": "KZ-61", "Түркістан": "KZ-61", "Turkestan": "KZ-61",
		"Қызылорда": "KZ-43", "Кызылорда обл": "KZ-43", "Qyzylorda oblysy": "KZ-43", "область Абай": "KZ-10", "Абай обл.": "KZ-10", "Abay": "KZ-10",
		"Жетысу": "KZ-33", "Жетісу": "KZ-33", "Жетысу обл.": "KZ-33", "Zhetysu": "KZ-33", "Jetisu": "KZ-33", "Ulytau Region": "KZ-62", "Ұлытау": "KZ-62", "Улытау": "KZ-62",
		"ЗКО": "KZ-27", "БҚО": "KZ-27", "БКО": "KZ-27", "ВКО": "KZ-63", "ШҚО": "KZ-63", "СКО": "KZ-59", "СҚО": "KZ-59", "ZKO": "KZ-27", "Зап.-Казахстанская обл.": "KZ-27", "Астана облысы": "", "Alma-Ata Region": "",
		"Qaragandy": "KZ-35", "г. Караганда": "KZ-35", "Mangystau": "KZ-47", "Марс": "", "": "", "область": ""} {
		if got := codeOf(b, "KZ", name, "Регион"); got != want {
			t.Errorf("%q is %q, want %q", name, got, want)
		}
	}
	for column, want := range map[string]string{"Город": "KZ-75", "Қала": "KZ-75", "City": "KZ-75", "Область": "", "Регион": "", "": ""} {
		if got := codeOf(b, "KZ", "Алматы", column); got != want {
			t.Errorf("Алматы in column %q is %q, want %q", column, got, want)
		}
	}
	if got := codeOf(b, "KZ", "Алматы облысы", "Город"); got != "KZ-19" {
		t.Errorf("what the cell says outranks the column: %q", got)
	}
}
