package due

import (
	"context"

	"github.com/a-h/templ"
	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/fields"
	"github.com/baqylau/baqylau/internal/web/ui"
)

const (
	duePath  = "/due"
	dutyPath = "/duty"
	most     = 300 // items on the page; more than that nobody reads
)

// Routes registers the pages of the room.
func Routes(rt *web.Router, s *Service) {
	rt.Handle("GET "+duePath, access.DueRead, func(c *web.Ctx) error { return s.showDue(c, nil, nil, "") })
	rt.Handle("POST "+duePath+"/items/{id}/done", access.DueRead, func(c *web.Ctx) error {
		if err := s.Done(c.Context(), c.Actor, c.Path("id")); err != nil {
			return err
		}
		return c.Done(duePath, "due.done.item", "")
	})
	rt.Handle("POST "+duePath+"/deputies", access.SelfEdit, s.postDeputy)
	rt.Handle("POST "+duePath+"/deputies/{id}/remove", access.SelfEdit, func(c *web.Ctx) error {
		if err := s.RemoveDeputy(c.Context(), c.Actor, c.Path("id")); err != nil {
			return err
		}
		return c.Done(duePath, "due.done.deputy_removed", "")
	})
	rt.Handle("POST "+duePath+"/calendar", access.SelfEdit, func(c *web.Ctx) error {
		address, err := s.NewFeed(c.Context(), c.Actor)
		if err != nil {
			return err
		}
		return s.showDue(c, nil, nil, address)
	})
	rt.Handle("POST "+duePath+"/calendar/end", access.SelfEdit, func(c *web.Ctx) error {
		if err := s.EndFeed(c.Context(), c.Actor); err != nil {
			return err
		}
		return c.Done(duePath, "due.done.calendar_ended", "")
	})
	rt.Handle("GET /calendar/{file}", access.SignIn, s.serveFeed) // the secret address is the key
	rt.Handle("GET "+dutyPath, access.DutyEdit, func(c *web.Ctx) error { return s.showDuty(c, nil, nil) })
	rt.Handle("POST "+dutyPath, access.DutyEdit, s.postDuty)
	rt.Handle("POST "+dutyPath+"/{id}/remove", access.DutyEdit, func(c *web.Ctx) error {
		if err := s.RemoveDuty(c.Context(), c.Actor, c.Path("id")); err != nil {
			return err
		}
		return c.Done(dutyPath, "due.done.duty_removed", "")
	})
}

type dueView struct {
	fields.Set
	c          *web.Ctx
	items      []Listed
	deputies   []Span
	colleagues []ui.Option
	address    string // calendar address made just now
	feeds      bool   // there is a calendar address that can be ended
}

func (s *Service) showDue(c *web.Ctx, sent *web.Form, err error, address string) error {
	ctx := c.Context()
	v := dueView{Set: fields.New(c, sent, err, nil), c: c, address: address}
	var rerr error
	if v.items, rerr = s.List(ctx, c.Actor, most); rerr != nil {
		return rerr
	}
	if v.deputies, rerr = s.deputiesOf(ctx, c.Actor.ID); rerr != nil {
		return rerr
	}
	if rerr = s.W.DB.Read.NewRaw("SELECT count(*) > 0 FROM calendar_token WHERE account_id = ?", c.Actor.ID).Scan(ctx, &v.feeds); rerr != nil {
		return rerr
	}
	if v.colleagues, rerr = s.options(c, "a.org_id = ? AND a.id <> ?", c.Actor.OrgID, c.Actor.ID); rerr != nil {
		return rerr
	}
	return c.Render(web.Page{Title: c.T("due.title"), Room: duePath, Status: v.Status(), Body: v.page()})
}

// options are active accounts under a condition, for a select.
func (s *Service) options(c *web.Ctx, cond string, args ...any) ([]ui.Option, error) {
	var rows []struct{ ID, Name string }
	if err := s.W.DB.Read.NewRaw("SELECT a.id, a.name FROM account a WHERE a.state = 'active' AND "+cond, args...).Scan(c.Context(), &rows); err != nil {
		return nil, err
	}
	out := []ui.Option{{Label: c.T("due.choose")}}
	for _, r := range rows {
		out = append(out, ui.Option{Value: r.ID, Label: r.Name})
	}
	ui.ByName(c.Context(), out[1:])
	return out, nil
}

