package mapping

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
)

func init() {
	Register(Target{Name: "test_child", Fields: []TargetField{{Name: "name", Kind: KindText, Required: true}, {Name: "age", Kind: KindCount}, {Name: "parent", Kind: KindText}, {Name: "parent_age", Kind: KindCount},
		{Name: "likes", Kind: KindMulti}, {Name: "person", Kind: KindPerson}, {Name: "met", Kind: KindDate}, {Name: "glad", Kind: KindYes}}})
}

// A child's row takes its parent's values from the table of the parents, and what is split into columns of True and False is one field.
func TestODKChildrenAndChoices(t *testing.T) {
	m := mustParse(t, `version: 1
name: Children
target: test_child
file: {empty: [n/a]}
join: {name: childrens_survey, on: _parent_index, key: _index}
fields:
  key: {digest: true}
  name: {column: children/name}
  age: {column: children/age}
  parent: {column: name, joined: true}
  parent_age: {column: age, joined: true}
  likes:
    - {column: children/fav_colors/red, flag: red}
    - {column: children/fav_colors/blue, flag: blue}
    - {column: children/fav_colors/pink, flag: pink}
    - {column: children/ice.creams, separator: " ", codes: {vanilla: vanilla, chocolate: cocoa}}
`)
	rows := rowsIn(t, mustRead(t, m, file(t, "odk/children.csv"), "children.csv", WithJoin(bytes.NewReader(file(t, "odk/childrens_survey.csv")), "s.csv")))
	equal(t, "children", len(rows), 3)
	equal(t, "Mike", written(rows[0]), "age=5 likes=red;blue;vanilla;cocoa name=Mike parent=Abe parent_age=35")
	equal(t, "John", written(rows[1]), "age=2 name=John parent=Abe parent_age=35")

	cartoons := mustParse(t, `version: 1
name: Parents and what their children like
target: test_child
join: {name: cartoons, on: _index, key: _parent_index}
fields:
  name: {column: children/name}
  likes: {column: children/cartoons/name, joined: true}
`)
	rows = rowsIn(t, mustRead(t, cartoons, file(t, "odk/children.csv"), "c.csv", WithJoin(bytes.NewReader(file(t, "odk/children_cartoons.csv")), "t.csv")))
	equal(t, "all rows of the second file", rows[0].Values["likes"], "Tom & Jerry;Flinstones")

	wide := mustParse(t, `version: 1
name: Repeats as columns
target: test_child
file: {empty: [n/a]}
fields:
  name: {column: "kids/kids_details[3]/kids_name", unknown: keep, codes: {}}
  age: {column: "kids/kids_details[3]/kids_age"}
`)
	recs := mustRead(t, wide, file(t, "odk/nested_repeats.csv"), "n.csv")
	equal(t, "n/a is nothing, and a name is required", recs[0].Problems[0].Key, "import.value.missing")
	equal(t, "third child", written(recs[1].Rows[0]), "age=3 name=Harry")
}

// A personal number is nowhere kept: not in the row, not in what goes back, and the digest of the row is made of the pseudonym.
func TestPersonsAreKeyed(t *testing.T) {
	m := mustParse(t, "version: 1\nname: P\ntarget: test_child\nfields:\n  key: {digest: true}\n  name: {column: n}\n  person: {column: iin, required: true}\n  age: {column: a}\n")
	pseudonym := Persons(func(n string) (string, bool) { return "p" + n[len(n)-1:], n != "000000000000" })
	data := "n;iin;a\nA;123456789011;5\nA;123456789012;5\nB;000000000000;\n;;\nC;;7\n"
	recs := mustRead(t, m, []byte(data), "p.csv", pseudonym)
	again := mustRead(t, m, []byte(data), "p.csv", pseudonym)
	for i, r := range recs {
		for _, text := range append(r.Raw, r.Key) {
			if strings.Contains(text, "123456") || strings.Contains(text, "000000") {
				t.Errorf("row %d keeps %s", r.Row, text)
			}
		}
		equal(t, "key", r.Key, again[i].Key)
	}
	equal(t, "keyed", recs[0].Rows[0].Values["person"]+recs[1].Rows[0].Values["person"], "p1p2")
	if recs[0].Key == recs[1].Key || strings.HasSuffix(recs[1].Key, "-2") {
		t.Errorf("two persons have one key: %s, %s", recs[0].Key, recs[1].Key)
	}
	equal(t, "a number that cannot be", recs[2].Problems[0].Key+" "+recs[2].Problems[0].Value+recs[2].Raw[1], "import.person.number ************")
	equal(t, "missing", recs[3].Problems[0].Key, "import.value.missing")
}

