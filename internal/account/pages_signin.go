package account

import (
	"net/http"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/fields"
	"github.com/baqylau/baqylau/internal/web/ui"
)

// Addresses of signing in.
const (
	signInPath = "/sign-in"
	codePath   = "/sign-in/code"
	factorPath = "/second-factor"
)

// limit refuses more tries than people make. Code TooMany.
func (s *Service) limit(c *web.Ctx, login string) error {
	if s.perIP.OnLimit(c.W, c.R, web.Visitor(c.R)) || login != "" && s.perLogin.OnLimit(c.W, c.R, fold(login)) {
		return baqylau.E(baqylau.TooMany, "account.error.too_many")
	}
	return nil
}

func (s *Service) page(c *web.Ctx, title string, f fields.Set, room string, body func(f fields.Set) web.Page) error {
	p := body(f)
	p.Title, p.Room, p.Kind, p.Status = c.T(title), room, ui.Narrow, f.Status()
	return c.Render(p)
}

func (s *Service) showSignIn(c *web.Ctx, sent *web.Form, err error) error {
	if c.Actor.SignedIn() && err == nil {
		return c.Redirect(web.Local(c.Query("next")))
	}
	next := c.Query("next")
	if sent != nil {
		next = sent.Get("next")
	}
	return s.page(c, "account.sign_in", fields.New(c, sent, err, nil), signInPath, func(f fields.Set) web.Page {
		return web.Page{Body: signInPage(f, next, s.Demo)}
	})
}

func (s *Service) postSignIn(c *web.Ctx) error {
	f, err := c.ReadForm(0)
	if err != nil {
		return err
	}
	login, password := f.Text("login", true, 200), f.Values["password"]
	if len(password) != 1 || password[0] == "" {
		f.Bad("password", "error.required")
	}
	if err := f.Err(); err != nil {
		return s.showSignIn(c, f, err)
	}
	if err := s.limit(c, login); err != nil {
		return s.showSignIn(c, f, err)
	}
	ctx := c.Context()
	a, err := s.Password(ctx, login, password[0])
	if err != nil {
		return s.showSignIn(c, f, err)
	}
	needs, err := s.needsFactor(ctx, a)
	if err != nil {
		return err
	}
	s.sessions.Put(ctx, keyNext, web.Local(f.Get("next")))
	if !a.Factor && !needs {
		return s.in(c, a)
	}
	if err := s.sessions.RenewToken(ctx); err != nil {
		return err
	}
	s.sessions.Remove(ctx, keyAccount)
	s.sessions.Remove(ctx, keyEnrol)
	s.sessions.Put(ctx, keyPending, a.ID)
	if a.Factor {
		return c.Redirect(codePath)
	}
	return c.Redirect(factorPath)
}

// in opens the session and leads on.
func (s *Service) in(c *web.Ctx, a Account) error {
	if err := s.begin(c.Context(), a, agent(c.R), c.Lang()); err != nil {
		return err
	}
	return c.Redirect(web.Local(s.sessions.PopString(c.Context(), keyNext)))
}

// waiting is the account that gave its password and no second factor yet. Code Unauthentic when there is none.
func (s *Service) waiting(c *web.Ctx) (Account, error) {
	id := s.sessions.GetString(c.Context(), keyPending)
	if id == "" {
		return Account{}, baqylau.E(baqylau.Unauthentic, "error.sign_in")
	}
	a, err := one(c.Context(), s.db(), "a.id = ?", id)
	if err == nil && !a.usable() {
		err = baqylau.E(baqylau.Unauthentic, "error.sign_in")
	}
	return a, err
}

func (s *Service) showCode(c *web.Ctx, sent *web.Form, err error) error {
	if _, werr := s.waiting(c); werr != nil {
		return werr
	}
	return s.page(c, "account.code", fields.New(c, sent, err, nil), signInPath, func(f fields.Set) web.Page { return web.Page{Body: codePage(f)} })
}

func (s *Service) postCode(c *web.Ctx) error {
	f, err := c.ReadForm(0)
	if err != nil {
		return err
	}
	a, err := s.waiting(c)
	if err != nil {
		return err
	}
	if err := s.limit(c, a.Login); err != nil {
		return s.showCode(c, f, err)
	}
	if err := s.Code(c.Context(), a, digits(f.Get("code"))); err != nil {
		if baqylau.CodeOf(err) == baqylau.Unauthentic {
			err = baqylau.E(baqylau.Unauthentic, "account.error.code").On("code")
		}
		return s.showCode(c, f, err)
	}
	return s.in(c, a)
}

// digits drops the space that programs show in the middle of a code.
func digits(code string) string {
	var d []byte
	for i := range len(code) {
		if code[i] >= '0' && code[i] <= '9' {
			d = append(d, code[i])
		}
	}
	return string(d)
}

// enrolling is the account that enrols a second factor: one that must before it may come in, or a person signed in that has none.
func (s *Service) enrolling(c *web.Ctx) (a Account, pendingSignIn bool, err error) {
	if c.Actor.SignedIn() {
		a, err = one(c.Context(), s.db(), "a.id = ?", c.Actor.ID)
	} else {
		a, err = s.waiting(c)
		pendingSignIn = true
	}
	if err == nil && a.Factor {
		err = baqylau.E(baqylau.Conflict, "account.error.factor_there")
	}
	return a, pendingSignIn, err
}