// span reads the days of a form, which may lie in the future.
func span(f *web.Form) (from, to baqylau.Date) {
	last := baqylau.NewDate(2200, 1, 1)
	from, _ = f.Date("from", true, last)
	to, _ = f.Date("to", true, last)
	return from, to
}

func (s *Service) postDeputy(c *web.Ctx) error {
	f, err := c.ReadForm(0)
	if err != nil {
		return err
	}
	from, to := span(f)
	if err = f.Err(); err == nil {
		err = s.AddDeputy(c.Context(), c.Actor, f.Get("deputy"), from, to)
	}
	if baqylau.CodeOf(err) == baqylau.Invalid {
		return s.showDue(c, f, err, "")
	}
	if err != nil {
		return err
	}
	return c.Done(duePath, "due.done.deputy", "")
}

type dutyView struct {
	fields.Set
	now, roster []Span
	officers    []ui.Option
	today       baqylau.Date
}

func (s *Service) showDuty(c *web.Ctx, sent *web.Form, err error) error {
	ctx := c.Context()
	v := dutyView{Set: fields.New(c, sent, err, nil), today: change.Today(c.Now())}
	var rerr error
	if v.now, rerr = s.OnDuty(ctx, v.today); rerr != nil {
		return rerr
	}
	if v.roster, rerr = s.roster(ctx, v.today.AddDays(-14)); rerr != nil {
		return rerr
	}
	if v.officers, rerr = s.options(c, "EXISTS (SELECT 1 FROM account_role r WHERE r.account_id = a.id AND r.role IN "+onRoster+")"); rerr != nil {
		return rerr
	}
	return c.Render(web.Page{Title: c.T("due.duty"), Room: dutyPath, Kind: ui.Narrow, Status: v.Status(), Body: v.page()})
}

func (s *Service) postDuty(c *web.Ctx) error {
	f, err := c.ReadForm(0)
	if err != nil {
		return err
	}
	from, to := span(f)
	if err = f.Err(); err == nil {
		err = s.AddDuty(c.Context(), c.Actor, f.Get("account"), from, to)
	}
	if baqylau.CodeOf(err) == baqylau.Invalid {
		return s.showDuty(c, f, err)
	}
	if err != nil {
		return err
	}
	return c.Done(dutyPath, "due.done.duty", "")
}

// table shows the items.
func (v dueView) table(ctx context.Context) ui.Table {
	t := ui.Table{ID: "due", Caption: locale.T(ctx, "due.title"), Empty: ui.Empty{Title: locale.T(ctx, "due.empty"), Text: locale.T(ctx, "due.empty.text")},
		Columns: []ui.Column{{Label: locale.T(ctx, "due.what"), Main: true}, {Label: locale.T(ctx, "due.who")}, {Label: locale.T(ctx, "due.until"), NoWrap: true},
			{Label: locale.T(ctx, "due.left"), NoWrap: true, Bare: true}, {Bare: true}}}
	for _, x := range v.items {
		who := x.Who
		if who == "" {
			who = locale.Code(ctx, "role", string(x.Role))
		}
		progress := ui.Waiting
		if x.Late(v.c.Now()) {
			progress = ui.Failed
		}
		t.Rows = append(t.Rows, ui.Row{ID: x.ID, Cells: []templ.Component{ui.Link(x.Path, x.Title.In(locale.Lang(ctx)), ""), ui.Text(who),
			ui.Moment(x.DueAt.UTC().Format("2006-01-02T15:04:05Z"), locale.DateTime(ctx, x.DueAt)), ui.State(progress, locale.Left(ctx, x.DueAt, v.c.Now())), doneButton(x)}})
	}
	return t
}

func days(ctx context.Context, x Span) string {
	return locale.Date(ctx, x.From) + " – " + locale.Date(ctx, x.To)
}
