package intake

import (
	"context"
	"crypto/rand"
	"strings"

	"github.com/uptrace/bun"
)

// bulk gathers rows of one table for multi-row INSERT statements.
type bulk struct {
	args []any
	n    int
	wide int
}

func (b *bulk) row(values ...any) {
	b.args = append(b.args, values...)
	b.n++
	b.wide = len(values)
}

// bulkRows bounds one statement.
const bulkRows = 250

func (b *bulk) insert(ctx context.Context, tx bun.IDB, into string) error {
	if b.n == 0 {
		return nil
	}
	group := "(" + strings.TrimSuffix(strings.Repeat("?,", b.wide), ",") + ")"
	for at := 0; at < b.n; at += bulkRows {
		n := min(bulkRows, b.n-at)
		sql := "INSERT INTO " + into + " VALUES " + strings.TrimSuffix(strings.Repeat(group+",", n), ",")
		if _, err := tx.NewRaw(sql, b.args[at*b.wide:(at+n)*b.wide]...).Exec(ctx); err != nil {
			return err
		}
	}
	b.args, b.n = b.args[:0], 0
	return nil
}

// secretSuffix makes a tip's receipt unguessable: without an account the number alone shows the state.
func secretSuffix() string { return rand.Text()[:8] }
