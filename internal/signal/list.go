package signal

import (
	"context"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/disclosure"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/signal/rules"
	"github.com/baqylau/baqylau/internal/signal/state"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/list"
	"github.com/baqylau/baqylau/internal/web/ui"
)

const (
	room      = "/signals"
	tablePath = "/signals/table"
)

// spec declares the inbox: what it can be narrowed by and how its table looks. Open signals come by urgency, all others by day.
func (s *Service) spec(c *web.Ctx) *list.Spec[Signal] {
	book := s.Shelf.Book()
	name := func(ctx context.Context, sig Signal) string { return sig.Title.Say(ctx, book) }
	where := func(ctx context.Context, sig Signal) string { return book.PlaceName(sig.place(), locale.Lang(ctx)) }
	byEvents := "s.events"
	if disclosure.AudienceOf(c.Actor) != disclosure.Working { // the order would tell what the column hides
		byEvents = ""
	}
	l := &list.Spec[Signal]{
		Name: "signals", Path: tablePath, Room: room, Title: "signal.inbox", Select: columns, From: tables, ID: "s.id", Default: "urgency", Export: true, Counts: &s.counts,
		Where: func(c *web.Ctx) (string, []any) {
			sql, args := Scope(c.Actor)
			switch c.Query("state") {
			case "":
				sql += " AND s.state IN (" + openStates + ")"
			case "closed":
				sql += " AND s.state NOT IN (" + openStates + ")"
			}
			return sql, args
		},
		Scan: func(r list.Row) (Signal, error) {
			sig, err := scan(r)
			return sig.For(c.Actor), err
		},
		RowID:   func(sig Signal) string { return sig.ID },
		Filters: s.filters(),
		Search:  list.Search{Label: "signal.search", SQL: `s.text_fold LIKE ? ESCAPE '\'`},
		Columns: []list.Column[Signal]{
			{Key: "urgency", Label: "signal.col.priority", Sort: urgency, Bare: true, Cell: func(_ context.Context, sig Signal) templ.Component { return ui.Severity(sig.Priority) },
				Text: func(ctx context.Context, sig Signal) string {
					return locale.Code(ctx, "severity", string(sig.Priority))
				}},
			{Key: "title", Label: "signal.col.title", Main: true, Text: name,
				Cell: func(ctx context.Context, sig Signal) templ.Component {
					return ui.Link(room+"/"+sig.ID, name(ctx, sig), "")
				}},
			{Key: "ref", Label: "signal.col.ref", Sort: "s.ref", NoWrap: true, Minor: true, Cell: func(_ context.Context, sig Signal) templ.Component { return ui.Code(sig.Ref) },
				Text: func(_ context.Context, sig Signal) string { return sig.Ref }},
			{Key: "place", Label: "signal.col.place", Cell: func(ctx context.Context, sig Signal) templ.Component { return ui.Text(where(ctx, sig)) }, Text: where},
			{Key: "raised", Label: "signal.col.raised", Sort: "s.raised_on", NoWrap: true, Minor: true,
				Cell: func(ctx context.Context, sig Signal) templ.Component {
					return ui.Moment(sig.RaisedOn.String(), locale.Date(ctx, sig.RaisedOn))
				},
				Text: func(_ context.Context, sig Signal) string { return sig.RaisedOn.String() }},
			{Key: "events", Label: "signal.col.events", Sort: byEvents, Number: true, Cell: func(ctx context.Context, sig Signal) templ.Component { return ui.Text(sig.cases(ctx)) },
				Text: func(ctx context.Context, sig Signal) string { return sig.cases(ctx) }},
			{Key: "due", Label: "signal.col.due", NoWrap: true, Cell: func(ctx context.Context, sig Signal) templ.Component { return ui.Text(left(ctx, c, sig)) },
				Text: func(ctx context.Context, sig Signal) string { return locale.Stamp(ctx, sig.DueAt) }},
			{Key: "state", Label: "signal.col.state", Bare: true, Cell: func(ctx context.Context, sig Signal) templ.Component {
				return ui.State(progress(sig.State), locale.Code(ctx, "signal_state", string(sig.State)))
			}, Text: func(ctx context.Context, sig Signal) string {
				return locale.Code(ctx, "signal_state", string(sig.State))
			}},
			{Key: "owner", Label: "signal.col.owner", Cell: func(_ context.Context, sig Signal) templ.Component { return ui.Text(sig.OwnerName) },
				Text: func(_ context.Context, sig Signal) string { return sig.OwnerName }},
		},
		Act: func(c *web.Ctx) templ.Component {
			return ui.Submit(ui.Button{Label: c.T("signal.to_inbox"), Look: ui.Quiet, Href: address(room, c)})
		},
	}
	if c.Query("state") != "" {
		l.Default = "-raised"
	}
	if access.May(c.Actor, access.SignalHandle) {
		l.Bulk = func(c *web.Ctx) *ui.Bulk {
			return &ui.Bulk{Action: "/signals/take", Acts: []ui.Button{{Label: c.T("signal.take"), Key: "a"}}}
		}
	}
	return l
}

