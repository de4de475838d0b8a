package template

import (
	"errors"
	"strings"
	"testing"

	"github.com/baqylau/baqylau"
)

func load(t *testing.T) map[string]*Template {
	t.Helper()
	all, err := Load("")
	if err != nil {
		t.Fatal(err, errors.Unwrap(err))
	}
	out := map[string]*Template{}
	for _, x := range all {
		out[x.Code] = x
	}
	return out
}

// The shipped templates are read whole: the treatment template has its 70 data tables and 7 texts, and no cell of a sheet stands where another does.
func TestShippedTemplates(t *testing.T) {
	all := load(t)
	tables, texts := 0, 0
	for _, s := range all["tdi"].Sheets {
		for i := range s.Tables {
			if s.Tables[i].Text {
				texts++
			} else {
				tables++
			}
		}
	}
	if tables != 70 || texts != 7 {
		t.Errorf("%d tables, %d texts", tables, texts)
	}
	for _, module := range []string{"A01", "A02", "A04.drug", "A05", "A06", "A09.retail", "A10.persons"} {
		if find(all["unodc-arq"], module) == nil {
			t.Errorf("no %s", module)
		}
	}
	for code, x := range all {
		for _, s := range x.Sheets {
			at := map[string]string{}
			for i := range s.Tables {
				tb := &s.Tables[i]
				for r := range tb.Cells {
					for c := range tb.Cells[r] {
						a := tb.Address(r, c)
						if at[a] != "" {
							t.Errorf("%s, %s!%s: %s and %s", code, s.Name, a, at[a], tb.ID)
						}
						at[a] = tb.ID
					}
				}
			}
		}
	}
}

// A05 counts all who were treated in the year: nothing of the treatment demand indicator, which counts entrants, stands there.
func TestAllTreatedAreNoEntrants(t *testing.T) {
	for _, s := range load(t)["unodc-arq"].Sheets {
		for _, x := range s.Tables {
			for _, row := range x.Cells {
				for _, q := range row {
					if q.Fact == Treatment || q.Indicator == "treatment_entrants" {
						t.Errorf("%s asks %+v", x.ID, q)
					}
				}
			}
		}
	}
}

func find(t *Template, id string) *Table {
	for _, s := range t.Sheets {
		for i := range s.Tables {
			if s.Tables[i].ID == id {
				return &s.Tables[i]
			}
		}
	}
	return nil
}

// Where a cell stands follows from the order of tables: title, head, rows, an empty line.
func TestAddresses(t *testing.T) {
	x := find(load(t)["standard-tables"], "ST3")
	if a := x.Address(0, 0); a != "C5" {
		t.Errorf("first cell %s", a)
	}
	if a := find(load(t)["standard-tables"], "ST4").Address(0, 9); a != "L18" {
		t.Errorf("ST4, first row, tenth year: %s", a)
	}
	for n, want := range map[int]string{0: "A", 25: "Z", 26: "AA", 701: "ZZ", 702: "AAA"} {
		if column(n) != want {
			t.Errorf("%d: %s", n, column(n))
		}
	}
	q := find(load(t)["standard-tables"], "ST4").Cells[0][0]
	if q.Back != 9 || q.Table != "10.1.1" || q.Row != "1" || q.Column != "total" {
		t.Errorf("%+v", q)
	}
}

const small = `code: x
version: "1"
body: {kk: a, ru: a, en: a}
title: {kk: a, ru: a, en: a}
sheets:
  - name: S
    title: {kk: a, ru: a, en: a}
    tables:
      - id: T
        title: {kk: a, ru: a, en: a}
        ask: {indicator: oat_clients}
        rows: [{sexes: [total, male]}]
        columns: [{years: 2}]
`

// What nobody can answer is refused with its place, before a table is made.
func TestMistakesAreRefused(t *testing.T) {
	if _, err := Parse("x.yaml", []byte(small)); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string][2]string{
		"indicator":    {"oat_clients", "oat_klients"},
		"drug":         {"sexes: [total, male]", "drugs: [heroine]"},
		"sex":          {"total, male", "total, man"},
		"twice":        {"total, male", "male, male"},
		"same cell":    {"{sexes: [total, male]}", "{sexes: [total]}, {code: t, title: {kk: a, ru: a, en: a}}"},
		"two answers":  {"ask: {indicator: oat_clients}", "ask: {indicator: oat_clients, sex: female}"},
		"two facts":    {"ask: {indicator: oat_clients}", "ask: {indicator: oat_clients, selection: B}"},
		"unit":         {"{indicator: oat_clients}", "{indicator: oat_clients, unit: stones}"},
		"measure":      {"{indicator: oat_clients}", "{indicator: oat_clients, measure: mood}"},
		"unknown key":  {"{indicator: oat_clients}", "{indicator: oat_clients, colour: red}"},
		"unknown part": {"version:", "colour: red\nversion:"},
		"title":        {"        title: {kk: a, ru: a, en: a}", "        title: {kk: a, en: a}"},
		"no version":   {`version: "1"`, "from: 2000"},
		"code":         {"code: x", "code: y"},
		"years":        {"years: 2", "years: 200"},
		"treatment":    {"    tables:", "    treatment: [7]\n    tables:"},
	} {
		if !strings.Contains(small, change[0]) {
			t.Fatalf("%s: nothing to change", name)
		}
		_, err := Parse("x.yaml", []byte(strings.Replace(small, change[0], change[1], 1)))
		if baqylau.CodeOf(err) != baqylau.Invalid {
			t.Errorf("%s is taken: %v", name, err)
		}
	}
}

// FuzzParse: no file breaks the reader, and what it takes has a question in every cell.
func FuzzParse(f *testing.F) {
	f.Add([]byte(small))
	f.Fuzz(func(t *testing.T, raw []byte) {
		x, err := Parse("x.yaml", raw)
		if err != nil {
			return
		}
		for _, s := range x.Sheets {
			for _, tb := range s.Tables {
				for _, row := range tb.Cells {
					for _, q := range row {
						if q.Fact == "" || q.Measure == "" {
							t.Errorf("%+v", q)
						}
					}
				}
			}
		}
	})
}
