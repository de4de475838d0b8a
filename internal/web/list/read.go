package list

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/uptrace/bun"
)

// Result is one page of rows.
type Result[T any] struct {
	Rows    []T
	Newer   string // addresses of the neighbouring pages, "" if none
	Older   string
	Count   int
	Capped  bool // Count is the limit; there are more
	request Request
}

// Read runs the list for a request. A cursor that another list or another order wrote begins the list anew.
func (s *Spec[T]) Read(c *web.Ctx, db bun.IDB) (res *Result[T], err error) {
	defer baqylau.Wrap(&err, "list.Read(%s)", s.Name)
	r := s.request(c)
	if res, err = s.read(c, db, r); r.cursor.ID != "" && store.IsMistyped(err) {
		r.cursor, r.back = cursor{}, false
		res, err = s.read(c, db, r)
	}
	return res, err
}

func (s *Spec[T]) read(c *web.Ctx, db bun.IDB, r Request) (res *Result[T], err error) {
	conditions, err := s.where(c, db, r)
	if err != nil {
		return nil, err
	}
	ctx := c.Context()
	res = &Result[T]{request: r}
	var total *int
	if conditions.few && r.cursor.ID == "" && s.column(r.sort).Spelled == nil {
		total = &res.Count // all of them are read for the order anyway
	} else if err := s.count(ctx, db, conditions, res); err != nil {
		return nil, err
	}
	if r.sort != strings.TrimPrefix(s.Default, "-") && res.Capped && res.Count >= oftenFits {
		conditions.inOrder()
	}
	rows, marks, err := s.chunk(ctx, db, conditions.whole(), r, PageSize+1, total)
	if err != nil {
		return nil, err
	}
	if res.Count > countLimit {
		res.Count, res.Capped = countLimit, true
	}
	res.Rows = rows
	more := len(res.Rows) > PageSize
	if more {
		res.Rows, marks = res.Rows[:PageSize], marks[:PageSize]
	}
	if res.Capped { // what is on the page is known
		if res.Count = max(res.Count, len(res.Rows)); !more && r.cursor.ID == "" {
			res.Count, res.Capped = len(res.Rows), false
		}
	}
	if s.Fill != nil {
		if err := s.Fill(c, db, res.Rows); err != nil {
			return nil, err
		}
	}
	if r.back {
		slices.Reverse(res.Rows)
		slices.Reverse(marks)
	}
	if len(marks) > 0 {
		if more || r.back {
			res.Older = s.address(r, map[string]string{"after": marks[len(marks)-1].encode(), "before": ""})
		}
		if r.cursor.ID != "" && (!r.back || more) {
			res.Newer = s.address(r, map[string]string{"before": marks[0].encode(), "after": ""})
		}
	}
	return res, nil
}

// chunk reads the n rows that follow the cursor of a request in its order, and the cursor of each. total, if it is not nil, is told how many there are in all.
func (s *Spec[T]) chunk(ctx context.Context, db bun.IDB, all Found, r Request, n int, total *int) (list []T, marks []cursor, err error) {
	if s.column(r.sort).Spelled != nil {
		return s.spelled(ctx, db, all, r, n)
	}
	expr := s.column(r.sort).Sort
	op, dir := ">", " ASC"
	if r.desc != r.back {
		op, dir = "<", " DESC"
	}
	if r.cursor.ID != "" {
		all.SQL += " AND " + expr + " " + op + "= ? AND (" + expr + " " + op + " ? OR " + s.ID + " " + op + " ?)" // the first part lets the engine begin there
		all.Args = append(slices.Clip(all.Args), r.cursor.Value, r.cursor.Value, r.cursor.ID)
	}
	counted, order := "", expr
	if total != nil {
		// All have to be read and sorted. PostgreSQL takes counting them for a thing that a LIMIT ends, and walked the order of three million occurrences to find four thousand in it (0.6 s instead of
		// 0.05); in a question of its own the order is in no index.
		counted, order = "count(*) OVER (), ", "(SELECT "+expr+")"
	}
	rows, err := db.QueryContext(ctx, "SELECT "+counted+expr+", "+s.ID+", "+s.Select+" FROM "+all.SQL+" ORDER BY "+order+dir+", "+s.ID+dir+" LIMIT "+strconv.Itoa(n), slices.Concat(s.Args, all.Args)...)
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var m cursor
		own := []any{&m.Value, &m.ID}
		if total != nil {
			own = []any{total, &m.Value, &m.ID}
		}
		row, err := s.scan(rows, own...)
		if err != nil {
			return nil, nil, err
		}
		if b, ok := m.Value.([]byte); ok {
			m.Value = string(b)
		}
		list, marks = append(list, row), append(marks, m)
	}
	return list, marks, rows.Err()
}
