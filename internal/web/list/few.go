package list

import (
	"fmt"
	"strconv"

	"github.com/baqylau/baqylau/internal/web"
	"github.com/uptrace/bun"
)

// fewRows is how many rows a row scope may leave so that a list begins with them: to sort as many costs some ten milliseconds, and who sees more of a million meets a
// page of them soon in the order of the list.
const fewRows = 5_000

// from is where the rows of a list stand. An organisation that sees few of them would otherwise have all others read until a page is full, which it may never be.
func (s *Spec[T]) from(c *web.Ctx, db bun.IDB) (Found, error) {
	all := Found{SQL: s.From}
	if s.Few == nil {
		return all, nil
	}
	few := s.Few(c)
	if few.SQL == "" {
		return all, nil
	}
	key := fmt.Sprintf("few\n%s\n%#v", few.SQL, few.Args)
	if _, many := s.counts().find(key); many {
		return all, nil
	}
	var n int
	err := db.NewRaw("SELECT count(*) FROM (SELECT 1 AS one FROM ("+few.SQL+") f LIMIT "+strconv.Itoa(fewRows+1)+") n", few.Args...).Scan(c.Context(), &n)
	if n > fewRows {
		s.counts().keep(key, n)
	}
	if err != nil || n > fewRows {
		return all, err
	}
	// CROSS JOIN: SQLite keeps the order of the tables
	return Found{SQL: "(SELECT DISTINCT f.id FROM (" + few.SQL + ") f) few CROSS JOIN " + s.From, Args: few.Args, Narrow: true}, nil
}
