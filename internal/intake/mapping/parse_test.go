package mapping

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/baqylau/baqylau"
)

// TestParseNamesLineAndField changes one thing of a good mapping and expects the fault on its line.
func TestParseNamesLineAndField(t *testing.T) {
	for name, c := range map[string]struct {
		old, new string
		key      string
		line     int
		field    string
	}{
		"unknown key":           {"name: plain", "title: plain", "import.mapping.unknown_key", 3, "title"},
		"unknown field":         {"  age:", "  height:", "import.mapping.unknown_key", 12, "fields.height"},
		"unknown key of a pick": {"column: age", "colum: age", "import.mapping.unknown_key", 12, "fields.age.colum"},
		"repeated key":          {"  unit:", "  age:", "import.mapping.repeated_key", 12, "fields.age"},
		"no version":            {"version: 1\n", "\n", "import.mapping.missing", 3, "version"},
		"later version":         {"version: 1", "version: 2", "import.mapping.not_number", 2, "version"},
		"no kind":               {"  kind: {column: kind}\n", "", "import.mapping.missing", 0, "fields.kind"},
		"list where text":       {"name: plain", "name: [plain]", "import.mapping.not_text", 3, "name"},
		"text where object":     {"fields:\n", "fields: none\nold:\n", "import.mapping.not_object", 4, "fields"},
		"not a bool":            {"required: true", "required: maybe", "import.mapping.not_bool", 9, "fields.region.required"},
		"date format":           {"[DD.MM.YYYY]}\n  known", "[DD.MM]}\n  known", "import.mapping.date_format", 7, "fields.occurred.formats"},
		"date without format":   {", formats: [DD.MM.YYYY]}\n  known", "}\n  known", "import.mapping.missing", 7, "fields.occurred.formats"},
		"constant not listed":   {"{column: kind}", "rumour", "import.mapping.not_listed", 6, "fields.kind"},
		"code not listed":       {"{column: kind}", "{column: kind, codes: {a: rumour}}", "import.mapping.not_listed", 6, "fields.kind.codes"},
		"no such table":         {"codes: {R1: KZ-11}", "codes: regions", "import.mapping.no_table", 9, "fields.region.codes"},
		"two ways":              {"{column: age}", "{column: age, value: 7}", "import.mapping.one_way", 12, "fields.age"},
		"misplaced":             {"{column: age}", "{column: age, digest: true}", "import.mapping.misplaced", 12, "fields.age.digest"},
		"region passed on":      {"codes: {R1: KZ-11}", "unknown: ignore", "import.mapping.misplaced", 9, "fields.region.unknown"},
		"group without key":     {"fields:\n  key: {column: id}\n", "group: any\nfields:\n", "import.mapping.group_key", 4, "group"},
		"way of substances":     {"as: name", "as: magic", "import.mapping.not_listed", 14, "substances[1].as"},
		"flag without name":     {"as: name", "as: flag", "import.mapping.flag_name", 14, "substances[1].name"},
		"list without mark":     {"as: name", "as: list", "import.mapping.missing", 14, "substances[1].separator"},
		"joined without join":   {"as: name", "as: name, joined: true", "import.mapping.no_join", 14, "substances[1].joined"},
		"encoding":              {"name: plain", "name: plain\nfile: {encoding: koi8-r}", "import.mapping.not_listed", 4, "file.encoding"},
		"syntax":                {"name: plain", "name: [plain", "import.mapping.syntax", 0, ""},
		"second document":       {"substances:", "---\nsubstances:", "import.mapping.documents", 0, ""},
	} {
		t.Run(name, func(t *testing.T) {
			text := strings.Replace(plain, c.old, c.new, 1)
			if text == plain {
				t.Fatal("nothing was changed")
			}
			_, err := Parse([]byte(text))
			var e *baqylau.Error
			var es baqylau.Errors
			if errors.As(err, &es) {
				for _, e = range es {
					if e.Key == c.key && e.Field == c.field {
						break
					}
				}
			} else if !errors.As(err, &e) {
				t.Fatalf("error %v", err)
			}
			equal(t, "key", e.Key, c.key)
			equal(t, "field", e.Field, c.field)
			equal(t, "code", baqylau.CodeOf(err), baqylau.Invalid)
			if c.line > 0 {
				equal(t, "line", e.Args["line"].(int), c.line)
			}
		})
	}
}

func TestParseTellsAllFaultsInOrder(t *testing.T) {
	text := strings.NewReplacer("as: name", "as: magic", "{column: kind}", "rumour", "name: plain", "name: ''").Replace(plain)
	_, err := Parse([]byte(text))
	var es baqylau.Errors
	if !errors.As(err, &es) || len(es) != 3 {
		t.Fatalf("error %v", err)
	}
	for i := 1; i < len(es); i++ {
		if es[i-1].Args["line"].(int) > es[i].Args["line"].(int) {
			t.Errorf("out of order: %v", es)
		}
	}
}

func TestParseRefusesHugeAndEmptyTexts(t *testing.T) {
	_, err := Parse(nil)
	equal(t, "empty", keyIn(err), "import.mapping.empty")
	_, err = Parse([]byte(plain + strings.Repeat("#", maxYAML)))
	equal(t, "large", keyIn(err), "import.mapping.large")
	bomb := "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\n" +
		"d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nextra: [*e,*e,*e,*e,*e,*e,*e,*e,*e]\n"
	if _, err = Parse([]byte(bomb)); err == nil {
		t.Error("a text of nested aliases was taken")
	}
}

// TestRoundTrip writes a mapping that uses everything.
func TestRoundTrip(t *testing.T) {
	m := mustParse(t, `
version: 1
name: "Всё: everything"
source: S
terms: T
notes: |
  two
  lines
file: {encoding: kz-1048, delimiter: "\t", decimal: ",", sheet: Лист1, header_row: 3, header_rows: 2, empty: ["-", "no", ""]}
codes:
  yesno: {"yes": a, "no": b, "01": c, "": d}
skip: {Region: [Итого, ""]}
group: consecutive
join: {name: other, on: id, key: "#2", required: true, file: {delimiter: ";"}}
fields:
  key: {column: id, required: true}
  kind: [{column: k, codes: {d: death}, unknown: ignore, optional: true}, seizure]
  occurred: {column: d, formats: [DMMMYYYY, serial], month_before: 2013-01-01}
  known: [{column: kd, formats: [YYYY-MM-DD], optional: true}, {after_days: 30, when: {k: [d]}}]
  region: [{column: r, codes: yesno, unknown: keep}, "no"]
  notes: [{column: n1}, {column: n2}]
extra: [x, y]
substances:
  - {column: a, as: text, when: {k: [d, e]}}
  - {column: b, as: list, separator: "|", codes: {q: "class:opioids", z: ""}, unknown: text, skip: [none]}
  - {column: c, as: flag, class: opioids, yes: ["1"], no: ["0"], unknown: note, optional: true}
  - {column: s, as: name, joined: true, role: [{column: t, codes: {trace: minor}, unknown: ignore}, main], level: confirmed}
`)
	again := mustParse(t, string(m.YAML()))
	if d := cmp.Diff(m, again, compareDates); d != "" {
		t.Error(d)
	}
	equal(t, "stable", string(again.YAML()), string(m.YAML()))
}