// filters are those of the table and of the inbox.
func (s *Service) filters() []list.Filter {
	severities := make([]string, len(baqylau.Severities))
	for i, v := range baqylau.Severities {
		severities[i] = string(v)
	}
	return []list.Filter{
		{Name: "state", Label: "signal.filter.state", SQL: "? IS NOT NULL", Options: func(c *web.Ctx) []ui.Option {
			return []ui.Option{{Value: "all", Label: c.T("signal.filter.all")}, {Value: "closed", Label: c.T("signal.filter.closed")}}
		}},
		{Name: "priority", Label: "signal.filter.priority", SQL: "s.priority = ?", Options: list.Options("severity", severities...)},
		{Name: "type", Label: "signal.filter.type", SQL: "(CASE WHEN s.type IN ('exact','ears_c1','ears_c2','ears_c3') THEN 'rise' ELSE s.type END) = ?", Options: typeOptions},
		{Name: "region", Label: "signal.filter.region", SQL: "COALESCE(s.region, s.country) = ?", Options: s.placeOptions},
		{Name: "owner", Label: "signal.filter.owner", SQL: "COALESCE(s.owner_id,'') = ?", Options: s.ownerOptions},
		{Name: "outside", Label: "signal.filter.outside", SQL: "(CASE WHEN s.outside THEN 'only' ELSE 'without' END) = ?", Options: func(c *web.Ctx) []ui.Option {
			return []ui.Option{{Value: "without", Label: c.T("signal.filter.outside.without")}, {Value: "only", Label: c.T("signal.filter.outside.only")}}
		}},
		{Name: "substance", Label: "signal.filter.substance", SQL: "s.substance_id = ?", Map: func(v string) (any, bool) {
			if sub, ok := s.Shelf.Book().Substance(v); ok {
				return sub.ID, true
			}
			sub, ok := s.Shelf.Book().ByName(v)
			if !ok {
				return "-", true // an unknown name finds nothing, rather than everything
			}
			return sub.ID, true
		}},
	}
}

func typeOptions(c *web.Ctx) []ui.Option {
	var out []ui.Option
	for _, t := range rules.Types {
		if !t.Rise() {
			out = append(out, ui.Option{Value: string(t), Label: typeName(c.Context(), string(t))})
		}
	}
	out = append(out, ui.Option{Value: "rise", Label: c.T("signal.filter.rise")})
	for _, t := range PersonTypes {
		out = append(out, ui.Option{Value: t, Label: typeName(c.Context(), t)})
	}
	return out
}

// typeName is the name of a rule or of a type that a person gave.
func typeName(ctx context.Context, t string) string {
	if slices.Contains(rules.Types, rules.Type(t)) {
		return locale.T(ctx, rules.Type(t).Key())
	}
	return locale.Capital(locale.Code(ctx, "signal_type", t)) // as the names of the rules beside it
}

// placeOptions are the places that signals are about. What cannot be read is left out: the page's own query will tell.
func (s *Service) placeOptions(c *web.Ctx) []ui.Option {
	var codes []string
	scope, args := Scope(c.Actor)
	if err := s.W.DB.Read.NewRaw("SELECT DISTINCT COALESCE(s.region, s.country) FROM signal s WHERE "+scope, args...).Scan(c.Context(), &codes); err != nil {
		return nil
	}
	out := make([]ui.Option, len(codes))
	for i, code := range codes {
		out[i] = ui.Option{Value: code, Label: s.Shelf.Book().PlaceName(code, c.Lang())}
	}
	return ui.ByName(c.Context(), out)
}

// ownerOptions are the officers, oneself first; only who handles signals sees them by name.
func (s *Service) ownerOptions(c *web.Ctx) []ui.Option {
	out := []ui.Option{{Value: c.Actor.ID, Label: c.T("signal.filter.mine")}}
	if !access.May(c.Actor, access.SignalHandle) {
		return out
	}
	for _, o := range s.officers(c.Context()) {
		if o.Value != c.Actor.ID {
			out = append(out, o)
		}
	}
	return out
}

// officers are the active accounts that may own a signal.
func (s *Service) officers(ctx context.Context) []ui.Option {
	var found []struct{ ID, Name string }
	if s.W.DB.Read.NewRaw(`SELECT a.id, a.name FROM account a JOIN account_role r ON r.account_id = a.id
		WHERE a.state = 'active' AND r.role = ?`, string(access.Officer)).Scan(ctx, &found) != nil {
		return nil
	}
	out := make([]ui.Option, len(found))
	for i, f := range found {
		out[i] = ui.Option{Value: f.ID, Label: f.Name}
	}
	return ui.ByName(ctx, out)
}

// left is the time until the deadline, in words; "" when no clock runs.
func left(ctx context.Context, c *web.Ctx, sig Signal) string {
	if sig.DueAt.IsZero() {
		return ""
	}
	return locale.Left(ctx, sig.DueAt, c.Now())
}

// progress is the shape beside a state.
func progress(s state.State) ui.Progress {
	switch s {
	case state.Detected:
		return ui.Waiting
	case state.Refuted:
		return ui.Failed
	case state.Closed, state.Decided:
		return ui.Done
	}
	return ui.Busy
}

// address is a path with the filters of the page one is on.
func address(path string, c *web.Ctx) string {
	q := c.R.URL.Query()
	for _, name := range []string{"lang", "format", "after", "before", "sort", "view"} {
		q.Del(name)
	}
	for k, v := range q {
		if len(v) == 0 || strings.TrimSpace(v[0]) == "" {
			q.Del(k)
		}
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}
