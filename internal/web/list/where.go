package list

import (
	"slices"
	"strings"

	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/ui"
	"github.com/uptrace/bun"
)

// condition is what rows must fulfil, in two parts: narrow is what the engine reaches by an index (the row scope among it), wide is asked of each row. From is
// where they stand. Few rows fulfil it where one of its parts says so.
type condition struct {
	from, narrow, wide Found
	few                bool
}

// whole is all that follows FROM, up to the order.
func (c condition) whole() Found {
	f := Found{SQL: c.from.SQL + " WHERE " + c.narrow.SQL, Args: slices.Concat(c.from.Args, c.narrow.Args)}
	if c.wide.SQL != "" {
		f.SQL, f.Args = f.SQL+" AND "+c.wide.SQL, append(f.Args, c.wide.Args...)
	}
	return f
}

// oftenFits is how many of the rows that were looked at fulfil conditions which a list read in its order meets soon.
const oftenFits = countLimit / 500

// inOrder keeps the engine from an index of the wide conditions, which serves the list's own order: in another order it would read and sort all rows that
// fulfil them, where the order's index meets a page of them soon.
func (c *condition) inOrder() {
	if c.wide.SQL != "" {
		c.wide.SQL = "CASE WHEN " + c.wide.SQL + " THEN 1 ELSE 0 END = 1"
	}
}

func (c *condition) and(f Found) {
	c.few = c.few || f.Few
	part := &c.wide
	if f.Narrow {
		part = &c.narrow
	}
	if part.SQL != "" {
		part.SQL += " AND "
	}
	part.SQL += "(" + f.SQL + ")"
	part.Args = append(part.Args, f.Args...)
}

// repeated is a condition whose every ? is given the same argument.
func repeated(sql string, arg any, narrow bool) Found {
	f := Found{SQL: sql, Narrow: narrow}
	for range strings.Count(sql, "?") {
		f.Args = append(f.Args, arg)
	}
	return f
}

// where gathers row scope, filters and search.
func (s *Spec[T]) where(c *web.Ctx, db bun.IDB, r Request) (all condition, err error) {
	all.narrow.SQL, all.narrow.Args = s.Where(c)
	if all.from, err = s.from(c, db); err != nil {
		return all, err
	}
	if all.from.Narrow {
		all.narrow.SQL = "few.id = " + s.ID + " AND " + all.narrow.SQL
	}
	for _, f := range s.Filters {
		v := strings.TrimSpace(r.q.Get(f.Name))
		if v == "" {
			continue
		}
		var arg any = v
		if f.Map != nil {
			a, ok := f.Map(v)
			if !ok {
				continue
			}
			arg = a
		} else if f.Options != nil && !slices.ContainsFunc(f.Options(c), func(o ui.Option) bool { return o.Value == v }) {
			continue
		}
		found := repeated(f.SQL, arg, f.Narrow)
		if f.Find != nil {
			if found, err = f.Find(c, db, v); err != nil {
				return all, err
			}
		}
		all.and(found)
	}
	q := strings.TrimSpace(r.q.Get("q"))
	switch {
	case q == "":
	case s.Search.Find != nil:
		found, err := s.Search.Find(c, db, q)
		if err != nil {
			return all, err
		}
		all.and(found)
	case s.Search.SQL != "":
		all.and(repeated(s.Search.SQL, Pattern(q), false))
	}
	return all, nil
}

// Pattern is the LIKE pattern that finds the folded text q anywhere; % and _ typed by a person are ordinary characters, for which the
// SQL needs ESCAPE '\'.
func Pattern(q string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(locale.Fold(q)) + "%"
}
