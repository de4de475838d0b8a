package registry_test

import (
	"context"
	"slices"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/data"
	"github.com/baqylau/baqylau/internal/registry"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
)

// shelf is the shipped registry on SQLite, for tests that only read.
func shelf(t testing.TB) *registry.Book {
	t.Helper()
	s, _ := seeded(t, storetest.Open(t, store.SQLite))
	return s.Book()
}

func named(t testing.TB, b *registry.Book, name string) *registry.Substance {
	t.Helper()
	s, ok := b.ByName(name)
	if !ok {
		t.Fatalf("no substance %q", name)
	}
	return s
}

func TestSeedingKeepsWhatPeopleChanged(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		s, w := seeded(t, db)
		id := named(t, s.Book(), "Mephedrone").ID
		before := counts(t, db)
		for _, q := range []string{
			"UPDATE substance SET name = '4-methylmethcathinone', smiles = 'edited' WHERE id = '" + id + "'",
			"UPDATE substance SET label = '{\"en\":\"Diltiazem\"}' WHERE name = 'Diltiazem'", // as an earlier version shipped it
			"UPDATE substance SET label = '{\"ru\":\"edited\"}' WHERE name = 'Heroin'",
			"UPDATE region SET name = '{\"en\":\"edited\"}' WHERE code = 'KZ-75'",
			"DELETE FROM setting", // as if every file had changed
		} {
			if _, err := db.Write.Exec(q); err != nil {
				t.Fatal(err)
			}
		}
		if err := registry.Seed(ctx, db, w, data.FS); err != nil {
			t.Fatal(err)
		}
		if err := s.Refresh(ctx); err != nil {
			t.Fatal(err)
		}
		after := counts(t, db)
		if after["substance"] != before["substance"] || after["substance_name"] != before["substance_name"] {
			t.Errorf("rows added: %v, then %v", before, after)
		}
		x, _ := s.Book().Substance(id)
		if x.Name != "4-methylmethcathinone" || x.SMILES != "edited" {
			t.Errorf("the edited substance is %q, %q", x.Name, x.SMILES)
		}
		if l := named(t, s.Book(), "Diltiazem").Label; l.RU != "дилтиазем" || l.KK == "" {
			t.Errorf("a label that was missing stays so: %+v", l)
		}
		if l := named(t, s.Book(), "Heroin").Label; l.RU != "edited" {
			t.Errorf("an edited label was overwritten: %+v", l)
		}
		if r, _ := s.Book().Region("KZ-75"); r.Name.EN != "edited" {
			t.Errorf("the edited region is %q", r.Name.EN)
		}
	})
}

func TestNamesInThreeScripts(t *testing.T) {
	b := shelf(t)
	want := named(t, b, "Mephedrone")
	for _, q := range []string{"мефедрон", "mephedrone", "МЕФЕДРОН", "мефедрөн", "Mephedron", "4-ММС", "1189805-46-6", want.InChIKey} {
		m := b.Search(q, 5)
		if len(m) == 0 || m[0].Substance != want {
			t.Errorf("search %q found %v", q, m)
		}
	}
	if m := b.Search("мефидрон", 5); len(m) != 1 || m[0].Substance != want {
		t.Errorf("a misspelt name found %v", m)
	}
	if m := b.Search("  ", 5); m != nil {
		t.Errorf("an empty search found %v", m)
	}
	if _, ok := b.ByName("соль"); ok {
		t.Error("an ambiguous street name must not name a substance")
	}
}

func TestFamiliesIncludeAncestorsAndEffects(t *testing.T) {
	b := shelf(t)
	x := named(t, b, "Furanylfentanyl")
	if got, want := b.Families(x.ID), []string{"effect.opioid", "fentanyls", "opioids"}; !slices.Equal(got, want) {
		t.Errorf("families %v, want %v", got, want)
	}
	if got := b.Ancestors("nitazenes"); !slices.Equal(got, []string{"nitazenes", "opioids"}) {
		t.Errorf("ancestors %v", got)
	}
	for _, s := range b.Substances() {
		if len(b.Families(s.ID)) == 0 {
			t.Errorf("%s has no family", s.Name)
		}
	}
}

