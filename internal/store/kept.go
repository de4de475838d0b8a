package store

import (
	"context"
	"database/sql"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
)

// Kept asks questions whose text never changes and that every report of a program asks: who owns this token, which source has this organisation. PostgreSQL keeps the plan of each on every
// connection; making one took it five times as long as the answer (decision 14). SQLite plans in microseconds. Query hooks of bun do not see these questions.
func (db *DB) Kept() Kept { return Kept{db} }

// keptMost is how many statements a connection keeps at least, whatever the database's address says.
const keptMost = 16

// Kept has the two methods of bun.IDB that read. Marks are "?", values are strings, int64, bool or nil. No question may have a "?" that is not a mark.
type Kept struct{ db *DB }

// QueryContext returns the rows of an answer.
func (k Kept) QueryContext(ctx context.Context, question string, values ...any) (*sql.Rows, error) {
	question, values = k.said(question, values)
	return k.db.Read.DB.QueryContext(ctx, question, values...)
}

// QueryRowContext returns the only row of an answer; Scan says sql.ErrNoRows when there is none.
func (k Kept) QueryRowContext(ctx context.Context, question string, values ...any) *sql.Row {
	question, values = k.said(question, values)
	return k.db.Read.DB.QueryRowContext(ctx, question, values...)
}

// said is the question as the engine's driver takes it.
func (k Kept) said(question string, values []any) (string, []any) {
	if k.db.Engine == SQLite {
		return question, values
	}
	var numbered strings.Builder
	for n, part := range strings.Split(question, "?") {
		if n > 0 {
			numbered.WriteString("$" + strconv.Itoa(n))
		}
		numbered.WriteString(part)
	}
	return numbered.String(), append([]any{pgx.QueryExecModeCacheStatement}, values...)
}
