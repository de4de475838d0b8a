package list

import (
	"context"
	"fmt"
	"strconv"

	"github.com/baqylau/baqylau/internal/web"
	"github.com/uptrace/bun"
)

// fewRows is how many rows a row scope may leave so that a list begins with them: to sort as many costs some ten milliseconds, and who sees more of a million meets a
// page of them soon in the order of the list.
const fewRows = 5_000

// from is where the rows of a list stand.
func (s *Spec[T]) from(c *web.Ctx, db bun.IDB) (Found, error) {
	if s.Few == nil {
		return Found{SQL: s.From}, nil
	}
	few, err := s.counts().Few(c.Context(), db, s.Few(c))
	return Found{SQL: few.SQL + s.From, Args: few.Args, Narrow: few.Narrow}, err
}

// Few is what stands before the tables of a list, so that it is read from the few rows that a query of identifiers leads to: an organisation that sees few would otherwise have
// all others read until a page is full, which it may never be. The list then asks that few.id be its identifier. It is empty for no query, and for more rows than are few.
func (c *Counts) Few(ctx context.Context, db bun.IDB, query Found) (none Found, err error) {
	if query.SQL == "" {
		return none, nil
	}
	key := fmt.Sprintf("few\n%s\n%#v", query.SQL, query.Args)
	if _, many := c.find(key); many {
		return none, nil
	}
	var n int
	err = db.NewRaw("SELECT count(*) FROM (SELECT 1 AS one FROM ("+query.SQL+") f LIMIT "+strconv.Itoa(fewRows+1)+") n", query.Args...).Scan(ctx, &n)
	if n > fewRows {
		c.keep(key, n)
	}
	if err != nil || n > fewRows {
		return none, err
	}
	// CROSS JOIN: SQLite keeps the order of the tables
	return Found{SQL: "(SELECT DISTINCT f.id FROM (" + query.SQL + ") f) few CROSS JOIN ", Args: query.Args, Narrow: true}, nil
}
