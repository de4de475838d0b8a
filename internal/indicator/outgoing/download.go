package outgoing

import (
	"context"
	"strconv"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/indicator/outgoing/template"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/export"
)

// Send fills a template whole, as it may leave the centre, in an audited act. Codes: Forbidden, NotFound.
func (s *Service) Send(ctx context.Context, actor access.Actor, a Asked, format string) (o *Obligation, err error) {
	defer baqylau.Wrap(&err, "outgoing.Send(%s, %d)", a.Template, a.Year)
	a.Inside, a.Sheet, a.leaves = false, "", true
	if o, err = s.Fill(ctx, actor, a); err != nil {
		return nil, err
	}
	return o, s.W.Do(ctx, actor, access.ExportRun, func(_ context.Context, tx *change.Tx) error {
		tx.Subject("export", "outgoing", actor.OrgID, map[string]any{"format": format, "template": o.Template.Code, "version": o.Template.Version, "year": o.Year, "as_of": o.AsOf.String(), "synthetic": o.Synthetic})
		return nil
	})
}

// download writes a filled template as a file.
func (s *Service) download(c *web.Ctx) error {
	a, _, err := s.asked(c)
	if err != nil {
		return err
	}
	format := c.Path("file")
	if format != "csv" && format != "xlsx" {
		return baqylau.E(baqylau.NotFound, "error.not_found")
	}
	o, err := s.Send(c.Context(), c.Actor, a, format)
	if err != nil {
		return err
	}
	if format == "xlsx" {
		c.Download("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", o.filename()+".xlsx")
		err = export.Workbook(c.Context(), c.W, s.workbook(c.Context(), o))
	} else {
		foreign := c.Lang() != baqylau.English
		c.Download("text/csv; charset=utf-8", o.filename()+".csv")
		_, err = export.CSV(c.Context(), c.W, csvColumns, s.lines(c.Context(), o), export.Options{BOM: true, Semicolon: foreign, DecimalComma: foreign})
	}
	if err != nil {
		c.Abort(err)
	}
	return nil
}

// filename says which template, country, year and day, and whether something was made up.
func (o *Obligation) filename() string {
	name := o.Template.Code + "-" + o.Country + "-" + strconv.Itoa(o.Year) + "-" + o.AsOf.String()
	if o.Synthetic {
		name += "-synthetic"
	}
	return name
}

// workbook is the sheets of the template, and one that lists the gaps.
func (s *Service) workbook(ctx context.Context, o *Obligation) (out []export.Sheet) {
	for i := range o.Template.Sheets {
		sheet := &o.Template.Sheets[i]
		x := export.Sheet{Name: sheet.Name, Widths: []string{"code", "a title as long as titles are"}}
		x.Rows = append(x.Rows, []any{export.Head(named(ctx, o.Template.Title) + " · " + named(ctx, sheet.Title) + " · " + strconv.Itoa(o.Year))}, []any{s.about(ctx, o)})
		for j := range sheet.Tables {
			t := &sheet.Tables[j]
			for len(x.Rows) < t.Top-1 { // where the addresses of its cells say that it stands
				x.Rows = append(x.Rows, nil)
			}
			x.Rows = append(x.Rows, s.sheetRows(ctx, o, t)...)
		}
		out = append(out, x)
	}
	return append(out, s.gapSheet(ctx, o))
}

// about is the line that every sheet has: of what country and day, how gaps are marked, whether something was made up.
func (s *Service) about(ctx context.Context, o *Obligation) string {
	line := s.Shelf.Book().PlaceName(o.Country, locale.Lang(ctx)) + " · " + locale.T(ctx, "ui.chart.as_of", "date", locale.Date(ctx, o.AsOf)) + " · " + locale.T(ctx, "outgoing.version", "Version", o.Template.Version) + " · " + locale.T(ctx, "outgoing.marks")
	if o.Synthetic {
		line = locale.T(ctx, "outgoing.synthetic.note") + " · " + line
	}
	return line
}

