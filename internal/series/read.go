package series

import (
	"context"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/uptrace/bun"
)

// Query asks for weekly counts. Empty Region means the whole country, empty Kind every kind (each occurrence once).
type Query struct {
	Country  string
	Region   string
	Subject  Subject
	Kind     string
	From, To baqylau.Week
	AsOf     baqylau.Date // zero: everything known
}

// Point is the count of one week.
type Point struct {
	Week baqylau.Week `json:"week"`
	N    int          `json:"n"`
}

func (q Query) where() (string, []any) {
	sql := Revealed + " AND dim = ? AND dim_id = ?"
	args := []any{string(q.Subject.Dim), q.Subject.ID}
	and := func(cond string, v any) { sql, args = sql+" AND "+cond, append(args, v) }
	if q.Country != "" {
		and("country = ?", q.Country)
	}
	if q.Region != "" {
		and("region = ?", q.Region)
	}
	if q.Kind != "" {
		and("kind = ?", q.Kind)
	}
	if q.From != 0 {
		and("week >= ?", int(q.From))
	}
	if q.To != 0 {
		and("week <= ?", int(q.To))
	}
	if !q.AsOf.IsZero() {
		and("known_on <= ?", q.AsOf.String())
	}
	return sql, args
}

// Weekly returns one point per week from q.From to q.To, zeros included. With From or To zero it spans the weeks that have data.
func Weekly(ctx context.Context, db bun.IDB, q Query) (_ []Point, err error) {
	defer baqylau.Wrap(&err, "series.Weekly(%s %s)", q.Subject.Dim, q.Subject.ID)
	where, args := q.where()
	rows, err := db.QueryContext(ctx, "SELECT week, SUM(n) FROM series_cell WHERE "+where+" GROUP BY week HAVING SUM(n) <> 0 ORDER BY week", args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var sparse []Point
	for rows.Next() {
		var p Point
		if err := rows.Scan(&p.Week, &p.N); err != nil {
			return nil, err
		}
		sparse = append(sparse, p)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	from, to := q.From, q.To
	if from == 0 && len(sparse) > 0 {
		from = sparse[0].Week
	}
	if to == 0 && len(sparse) > 0 {
		to = sparse[len(sparse)-1].Week
	}
	if from == 0 || to < from {
		return nil, nil
	}
	out := make([]Point, to-from+1)
	for i := range out {
		out[i].Week = from + baqylau.Week(i)
	}
	for _, p := range sparse {
		out[p.Week-from].N = p.N
	}
	return out, nil
}

// Span is the first and the last week in which something was counted of a subject; 0, 0 when nothing was. A week whose counts were all taken back may be one of them.
func Span(ctx context.Context, db bun.IDB, q Query) (first, last baqylau.Week, err error) {
	defer baqylau.Wrap(&err, "series.Span(%s %s)", q.Subject.Dim, q.Subject.ID)
	where, args := q.where()
	err = db.NewRaw("SELECT COALESCE((SELECT week FROM series_cell WHERE "+where+" ORDER BY week LIMIT 1), 0), COALESCE((SELECT week FROM series_cell WHERE "+where+" ORDER BY week DESC LIMIT 1), 0)",
		append(args, args...)...).Scan(ctx, &first, &last)
	return first, last, err
}

// Place is where a subject was counted: a region's code, "" for what is known for the country only.
type Place struct {
	First baqylau.Week // the first week with a count
	N     int          // occurrences in all
}

// Places returns where q's subject was counted, by region. q.Region is ignored.
func Places(ctx context.Context, db bun.IDB, q Query) (_ map[string]Place, err error) {
	defer baqylau.Wrap(&err, "series.Places(%s %s)", q.Subject.Dim, q.Subject.ID)
	q.Region = ""
	where, args := q.where()
	rows, err := db.QueryContext(ctx, "SELECT region, week, SUM(n) FROM series_cell WHERE "+where+" GROUP BY region, week HAVING SUM(n) > 0 ORDER BY week", args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]Place{}
	for rows.Next() {
		var region string
		var week baqylau.Week
		var n int
		if err := rows.Scan(&region, &week, &n); err != nil {
			return nil, err
		}
		p, seen := out[region]
		if !seen {
			p.First = week
		}
		p.N += n
		out[region] = p
	}
	return out, rows.Err()
}

// ByRegion returns the count of q per region code; the region "" is what is known for the country only. q.Region is ignored.
func ByRegion(ctx context.Context, db bun.IDB, q Query) (map[string]int, error) {
	q.Region = ""
	return grouped(ctx, db, q, "region")
}

func grouped(ctx context.Context, db bun.IDB, q Query, column string) (_ map[string]int, err error) {
	defer baqylau.Wrap(&err, "series.grouped(%s)", column)
	where, args := q.where()
	return scanCounts(ctx, db, "SELECT "+column+", SUM(n) FROM series_cell WHERE "+where+" GROUP BY "+column+" HAVING SUM(n) <> 0", args)
}

// BySubject returns the counts of every substance or family within q's place, weeks and knowledge. q.Subject.ID is ignored.
func BySubject(ctx context.Context, db bun.IDB, q Query) (_ map[string]int, err error) {
	defer baqylau.Wrap(&err, "series.BySubject(%s)", q.Subject.Dim)
	where, args := q.where()
	where = strings.Replace(where, "dim = ? AND dim_id = ?", "subject = s.no", 1)
	// Subject by subject, as the index is ordered: a year of a dimension is then read without the years before it.
	return scanCounts(ctx, db, "SELECT s.dim_id, COALESCE((SELECT SUM(n) FROM series_delta WHERE "+where+"), 0) FROM series_subject s WHERE s.dim = ?",
		append(args[2:len(args):len(args)], args[0]))
}

func scanCounts(ctx context.Context, db bun.IDB, sql string, args []any) (map[string]int, error) {
	rows, err := db.QueryContext(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	m := map[string]int{}
	for rows.Next() {
		var k string
		var n int
		if err := rows.Scan(&k, &n); err != nil {
			return nil, err
		}
		if n != 0 { // asked of the engine, PostgreSQL would sum twice
			m[k] = n
		}
	}
	return m, rows.Err()
}
