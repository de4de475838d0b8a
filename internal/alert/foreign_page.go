package alert

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"time"

	"github.com/a-h/templ"
	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/list"
	"github.com/baqylau/baqylau/internal/web/ui"
)

// foreignStates lists the states of a foreign alert.
var foreignStates = []string{"new", "signal", "dismissed", "cancelled"}

func (s *Service) foreignList() *list.Spec[Foreign] {
	return &list.Spec[Foreign]{
		Name: "foreign", Path: "/foreign", Room: "/foreign", Title: "alert.foreign", Select: foreignColumns, From: foreignFrom, ID: "f.id", Default: "-received", Export: true,
		Where: func(*web.Ctx) (string, []any) { return "1=1", nil },
		Scan:  func(row list.Row) (Foreign, error) { return scanForeign(row) },
		RowID: func(f Foreign) string { return f.ID },
		States: func(f Foreign) []ui.RowState {
			switch f.State {
			case "new":
				return []ui.RowState{ui.Unread}
			case "cancelled", "dismissed":
				return []ui.RowState{ui.Removed}
			}
			return nil
		},
		Search: list.Search{Label: "alert.foreign.search", SQL: `f.text_fold LIKE ? ESCAPE '\'`},
		Filters: []list.Filter{{Name: "state", Label: "alert.col.state", SQL: "f.state = ?", Options: func(c *web.Ctx) []ui.Option {
			out := make([]ui.Option, len(foreignStates))
			for i, st := range foreignStates {
				out[i] = ui.Option{Value: st, Label: c.T("alert.foreign.state." + st)}
			}
			return out
		}}},
		Columns: []list.Column[Foreign]{
			{Key: "title", Label: "alert.block.title", Main: true, Sort: "f.title",
				Cell: func(_ context.Context, f Foreign) templ.Component {
					return ui.Link("/foreign/"+f.ID, f.Title, f.Sender)
				},
				Text: func(_ context.Context, f Foreign) string { return f.Title }},
			{Key: "severity", Label: "alert.foreign.severity", Cell: func(ctx context.Context, f Foreign) templ.Component { return ui.Text(severityName(ctx, f.Severity)) },
				Text: func(_ context.Context, f Foreign) string { return f.Severity }},
			{Key: "state", Label: "alert.col.state", Bare: true, Cell: func(ctx context.Context, f Foreign) templ.Component { return foreignState(ctx, f) },
				Text: func(_ context.Context, f Foreign) string { return f.State }},
			{Key: "sent", Label: "alert.foreign.sent", NoWrap: true, Sort: "f.sent_at", Cell: func(ctx context.Context, f Foreign) templ.Component {
				return ui.Moment(f.SentAt.Format("2006-01-02T15:04Z"), locale.DateTime(ctx, f.SentAt))
			}, Text: func(ctx context.Context, f Foreign) string { return locale.Stamp(ctx, f.SentAt) }},
			{Key: "received", Label: "alert.foreign.received", NoWrap: true, Minor: true, Sort: "f.received_at", Cell: func(ctx context.Context, f Foreign) templ.Component {
				return ui.Moment(f.ReceivedAt.Format("2006-01-02T15:04Z"), locale.DateTime(ctx, f.ReceivedAt))
			}},
		},
		Act: func(c *web.Ctx) templ.Component {
			return ui.Submit(ui.Button{Label: c.T("alert.foreign.new"), Href: "/foreign/new"})
		},
		Above: func(c *web.Ctx) (templ.Component, error) {
			if len(s.Feeds) == 0 {
				return nil, nil
			}
			t, err := s.feedStates(c)
			return feedStates(t), err
		},
		Empty: func(c *web.Ctx) ui.Empty {
			return ui.Empty{Title: c.T("alert.foreign.none"), Text: c.T("alert.foreign.none.text"), Act: ui.Submit(ui.Button{Label: c.T("alert.foreign.new"), Href: "/foreign/new", Look: ui.Quiet})}
		},
	}
}

func foreignState(ctx context.Context, f Foreign) templ.Component {
	p := map[string]ui.Progress{"new": ui.Waiting, "signal": ui.Done, "cancelled": ui.Failed}[f.State]
	return ui.State(p, locale.T(ctx, "alert.foreign.state."+f.State))
}

// feedStates says when each configured feed was last read, and what was wrong.
func (s *Service) feedStates(c *web.Ctx) (ui.Table, error) {
	t := ui.Table{Caption: c.T("alert.foreign.feeds"), Columns: []ui.Column{{Label: c.T("alert.foreign.feed"), Main: true}, {Label: c.T("alert.foreign.fetched"), NoWrap: true}, {Label: c.T("alert.col.state"), Bare: true}}}
	for _, f := range s.Feeds {
		var at int64
		var fault string
		err := s.W.DB.Read.NewRaw("SELECT fetched_at, last_error FROM foreign_feed WHERE url = ?", f.URL).Scan(c.Context(), &at, &fault)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return t, err
		}
		when, state := ui.Text(""), ui.State(ui.Waiting, c.T("alert.foreign.not_yet"))
		switch {
		case fault != "":
			state = ui.State(ui.Failed, c.T(fault))
		case at > 0:
			state = ui.State(ui.Done, c.T("alert.foreign.fine"))
		}
		if at > 0 {
			when = ui.Moment(store.Time(at).Format("2006-01-02T15:04Z"), locale.DateTime(c.Context(), store.Time(at)))
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []templ.Component{ui.Lines(f.Name, f.URL), when, state}})
	}
	return t, nil
}

