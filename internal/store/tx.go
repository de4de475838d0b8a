package store

import (
	"context"
	"database/sql/driver"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/uptrace/bun"
)

// Tx is a writing transaction that can also take rows in bulk.
type Tx struct {
	bun.Tx
	engine Engine
	conn   bun.Conn
}

// Begin opens a transaction on the writing side. The caller ends it with Commit and, in any case, Release.
func (db *DB) Begin(ctx context.Context) (*Tx, error) {
	conn, err := db.Write.Conn(ctx)
	if err != nil {
		return nil, unavailable(err)
	}
	whole := ctx
	if db.Engine == SQLite { // database/sql would roll back by itself when ctx ends, and what Insert writes past it after that would be in no transaction
		whole = context.WithoutCancel(ctx)
	}
	tx, err := conn.BeginTx(whole, nil)
	if err != nil {
		_ = conn.Close()
		return nil, unavailable(err)
	}
	return &Tx{Tx: tx, engine: db.Engine, conn: conn}, nil
}

// Release rolls back what was not committed and gives the connection back.
func (tx *Tx) Release() {
	_ = tx.Rollback() // after a commit this does nothing
	_ = tx.conn.Close()
}

// A few rows are one plain statement. More are copied (PostgreSQL) or go through a prepared one (SQLite): values written into the text of each statement
// have to be read again by the engine, which was a third of the cost of an import.
const (
	fewRows      = 8
	preparedRows = 64
)

// Insert writes rows of one table: values holds them one after the other, each as wide as columns, of the types string, int64, int, bool, float64 or nil. After an error
// some of the rows may be there: the act, or its savepoint, has to be rolled back.
func (tx *Tx) Insert(ctx context.Context, table string, columns []string, values []any) error {
	wide := len(columns)
	n := len(values) / wide
	switch {
	case n*wide != len(values):
		return fmt.Errorf("store: %d values do not fill rows of %s (%d columns)", len(values), table, wide)
	case n == 0:
		return nil
	case n <= fewRows:
		_, err := tx.NewRaw("INSERT INTO "+table+" ("+strings.Join(columns, ", ")+") VALUES "+list(strings.Repeat("?,", wide), n), values...).Exec(ctx)
		return err
	case tx.engine == Postgres:
		return tx.conn.Raw(func(c any) error {
			_, err := c.(*stdlib.Conn).Conn().CopyFrom(ctx, pgx.Identifier{table}, columns, pgx.CopyFromSlice(n, func(i int) ([]any, error) {
				return values[i*wide : (i+1)*wide], nil
			}))
			return err
		})
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return tx.conn.Raw(func(c any) error { return insertPrepared(c.(driver.ConnPrepareContext), table, columns, values) })
}

// list is n rows of the same marks.
func list(marks string, n int) string {
	return strings.TrimSuffix(strings.Repeat("("+strings.TrimSuffix(marks, ",")+"),", n), ",")
}
