package data

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"io"
	"io/fs"
	"path"
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
	in := csv.NewReader(r)
	in.Comment = '#'
	lines, err := in.ReadAll()
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
	"indicators/indicators.csv":          {"code"},
	"indicators/codes.csv":               {"list", "code"},
	"indicators/units.csv":               {"code"},
	"indicators/age-bands.csv":           {"scheme", "code"},
	"indicators/breaks.csv":              {"indicator", "place", "on"},
	"indicators/rules.csv":               {"rule", "first", "second"},
	"indicators/form-1m.csv":             {"section", "column"},
	"indicators/tdi-codes.csv":           {"list", "code"},
	"indicators/tdi-leaves.csv":          {"leaf", "from_year"},
	"indicators/wastewater-factors.csv":  {"drug", "residue", "valid_from"},
	"law/instruments.csv":                {"instrument"},
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