// sheetRows are title, column titles and rows of a table, as template.Address counts them.
func (s *Service) sheetRows(ctx context.Context, o *Obligation, t *template.Table) [][]any {
	title := t.ID + " " + s.titleOf(ctx, t)
	if note := named(ctx, t.Note); note != "" {
		title += " (" + note + ")"
	}
	rows := [][]any{{export.Head(title)}}
	if t.Text {
		return append(rows, []any{mark(ctx, Missing), locale.T(ctx, "outgoing.note.text")})
	}
	head := []any{nil, nil}
	for _, l := range t.Columns {
		head = append(head, export.Head(l.Label(locale.Lang(ctx), o.Year)))
	}
	rows = append(rows, head)
	for i, l := range t.Rows {
		row := []any{l.Code, l.Label(locale.Lang(ctx), o.Year)}
		for j := range t.Columns {
			row = append(row, o.Cells[t.ID][i][j].value(ctx))
		}
		rows = append(rows, row)
	}
	return rows
}

// value is a cell for a file: a number, a text, or the mark of its gap; never empty.
func (c *Cell) value(ctx context.Context) any {
	switch {
	case c.Gap != Filled:
		return mark(ctx, c.Gap)
	case c.Number == nil:
		return c.Text
	case c.Decimals == 2:
		return export.Fixed(*c.Number)
	}
	return *c.Number
}

func (s *Service) gapSheet(ctx context.Context, o *Obligation) export.Sheet {
	x := export.Sheet{Name: locale.T(ctx, "outgoing.gaps.sheet"), Widths: []string{"sheet", "table", "cell", "row of the table", "column of the table", "not collected", "a remark about the cell"}}
	x.Rows = append(x.Rows, []any{export.Head(locale.T(ctx, "outgoing.gaps"))}, []any{s.about(ctx, o)}, nil)
	var head []any
	for _, k := range []string{"sheet", "table", "cell", "row", "column", "why", "remark"} {
		head = append(head, export.Head(locale.T(ctx, "outgoing."+k)))
	}
	x.Rows = append(x.Rows, head)
	for p := range o.Each {
		switch {
		case p.Gap == Filled:
		case p.Table.Text:
			x.Rows = append(x.Rows, []any{p.Sheet.Name, p.Table.ID, nil, s.titleOf(ctx, p.Table), nil, locale.T(ctx, "outgoing.gap."+string(p.Gap)), Remark(ctx, p.Notes)})
		default:
			x.Rows = append(x.Rows, []any{p.Sheet.Name, p.Table.ID, p.Table.Address(p.Row, p.Col), p.Table.Rows[p.Row].Label(locale.Lang(ctx), o.Year), p.Table.Columns[p.Col].Label(locale.Lang(ctx), o.Year),
				locale.T(ctx, "outgoing.gap."+string(p.Gap)), Remark(ctx, p.Notes)})
		}
	}
	return x
}

// csvColumns are the columns of the long table: a line for every cell.
var csvColumns = []string{"template", "version", "country", "year", "as_of", "sheet", "table", "title", "cell", "row", "row_title", "column", "column_title", "value", "absence", "note", "source", "synthetic"}

// lines are the cells one after another. A number stays a number; a gap has no value and says why.
func (s *Service) lines(ctx context.Context, o *Obligation) func(func([]any, error) bool) {
	return func(yield func([]any, error) bool) {
		for p := range o.Each {
			row := []any{o.Template.Code, o.Template.Version, o.Country, o.Year, o.AsOf, p.Sheet.Name, p.Table.ID, s.titleOf(ctx, p.Table)}
			if p.Table.Text {
				row = append(row, nil, nil, nil, nil, nil)
			} else {
				r, c := p.Table.Rows[p.Row], p.Table.Columns[p.Col]
				row = append(row, p.Table.Address(p.Row, p.Col), r.Code, r.Label(locale.Lang(ctx), o.Year), c.Code, c.Label(locale.Lang(ctx), o.Year))
			}
			value := any(nil)
			if p.Gap == Filled {
				value = p.value(ctx)
			}
			if !yield(append(row, value, string(p.Gap), Remark(ctx, p.Notes), p.Source, p.Synthetic), nil) {
				return
			}
		}
	}
}
