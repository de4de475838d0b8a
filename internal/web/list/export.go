package list

import (
	"context"
	"iter"

	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/export"
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
	var failed error
	rows := s.rows(c, w, r, &failed)
	if format == "csv" {
		c.Download("text/csv; charset=utf-8", name)
		err = export.CSV(c.W, rows)
	} else {
		c.Download("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", name)
		err = export.XLSX(c.W, rows)
	}
	if failed != nil {
		return failed
	}
	return err
}

// rows yields the header and then every row of the list; a failure ends the sequence and is left in failed.
func (s *Spec[T]) rows(c *web.Ctx, w *change.Writer, r Request, failed *error) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		var cols []Column[T]
		var head []string
		for _, col := range s.Columns {
			if col.Text != nil {
				cols = append(cols, col)
				head = append(head, c.T(col.Label))
			}
		}
		if !yield(head) {
			return
		}
		where, args := s.where(c, r)
		expr, dir := s.column(r.sort).Sort, " ASC"
		if r.desc {
			dir = " DESC"
		}
		rows, err := w.DB.Read.QueryContext(c.Context(), "SELECT "+expr+", "+s.ID+", "+s.Select+" FROM "+s.From+" WHERE "+where+" ORDER BY "+expr+dir+", "+s.ID+dir, args...)
		if err != nil {
			*failed = err
			return
		}
		defer rows.Close()
		line := make([]string, len(cols))
		for rows.Next() {
			var value any
			var id string
			row, err := s.scan(rows, &value, &id)
			if err != nil {
				*failed = err
				return
			}
			for i, col := range cols {
				line[i] = col.Text(c.Context(), row)
			}
			if !yield(line) {
				return
			}
		}
		*failed = rows.Err()
	}
}
