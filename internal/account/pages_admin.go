package account

import (
	"context"

	"github.com/a-h/templ"
	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/fields"
	"github.com/baqylau/baqylau/internal/web/list"
	"github.com/baqylau/baqylau/internal/web/ui"
)

const accountsPath = "/admin/accounts"

// accountRow is a line of the list of accounts.
type accountRow struct {
	id, login, name, org, state string
	factor                      bool
	seen                        int64
}

func (s *Service) accounts() *list.Spec[accountRow] {
	name := func(_ context.Context, r accountRow) string { return r.name }
	return &list.Spec[accountRow]{Name: "accounts", Path: accountsPath, Room: accountsPath, Title: "account.list", Default: "login", ID: "a.id",
		Select: "a.id, a.login, a.name, o.name, a.state, a.totp_secret <> '', a.seen_at", From: "account a JOIN organisation o ON o.id = a.org_id",
		Where:  func(*web.Ctx) (string, []any) { return "1=1", nil },
		Search: list.Search{Label: "account.search", SQL: `lower(a.login) LIKE ? ESCAPE '\' OR lower(a.name) LIKE ? ESCAPE '\'`},
		Filters: []list.Filter{
			{Name: "state", Label: "account.state", SQL: "a.state = ?", Options: list.Options("account_state", "invited", "active", "disabled")},
			{Name: "role", Label: "account.role", SQL: "EXISTS (SELECT 1 FROM account_role r WHERE r.account_id = a.id AND r.role = ?)", Options: list.Options("role", roleNames()...)},
		},
		Columns: []list.Column[accountRow]{
			{Key: "login", Label: "account.login", Spelled: name, Main: true, Cell: func(_ context.Context, r accountRow) templ.Component {
				return ui.Link(accountsPath+"/"+r.id, r.name, r.login)
			}, Text: name},
			{Key: "org", Label: "account.org", Cell: func(ctx context.Context, r accountRow) templ.Component {
				return ui.Text(baqylau.ParseText(r.org).In(locale.Lang(ctx)))
			}},
			{Key: "state", Label: "account.state", Spelled: func(ctx context.Context, r accountRow) string { return locale.Code(ctx, "account_state", r.state) }, Bare: true, Cell: func(ctx context.Context, r accountRow) templ.Component {
				return stateBadge(ctx, State(r.state))
			}},
			{Key: "factor", Label: "account.factor", Minor: true, Cell: func(ctx context.Context, r accountRow) templ.Component {
				return ui.Text(yesNo(ctx, r.factor))
			}},
			{Key: "seen", Label: "account.seen", Sort: "a.seen_at", NoWrap: true, Minor: true, Cell: func(ctx context.Context, r accountRow) templ.Component {
				return ui.Text(locale.DateTime(ctx, store.Time(r.seen)))
			}},
		},
		Scan: func(row list.Row) (r accountRow, err error) {
			err = row.Scan(&r.id, &r.login, &r.name, &r.org, &r.state, &r.factor, &r.seen)
			return r, err
		},
		Above: s.Above,
		Act: func(c *web.Ctx) templ.Component {
			return ui.Submit(ui.Button{Label: c.T("account.invite"), Href: accountsPath + "/new"})
		},
	}
}

func roleNames() []string {
	names := make([]string, len(access.Roles))
	for i, r := range access.Roles {
		names[i] = string(r)
	}
	return names
}

func stateBadge(ctx context.Context, s State) templ.Component {
	return ui.State(map[State]ui.Progress{Invited: ui.Waiting, Active: ui.Done, Disabled: ui.Failed}[s], locale.Code(ctx, "account_state", string(s)))
}

func yesNo(ctx context.Context, yes bool) string {
	if yes {
		return locale.T(ctx, "account.yes")
	}
	return locale.T(ctx, "account.no")
}

// orgOptions are the active organisations in alphabetical order of the reader's language.
func (s *Service) orgOptions(c *web.Ctx) ([]ui.Option, error) {
	var rows []struct{ ID, Name string }
	if err := s.db().NewRaw("SELECT id, name FROM organisation WHERE active ORDER BY code").Scan(c.Context(), &rows); err != nil {
		return nil, err
	}
	out := []ui.Option{{Label: c.T("account.choose")}}
	for _, r := range rows {
		out = append(out, ui.Option{Value: r.ID, Label: baqylau.ParseText(r.Name).In(c.Lang())})
	}
	ui.ByName(c.Context(), out[1:])
	return out, nil
}