func (s *Service) foreignForm(c *web.Ctx, f *web.Form, failed error) error {
	v := foreignView{lines: ui.FieldErrors(c.Context(), failed), f: f, today: change.Today(c.Now()).String()}
	return c.Render(web.Page{Title: c.T("alert.foreign.new"), Room: "/foreign", Kind: ui.Narrow, Body: foreignFormBody(v), Status: status(failed)})
}

type foreignView struct {
	lines []ui.FieldError
	f     *web.Form
	today string
}

func (v foreignView) value(name string) string {
	if v.f == nil {
		return ""
	}
	return v.f.Get(name)
}

func (v foreignView) mistake(name string) string { return ui.MistakeOf(v.lines, name) }

func (s *Service) enterForeign(c *web.Ctx) error {
	f, err := c.ReadForm(0)
	if err != nil {
		return err
	}
	x := Foreign{Sender: f.Text("sender", true, 300), Title: f.Text("title", true, 300), Summary: f.Text("summary", true, 10000), Link: link(f.Text("link", false, 1000))}
	day, _ := f.Date("sent", true, change.Today(c.Now()))
	if f.Get("link") != "" && x.Link == "" {
		f.Bad("link", "alert.error.link")
	}
	y, m, d := day.Time().Date()
	x.SentAt = time.Date(y, m, d, 0, 0, 0, 0, change.Zone)
	id := ""
	if err = f.Err(); err == nil {
		id, err = s.Enter(c.Context(), c.Actor, x)
	}
	switch code := baqylau.CodeOf(err); {
	case code == baqylau.Invalid || code == baqylau.Conflict:
		return s.foreignForm(c, f, err)
	case err != nil:
		return err
	}
	return c.Done("/foreign/"+id, "alert.foreign.entered", "")
}

func (s *Service) readForeign(c *web.Ctx) error {
	f, err := c.ReadForm(2 * maxDocument)
	if err != nil {
		return err
	}
	doc := []byte(f.Get("document"))
	if c.R.MultipartForm != nil {
		if files := c.R.MultipartForm.File["file"]; len(files) > 0 && files[0].Size > 0 {
			file, err := files[0].Open()
			if err != nil {
				return err
			}
			defer func() { _ = file.Close() }() // read to the end below
			if doc, err = io.ReadAll(io.LimitReader(file, maxDocument+1)); err != nil {
				return err
			}
		}
	}
	var added []string
	if len(doc) == 0 {
		err = baqylau.E(baqylau.Invalid, "alert.error.document_none").On("document")
	} else {
		added, err = s.Read(c.Context(), c.Actor, doc)
	}
	switch code := baqylau.CodeOf(err); {
	case code == baqylau.Invalid || code == baqylau.TooMany:
		return s.foreignForm(c, f, err)
	case err != nil:
		return err
	case len(added) == 0:
		return c.Done("/foreign", "alert.foreign.nothing_new", "")
	}
	return c.Done("/foreign", "alert.foreign.entered", "")
}

func (s *Service) foreignPage(c *web.Ctx) error {
	ctx := c.Context()
	f, err := foreignBy(ctx, s.W.DB.Read, c.Path("id"))
	if err != nil {
		return err
	}
	h := ui.Head{Title: f.Title, Tags: []templ.Component{foreignState(ctx, f)}, Sub: []string{f.Sender, locale.DateTime(ctx, f.SentAt)}}
	if f.State == "new" || f.State == "dismissed" {
		h.Act = foreignActs(f)
	}
	facts := []ui.Fact{{Name: c.T("alert.foreign.sender"), Value: ui.Text(f.Sender)}, {Name: c.T("alert.foreign.identifier"), Value: ui.Text(f.Identifier)},
		{Name: c.T("alert.foreign.received"), Value: ui.Moment(f.ReceivedAt.Format("2006-01-02T15:04Z"), locale.DateTime(ctx, f.ReceivedAt))}}
	if f.Severity != "" {
		facts = append(facts, ui.Fact{Name: c.T("alert.foreign.severity"), Value: ui.Text(severityName(ctx, f.Severity))})
	}
	if f.FeedName != "" {
		facts = append(facts, ui.Fact{Name: c.T("alert.foreign.feed"), Value: ui.Text(f.FeedName)})
	}
	if f.SignalID != "" {
		facts = append(facts, ui.Fact{Name: c.T("alert.signal"), Value: ui.Link("/signals/"+f.SignalID, c.T("alert.signal.open"), "")})
	}
	return c.Render(web.Page{Title: f.Title, Room: "/foreign", Kind: ui.Narrow, Body: foreignBody(f, h, facts)})
}

func (s *Service) doForeign(c *web.Ctx) error {
	id := c.Path("id")
	switch c.Path("step") {
	case "signal":
		signalID, err := s.ToSignal(c.Context(), c.Actor, id)
		if err != nil {
			return err
		}
		return c.Done("/signals/"+signalID, "alert.foreign.raised", "")
	case "dismiss":
		if err := s.Dismiss(c.Context(), c.Actor, id); err != nil {
			return err
		}
		return c.Done("/foreign", "alert.foreign.dismissed", "")
	}
	return baqylau.E(baqylau.NotFound, "error.not_found")
}
