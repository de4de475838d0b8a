package release

import (
	"context"
	"iter"

	"github.com/a-h/templ"
	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/export"
	"github.com/baqylau/baqylau/internal/web/list"
	"github.com/baqylau/baqylau/internal/web/ui"
)

const room = "/releases"

// Routes registers the pages of the ledger.
func Routes(rt *web.Router, s *Service) {
	rt.Handle("GET "+room, access.ReleaseRun, s.list().Handler(s.W))
	rt.Handle("GET "+room+"/{id}", access.ReleaseRun, s.page)
}

func (s *Service) list() *list.Spec[*Entry] {
	return &list.Spec[*Entry]{
		Name: "releases", Path: room, Room: room, Title: "release.title", Select: selected + ", COALESCE(a.name, '')", From: "disclosure_release r LEFT JOIN account a ON a.id = r.account_id", ID: "r.id", Default: "-recorded",
		Where:  func(*web.Ctx) (string, []any) { return "r.id <> ''", nil },
		Scan:   func(row list.Row) (*Entry, error) { return scanNamed(row) },
		RowID:  func(e *Entry) string { return e.ID },
		Search: list.Search{Label: "release.search", SQL: "LOWER(r.title) LIKE ?"},
		Empty:  func(c *web.Ctx) ui.Empty { return ui.Empty{Title: c.T("release.none"), Text: c.T("release.none.text")} },
		Columns: []list.Column[*Entry]{
			{Key: "title", Label: "release.what", Sort: "r.title", Main: true, Cell: func(_ context.Context, e *Entry) templ.Component { return ui.Link(room+"/"+e.ID, e.Title, e.Dataset) }},
			{Key: "recorded", Label: "release.when", Sort: "r.recorded_at", NoWrap: true, Cell: func(ctx context.Context, e *Entry) templ.Component {
				return ui.Moment(e.Recorded.Format("2006-01-02T15:04:05Z07:00"), locale.DateTime(ctx, e.Recorded))
			}},
			{Key: "by", Label: "release.by", Minor: true, Cell: func(ctx context.Context, e *Entry) templ.Component {
				if e.AccountID == access.TheSystem().ID {
					return ui.Text(locale.T(ctx, "admin.audit.system"))
				}
				return ui.Text(e.AccountID)
			}},
			{Key: "hidden", Label: "release.hidden", Number: true, Cell: func(ctx context.Context, e *Entry) templ.Component {
				return ui.Text(locale.Int(ctx, e.hidden()) + " / " + locale.Int(ctx, len(e.Shown.Cells)))
			}},
		},
	}
}

// scanNamed reads a line of the list, with the name of who released it in the place of the account.
func scanNamed(row list.Row) (*Entry, error) {
	var name string
	e, err := scan(rowWith{row, &name})
	if name != "" {
		e.AccountID = name
	}
	return &e, err
}

type rowWith struct {
	row list.Row
	to  *string
}

// Scan reads the columns of scan and one more.
func (r rowWith) Scan(to ...any) error { return r.row.Scan(append(to, r.to)...) }

func (e *Entry) hidden() (n int) {
	for _, c := range e.Shown.Cells {
		if c.N == nil {
			n++
		}
	}
	return n
}

// mostListed is how many cells a page shows; the files have all.
const mostListed = 500

func (s *Service) page(c *web.Ctx) error {
	e, err := s.Get(c.Context(), c.Actor, c.Path("id"))
	if err != nil {
		return err
	}
	if f := c.Query("format"); f == "csv" || f == "xlsx" {
		return s.download(c, &e, f)
	}
	t := ui.Table{ID: "release", Caption: e.Title, Empty: ui.Empty{Title: c.T("release.none")}}
	for i, d := range e.Shown.Dimensions {
		t.Columns = append(t.Columns, ui.Column{Label: d, Main: i == 0})
	}
	t.Columns = append(t.Columns, ui.Column{Label: c.T("release.count"), Number: true})
	for _, cell := range e.Shown.Cells[:min(len(e.Shown.Cells), mostListed)] {
		var row ui.Row
		for _, code := range cell.Key {
			row.Cells = append(row.Cells, ui.Text(code))
		}
		n := c.T("release.cell_hidden")
		if cell.N != nil {
			n = locale.Int(c.Context(), *cell.N)
		}
		row.Cells = append(row.Cells, ui.Text(n))
		t.Rows = append(t.Rows, row)
	}
	head := ui.Head{Title: e.Title, Sub: []string{e.Dataset, locale.DateTime(c.Context(), e.Recorded)}}
	return c.Render(web.Page{Title: e.Title, Room: room, Body: entryPage(head, t, room+"/"+e.ID)})
}

// download writes what left, once more; the journal knows.
func (s *Service) download(c *web.Ctx, e *Entry, format string) error {
	err := s.W.Do(c.Context(), c.Actor, access.ReleaseRun, func(_ context.Context, tx *change.Tx) error {
		tx.Subject("export", "release", c.Actor.OrgID, map[string]any{"release": e.ID, "format": format, "rows": len(e.Shown.Cells)})
		return nil
	})
	if err != nil {
		return err
	}
	all := iter.Seq2[[]any, error](func(yield func([]any, error) bool) {
		for _, cell := range e.Shown.Cells {
			var row []any
			for _, code := range cell.Key {
				row = append(row, code)
			}
			if cell.N != nil {
				row = append(row, *cell.N)
			} else {
				row = append(row, "suppressed")
			}
			if !yield(row, nil) {
				return
			}
		}
	})
	header := append(append([]string{}, e.Shown.Dimensions...), "count")
	name := "release-" + e.ID[max(0, len(e.ID)-8):] + "." + format
	foreign := c.Lang() != baqylau.English
	if format == "xlsx" {
		c.Download("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", name)
		_, err = export.XLSX(c.Context(), c.W, e.Title, header, all)
	} else {
		c.Download("text/csv; charset=utf-8", name)
		_, err = export.CSV(c.Context(), c.W, header, all, export.Options{BOM: true, Semicolon: foreign, DecimalComma: foreign})
	}
	if err != nil {
		c.Abort(err)
	}
	return nil
}
