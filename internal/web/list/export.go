package list

import (
	"context"
	"iter"
	"net/http"
	"strconv"

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
	all, err := s.where(c, w.DB.Read, r)
	if err != nil {
		return err
	}
	if format == "xlsx" {
		if err := s.fits(c, w.DB.Read, all); err != nil {
			return err
		}
	}
	err = w.Do(c.Context(), c.Actor, access.ExportRun, func(_ context.Context, tx *change.Tx) error {
		tx.Subject("export", s.Name, c.Actor.OrgID, map[string]any{"format": format, "query": strip(r.q).Encode() != ""})
		return nil
	})
	if err != nil {
		return err
	}
	name := s.Name + "-" + change.Today(c.Now()).String() + "." + format
	cols, head := s.exported(c)
	rows := s.rows(c, w, all, r, cols)
	c.W = &begun{ResponseWriter: c.W}
	if format == "csv" {
		c.Download("text/csv; charset=utf-8", name)
		_, err = export.CSV(c.Context(), c.W, head, rows, export.Options{BOM: true, Semicolon: c.Lang() != baqylau.English, DecimalComma: c.Lang() != baqylau.English})
	} else {
		c.Download("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", name)
		_, err = export.XLSX(c.Context(), c.W, c.T(s.Title), head, rows)
	}
	if err != nil && c.W.(*begun).yes {
		c.Abort(err)
	}
	return err
}

// begun knows whether something of an answer is on its way.
type begun struct {
	http.ResponseWriter
	yes bool
}

func (b *begun) Write(p []byte) (int, error) {
	b.yes = true
	return b.ResponseWriter.Write(p)
}

// fits refuses a list with more rows than a sheet has: once the file is on its way nobody can be told. Only a list that goes past the bound of counting is counted.
func (s *Spec[T]) fits(c *web.Ctx, db bun.IDB, all condition) error {
	var res Result[T]
	if err := s.count(c.Context(), db, all, &res); err != nil || !res.Capped {
		return err
	}
	from := all.whole()
	var n int
	err := db.NewRaw("SELECT count(*) FROM (SELECT 1 AS one FROM "+from.SQL+" LIMIT "+strconv.Itoa(export.MaxRows+1)+") n", from.Args...).Scan(c.Context(), &n)
	if err == nil && n > export.MaxRows {
		err = export.TooLong()
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

// rows yields every row of the list in the order of the page; an error ends the sequence. The line is overwritten by the next one.
func (s *Spec[T]) rows(c *web.Ctx, w *change.Writer, all condition, r Request, cols []Column[T]) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		line := make([]any, len(cols))
		for row, err := range s.ahead(c, w.DB.Read, all, r) {
			if err != nil {
				yield(nil, err)
				return
			}
			for i, col := range cols {
				line[i] = col.Text(c.Context(), row)
			}
			if !yield(line, nil) {
				return
			}
		}
	}
}
