package store_test

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"testing"

	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
)

// A question that is kept is answered as any other, by many at once, with values of each kind, and after the rows it asks for have changed.
func TestKeptQuestions(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		if _, err := db.Write.NewRaw("INSERT INTO counter (name, value) VALUES ('it''s ?', 7), ('b', 8)").Exec(ctx); err != nil {
			t.Fatal(err)
		}
		const question = "SELECT value FROM counter WHERE name = ? AND value >= ?"
		ask := func(name string, least int64) (n int, err error) {
			return n, db.Kept().QueryRowContext(ctx, question, name, least).Scan(&n)
		}
		var wg sync.WaitGroup
		for range 40 {
			wg.Go(func() {
				for range 10 {
					if n, err := ask("it's ?", 7); err != nil || n != 7 {
						t.Errorf("got %d, %v", n, err)
					}
				}
			})
		}
		wg.Wait()
		if _, err := ask("it's ?", 8); !errors.Is(err, sql.ErrNoRows) {
			t.Errorf("no row: %v", err)
		}
		if _, err := db.Write.NewRaw("UPDATE counter SET value = 9 WHERE name = 'b'").Exec(ctx); err != nil {
			t.Fatal(err)
		}
		if n, err := ask("b", 0); err != nil || n != 9 {
			t.Errorf("after a change got %d, %v", n, err)
		}
		rows, err := db.Kept().QueryContext(ctx, "SELECT name FROM counter WHERE value BETWEEN ? AND ? ORDER BY value", int64(7), int64(9))
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		var names []string
		for rows.Next() {
			var name string
			if err := rows.Scan(&name); err != nil {
				t.Fatal(err)
			}
			names = append(names, name)
		}
		if err := rows.Err(); err != nil || len(names) != 2 || names[1] != "b" {
			t.Errorf("rows %v, %v", names, err)
		}
	})
}
