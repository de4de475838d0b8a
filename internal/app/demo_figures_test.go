package app

import (
	"path/filepath"
	"testing"

	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/indicator"
)

// The demonstration has the published figures, as published and nothing twice; the checks find in them what people once found by hand.
func TestDemonstrationHasPublishedFigures(t *testing.T) {
	ctx := t.Context()
	dir := t.TempDir()
	a, err := Open(ctx, Config{DataDir: dir, DB: filepath.Join(dir, "demo.db"), Demo: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = a.Close(ctx) }()
	for range 2 { // run again it changes nothing
		for _, f := range demoFigures {
			if err := a.demoImport(ctx, f[0], f[1], f[2]); err != nil {
				t.Fatal(err)
			}
		}
	}
	count := func(query string, args ...any) (n int) {
		t.Helper()
		if err := a.DB.Read.QueryRowContext(ctx, query, args...).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	visible := "SELECT count(*) FROM observation o JOIN source s ON s.id = o.source_id JOIN batch b ON b.id = o.batch_id WHERE b.state = 'applied' AND o.published = ? AND s.code = ?"
	for source, least := range map[string]int{"published_figures": 880, "unodc": 1500, "kz_legal_statistics": 20_000, "euda_wastewater": 4_500} {
		if n := count(visible, true, source); n < least {
			t.Errorf("%s: %d figures, fewer than %d", source, n, least)
		}
		if n := count(visible, false, source); n > 0 {
			t.Errorf("%s: %d figures are not marked as published", source, n)
		}
	}
	// Astana registered 17,144 offences: two sections of the form say so, and the figure stands once.
	found, err := indicator.Find(ctx, a.DB.Read, indicator.Question{Indicators: []string{"offences_registered"}, Places: []string{"KZ-71"}, Breakdowns: []string{"article=all"}, AsOf: change.Today(a.Writer.Now())})
	if err != nil || len(found) != 1 || *found[0].Value != 17144 {
		t.Errorf("offences in Astana: %d rows, %v", len(found), err)
	}
	if err := a.Figures.Examine(ctx, indicator.ExamineArgs{Country: "KZ", Indicators: []string{"compulsory_treatment_admissions"}}); err != nil {
		t.Fatal(err)
	}
	if n := count("SELECT count(*) FROM check_finding WHERE rule = 'sums' AND first_value = '3190' AND second_value = '3167'"); n != 1 {
		t.Errorf("3,190 admitted, 2,785 and 382 treated: asked %d times", n)
	}
}
