package store_test

import (
	"context"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
	"github.com/google/go-cmp/cmp"
)

// Both engines must offer the same tables and columns, or a query written once would fail on one of them.
func TestBothEnginesHaveTheSameColumns(t *testing.T) {
	var seen []map[string][]string
	storetest.Each(t, func(t *testing.T, db *store.DB) { seen = append(seen, columns(t, db)) })
	if len(seen) < 2 {
		t.Skip("PostgreSQL is not configured (BAQYLAU_TEST_PG)")
	}
	if d := cmp.Diff(seen[0], seen[1]); d != "" {
		t.Errorf("columns differ between sqlite (-) and postgres (+):\n%s", d)
	}
}

func TestBothEnginesHaveTheSameMigrations(t *testing.T) {
	list := func(engine string) []string {
		entries, err := fs.ReadDir(os.DirFS("migrations"), engine)
		if err != nil {
			t.Fatal(err)
		}
		names := make([]string, len(entries))
		for i, e := range entries {
			names[i] = e.Name()
		}
		return names
	}
	if d := cmp.Diff(list("sqlite"), list("postgres")); d != "" {
		t.Error(d)
	}
}

func columns(t *testing.T, db *store.DB) map[string][]string {
	t.Helper()
	q := `SELECT m.name, p.name FROM sqlite_master m JOIN pragma_table_info(m.name) p WHERE m.type IN ('table','view')`
	if db.Engine == store.Postgres {
		q = `SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema()`
	}
	rows, err := db.Read.QueryContext(context.Background(), q)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	cols := map[string][]string{}
	for rows.Next() {
		var table, column string
		if err := rows.Scan(&table, &column); err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(table, "river_") || strings.HasPrefix(table, "goose_") || strings.HasPrefix(table, "sqlite_") ||
			strings.HasPrefix(table, "search_index") || table == "search_row" { // SQLite's own index of words; PostgreSQL has one without tables
			continue
		}
		cols[table] = append(cols[table], column)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	for _, c := range cols {
		slices.Sort(c)
	}
	return cols
}
