package data

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// rows reads a CSV file of FS into one map per line, by column name.
func rows(t *testing.T, name string) []map[string]string {
	t.Helper()
	raw, err := FS.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var r io.Reader = bytes.NewReader(raw)
	if strings.HasSuffix(name, ".gz") {
		if r, err = gzip.NewReader(r); err != nil {
			t.Fatal(err)
		}
	}
	lines, err := csv.NewReader(r).ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	var out []map[string]string
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, column := range lines[0] {
			row[column] = line[i]
		}
		out = append(out, row)
	}
	if len(out) == 0 {
		t.Fatalf("%s: no rows", name)
	}
	return out
}

func files(t *testing.T) []string {
	t.Helper()
	var out []string
	err := fs.WalkDir(FS, ".", func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			out = append(out, p)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func set(t *testing.T, file, column string) map[string]bool {
	t.Helper()
	out := map[string]bool{}
	for _, row := range rows(t, file) {
		out[row[column]] = true
	}
	return out
}

func substances(t *testing.T) map[string]map[string]string {
	t.Helper()
	out := map[string]map[string]string{}
	for _, file := range []string{"substances/substances.csv", "substances/additions.csv"} {
		for _, row := range rows(t, file) {
			name := row["preferred_name"]
			if out[name] != nil {
				t.Errorf("%s: %q is there twice", file, name)
			}
			out[name] = row
		}
	}
	return out
}

func TestEveryFileIsInTheProvenanceTable(t *testing.T) {
	readme, err := FS.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]string{}
	for line := range strings.Lines(string(readme)) {
		if cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|"); len(cells) == 4 {
			listed[strings.TrimSpace(cells[0])] = strings.TrimSpace(cells[3])
		}
	}
	total := 0
	for _, f := range files(t) {
		b, err := FS.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		total += len(b)
		if f != "README.md" && listed[f] == "" {
			t.Errorf("%s has no line with a licence in README.md", f)
		}
		delete(listed, f)
	}
	for f := range listed {
		if strings.Contains(f, ".") {
			t.Errorf("README.md lists %s, which is not there", f)
		}
	}
	if total > 3<<20 {
		t.Errorf("%d bytes are embedded, more than 3 MiB", total)
	}
}

// key columns by file; code lists use "code".
var keys = map[string][]string{
	"geo/regions.csv":                    {"code"},
	"geo/countries.csv":                  {"code"},
	"geo/region-history.csv":             {"code", "valid_from"},
	"geo/kz-population.csv":              {"iso_3166_2", "year"},
	"organisations.csv":                  {"code"},
	"demo/connecticut-counties.csv":      {"code"},
	"substances/names-kk-ru.csv":         {"preferred_name"},
	"substances/street-names.csv":        {"name", "lang", "region", "substance", "family"},
	"codelists/family-of-class.csv":      {"chemical_class"},
	"law/legal-status.csv":               {"substance", "family", "jurisdiction", "instrument", "schedule", "valid_from"},
	"calendar/kz-holidays-2026-2027.csv": {"date"},
	"substances/family-overrides.csv":    {"preferred_name"},
}

func TestTablesParseWithUniqueKeysAndThreeLanguages(t *testing.T) {
	for _, f := range files(t) {
		if path.Ext(f) != ".csv" {
			continue
		}
		key := keys[f]
		if key == nil && path.Dir(f) == "codelists" {
			key = []string{"code"}
		}
		seen := map[string]bool{}
		for i, row := range rows(t, f) {
			if key != nil {
				var k []string
				for _, column := range key {
					k = append(k, row[column])
				}
				id := strings.Join(k, "/")
				if seen[id] {
					t.Errorf("%s: %s is there twice", f, id)
				}
				seen[id] = true
			}
			for column, v := range row {
				if strings.HasPrefix(column, "name_") && v == "" {
					t.Errorf("%s line %d: %s is empty", f, i+2, column)
				}
				if v != strings.TrimSpace(v) && f != "geo/kz-population.csv" {
					t.Errorf("%s line %d: %s has spaces around %q", f, i+2, column, v)
				}
				if slices.Contains([]string{"date", "valid_from", "valid_to"}, column) && v != "" {
					if _, err := time.Parse(time.DateOnly, v); err != nil {
						t.Errorf("%s line %d: %v", f, i+2, err)
					}
				}
			}
			if from, to := row["valid_from"], row["valid_to"]; from != "" && to != "" && from > to {
				t.Errorf("%s line %d: ends %s before it begins %s", f, i+2, to, from)
			}
		}
	}
}

func TestOutlinesAreThoseOfTheRegions(t *testing.T) {
	kz := map[string]bool{}
	for code := range set(t, "geo/regions.csv", "code") {
		if strings.HasPrefix(code, "KZ-") {
			kz[code] = true
		}
	}
	if len(kz) != 20 {
		t.Errorf("%d regions of Kazakhstan, want 20", len(kz))
	}
	for file, want := range map[string]map[string]bool{
		"geo/central-asia-regions.geojson":  set(t, "geo/regions.csv", "code"),
		"geo/kz-regions-lowres.geojson":     kz,
		"demo/connecticut-counties.geojson": set(t, "demo/connecticut-counties.csv", "code"),
	} {
		raw, err := FS.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var collection struct {
			Features []struct {
				ID       string
				Geometry struct{ Type string }
			}
		}
		if err := json.Unmarshal(raw, &collection); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for _, f := range collection.Features {
			if !want[f.ID] {
				t.Errorf("%s: outline %q is of no known region, or twice", file, f.ID)
			}
			if f.Geometry.Type != "Polygon" && f.Geometry.Type != "MultiPolygon" {
				t.Errorf("%s: %s has geometry %q", file, f.ID, f.Geometry.Type)
			}
			delete(want, f.ID)
		}
		for code := range want {
			t.Errorf("%s: no outline for %s", file, code)
		}
	}
}

