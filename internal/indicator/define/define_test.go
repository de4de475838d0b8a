package define_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/indicator/define"
)

func TestTheCatalogueIsWhole(t *testing.T) {
	c := define.Current()
	if len(c.Indicators()) < 100 {
		t.Fatalf("only %d indicators", len(c.Indicators()))
	}
	for _, i := range c.Indicators() {
		if !i.Name.Complete() || !i.Meaning.Complete() {
			t.Errorf("%s: not in all three languages", i.Code)
		}
		if i.Kind == define.Share && i.Unit != "percent" {
			t.Errorf("%s: a share in %s", i.Code, i.Unit)
		}
	}
	for _, u := range c.Units() {
		for _, l := range baqylau.Langs {
			if c.Unit(l, u) == "" {
				t.Errorf("unit %s in %s", u, l)
			}
		}
	}
	for _, list := range []string{"area", "drug", "article", "measure", "procedure", "ground", "decision", "citizenship", "cohort", "coverage"} {
		entries := c.List(list)
		if len(entries) == 0 {
			t.Errorf("list %s is empty", list)
		}
		for _, e := range entries {
			if !e.Name.Complete() {
				t.Errorf("%s/%s: not in all three languages", list, e.Code)
			}
			if _, ok := c.Code(list, e.Parent); e.Parent != "" && !ok {
				t.Errorf("%s/%s: parent %s is not in the list", list, e.Code, e.Parent)
			}
		}
	}
	for _, b := range c.Breaks("drug_crimes_registered", "KZ-75", "KZ") {
		if !b.Reason.Complete() {
			t.Errorf("break %v: not in all three languages", b.On)
		}
	}
}

// The drug list goes on with the codes of the treatment demand protocol, so that treatment and seizures are about the same things.
func TestTheDrugListGoesOnWithTheProtocol(t *testing.T) {
	c := define.Current()
	for _, e := range c.List("tdi_drug") {
		if e.Code == "none" {
			continue
		}
		d, ok := c.Code("drug", e.Code)
		if !ok {
			t.Errorf("%s %s is not in the drug list", e.Code, e.Name.EN)
			continue
		}
		if e.Parent != "" && d.Parent != e.Parent {
			t.Errorf("%s stands under %s, in the protocol under %s", e.Code, d.Parent, e.Parent)
		}
	}
	for what, want := range map[string]string{"Heroin": "1.1", "гашиш": "cannabis_resin", "marijuana (herb)": "cannabis_herb", "ATS": "ats", "Героин": "1.1", "7.1": "7.1"} {
		if got := c.Words("drug")[strings.ToLower(what)]; got != want {
			t.Errorf("%s is %q, not %q", what, got, want)
		}
	}
	if !c.Within("drug", "mephedrone", "3") || !c.Within("drug", "mephedrone", "drugs") || c.Within("drug", "mephedrone", "1") || c.Within("drug", "precursors", "drugs") {
		t.Error("what lies under what")
	}
}

// Every column of form 1-M means an indicator with known codes, and no two the same thing within a section.
func TestForm1M(t *testing.T) {
	c := define.Current()
	seen := map[string]bool{}
	for _, f := range c.Form1M() {
		key := f.Section + "|" + f.Indicator + "|" + f.Breakdown + "|" + f.Sex + "|" + f.Age
		if seen[key] {
			t.Errorf("%s column %d: said before", f.Section, f.Column)
		}
		seen[key] = true
		if f.Breakdown != "" {
			for part := range strings.SplitSeq(f.Breakdown, ";") {
				list, code, _ := strings.Cut(part, "=")
				if _, ok := c.Code(list, code); !ok {
					t.Errorf("%s column %d: %s is not in the lists", f.Section, f.Column, part)
				}
			}
		}
		if _, ok := define.ParseAge(f.Age); f.Age != define.AllAges && !ok {
			t.Errorf("%s column %d: age %s", f.Section, f.Column, f.Age)
		}
	}
	if len(seen) != 97 {
		t.Errorf("%d columns; the form has 97 in sections R1, R1-1, R2 and R6", len(seen))
	}
}

func TestAges(t *testing.T) {
	for code, want := range map[string]define.Band{"15-64": {Code: "15-64", From: 15, To: 64}, "<18": {Code: "<18", To: 17}, "65+": {Code: "65+", From: 65, To: define.Open},
		"16": {Code: "16", From: 16, To: 16}} {
		if got, ok := define.ParseAge(code); !ok || got != want {
			t.Errorf("%s: %+v %v", code, got, ok)
		}
	}
	for _, code := range []string{"all", "", "64-15", "15–64", "-5", "<0", "1000+", "15-", "a"} {
		if b, ok := define.ParseAge(code); ok {
			t.Errorf("%q read as %+v", code, b)
		}
	}
	for _, scheme := range define.Current().Schemes() {
		bands := define.Current().Bands(scheme)
		for i := 1; i < len(bands); i++ {
			if bands[i].From != bands[i-1].To+1 {
				t.Errorf("%s: %s does not go on from %s", scheme, bands[i].Code, bands[i-1].Code)
			}
		}
	}
}

// A node brings its own units; a damaged file is refused with its place, and what was in force stays.
func TestANodesOwnFiles(t *testing.T) {
	t.Cleanup(func() {
		if err := define.Override(t.TempDir()); err != nil {
			t.Error(err)
		}
	})
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("own-codes.csv", "list,code,parent,position,valid_from,valid_to,verified,kk,ru,en\nward,east,,1,2020-01-01,2021-12-31,yes,Шығыс,Восток,East\n")
	if err := define.Override(dir); err != nil {
		t.Fatal(err)
	}
	e, ok := define.Current().Code("ward", "east")
	if !ok || e.Valid(baqylau.MustDate("2022-01-01")) || !e.Valid(baqylau.MustDate("2021-12-31")) {
		t.Errorf("own list: %+v %v", e, ok)
	}
	write("indicators.csv", "code,area,kind,unit,time,persons,kk,ru,en\nx,supply,count,furlongs,flow,no,х,х,x\n")
	err := define.Override(dir)
	if baqylau.CodeOf(err) != baqylau.Invalid {
		t.Fatalf("damaged file: %v", err)
	}
	if _, ok := define.Current().Indicator("seizures_quantity"); !ok {
		t.Error("a damaged file took the catalogue away")
	}
}

func FuzzParseAge(f *testing.F) {
	for _, s := range []string{"15-64", "<18", "65+", "all"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if b, ok := define.ParseAge(s); ok && (b.From < 0 || b.To < b.From || b.Code != s) {
			t.Errorf("%q: %+v", s, b)
		}
	})
}