// Rows of one reference are one row of the target: several answers add up, others must agree.
func TestRowsOfOneReference(t *testing.T) {
	m := mustParse(t, "version: 1\nname: G\ntarget: test_child\ngroup: consecutive\nfields:\n  key: {column: k}\n  name: {column: n}\n  likes: {column: l}\n  age: {column: a}\n")
	recs := mustRead(t, m, []byte("k;n;l;a\n1;A;x;\n1;A;y;4\n1;;x;5\n2;B;z;1\n"), "g.csv")
	equal(t, "merged", written(recs[0].Rows[0]), "age=4 likes=x;y name=A")
	equal(t, "told", recs[0].Problems[0].Key+" "+recs[0].Problems[0].Column, "import.group.differs a")
	equal(t, "next", written(recs[1].Rows[0]), "age=1 likes=z name=B")
}

func TestMistakesOfTargets(t *testing.T) {
	base := "version: 1\nname: M\ntarget: observation\n"
	for part, key := range map[string]string{
		"version: 1\nname: M\ntarget: nobody\nfields: {}\n":                                                                                                     "import.mapping.not_listed",
		base + "fields: {indicator: a, place: KZ, period: \"2024\", value: {column: v}, kind: death}\n":                                                         "import.mapping.unknown_key",
		base + "fields: {indicator: a, place: KZ, period: sometime, value: {column: v}}\n":                                                                      "import.mapping.not_period",
		base + "fields: {indicator: a, place: KZ, value: {column: v}}\n":                                                                                        "import.mapping.missing",
		base + "fields: {indicator: a, place: KZ, period: \"2024\"}\n":                                                                                          "import.mapping.missing",
		base + "cells: all\nfields: {indicator: a, place: KZ, period: \"2024\", value: {column: v}}\n":                                                          "import.mapping.cells_figure",
		base + "fields: {indicator: {column: a, match: \"(\"}, place: KZ, period: \"2024\", value: {column: v}}\n":                                              "import.mapping.match",
		base + "fields: {indicator: {header: \"1\"}, place: KZ, period: \"2024\", value: {column: v}}\n":                                                        "import.mapping.misplaced",
		base + "absent: {\"-\": gone}\nfields: {indicator: a, place: KZ, period: \"2024\", value: {column: v}}\n":                                               "import.mapping.not_listed",
		base + "numbers: [any]\nfields: {indicator: a, place: KZ, period: \"2024\", value: {column: v}}\n":                                                      "import.mapping.not_listed",
		base + "fields: {indicator: a, place: KZ, period: \"2024\", value: {column: v}}\nsubstances: [{column: s, as: text}]\n":                                 "import.mapping.misplaced",
		"version: 1\nname: M\nabsent: {\"-\": not_known}\nfields: {kind: death, occurred: {column: d, formats: [YYYY]}}\nsubstances: [{column: s, as: text}]\n": "import.mapping.misplaced",
	} {
		_, err := Parse([]byte(part))
		equal(t, part, keyIn(err), key)
	}
}

// FuzzTarget reads any table by mappings that use every way to find a text; nothing may panic, and every row has what its target requires.
func FuzzTarget(f *testing.F) {
	f.Add("Область;2023;2024\nАлматы;5;-\nАстана;0,4–0,6;более 7\n", "(?m)(.+)")
	f.Add("А;Б\nOбласть;20 / всего;20 / из них\nА;1;2\nАлматы;03.04;…\n", "за (.+)")
	f.Add("Область\n", "")
	f.Fuzz(func(t *testing.T, data, match string) {
		m := mustParse(t, `version: 1
name: F
target: observation
file: {header_rows: 2}
cells: all
absent: {"-": not_applicable, "": not_collected, "…": suppressed}
numbers: [leading_zeros, ranges, qualifiers]
fields:
  indicator: [{header: "2"}, {header: all}, a]
  place: {column: Область, down: true}
  year: [{header: "1", codes: {"20": "2020"}, unknown: keep}, "2020"]
  part: {above: true}
  note: [{columns: [Область, "#1"]}, {sheet: true}]
`)
		if len(match) < 100 {
			note := m.Fields["note"]
			note.Picks = append(note.Picks, Pick{Above: true, Match: match})
			m.Fields["note"] = note
		}
		if m.Check() != nil {
			return
		}
		r, err := m.Open(strings.NewReader(data), "f.csv", today)
		if err != nil {
			return
		}
		defer func() { _ = r.Close() }()
		for {
			rec, err := r.Next()
			if errors.Is(err, io.EOF) || err != nil {
				return
			}
			for _, row := range rec.Rows {
				if !rec.Faulty() && (row.Values["indicator"] == "" || row.Values["place"] == "" || row.Values["period"] == "") {
					t.Fatalf("%s", written(row))
				}
			}
		}
	})
}

// FuzzPeriod and its like read any text; what they take lies in the years that are taken.
func FuzzPeriod(f *testing.F) {
	for _, s := range []string{"2024", "январь–март 2026 года", "2024-01-01/P1M", "I квартал 2024", "0,4–0,6"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if p, ok := parsePeriod(s); ok && (p.to.Before(p.from) || p.from.Time().Year() < firstYear) {
			t.Fatalf("%q: %s", s, p)
		}
		if fig, got := parseFigure(s, ",.", OddFigures); got == figureOK && fig.value == "" && (fig.low == "" || fig.high == "") {
			t.Fatalf("%q: %+v", s, fig)
		}
	})
}