// secretOf is the secret being enrolled, made at the first look and kept sealed in the session.
func (s *Service) secretOf(c *web.Ctx) (string, error) {
	ctx := c.Context()
	if sealed := s.sessions.GetString(ctx, keyEnrol); sealed != "" {
		return s.Key.Open(sealFactor, sealed)
	}
	x := newFactor()
	s.sessions.Put(ctx, keyEnrol, s.Key.Seal(sealFactor, x))
	return x, nil
}

func (s *Service) showFactor(c *web.Ctx, sent *web.Form, err error) error {
	_, must, eerr := s.enrolling(c)
	if eerr != nil {
		return eerr
	}
	x, eerr := s.secretOf(c)
	if eerr != nil {
		return eerr
	}
	return s.page(c, "account.factor", fields.New(c, sent, err, nil), signInPath, func(f fields.Set) web.Page { return web.Page{Body: factorPage(f, x, must)} })
}

func (s *Service) postFactor(c *web.Ctx) error {
	f, err := c.ReadForm(0)
	if err != nil {
		return err
	}
	a, must, err := s.enrolling(c)
	if err != nil {
		return err
	}
	x, err := s.secretOf(c)
	if err != nil {
		return err
	}
	if err := s.limit(c, a.Login); err != nil {
		return s.showFactor(c, f, err)
	}
	if err := s.Enrol(c.Context(), a, x, digits(f.Get("code"))); err != nil {
		return s.showFactor(c, f, err)
	}
	if must {
		return s.in(c, a)
	}
	s.sessions.Remove(c.Context(), keyEnrol)
	return c.Done("/account", "account.done.factor", "")
}

func (s *Service) factorPicture(c *web.Ctx) error {
	a, _, err := s.enrolling(c)
	if err != nil {
		return err
	}
	x, err := s.secretOf(c)
	if err != nil {
		return err
	}
	png, err := factorPNG(a.Login, x)
	if err != nil {
		return err
	}
	c.W.Header().Set("Content-Type", "image/png")
	c.W.Header().Set("Cache-Control", "no-store")
	_, err = c.W.Write(png)
	return err
}

func (s *Service) postSignOut(c *web.Ctx) error {
	if err := s.self(c.Context(), c.Actor, "signed_out", nothing); err != nil {
		return err
	}
	if err := s.sessions.Destroy(c.Context()); err != nil {
		return err
	}
	return c.Redirect(signInPath)
}

// Routes registers the pages of the room.
func Routes(rt *web.Router, s *Service) {
	form := func(h func(c *web.Ctx, sent *web.Form, err error) error) web.Handler {
		return func(c *web.Ctx) error { return h(c, nil, nil) }
	}
	rt.Handle("GET "+signInPath, access.SignIn, form(s.showSignIn))
	rt.Handle("POST "+signInPath, access.SignIn, s.postSignIn)
	rt.Handle("GET "+codePath, access.SignIn, form(s.showCode))
	rt.Handle("POST "+codePath, access.SignIn, s.postCode)
	rt.Handle("GET "+factorPath, access.SignIn, form(s.showFactor))
	rt.Handle("POST "+factorPath, access.SignIn, s.postFactor)
	rt.Handle("GET "+factorPath+"/qr.png", access.SignIn, s.factorPicture)
	rt.Handle("POST /sign-out", access.SelfEdit, s.postSignOut)
	rt.Handle("GET /forgotten", access.SignIn, form(s.showForgotten))
	rt.Handle("POST /forgotten", access.SignIn, s.postForgotten)
	rt.Handle("GET /link/{token}", access.SignIn, form(s.showLink))
	rt.Handle("POST /link/{token}", access.SignIn, s.postLink)

	rt.Handle("GET /account", access.SelfEdit, form(s.showAccount))
	rt.Handle("POST /account/password", access.SelfEdit, s.postPassword)
	rt.Handle("POST /account/language", access.SelfEdit, s.postLang)
	rt.Handle("POST /account/sessions/end", access.SelfEdit, s.postEndSessions)
	rt.Handle("POST /account/tokens", access.SelfEdit, s.postToken)
	rt.Handle("POST /account/tokens/{id}/end", access.SelfEdit, s.postEndToken)

	rt.Handle("GET "+accountsPath, access.AccountEdit, s.accounts().Handler(s.Writer))
	rt.Handle("GET "+accountsPath+"/new", access.AccountEdit, form(s.showInvite))
	rt.Handle("POST "+accountsPath+"/new", access.AccountEdit, s.postInvite)
	rt.Handle("GET "+accountsPath+"/{id}", access.AccountEdit, form(s.showEdit))
	rt.Handle("POST "+accountsPath+"/{id}", access.AccountEdit, s.postEdit)
	rt.Handle("POST "+accountsPath+"/{id}/link", access.AccountEdit, s.postNewLink)
	rt.Handle("POST "+accountsPath+"/{id}/state", access.AccountEdit, s.postState)
}

// setLang remembers the chosen language for pages as well.
func setLang(c *web.Ctx, l baqylau.Lang) {
	http.SetCookie(c.W, &http.Cookie{Name: "lang", Value: string(l), Path: "/", MaxAge: 365 * 24 * 3600, HttpOnly: true, Secure: c.R.TLS != nil, SameSite: http.SameSiteLaxMode})
}
