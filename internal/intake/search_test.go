package intake_test

import (
	"slices"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/intake"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
	"github.com/baqylau/baqylau/internal/web/list"
)

// Whatever the index of words leads to, a search finds what reading every report would find, in every script, and no less on one engine than on the other.
func TestASearchFindsWhatReadingEverythingFinds(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		send := func(ref, text string) string {
			t.Helper()
			r, err := h.Submit(ctx, h.customs, intake.Submission{Level: baqylau.Presumptive, Incoming: intake.Incoming{Kind: intake.Seizure, Channel: "api", SourceRef: ref, Region: "KZ-75",
				Text: text, Occurred: h.day, Precision: baqylau.Day}})
			if err != nil {
				t.Fatal(err)
			}
			return r.ReportID
		}
		send("ZX-1001", "карфентанил в пакете, Қызылорда")
		send("ZX-1002", "α-PVP и 5F-ADB, белый порошок")
		changing := send("987654321", "fentanyl, blue tablets")
		send("", "x")
		look := func(q string) (got, want []string) {
			t.Helper()
			f, err := h.Found(ctx, db.Read, q)
			if err != nil {
				t.Fatalf("%q: %v", q, err)
			}
			for _, x := range []struct {
				into *[]string
				sql  string
				args []any
			}{{&got, f.SQL, f.Args}, {&want, `r.text_fold LIKE ? ESCAPE '\'`, []any{list.Pattern(q)}}} {
				if err := db.Read.NewRaw("SELECT r.id FROM report r WHERE "+x.sql+" ORDER BY r.id", x.args...).Scan(ctx, x.into); err != nil {
					t.Fatalf("%q: %v", q, err)
				}
			}
			return got, want
		}
		// 98765 stands at the beginning of a number: numbers are found whole or so
		for q, least := range map[string]int{"карфентанил": 1, "фентанил": 2, "ФЕНТАНИЛ": 2, "fentanyl": 1, "tany": 1, "кызылорда": 1, "Қызылорда": 1, "a-pvp": 1, "pvp": 1, "5f-adb": 1, "adb": 1,
			"белый порошок": 1, "ый поро": 1, "порошок белый": 0, "98765": 1, "987654321": 1, "zx-1002": 1, "1002": 1, "нет такого": 0, "100%": 0, "_": 0, `"`: 0, "' OR 1": 0, "е": 2, "-": 4} {
			got, want := look(q)
			if !slices.Equal(got, want) || len(got) < least {
				t.Errorf("%q finds %d reports, reading all of them %d, at least %d fit", q, len(got), len(want), least)
			}
		}
		if _, err := db.Write.NewRaw("UPDATE report SET text_fold = 'zopiclone' WHERE id = ?", changing).Exec(ctx); err != nil {
			t.Fatal(err)
		}
		if _, err := db.Write.NewRaw("DELETE FROM report WHERE source_ref = 'ZX-1001'").Exec(ctx); err != nil {
			t.Fatal(err)
		}
		for _, q := range []string{"zopicl", "blue", "карфентанил"} {
			if got, want := look(q); !slices.Equal(got, want) {
				t.Errorf("after changes %q finds %v instead of %v", q, got, want)
			}
		}
	})
}

// A report that names a substance in many samples does not hide the other reports that name it.
func TestASubstanceInManySamplesOfOneReport(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		var refs []string
		for _, ref := range []string{"MANY-1", "MANY-2"} {
			r, err := h.Submit(ctx, h.customs, intake.Submission{Level: baqylau.Presumptive, Incoming: intake.Incoming{Kind: intake.Seizure, Channel: "api", SourceRef: ref, Region: "KZ-75",
				Text: "карфентанил", Occurred: h.day, Precision: baqylau.Day}})
			if err != nil {
				t.Fatal(err)
			}
			refs = append(refs, r.ReportID)
		}
		var finding, substance string
		if err := db.Read.NewRaw("SELECT id, substance_id FROM finding WHERE report_id = ? AND substance_id IS NOT NULL", refs[0]).Scan(ctx, &finding, &substance); err != nil {
			t.Fatal(err)
		}
		for range 400 {
			if _, err := db.Write.NewRaw(`INSERT INTO finding (id, report_id, occurrence_id, substance_id, level, confidence, known_on)
				SELECT ?, report_id, occurrence_id, substance_id, level, confidence, known_on FROM finding WHERE id = ?`, store.NewID(), finding).Exec(ctx); err != nil {
				t.Fatal(err)
			}
		}
		h.visitor(t, h.officer).see("/reports?substance="+substance, "/reports/"+refs[0], "/reports/"+refs[1])
	})
}
