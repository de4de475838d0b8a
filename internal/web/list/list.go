// Package list is the one list page of the product: filters, search, sorting, cursor paging, saved views and export over one SQL
// query. A room declares a Spec; the row scope of the policy is part of it, so that a list, its count and its export can never
// show more than the page.
package list

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/ui"
	"github.com/uptrace/bun"
)

// PageSize is the number of rows on a page.
const PageSize = 50

// Spec declares a list of rows of type T.
type Spec[T any] struct {
	Name   string                                    // names saved views and exported files
	Path   string                                    // address of the page
	Room   string                                    // navigation entry
	Title  string                                    // catalogue key
	Select string                                    // SQL columns that Scan reads
	Args   []any                                     // of the placeholders in Select
	From   string                                    // SQL tables with aliases
	ID     string                                    // unique SQL column that breaks ties and names a row
	Where  func(c *web.Ctx) (sql string, args []any) // row scope and what is always left out
	// Few is a query of the identifiers of all rows that the row scope can let the reader see, where an index leads to them: no SQL for who sees everything.
	// It only says where to begin; Where decides. It may be nil.
	Few     func(c *web.Ctx) Found
	Columns []Column[T]
	Filters []Filter
	Search  Search
	Default string                   // sort key; "-" in front for descending
	Scan    func(row Row) (T, error) // reads the columns of Select in order
	// Fill reads what else the rows need, for many at once; it may be nil.
	Fill   func(c *web.Ctx, db bun.IDB, rows []T) error
	RowID  func(T) string
	States func(T) []ui.RowState
	Bulk   func(c *web.Ctx) *ui.Bulk
	Act    func(c *web.Ctx) templ.Component          // main act of the page
	Above  func(c *web.Ctx) (templ.Component, error) // between head and list; may be nil
	Empty  func(c *web.Ctx) ui.Empty
	Export bool // offers CSV and XLSX
	Kind   ui.Kind

	// Counts is what a room remembers of its long lists where it builds them anew for each request; nil: the list remembers itself.
	Counts *Counts

	own Counts
}

func (s *Spec[T]) counts() *Counts {
	if s.Counts != nil {
		return s.Counts
	}
	return &s.own
}

// Column is one column of the page and of the export.
type Column[T any] struct {
	Key   string // sort key and export column; unique
	Label string // catalogue key
	Sort  string // SQL expression, never NULL and no truth value; it orders as the cell reads
	// Spelled instead of Sort is what the cell says, by which the reader's dictionary orders: names and words in the reader's language. All rows are read for it, so it is for lists of
	// a few thousand; it may use nothing that Fill reads. With neither the column cannot be sorted.
	Spelled func(ctx context.Context, row T) string
	Number  bool
	NoWrap  bool
	Main    bool
	Bare    bool
	Minor   bool
	Cell    func(ctx context.Context, row T) templ.Component // nil keeps the column off the page, for exports only
	Text    func(ctx context.Context, row T) string          // exported value; nil leaves the column out of exports
}

func (c *Column[T]) sorts() bool { return c.Sort != "" || c.Spelled != nil }

// Filter narrows the list by a query parameter.
type Filter struct {
	Name    string                       // query parameter
	Label   string                       // catalogue key
	Options func(c *web.Ctx) []ui.Option // without the empty one; nil for a date
	SQL     string                       // condition with one ?
	Narrow  bool                         // an index leads to the few rows that fulfil it
	// Find makes the condition instead of SQL, where it depends on how many rows fulfil it.
	Find func(c *web.Ctx, db bun.IDB, value string) (Found, error)
	// Map turns the parameter into the SQL argument; nil passes it on as it is. ok is false for a value that is not offered.
	Map func(value string) (arg any, ok bool)
	// Shown is what the chip of a filter without options says; nil says the value.
	Shown func(c *web.Ctx, value string) string
}

// Search is the search field.
type Search struct {
	Label string // catalogue key
	SQL   string // condition with one or more ?, each given the folded LIKE pattern
	// Find makes the condition instead, where the rows are too many to be read one by one.
	Find func(c *web.Ctx, db bun.IDB, q string) (Found, error)
}

// Found is the condition of a search or a filter.
type Found struct {
	SQL    string
	Args   []any
	Narrow bool // an index leads to the few rows that fulfil it
	Few    bool // and they are so few that they are counted while they are sorted
}

// Request is what a visitor asked of a list.
type Request struct {
	q      url.Values
	sort   string
	desc   bool
	cursor cursor
	back   bool // page before the cursor
}

type cursor struct {
	Value any    `json:"v"`
	ID    string `json:"i"`
}

func (s *Spec[T]) request(c *web.Ctx) Request {
	q := c.R.URL.Query()
	sort := q.Get("sort")
	key := strings.TrimPrefix(sort, "-")
	if col := s.column(key); col == nil || !col.sorts() {
		sort = s.Default
		key = strings.TrimPrefix(sort, "-")
	}
	r := Request{q: q, sort: key, desc: strings.HasPrefix(sort, "-")}
	for _, p := range []struct {
		name string
		back bool
	}{{"after", false}, {"before", true}} {
		if b, err := base64.RawURLEncoding.DecodeString(q.Get(p.name)); err == nil && len(b) > 0 {
			if json.Unmarshal(b, &r.cursor) != nil || !r.cursor.ours() || s.column(r.sort).Spelled != nil && !r.cursor.isText() {
				r.cursor = cursor{}
			} else {
				r.back = p.back
			}
		}
	}
	return r
}

// ours reports whether a list can have written a cursor.
func (m cursor) ours() bool {
	text, _ := m.Value.(string)
	_, isNumber := m.Value.(float64)
	return m.ID != "" && (m.isText() || isNumber) && !strings.Contains(m.ID+text, "\x00")
}

// isText reports whether the cursor stands in an order of texts.
func (m cursor) isText() bool { _, ok := m.Value.(string); return ok }

func (s *Spec[T]) column(key string) *Column[T] {
	i := slices.IndexFunc(s.Columns, func(c Column[T]) bool { return c.Key == key })
	if i < 0 {
		return nil
	}
	return &s.Columns[i]
}

func (m cursor) encode() string {
	b, _ := json.Marshal(m) // a string or a number always marshals
	return base64.RawURLEncoding.EncodeToString(b)
}

// address is the list's address with parameters changed; empty values are dropped.
func (s *Spec[T]) address(r Request, set map[string]string) string {
	q := url.Values{}
	for k, v := range r.q {
		if k != "lang" && len(v) > 0 && v[0] != "" {
			q.Set(k, v[0])
		}
	}
	for k, v := range set {
		if q.Del(k); v != "" {
			q.Set(k, v)
		}
	}
	if len(q) == 0 {
		return s.Path
	}
	return s.Path + "?" + q.Encode()
}
