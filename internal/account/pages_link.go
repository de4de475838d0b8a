package account

import (
	"context"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/fields"
)

// nothing is the body of an act that only leaves its entry.
func nothing(context.Context, *change.Tx) error { return nil }

func (s *Service) showForgotten(c *web.Ctx, sent *web.Form, err error) error {
	return s.page(c, "account.forgotten", fields.New(c, sent, err, nil), signInPath, func(f fields.Set) web.Page {
		return web.Page{Body: forgottenPage(f, false)}
	})
}

func (s *Service) postForgotten(c *web.Ctx) error {
	f, err := c.ReadForm(0)
	if err != nil {
		return err
	}
	login := f.Text("login", true, 200)
	if err := f.Err(); err != nil {
		return s.showForgotten(c, f, err)
	}
	if err := s.limit(c, login); err != nil {
		return s.showForgotten(c, f, err)
	}
	if err := s.Forgotten(c.Context(), login); err != nil {
		return err
	}
	return s.page(c, "account.forgotten", fields.New(c, nil, nil, nil), signInPath, func(f fields.Set) web.Page {
		return web.Page{Body: forgottenPage(f, true)}
	})
}

func (s *Service) showLink(c *web.Ctx, sent *web.Form, err error) error {
	if sent == nil {
		if err := s.limit(c, ""); err != nil {
			return err
		}
	}
	a, p, lerr := s.linked(c.Context(), c.Path("token"))
	if lerr != nil {
		return lerr
	}
	return s.page(c, "account.link."+string(p), fields.New(c, sent, err, nil), signInPath, func(f fields.Set) web.Page {
		return web.Page{Body: linkPage(f, a, p, c.Path("token"))}
	})
}

func (s *Service) postLink(c *web.Ctx) error {
	f, err := c.ReadForm(0)
	if err != nil {
		return err
	}
	if err := s.limit(c, ""); err != nil {
		return err
	}
	_, p, err := s.linked(c.Context(), c.Path("token"))
	if err != nil {
		return err
	}
	password := one0(f.Values["password"])
	if p == SecondFactor {
		if err := s.LoseFactor(c.Context(), c.Path("token"), password); err != nil {
			return s.linkAgain(c, f, err)
		}
		return c.Done(signInPath, "account.done.factor_lost", "")
	}
	if password != one0(f.Values["again"]) {
		return s.showLink(c, f, baqylau.E(baqylau.Invalid, "account.error.again").On("again"))
	}
	if err := s.SetPassword(c.Context(), c.Path("token"), password); err != nil {
		return s.linkAgain(c, f, err)
	}
	return c.Done(signInPath, "account.done.password", "")
}

// linkAgain shows the form again for what the person can mend, and the error page for a link that stopped working.
func (s *Service) linkAgain(c *web.Ctx, f *web.Form, err error) error {
	if code := baqylau.CodeOf(err); code == baqylau.Invalid || code == baqylau.Unauthentic {
		return s.showLink(c, f, err)
	}
	return err
}

// one0 is the first value as typed: passwords are not trimmed.
func one0(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[0]
}
