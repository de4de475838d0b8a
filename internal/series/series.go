// Package series keeps the weekly counts of occurrences by substance, family, region and kind as an append-only list of deltas,
// moved in the transaction that writes the facts. Because every delta carries known_on, any count can be answered as of any past day;
// undo and corrections append negatives and never rewrite.
package series

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/uptrace/bun"
)

// Dim is what a count is about.
type Dim string

// The dimensions. Total counts occurrences whatever was found.
const (
	Substance Dim = "substance"
	Family    Dim = "family"
	Total     Dim = "total"
)

// Overlap is the kind of the negative deltas that make the sum over all kinds count an occurrence once, although several kinds of
// report describe it: an occurrence with k kinds has k deltas of +1 and one overlap of -(k-1).
const Overlap = "overlap"

// Key is one cell: where, what, which kind of report, which week.
type Key struct {
	Country, Region string
	Dim             Dim
	ID              string // substance id or family code; "" for Total
	Kind            string // kind of report or Overlap
	Week            baqylau.Week
}

// Cells maps cells to counts: what one occurrence contributes, or the change of many.
type Cells map[Key]int

// Minus returns the change from old to c.
func (c Cells) Minus(old Cells) Cells {
	d := Cells{}
	for k, n := range c {
		d[k] += n
	}
	for k, n := range old {
		d[k] -= n
	}
	return d
}

// sorted lists the cells that are not zero subject by subject, as the table's index has them, so that the many rows of an import land beside each other.
func (c Cells) sorted() []Key {
	keys := make([]Key, 0, len(c))
	for k, n := range c {
		if n != 0 {
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, func(a, b Key) int {
		return cmp.Or(cmp.Compare(a.Dim, b.Dim), cmp.Compare(a.ID, b.ID), cmp.Compare(a.Country, b.Country), cmp.Compare(a.Week, b.Week), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Region, b.Region))
	})
	return keys
}

// Occurrence is what a count needs to know of one occurrence: the kinds of its reports and, per subject, the kinds that found it.
type Occurrence struct {
	Country, Region string
	Week            baqylau.Week
	Kinds           map[string]bool
	Found           map[Subject]map[string]bool // subject -> kinds of report that found it
}

// Subject is a substance or a family.
type Subject struct {
	Dim Dim
	ID  string
}

// Cells is what the occurrence contributes: one per subject and kind, less the overlaps.
func (o Occurrence) Cells() Cells {
	c := Cells{}
	add := func(s Subject, kinds map[string]bool) {
		for k := range kinds {
			c[Key{o.Country, o.Region, s.Dim, s.ID, k, o.Week}]++
		}
		if n := len(kinds); n > 1 {
			c[Key{o.Country, o.Region, s.Dim, s.ID, Overlap, o.Week}] -= n - 1
		}
	}
	if len(o.Kinds) > 0 {
		add(Subject{Total, ""}, o.Kinds)
	}
	for s, kinds := range o.Found {
		add(s, kinds)
	}
	return c
}

// Change is a set of deltas that became known on one day. Those of an import carry its number and are seen once it is applied.
type Change struct {
	Known baqylau.Date
	Batch int64 // 0: no import
	Cells Cells
	keys  []Key // of Cells, in their order, when they are known
}

// Sorted is ch with its cells in order, which Append would do otherwise: an import has it done while others write.
func (ch Change) Sorted() Change {
	ch.keys = ch.Cells.sorted()
	return ch
}

// Revealed is the condition under which rows of the series' tables are seen: those of an import that is still being written are not. It is a matter of the
// batch and of nothing else, so that revealing a million rows touches one.
const Revealed = "batch NOT IN (SELECT no FROM batch WHERE state = 'applying')"

var (
	deltaColumns = strings.Fields("subject country region kind week known_on n batch")
	dayColumns   = strings.Fields("country known_on batch deltas negatives")
)

