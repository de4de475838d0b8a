package intake

import (
	"context"

	"github.com/a-h/templ"
	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/list"
	"github.com/baqylau/baqylau/internal/web/ui"
)

// batchStates lists the states of an import in the order of its life.
var batchStates = []string{"staging", "staged", "applying", "applied", "undone", "cancelled", "failed"}

// batchLine is a row of the list of imports.
type batchLine struct {
	Batch
	source baqylau.Text
}

// withMore scans further columns behind those of a shared scan function.
type withMore struct {
	scanner
	more []any
}

func (w withMore) Scan(dest ...any) error { return w.scanner.Scan(append(dest, w.more...)...) }

func (s *Service) importList() *list.Spec[batchLine] {
	return &list.Spec[batchLine]{
		Name: "imports", Path: "/imports", Room: "/imports", Title: "import.list",
		Select: batchColumns + ", s.name", From: "batch b JOIN source s ON s.id = b.source_id", ID: "b.id", Default: "-when",
		Where: func(c *web.Ctx) (string, []any) { return access.Where(c.Actor, access.ImportRun, "b") },
		Scan: func(row list.Row) (l batchLine, err error) {
			var name string
			l.Batch, err = scanBatch(withMore{row, []any{&name}})
			l.source = baqylau.ParseText(name)
			return l, err
		},
		RowID: func(b batchLine) string { return b.ID },
		States: func(b batchLine) []ui.RowState {
			if b.State == "undone" || b.State == "cancelled" || b.State == "failed" {
				return []ui.RowState{ui.Removed}
			}
			return nil
		},
		Filters: []list.Filter{
			{Name: "state", Label: "import.filter.state", SQL: "b.state = ?", Options: func(c *web.Ctx) (out []ui.Option) {
				for _, st := range batchStates {
					out = append(out, ui.Option{Value: st, Label: c.T("import.state." + st)})
				}
				return out
			}},
		},
		Columns: []list.Column[batchLine]{
			{Key: "ref", Label: "import.col.ref", Sort: "b.ref", NoWrap: true, Main: true, Cell: func(_ context.Context, b batchLine) templ.Component { return ui.Link("/imports/"+b.ID, b.Ref, "") },
				Text: func(_ context.Context, b batchLine) string { return b.Ref }},
			{Key: "file", Label: "import.col.file", Sort: "b.file_name", Cell: func(_ context.Context, b batchLine) templ.Component { return ui.Text(b.FileName) },
				Text: func(_ context.Context, b batchLine) string { return b.FileName }},
			{Key: "source", Label: "import.col.source", Cell: func(ctx context.Context, b batchLine) templ.Component { return ui.Text(b.source.In(locale.Lang(ctx))) },
				Text: func(ctx context.Context, b batchLine) string { return b.source.In(locale.Lang(ctx)) }},
			{Key: "state", Label: "import.col.state", Bare: true, Cell: func(ctx context.Context, b batchLine) templ.Component {
				return ui.State(batchProgress(b.State), locale.T(ctx, "import.state."+b.State))
			}, Text: func(ctx context.Context, b batchLine) string { return locale.T(ctx, "import.state."+b.State) }},
			{Key: "rows", Label: "import.col.rows", Sort: "b.rows_total", Number: true, Cell: func(ctx context.Context, b batchLine) templ.Component { return ui.Text(locale.Int(ctx, b.Total)) },
				Text: func(ctx context.Context, b batchLine) string { return locale.Int(ctx, b.Total) }},
			{Key: "bad", Label: "import.col.bad", Sort: "b.rows_bad", Number: true, Cell: func(ctx context.Context, b batchLine) templ.Component { return ui.Text(locale.Int(ctx, b.Bad)) },
				Text: func(ctx context.Context, b batchLine) string { return locale.Int(ctx, b.Bad) }},
			{Key: "when", Label: "import.col.when", Sort: "b.created_at", NoWrap: true, Cell: func(ctx context.Context, b batchLine) templ.Component {
				return ui.Moment(b.CreatedAt.Format("2006-01-02T15:04Z"), locale.DateTime(ctx, b.CreatedAt))
			}, Text: func(ctx context.Context, b batchLine) string { return locale.Stamp(ctx, b.CreatedAt) }},
		},
		Act: func(c *web.Ctx) templ.Component {
			return templ.Join(ui.Submit(ui.Button{Label: c.T("import.new"), Href: "/imports/new"}), ui.Submit(ui.Button{Label: c.T("import.mappings"), Href: "/mappings", Look: ui.Quiet}))
		},
		Empty: func(c *web.Ctx) ui.Empty {
			return ui.Empty{Title: c.T("import.none"), Text: c.T("import.none.text"), Act: ui.Submit(ui.Button{Label: c.T("import.new"), Href: "/imports/new"})}
		},
		Export: true,
	}
}

func batchProgress(state string) ui.Progress {
	switch state {
	case "staging", "applying", "undoing":
		return ui.Busy
	case "staged":
		return ui.Waiting
	case "applied":
		return ui.Done
	case "undone", "cancelled":
		return ui.NotBegun
	}
	return ui.Failed
}