// adminView is the page of one account, or of an invitation when the account is new.
type adminView struct {
	fields.Set
	a     Account
	orgs  []ui.Option
	self  bool
	links []Purpose
	fresh string // link made just now, shown once
}

func (s *Service) showInvite(c *web.Ctx, sent *web.Form, err error) error {
	orgs, oerr := s.orgOptions(c)
	if oerr != nil {
		return oerr
	}
	v := adminView{Set: fields.New(c, sent, err, map[string][]string{"lang": {string(c.Lang())}}), orgs: orgs}
	return s.page(c, "account.invite", v.Set, accountsPath, func(fields.Set) web.Page { return web.Page{Body: v.invitePage(s.Mail != nil)} })
}

func (s *Service) postInvite(c *web.Ctx) error {
	f, err := c.ReadForm(0)
	if err != nil {
		return err
	}
	l, _ := baqylau.ParseLang(f.Choice("lang", true, "kk", "ru", "en"))
	n := NewAccount{Login: f.Text("login", false, 200), Name: f.Text("name", false, 120), Org: f.Get("org"), Roles: roles(f), Lang: l} // Invite names all that is missing at once
	if err := f.Err(); err != nil {
		return s.showInvite(c, f, err)
	}
	a, link, err := s.Invite(c.Context(), c.Actor, n)
	if mendable(err) {
		return s.showInvite(c, f, err)
	}
	if err != nil {
		return err
	}
	if link == "" {
		return c.Done(accountsPath, "account.done.mailed", "")
	}
	return s.showOne(c, a.ID, nil, nil, link)
}

func mendable(err error) bool {
	code := baqylau.CodeOf(err)
	return code == baqylau.Invalid || code == baqylau.Conflict || code == baqylau.Forbidden
}

func roles(f *web.Form) (list []access.Role) {
	for _, r := range f.All("roles") {
		list = append(list, access.Role(r))
	}
	return list
}

func (s *Service) showEdit(c *web.Ctx, sent *web.Form, err error) error {
	return s.showOne(c, c.Path("id"), sent, err, "")
}

func (s *Service) showOne(c *web.Ctx, id string, sent *web.Form, err error, link string) error {
	a, rerr := one(c.Context(), s.db(), "a.id = ?", id)
	if rerr != nil {
		return rerr
	}
	orgs, rerr := s.orgOptions(c)
	if rerr != nil {
		return rerr
	}
	stored := map[string][]string{"name": {a.Name}, "org": {a.OrgID}}
	for _, r := range a.Roles {
		stored["roles"] = append(stored["roles"], string(r))
	}
	v := adminView{Set: fields.New(c, sent, err, stored), a: a, orgs: orgs, self: id == c.Actor.ID, fresh: link}
	switch {
	case a.State == Invited:
		v.links = []Purpose{Invitation}
	case a.State == Active && a.Factor:
		v.links = []Purpose{NewPassword, SecondFactor}
	case a.State == Active:
		v.links = []Purpose{NewPassword}
	}
	return s.page(c, "account.one", v.Set, accountsPath, func(fields.Set) web.Page { return web.Page{Body: v.page()} })
}

func (s *Service) postEdit(c *web.Ctx) error {
	f, err := c.ReadForm(0)
	if err != nil {
		return err
	}
	err = s.Change(c.Context(), c.Actor, c.Path("id"), f.Text("name", true, 120), f.Get("org"), roles(f))
	if mendable(err) {
		return s.showEdit(c, f, err)
	}
	if err != nil {
		return err
	}
	return c.Done(accountsPath+"/"+c.Path("id"), "account.done.changed", "")
}

func (s *Service) postNewLink(c *web.Ctx) error {
	f, err := c.ReadForm(0)
	if err != nil {
		return err
	}
	p := Purpose(f.Choice("purpose", true, string(Invitation), string(NewPassword), string(SecondFactor)))
	if err := f.Err(); err != nil {
		return err
	}
	link, err := s.Link(c.Context(), c.Actor, c.Path("id"), p)
	if err != nil {
		return err
	}
	if link == "" {
		return c.Done(accountsPath+"/"+c.Path("id"), "account.done.mailed", "")
	}
	return s.showOne(c, c.Path("id"), nil, nil, link)
}

func (s *Service) postState(c *web.Ctx) error {
	f, err := c.ReadForm(0)
	if err != nil {
		return err
	}
	err = s.SetDisabled(c.Context(), c.Actor, c.Path("id"), f.Get("shut") != "")
	if mendable(err) {
		return s.showEdit(c, nil, err)
	}
	if err != nil {
		return err
	}
	return c.Done(accountsPath+"/"+c.Path("id"), "account.done.changed", "")
}
