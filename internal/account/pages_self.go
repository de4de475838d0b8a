package account

import (
	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/fields"
)

const selfPath = "/account"

// selfView is what the page of one's own account shows.
type selfView struct {
	fields.Set
	a        Account
	sessions []Session
	tokens   []Token
	fresh    string // API token made just now
}

func (s *Service) showAccount(c *web.Ctx, sent *web.Form, err error) error {
	return s.showSelf(c, sent, err, "")
}

func (s *Service) showSelf(c *web.Ctx, sent *web.Form, err error, fresh string) error {
	ctx := c.Context()
	a, rerr := one(ctx, s.db(), "a.id = ?", c.Actor.ID)
	if rerr != nil {
		return rerr
	}
	v := selfView{Set: fields.New(c, sent, err, map[string][]string{"lang": {string(a.Lang)}, "days": {"90"}}), a: a, fresh: fresh}
	if v.sessions, rerr = s.sessionsOf(ctx, a.ID, s.current(ctx)); rerr != nil {
		return rerr
	}
	if v.tokens, rerr = s.tokensOf(ctx, a.ID); rerr != nil {
		return rerr
	}
	return s.page(c, "account.own", v.Set, selfPath, func(fields.Set) web.Page { return web.Page{Body: v.page()} })
}

func (s *Service) postPassword(c *web.Ctx) error {
	f, err := c.ReadForm(0)
	if err != nil {
		return err
	}
	if err := s.limit(c, c.Actor.ID); err != nil {
		return s.showAccount(c, f, err)
	}
	if one0(f.Values["password"]) != one0(f.Values["again"]) {
		return s.showAccount(c, f, baqylau.E(baqylau.Invalid, "account.error.again").On("again"))
	}
	err = s.ChangePassword(c.Context(), c.Actor, one0(f.Values["old"]), one0(f.Values["password"]), s.current(c.Context()))
	if baqylau.CodeOf(err) == baqylau.Invalid {
		return s.showAccount(c, f, err)
	}
	if err != nil {
		return err
	}
	return c.Done(selfPath, "account.done.password", "")
}

func (s *Service) postLang(c *web.Ctx) error {
	f, err := c.ReadForm(0)
	if err != nil {
		return err
	}
	l, ok := baqylau.ParseLang(f.Get("lang"))
	if !ok {
		return s.showAccount(c, f, baqylau.E(baqylau.Invalid, "error.choice").On("lang"))
	}
	if err := s.ChangeLang(c.Context(), c.Actor, l); err != nil {
		return err
	}
	setLang(c, l)
	return c.Done(selfPath, "account.done.language", "")
}

func (s *Service) postEndSessions(c *web.Ctx) error {
	f, err := c.ReadForm(0)
	if err != nil {
		return err
	}
	if err := s.EndSessions(c.Context(), c.Actor, f.Get("id"), s.current(c.Context())); err != nil {
		return err
	}
	return c.Done(selfPath, "account.done.sessions", "")
}

func (s *Service) postToken(c *web.Ctx) error {
	f, err := c.ReadForm(0)
	if err != nil {
		return err
	}
	name, days := f.Text("name", true, 60), f.Int("days", true, 1, TokenDays)
	if err := f.Err(); err != nil {
		return s.showAccount(c, f, err)
	}
	token, err := s.NewToken(c.Context(), c.Actor, name, days)
	if err != nil {
		return err
	}
	return s.showSelf(c, nil, nil, token)
}

func (s *Service) postEndToken(c *web.Ctx) error {
	if err := s.EndToken(c.Context(), c.Actor, c.Path("id")); err != nil {
		return err
	}
	return c.Done(selfPath, "account.done.token_ended", "")
}
