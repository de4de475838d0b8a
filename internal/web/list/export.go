package list

import (
	"context"
	"iter"
	"slices"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/export"
	"github.com/uptrace/bun"
)

// Handler serves the page and, with ?format=csv or xlsx, its export: the same rows under the same scope, in the order of the page,
// as an audited act.
func (s *Spec[T]) Handler(w *change.Writer) web.Handler {
	return func(c *web.Ctx) error {
		if f := c.Query("format"); s.Export && (f == "csv" || f == "xlsx") {
			return s.export(c, w, f)
		}
		return s.Serve(c, w.DB.Read)
	}
}

func (s *Spec[T]) export(c *web.Ctx, w *change.Writer, format string) error {
	r := s.request(c)
	err := w.Do(c.Context(), c.Actor, access.ExportRun, func(_ context.Context, tx *change.Tx) error {
		tx.Subject("export", s.Name, c.Actor.OrgID, map[string]any{"format": format, "query": strip(r.q).Encode() != ""})
		return nil
	})
	if err != nil {
		return err
	}
	name := s.Name + "-" + change.Today(c.Now()).String() + "." + format
	cols, head := s.exported(c)
	rows := s.rows(c, w, r, cols)
	if format == "csv" {
		c.Download("text/csv; charset=utf-8", name)
		_, err = export.CSV(c.Context(), c.W, head, rows, export.Options{BOM: true, Semicolon: c.Lang() != baqylau.English, DecimalComma: c.Lang() != baqylau.English})
	} else {
		c.Download("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", name)
		_, err = export.XLSX(c.Context(), c.W, c.T(s.Title), head, rows)
	}
	return err
}

// exported lists the columns of an export and their heads.
func (s *Spec[T]) exported(c *web.Ctx) (cols []Column[T], head []string) {
	for _, col := range s.Columns {
		if col.Text != nil {
			cols = append(cols, col)
			head = append(head, c.T(col.Label))
		}
	}
	return cols, head
}

// filledAtOnce is how many rows of an export are read and filled at once.
const filledAtOnce = 1000

// rows yields every row of the list in the order of the page; an error ends the sequence.
func (s *Spec[T]) rows(c *web.Ctx, w *change.Writer, r Request, cols []Column[T]) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		conditions, err := s.where(c, w.DB.Read, r)
		if err != nil {
			yield(nil, err)
			return
		}
		tell := func(row T) bool {
			line := make([]any, len(cols))
			for i, col := range cols {
				line[i] = col.Text(c.Context(), row)
			}
			return yield(line, nil)
		}
		if s.Fill == nil {
			err = s.stream(c, w.DB.Read, conditions, r, tell)
		} else {
			err = s.chunks(c, w.DB.Read, conditions, r, tell)
		}
		if err != nil {
			yield(nil, err)
		}
	}
}

// stream passes on the rows of one query.
func (s *Spec[T]) stream(c *web.Ctx, db bun.IDB, all condition, r Request, tell func(T) bool) error {
	where, args := all.whole()
	expr, dir := s.column(r.sort).Sort, " ASC"
	if r.desc {
		dir = " DESC"
	}
	rows, err := db.QueryContext(c.Context(), "SELECT "+expr+", "+s.ID+", "+s.Select+" FROM "+s.From+" WHERE "+where+" ORDER BY "+expr+dir+", "+s.ID+dir, slices.Concat(s.Args, args)...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var value any
		var id string
		row, err := s.scan(rows, &value, &id)
		if err != nil {
			return err
		}
		if !tell(row) {
			return nil
		}
	}
	return rows.Err()
}

// chunks passes on rows that want to be filled. It holds no connection while it waits for another: eight such exports would wait for each other for ever.
func (s *Spec[T]) chunks(c *web.Ctx, db bun.IDB, all condition, r Request, tell func(T) bool) error {
	where, args := all.whole()
	r.cursor, r.back = cursor{}, false
	for {
		list, marks, err := s.chunk(c.Context(), db, where, args, r, filledAtOnce)
		if err != nil {
			return err
		}
		if err := s.Fill(c, db, list); err != nil {
			return err
		}
		for _, row := range list {
			if !tell(row) {
				return nil
			}
		}
		if len(list) < filledAtOnce {
			return nil
		}
		r.cursor = marks[len(marks)-1]
	}
}