func TestReferencesResolve(t *testing.T) {
	names, regions := substances(t), set(t, "geo/regions.csv", "code")
	families, countries := set(t, "codelists/family.csv", "code"), set(t, "geo/countries.csv", "code")
	bases, agencies := set(t, "codelists/legal-basis.csv", "code"), set(t, "codelists/agency.csv", "code")
	categories, classes := set(t, "codelists/eu-category.csv", "code"), set(t, "codelists/unodc-class.csv", "code")
	effects := set(t, "codelists/effect-group.csv", "code")
	known := func(file, what, v string, in map[string]bool) {
		t.Helper()
		if v != "" && !in[v] {
			t.Errorf("%s: unknown %s %q", file, what, v)
		}
	}
	named := map[string]bool{}
	for name, row := range names {
		named[name] = true
		known("substances", "effect group", row["effect_group"], effects)
	}
	for _, row := range rows(t, "codelists/family.csv") {
		known("family", "parent", row["parent"], families)
		known("family", "EU category", row["eu_category"], categories)
		known("family", "UNODC class", row["unodc_class"], classes)
	}
	for file, column := range map[string]string{
		"codelists/family-of-class.csv": "", "substances/family-overrides.csv": "preferred_name",
		"substances/street-names.csv": "substance", "law/legal-status.csv": "substance", "substances/names-kk-ru.csv": "preferred_name",
	} {
		for _, row := range rows(t, file) {
			known(file, "substance", row[column], named)
			known(file, "family", row["family"], families)
			known(file, "jurisdiction", row["jurisdiction"], countries)
			known(file, "basis", row["basis"], bases)
			if name := row[column]; name != "" && row["inchikey"] != "" && row["inchikey"] != names[name]["inchikey"] {
				t.Errorf("%s: InChIKey of %s differs from that of the substance", file, name)
			}
			_, has := row["substance"]
			if has && (row["substance"] == "") == (row["family"] == "") {
				t.Errorf("%s: a row needs a substance or a family, not both: %v", file, row)
			}
		}
	}
	for _, row := range rows(t, "geo/region-history.csv") {
		known("region-history", "region", row["code"], regions)
		for _, code := range strings.Split(row["territory"], "|") {
			known("region-history", "region", code, regions)
		}
	}
	for _, row := range rows(t, "organisations.csv") {
		known("organisations", "agency", row["agency"], agencies)
		known("organisations", "domain", row["domain"], map[string]bool{"health": true, "enforcement": true, "neutral": true})
	}
	regions["KZ"] = true
	for _, row := range rows(t, "geo/kz-population.csv") {
		known("kz-population", "region", row["iso_3166_2"], regions)
	}
}

func TestCASNumbersHaveTheirCheckDigit(t *testing.T) {
	for name, row := range substances(t) {
		cas := row["cas"]
		if cas == "" {
			continue
		}
		digits := strings.ReplaceAll(cas, "-", "")
		sum := 0
		for i := range len(digits) - 1 {
			sum += (len(digits) - 1 - i) * int(digits[i]-'0')
		}
		if sum%10 != int(digits[len(digits)-1]-'0') {
			t.Errorf("%s: CAS number %s fails its check digit", name, cas)
		}
	}
}

func TestNamesDoNotMixAlphabets(t *testing.T) {
	word := regexp.MustCompile(`[A-Za-z\p{Cyrillic}]+`)
	latin, cyrillic := regexp.MustCompile(`[A-Za-z]`), regexp.MustCompile(`\p{Cyrillic}`)
	for _, row := range rows(t, "substances/names-kk-ru.csv") {
		for _, w := range word.FindAllString(row["name_kk"]+" "+row["name_ru"]+" "+row["synonyms_ru"], -1) {
			if latin.MatchString(w) && cyrillic.MatchString(w) {
				t.Errorf("%s: %q mixes Latin and Cyrillic letters", row["preferred_name"], w)
			}
		}
	}
}

func TestConnecticutExtractHoldsOnlyWhatIsPublished(t *testing.T) {
	const file = "demo/connecticut-drug-deaths.csv.gz"
	counties, bands := set(t, "demo/connecticut-counties.csv", "county"), set(t, "codelists/age-band.csv", "code")
	deaths := rows(t, file)
	if len(deaths) != 11981 {
		t.Errorf("%d deaths, want 11981", len(deaths))
	}
	columns := []string{"date", "date_type", "county", "age_band", "sex", "cause", "other", "flags"}
	before := ""
	for i, row := range deaths {
		if row["county"] != "" && !counties[row["county"]] || row["age_band"] != "" && !bands[row["age_band"]] {
			t.Errorf("line %d: county %q, age band %q", i+2, row["county"], row["age_band"])
		}
		if _, err := time.Parse(time.DateOnly, row["date"]); err != nil || row["date"] < before {
			t.Errorf("line %d: date %q after %q", i+2, row["date"], before)
		}
		before = row["date"]
		for column := range row {
			if !slices.Contains(columns, column) {
				t.Fatalf("column %q is not one that is published", column)
			}
		}
	}
}
