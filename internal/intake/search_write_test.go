package intake

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
)

// A system with a dozen reports is started anew, and its first import comes: whatever SQLite has learnt of the small tables, a chunk's texts go into the index by the chunk's own rows. Found by
// the rounds of kills: a chunk held the only writer for half a minute.
func TestTheFirstImportIsNotPlannedByADozenReports(t *testing.T) {
	ctx := context.Background()
	db := storetest.Open(t, store.SQLite)
	if _, err := db.Write.Exec("PRAGMA foreign_keys = OFF"); err != nil {
		t.Fatal(err)
	}
	for i := range 12 {
		if _, err := db.Write.NewRaw(`INSERT INTO report (id, kind, receipt, text_fold, channel, state, org_id, account_id, domain, source_id, content_hash, country, known_on, recorded_at, occurrence_id)
			VALUES (?, 'tip', ?, 'a few words', 'tip', 'received', '', '', 'neutral', 's', 'h', 'KZ', '2026-01-01', 1, 'o')`, fmt.Sprint("r", i), fmt.Sprint("R-", i)).Exec(ctx); err != nil {
			t.Fatal(err)
		}
	}
	plan := func() (steps []string) {
		rows, err := db.Write.QueryContext(ctx, "EXPLAIN QUERY PLAN "+indexTexts, `["r1","r2"]`)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			var id, parent, unused int
			var step string
			if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
				t.Fatal(err)
			}
			steps = append(steps, step)
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		return steps
	}
	check := func(when string) {
		t.Helper()
		p := plan()
		if len(p) != 3 || !strings.HasPrefix(p[0], "SCAN j") || !strings.HasPrefix(p[1], "SEARCH s") || !strings.HasPrefix(p[2], "SEARCH r") {
			t.Errorf("%s: %q", when, p)
		}
	}
	if err := db.Optimise(ctx); err != nil {
		t.Fatal(err)
	}
	check("as the program leaves it")
	var n int
	if err := db.Write.NewRaw("SELECT count(*) FROM sqlite_stat1 WHERE tbl IN ('report', 'search_row')").Scan(ctx, &n); err != nil || n != 0 {
		t.Errorf("%d numbers of small tables are believed, %v", n, err)
	}
	if _, err := db.Write.Exec("ANALYZE"); err != nil { // somebody's own
		t.Fatal(err)
	}
	check("after an ANALYZE by hand")
}
