package alert

import (
	"context"
	"strings"

	"github.com/a-h/templ"
	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/list"
	"github.com/baqylau/baqylau/internal/web/ui"
)

// Newest is the condition under which a version is the one that its communication is known by: nothing newer exists, or only a draft.
const Newest = "NOT EXISTS (SELECT 1 FROM communication n WHERE n.root_id = c.root_id AND n.version > c.version AND n.issued_at > 0)"

// alertList lists communications for those who work on them: the newest issued version of each, and every draft.
func (s *Service) alertList() *list.Spec[Communication] {
	sp := s.base("alerts", "/alerts", "alert.list", func(c Communication) string { return "/alerts/" + c.ID })
	sp.Where = func(c *web.Ctx) (string, []any) {
		scope, args := Scope(c.Actor)
		return Newest + " AND " + scope, args
	}
	sp.Default = "-changed"
	sp.Filters = append([]list.Filter{{Name: "state", Label: "alert.col.state", SQL: "c.state = ?", Options: func(c *web.Ctx) []ui.Option {
		var out []ui.Option
		for _, st := range States {
			if st != Superseded {
				out = append(out, ui.Option{Value: string(st), Label: c.T("alert.state." + string(st))})
			}
		}
		return out
	}}}, sp.Filters...)
	sp.Columns = append(sp.Columns, list.Column[Communication]{Key: "changed", Label: "alert.col.changed", Sort: "c.updated_at", NoWrap: true, Minor: true,
		Cell: func(ctx context.Context, c Communication) templ.Component {
			return ui.Moment(c.UpdatedAt.Format("2006-01-02T15:04Z"), locale.DateTime(ctx, c.UpdatedAt))
		}})
	sp.Act = func(c *web.Ctx) templ.Component {
		acts := []ui.Button{}
		if access.May(c.Actor, access.AlertDraft) {
			acts = append(acts, ui.Button{Label: c.T("alert.new"), Href: "/alerts/new"})
		}
		if access.May(c.Actor, access.AlertIssue) {
			acts = append(acts, ui.Button{Label: c.T("alert.recipients"), Href: "/alerts/recipients", Look: ui.Quiet})
		}
		return buttons(acts)
	}
	sp.Empty = func(c *web.Ctx) ui.Empty { return ui.Empty{Title: c.T("alert.none"), Text: c.T("alert.none.text")} }
	return sp
}

// warningList lists what was issued, for everybody with an account, up to the label of their organisation.
func (s *Service) warningList() *list.Spec[Communication] {
	sp := s.base("warnings", "/warnings", "alert.warnings", func(c Communication) string { return "/warnings/" + c.Ref })
	sp.Where = func(c *web.Ctx) (string, []any) {
		scope, args := Scope(c.Actor)
		return Newest + " AND c.issued_at > 0 AND " + scope, args
	}
	sp.Act = func(c *web.Ctx) templ.Component {
		return ui.Submit(ui.Button{Label: c.T("alert.mail"), Href: "/warnings/mail", Look: ui.Quiet})
	}
	sp.Empty = func(c *web.Ctx) ui.Empty {
		return ui.Empty{Title: c.T("alert.warnings.none"), Text: c.T("alert.warnings.none.text")}
	}
	return sp
}

