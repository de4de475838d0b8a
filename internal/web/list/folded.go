package list

import (
	"strings"

	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/uptrace/bun"
)

// Folded searches texts that have no column of their folded form, for rooms of some thousand rows: LOWER of SQLite knows Latin letters only. texts is SQL that gives identifier and text of every row; id is the
// identifier in the list.
func Folded(texts, id string) func(c *web.Ctx, db bun.IDB, q string) (Found, error) {
	return func(c *web.Ctx, db bun.IDB, q string) (f Found, err error) {
		rows, err := db.QueryContext(c.Context(), texts)
		if err != nil {
			return f, err
		}
		defer rows.Close()
		want := locale.Fold(q)
		var ids []string
		for rows.Next() {
			var key, text string
			if err := rows.Scan(&key, &text); err != nil {
				return f, err
			}
			if strings.Contains(locale.Fold(text), want) {
				ids = append(ids, key)
			}
		}
		in, args := store.In(ids)
		return Found{SQL: id + " IN (" + in + ")", Args: args}, rows.Err()
	}
}
