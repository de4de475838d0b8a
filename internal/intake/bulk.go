package intake

import (
	"context"
	"crypto/rand"
	"slices"

	"github.com/baqylau/baqylau/internal/change"
)

// bulk gathers rows of one table.
type bulk struct {
	args []any
	n    int
}

// room makes place for n rows, so that many of them are not moved again and again.
func (b *bulk) room(n int, columns []string) { b.args = slices.Grow(b.args, n*len(columns)) }

func (b *bulk) row(values ...any) {
	b.args = append(b.args, values...)
	b.n++
}

// more adds values to the last row.
func (b *bulk) more(values []any) { b.args = append(b.args, values...) }

// insert writes the gathered rows and forgets them.
func (b *bulk) insert(ctx context.Context, tx *change.Tx, table string, columns []string) error {
	err := tx.Insert(ctx, table, columns, b.args)
	clear(b.args)
	b.args, b.n = b.args[:0], 0
	return err
}

// secretSuffix makes a tip's receipt unguessable: without an account the number alone shows the state.
func secretSuffix() string { return rand.Text()[:8] }
