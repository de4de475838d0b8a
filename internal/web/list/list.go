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
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/ui"
	"github.com/uptrace/bun"
)

// PageSize is the number of rows on a page.
const PageSize = 50

// countLimit bounds the count of matching rows; beyond it the page says "more than".
const countLimit = 10_000

// Spec declares a list of rows of type T.
type Spec[T any] struct {
	Name    string                                    // names saved views and exported files
	Path    string                                    // address of the page
	Room    string                                    // navigation entry
	Title   string                                    // catalogue key
	Select  string                                    // SQL columns that Scan reads
	Args    []any                                     // of the placeholders in Select
	From    string                                    // SQL tables with aliases
	ID      string                                    // unique SQL column that breaks ties and names a row
	Where   func(c *web.Ctx) (sql string, args []any) // row scope and what is always left out
	Columns []Column[T]
	Filters []Filter
	Search  Search
	Default string                   // sort key; "-" in front for descending
	Scan    func(row Row) (T, error) // reads the columns of Select in order
	RowID   func(T) string
	States  func(T) []ui.RowState
	Bulk    func(c *web.Ctx) *ui.Bulk
	Act     func(c *web.Ctx) templ.Component // main act of the page
	Above   func(c *web.Ctx) templ.Component // between head and list; may be nil
	Empty   func(c *web.Ctx) ui.Empty
	Export  bool // offers CSV and XLSX
	Kind    ui.Kind
}

// Column is one column of the page and of the export.
type Column[T any] struct {
	Key    string // sort key and export column; unique
	Label  string // catalogue key
	Sort   string // SQL expression, never NULL; "" cannot be sorted
	Number bool
	NoWrap bool
	Main   bool
	Bare   bool
	Minor  bool
	Cell   func(ctx context.Context, row T) templ.Component // nil keeps the column off the page, for exports only
	Text   func(ctx context.Context, row T) string          // exported value; nil leaves the column out of exports
}

// Filter narrows the list by a query parameter.
type Filter struct {
	Name    string                       // query parameter
	Label   string                       // catalogue key
	Options func(c *web.Ctx) []ui.Option // without the empty one; nil for a date
	SQL     string                       // condition with one ?
	// Map turns the parameter into the SQL argument; nil passes it on as it is. ok is false for a value that is not offered.
	Map func(value string) (arg any, ok bool)
	// Shown is what the chip of a filter without options says; nil says the value.
	Shown func(c *web.Ctx, value string) string
}

// Search is the search field.
type Search struct {
	Label string // catalogue key
	SQL   string // condition with one or more ?, each given the folded LIKE pattern
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
	if s.column(key) == nil || s.column(key).Sort == "" {
		sort = s.Default
		key = strings.TrimPrefix(sort, "-")
	}
	r := Request{q: q, sort: key, desc: strings.HasPrefix(sort, "-")}
	for _, p := range []struct {
		name string
		back bool
	}{{"after", false}, {"before", true}} {
		if b, err := base64.RawURLEncoding.DecodeString(q.Get(p.name)); err == nil && len(b) > 0 {
			if json.Unmarshal(b, &r.cursor) != nil || !r.cursor.ours() {
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
	text, isText := m.Value.(string)
	_, isNumber := m.Value.(float64)
	return m.ID != "" && (isText || isNumber) && !strings.Contains(m.ID+text, "\x00")
}

func (s *Spec[T]) column(key string) *Column[T] {
	i := slices.IndexFunc(s.Columns, func(c Column[T]) bool { return c.Key == key })
	if i < 0 {
		return nil
	}
	return &s.Columns[i]
}

// where gathers row scope, filters and search.
func (s *Spec[T]) where(c *web.Ctx, r Request) (string, []any) {
	sql, args := s.Where(c)
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
		sql += " AND (" + f.SQL + ")"
		for range strings.Count(f.SQL, "?") {
			args = append(args, arg)
		}
	}
	if q := strings.TrimSpace(r.q.Get("q")); q != "" && s.Search.SQL != "" {
		sql += " AND (" + s.Search.SQL + ")"
		for range strings.Count(s.Search.SQL, "?") {
			args = append(args, Pattern(q))
		}
	}
	return sql, args
}

// Pattern is the LIKE pattern that finds the folded text q anywhere; % and _ typed by a person are ordinary characters, for which the
// SQL needs ESCAPE '\'.
func Pattern(q string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(locale.Fold(q)) + "%"
}

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
	where, args := s.where(c, r)
	ctx := c.Context()
	res = &Result[T]{request: r}
	if err := db.NewRaw("SELECT count(*) FROM (SELECT 1 FROM "+s.From+" WHERE "+where+" LIMIT "+strconv.Itoa(countLimit+1)+") AS n", args...).Scan(ctx, &res.Count); err != nil {
		return nil, err
	}
	if res.Count > countLimit {
		res.Count, res.Capped = countLimit, true
	}
	expr := s.column(r.sort).Sort
	desc := r.desc != r.back
	page := where
	if r.cursor.ID != "" {
		op := ">"
		if desc {
			op = "<"
		}
		page += " AND (" + expr + " " + op + " ? OR (" + expr + " = ? AND " + s.ID + " " + op + " ?))"
		args = append(slices.Clip(args), r.cursor.Value, r.cursor.Value, r.cursor.ID)
	}
	dir := " ASC"
	if desc {
		dir = " DESC"
	}
	rows, err := db.QueryContext(ctx, "SELECT "+expr+", "+s.ID+", "+s.Select+" FROM "+s.From+" WHERE "+page+" ORDER BY "+expr+dir+", "+s.ID+dir+" LIMIT "+strconv.Itoa(PageSize+1), slices.Concat(s.Args, args)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var marks []cursor
	for rows.Next() {
		var m cursor
		row, err := s.scan(rows, &m.Value, &m.ID)
		if err != nil {
			return nil, err
		}
		if b, ok := m.Value.([]byte); ok {
			m.Value = string(b)
		}
		marks = append(marks, m)
		res.Rows = append(res.Rows, row)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	more := len(res.Rows) > PageSize
	if more {
		res.Rows, marks = res.Rows[:PageSize], marks[:PageSize]
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