func TestTheWatchListHoldsNewSubstancesOnly(t *testing.T) {
	b := shelf(t)
	for name, want := range map[string]bool{"Furanylfentanyl": true, "Carfentanil": true, "Fentanyl": false, "Remifentanil": false, "4-ANPP": false,
		"U-47700": true, "Isotonitazene": true, "Mephedrone": true, "MDMB-4en-PINACA": true, "Bromazolam": true, "Alprazolam": false,
		"Xylazine": true, "Medetomidine": true, "Heroin": false, "Cocaine": false, "Ketamine": false, "Metonitazene": true} {
		if x := named(t, b, name); x.Watch != want {
			t.Errorf("%s: watch is %v", name, x.Watch)
		}
	}
}

func TestLegalStatusHoldsFromItsDay(t *testing.T) {
	b := shelf(t)
	x := named(t, b, "Metonitazene")
	for day, want := range map[string]int{"2024-02-05": 0, "2024-02-06": 1, "2026-11-25": 1} {
		if got := b.StatusOn(x.ID, "KZ", baqylau.MustDate(day)); len(got) != want {
			t.Errorf("%s: %d statuses in Kazakhstan, want %d", day, len(got), want)
		}
	}
	generic := b.StatusOn(named(t, b, "Furanylfentanyl").ID, "US", baqylau.MustDate("2019-01-01"))
	if len(generic) != 1 || generic[0].Family != "fentanyls" || generic[0].Basis != "temporary" {
		t.Errorf("the temporary class order is missing: %+v", generic)
	}
}

func TestRegionsAreFoundByAnyName(t *testing.T) {
	b := shelf(t)
	if n := len(b.Regions("KZ")); n != 20 {
		t.Errorf("%d regions of Kazakhstan", n)
	}
	if r, ok := b.RegionByName("US-CT", "New Haven", ""); !ok || r.Code != "US-CT-009" || !r.Outside {
		t.Errorf("New Haven is %+v", r)
	}
	if p := b.Predecessors("KZ-10"); p["KZ-63"] != baqylau.MustDate("2022-06-08") || len(p) != 1 {
		t.Errorf("predecessors of Abai: %v", p)
	}
	if p, ok := b.PopulationIn("KZ", 2026); !ok || p.Year != 2023 || p.Persons < 19_000_000 {
		t.Errorf("population of Kazakhstan: %+v", p)
	}
}

func TestRecognitionSpeaksInIdentifiers(t *testing.T) {
	b := shelf(t)
	r := b.Recognise("Intoxication by Combined effects of para-Fluorofentanyl, Xylazine and benzodiazepine")
	var keys []string
	for _, f := range r.Findings {
		keys = append(keys, f.Key)
	}
	want := []string{named(t, b, "para-Fluorofentanyl").ID, named(t, b, "Xylazine").ID, "benzodiazepines"}
	if !slices.Equal(keys, want) {
		t.Errorf("found %+v", r.Findings)
	}
	q := b.Recognise("изъята соль").Questions
	if len(q) != 1 || !slices.Contains(q[0].Keys, "cathinones") || !slices.Contains(q[0].Keys, named(t, b, "alpha-PVP").ID) {
		t.Errorf("questions %+v", q)
	}
}

// What a page shows as the name of a substance, a person will type: recognition must know it, or ask.
func TestEveryShownNameIsRecognised(t *testing.T) {
	b := shelf(t)
	for _, s := range b.Substances() {
		for _, name := range []string{s.Label.RU, s.Label.KK} {
			if name == "" {
				continue
			}
			r := b.Recognise(name)
			ok := len(r.Questions) > 0
			for _, f := range r.Findings {
				ok = ok || f.Key == s.ID || s.InChIKey != "" && f.InChIKey == s.InChIKey
			}
			if !ok {
				t.Errorf("%s as %q: %+v", s.Name, name, r)
			}
		}
	}
}

func BenchmarkLoad(bm *testing.B) {
	db := storetest.Open(bm, store.SQLite)
	seeded(bm, db)
	for bm.Loop() {
		if _, err := registry.Load(context.Background(), db); err != nil {
			bm.Fatal(err)
		}
	}
}