// Append writes changes inside tx. Zero deltas are left out.
func Append(ctx context.Context, tx *store.Tx, changes ...Change) (err error) {
	defer baqylau.Wrap(&err, "series.Append")
	type day struct {
		country, known string
		batch          int64
	}
	no, err := numbers(ctx, tx, changes)
	if err != nil {
		return err
	}
	var most int
	for _, ch := range changes {
		most += len(ch.Cells)
	}
	deltas := make([]any, 0, most*len(deltaColumns))
	var counted []any
	days := map[day][2]int{}
	for _, ch := range changes {
		known := ch.Known.String()
		if ch.keys == nil {
			ch = ch.Sorted()
		}
		for _, k := range ch.keys {
			n := ch.Cells[k]
			deltas = append(deltas, no[Subject{k.Dim, k.ID}], k.Country, k.Region, k.Kind, int64(k.Week), known, int64(n), ch.Batch)
			d := days[day{k.Country, known, ch.Batch}]
			if d[0]++; n < 0 {
				d[1]++
			}
			days[day{k.Country, known, ch.Batch}] = d
		}
	}
	for d, n := range days {
		counted = append(counted, d.country, d.known, d.batch, int64(n[0]), int64(n[1]))
	}
	if err := tx.Insert(ctx, "series_delta", deltaColumns, deltas); err != nil {
		return err
	}
	return tx.Insert(ctx, "series_day", dayColumns, counted)
}

// Extent is the weeks of a country in which the occurrences of an import lie.
type Extent struct {
	Country  string
	From, To baqylau.Week
}

// DropBatch removes the deltas of an import that is not revealed. They have no index of their own: ten a report are written, and hardly an import is cancelled. So they are looked for
// in where; should one lie outside, all deltas are read.
func DropBatch(ctx context.Context, tx bun.IDB, batch int64, where ...Extent) error {
	if batch == 0 {
		return nil
	}
	var left int64
	if err := tx.NewRaw("SELECT CAST(COALESCE(SUM(deltas), 0) AS BIGINT) FROM series_day WHERE batch = ?", batch).Scan(ctx, &left); err != nil {
		return err
	}
	for _, e := range where {
		res, err := tx.NewRaw("DELETE FROM series_delta WHERE subject IN (SELECT no FROM series_subject) AND country = ? AND week BETWEEN ? AND ? AND batch = ?",
			e.Country, int(e.From), int(e.To), batch).Exec(ctx)
		if err != nil {
			return err
		}
		n, err := res.RowsAffected()
		if err != nil {
			return err
		}
		left -= n
	}
	if left != 0 {
		if _, err := tx.NewRaw("DELETE FROM series_delta WHERE batch = ?", batch).Exec(ctx); err != nil {
			return err
		}
	}
	_, err := tx.NewRaw("DELETE FROM series_day WHERE batch = ?", batch).Exec(ctx)
	return err
}

// Corrected tells that what was known of a country before a day counts otherwise since, whether or not a count moved: Mark never is again what it was.
func Corrected(ctx context.Context, tx *store.Tx, country string, day baqylau.Date) error {
	return tx.Insert(ctx, "series_day", dayColumns, []any{country, day.String(), int64(0), int64(1), int64(1)})
}

// Mark changes when deltas known up to day on have come, or corrections of any day.
func Mark(ctx context.Context, db bun.IDB, country string, on baqylau.Date) (n int64, err error) {
	err = db.NewRaw("SELECT CAST(COALESCE(SUM(CASE WHEN known_on <= ? THEN deltas ELSE negatives END), 0) AS BIGINT) FROM series_day WHERE country = ? AND "+Revealed, on.String(), country).Scan(ctx, &n)
	return n, err
}

// LastKnown is the last day on which something became known of a country; the zero date when nothing did.
func LastKnown(ctx context.Context, db bun.IDB, country string) (baqylau.Date, error) {
	var last string
	if err := db.NewRaw("SELECT COALESCE(MAX(known_on),'') FROM series_day WHERE country = ? AND "+Revealed, country).Scan(ctx, &last); err != nil {
		return baqylau.Date{}, err
	}
	d, _, err := baqylau.ParseDate(last)
	return d, err
}

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

// Countries lists the countries that have counts.
func Countries(ctx context.Context, db bun.IDB) ([]string, error) {
	var cs []string
	err := db.NewRaw("SELECT DISTINCT country FROM series_day WHERE "+Revealed+" ORDER BY country").Scan(ctx, &cs)
	return cs, err
}

// Moved is the job that tells the detectors that counts of a country changed. Package signal works it.
type Moved struct {
	Country string `json:"country"`
}

// Kind names the job.
func (Moved) Kind() string { return "series_moved" }

// Week returns the week an occurrence counts in: that of its day or month, and for year-precise or unknown days the week it became known.
func Week(occurred baqylau.Date, p baqylau.Precision, known baqylau.Date) baqylau.Week {
	if occurred.IsZero() || p == baqylau.Year {
		return known.Week()
	}
	return occurred.Week()
}
