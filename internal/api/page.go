package api

import (
	"context"
	"encoding/base64"
	"errors"
	"slices"
	"strings"

	"github.com/uptrace/bun"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/web/list"
)

// Page is one page of a list, newest first where rows have an age.
type Page[T any] struct {
	Items []T    `json:"items" nullable:"false"`
	Next  string `json:"next,omitempty" doc:"Cursor of the next page; absent on the last one."`
}

// Listing is what every list takes.
type Listing struct {
	Common
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"Rows on a page."`
	Cursor string `query:"cursor" maxLength:"200" doc:"Value of next in the page before; opaque."`
}

// cursorMark tells our cursors from other base64.
const cursorMark = "after:"

func cursorOf(id string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(cursorMark + id))
}

// after is the row that the page follows, "" for the first page.
func (l Listing) after() (string, error) {
	if l.Cursor == "" {
		return "", nil
	}
	b, err := base64.RawURLEncoding.DecodeString(l.Cursor)
	id, ok := strings.CutPrefix(string(b), cursorMark)
	if err != nil || !ok || id == "" {
		return "", baqylau.E(baqylau.Invalid, "api.error.cursor").On("cursor")
	}
	return id, nil
}

// filter gathers conditions.
type filter struct {
	few  list.Found // rows to begin with, where the reader sees few; see list.Counts.Few
	sql  string
	args []any
}

func (f *filter) and(cond string, args ...any) {
	if f.sql != "" {
		f.sql += " AND "
	}
	f.sql += cond
	f.args = append(f.args, args...)
}

// when adds a condition for a parameter that was given.
func (f *filter) when(value, cond string) {
	if value != "" {
		f.and(cond, value)
	}
}

// rows reads one page of columns, newest first: identifiers are ordered by time (UUIDv7), so the identifier is the cursor.
func rows[T any](ctx context.Context, db bun.IDB, columns, from, id string, f filter, l Listing, scan func(scan func(dest ...any) error) (T, error), idOf func(T) string) (_ Page[T], err error) {
	p := Page[T]{Items: []T{}}
	after, err := l.after()
	if err != nil {
		return p, err
	}
	f.when(after, id+" < ?")
	if f.few.Narrow {
		f.and("few.id = " + id)
	}
	rs, err := db.QueryContext(ctx, "SELECT "+columns+" FROM "+f.few.SQL+from+" WHERE "+f.sql+" ORDER BY "+id+" DESC LIMIT ?", append(slices.Concat(f.few.Args, f.args), l.Limit+1)...)
	if err != nil {
		return p, err
	}
	defer func() { err = errors.Join(err, rs.Close()) }()
	for rs.Next() {
		if len(p.Items) == l.Limit {
			p.Next = cursorOf(idOf(p.Items[l.Limit-1]))
			break
		}
		row, err := scan(rs.Scan)
		if err != nil {
			return p, err
		}
		p.Items = append(p.Items, row)
	}
	return p, rs.Err()
}

// ids reads one page of identifiers, for rows that a room's own reader completes.
func ids(ctx context.Context, db bun.IDB, from, id string, f filter, l Listing) (Page[string], error) {
	return rows(ctx, db, id, from, id, f, l, func(scan func(...any) error) (s string, err error) { return s, scan(&s) }, func(s string) string { return s })
}

// each completes a page of identifiers. A row that went away meanwhile is left out.
func each[T any](p Page[string], read func(id string) (T, error)) (Page[T], error) {
	out := Page[T]{Items: make([]T, 0, len(p.Items)), Next: p.Next}
	for _, id := range p.Items {
		row, err := read(id)
		if baqylau.CodeOf(err) == baqylau.NotFound {
			continue
		}
		if err != nil {
			return out, err
		}
		out.Items = append(out.Items, row)
	}
	return out, nil
}

// cut takes one page of a list in memory.
func cut[S, T any](list []S, l Listing, id func(S) string, show func(S) T) (Page[T], error) {
	p := Page[T]{Items: []T{}}
	after, err := l.after()
	if err != nil {
		return p, err
	}
	begun := after == ""
	for i, v := range list {
		if !begun {
			begun = id(v) == after
			continue
		}
		if len(p.Items) == l.Limit {
			p.Next = cursorOf(id(list[i-1]))
			break
		}
		p.Items = append(p.Items, show(v))
	}
	if !begun { // the row is gone, or the filter is another one
		return p, baqylau.E(baqylau.Invalid, "api.error.cursor").On("cursor")
	}
	return p, nil
}