func (s *Service) base(name, path, title string, href func(Communication) string) *list.Spec[Communication] {
	kind := func(ctx context.Context, c Communication) string {
		return locale.Code(ctx, "communication", string(c.Type))
	}
	place := func(ctx context.Context, c Communication) string { return s.places(ctx, c.Regions, "") }
	return &list.Spec[Communication]{
		Name: name, Path: path, Room: path, Title: title, Select: columns, From: "communication c", ID: "c.id", Default: "-issued", Export: true,
		Scan:  func(row list.Row) (Communication, error) { return scan(row) },
		RowID: func(c Communication) string { return c.ID },
		States: func(c Communication) []ui.RowState {
			if c.State == Retracted || c.State == Refused || c.State == Cancelled {
				return []ui.RowState{ui.Removed}
			}
			return nil
		},
		Search: list.Search{Label: "alert.search", SQL: `c.text_fold LIKE ? ESCAPE '\'`},
		Filters: []list.Filter{
			{Name: "severity", Label: "alert.col.severity", SQL: "c.severity = ?", Options: list.Options("severity", codes(baqylau.Severities)...)},
			{Name: "type", Label: "alert.col.type", SQL: "c.type = ?", Options: list.Options("communication", codes(Types)...)},
			{Name: "substance", Label: "alert.substance", SQL: "c.substance_id = ?", Shown: s.substanceShown},
			{Name: "signal", Label: "alert.signal", SQL: "c.signal_id = ?"},
		},
		Columns: []list.Column[Communication]{
			{Key: "severity", Label: "alert.col.severity", Bare: true, Sort: "(CASE c.severity WHEN 'red' THEN 1 WHEN 'amber' THEN 2 WHEN 'yellow' THEN 3 ELSE 4 END)",
				Cell: func(_ context.Context, c Communication) templ.Component { return ui.Severity(c.Severity) },
				Text: func(_ context.Context, c Communication) string { return string(c.Severity) }},
			{Key: "title", Label: "alert.block.title", Main: true,
				Cell: func(ctx context.Context, c Communication) templ.Component {
					return ui.Link(href(c), c.Content[Title].In(locale.Lang(ctx)), kind(ctx, c))
				},
				Text: func(ctx context.Context, c Communication) string { return c.Content[Title].In(locale.Lang(ctx)) }},
			{Key: "ref", Label: "alert.col.ref", NoWrap: true, Sort: "c.ref", Cell: func(_ context.Context, c Communication) templ.Component { return ui.Code(c.Ref) }, Text: func(_ context.Context, c Communication) string { return c.Ref }},
			{Key: "place", Label: "alert.regions", Cell: func(ctx context.Context, c Communication) templ.Component { return ui.Text(place(ctx, c)) }, Text: place},
			{Key: "confidence", Label: "alert.confidence", Cell: func(_ context.Context, c Communication) templ.Component { return ui.Confidence(c.Confidence) },
				Text: func(_ context.Context, c Communication) string { return string(c.Confidence) }},
			{Key: "tlp", Label: "alert.tlp", Minor: true, Cell: func(_ context.Context, c Communication) templ.Component { return ui.TLP(c.TLP) },
				Text: func(_ context.Context, c Communication) string { return string(c.TLP) }},
			{Key: "state", Label: "alert.col.state", Bare: true, Cell: func(ctx context.Context, c Communication) templ.Component { return stateOf(ctx, c) },
				Text: func(_ context.Context, c Communication) string { return string(c.State) }},
			{Key: "issued", Label: "alert.col.issued", NoWrap: true, Sort: "c.issued_at",
				Cell: func(ctx context.Context, c Communication) templ.Component {
					if c.IssuedAt.IsZero() {
						return ui.Text("")
					}
					return ui.Moment(c.IssuedAt.Format("2006-01-02T15:04Z"), locale.DateTime(ctx, c.IssuedAt))
				},
				Text: func(ctx context.Context, c Communication) string { return locale.Stamp(ctx, c.IssuedAt) }},
		},
	}
}

// codes are the values of a list as strings.
func codes[T ~string](values []T) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = string(v)
	}
	return out
}

func stateOf(ctx context.Context, c Communication) templ.Component {
	p := map[State]ui.Progress{Drafted: ui.NotBegun, InReview: ui.Waiting, Cleared: ui.Busy, Issued: ui.Done, Retracted: ui.Failed, Refused: ui.Failed}[c.State]
	label := locale.T(ctx, "alert.state."+string(c.State))
	if c.State == InReview && c.ReviewedBy != "" {
		label = locale.T(ctx, "alert.state.reviewed")
	}
	return ui.State(p, label)
}

// lines splits a block into its lines without empty ones.
func lines(s string) []string {
	var out []string
	for l := range strings.Lines(s) {
		if l = strings.TrimSpace(l); l != "" {
			out = append(out, l)
		}
	}
	return out
}

// substanceShown names the substance that a list is narrowed to.
func (s *Service) substanceShown(c *web.Ctx, id string) string {
	if sub, ok := s.Shelf.Book().Substance(id); ok {
		return sub.Label.In(c.Lang())
	}
	return id
}
