package store_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
)

// What all rows of many have in common arrives as what it is: with quotes, with what ends a text in C, empty, a flag, a number, nothing.
func inCommon(t *testing.T, db *store.DB) {
	t.Helper()
	ctx := t.Context()
	tx, err := db.Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Release()
	if _, err := tx.NewRaw("CREATE TABLE common (no INTEGER, quoted TEXT, nul TEXT, empty TEXT, flag BOOLEAN, n BIGINT, half DOUBLE PRECISION, absent TEXT)").Exec(ctx); err != nil {
		t.Fatal(err)
	}
	nul := "a\x00'b"
	if db.Engine == store.Postgres { // takes none in a text
		nul = "a'b"
	}
	var values []any
	for i := range 37 {
		values = append(values, i, "'); DROP TABLE common; --", nul, "", true, int64(1)<<40, 0.5, nil)
	}
	if err := tx.Insert(ctx, "common", []string{"no", "quoted", "nul", "empty", "flag", "n", "half", "absent"}, values); err != nil {
		t.Fatal(err)
	}
	var rows []struct {
		No                 int
		Quoted, Nul, Empty string
		Flag               bool
		N                  int64
		Half               float64
		Absent             *string
	}
	if err := tx.NewRaw("SELECT * FROM common ORDER BY no").Scan(ctx, &rows); err != nil || len(rows) != 37 {
		t.Fatalf("%d rows (%v)", len(rows), err)
	}
	for i, r := range rows {
		if r.No != i || r.Quoted != "'); DROP TABLE common; --" || r.Nul != nul || r.Empty != "" || !r.Flag || r.N != 1<<40 || r.Half != 0.5 || r.Absent != nil {
			t.Fatalf("row %d: %+v", i, r)
		}
	}
}

// Few rows, many rows and a number of rows that fills no statement evenly arrive alike, with what is empty in them, and not at all when one is wrong.
func TestRowsInBulk(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, columns := t.Context(), []string{"key", "value"}
		total := 0
		for _, n := range []int{0, 1, 8, 9, 16, 33, 500} {
			tx, err := db.Begin(ctx)
			if err != nil {
				t.Fatal(err)
			}
			var values []any
			for i := range n {
				values = append(values, fmt.Sprintf("k%d.%d", n, i), fmt.Sprintf("what's \"%d\" ?, 'қ'", i))
			}
			if err := tx.Insert(ctx, "setting", columns, values); err != nil {
				t.Fatalf("%d rows: %v", n, err)
			}
			if err := tx.Commit(); err != nil {
				t.Fatal(err)
			}
			tx.Release()
			total += n
		}
		twice := []any{}
		for i := range 40 {
			twice = append(twice, fmt.Sprintf("new%d", i%39), "x")
		}
		tx, err := db.Begin(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if err := tx.Insert(ctx, "setting", columns, twice); !store.IsUnique(err) {
			t.Errorf("a key twice: %v", err)
		}
		tx.Release()
		inCommon(t, db)
		var n int
		var text string
		if err := db.Read.NewRaw("SELECT count(*) FROM setting").Scan(ctx, &n); err != nil {
			t.Fatal(err)
		}
		if err := db.Read.NewRaw("SELECT value FROM setting WHERE key = 'k500.7'").Scan(ctx, &text); err != nil {
			t.Fatal(err)
		}
		if n != total || text != `what's "7" ?, 'қ'` {
			t.Errorf("%d rows of %d; one says %q", n, total, text)
		}
		if tx, err = db.Begin(ctx); err != nil {
			t.Fatal(err)
		}
		if err := tx.Insert(ctx, "setting", columns, []any{"odd"}); err == nil {
			t.Error("half a row is taken")
		}
		tx.Release()
		if err := db.Optimise(ctx); err != nil {
			t.Fatal(err)
		}
		if db.Engine == store.SQLite {
			if err := db.Read.NewRaw("SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'setting'").Scan(ctx, &n); err != nil || n == 0 {
				t.Errorf("the planner knows nothing of the table: %d (%v)", n, err)
			}
		}
	})
}

// Whoever gives up in the middle of an act writes nothing more of it, and what is written was in the transaction.
func TestNoRowsAfterTheEnd(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		given, giveUp := context.WithCancel(t.Context())
		defer giveUp()
		tx, err := db.Begin(given)
		if err != nil {
			t.Fatal(err)
		}
		if err := tx.Insert(given, "setting", []string{"key", "value"}, []any{"first", "1"}); err != nil {
			t.Fatal(err)
		}
		giveUp()
		time.Sleep(50 * time.Millisecond) // a driver that ends the transaction by itself has done so
		var values []any
		for i := range 20 {
			values = append(values, fmt.Sprint("late", i), "x")
		}
		if err := tx.Insert(given, "setting", []string{"key", "value"}, values); err == nil {
			t.Error("rows are taken after the end")
		}
		_ = tx.Insert(t.Context(), "setting", []string{"key", "value"}, values) // whoever does not look at the end
		tx.Release()
		var n int
		if err := db.Read.NewRaw("SELECT count(*) FROM setting").Scan(t.Context(), &n); err != nil || n != 0 {
			t.Errorf("%d rows are left (%v)", n, err)
		}
	})
}
