package account

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/a-h/templ"
	"github.com/alexedwards/scs/v2"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/due"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/secret"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/go-chi/httprate"
	"github.com/uptrace/bun"
)

// Options are what the room needs from the process.
type Options struct {
	Writer *change.Writer
	Key    *secret.Key
	Mail   due.Mailer // nil when no mail server is configured: links are then shown to the administrator
	// BaseURL is the address people reach the site at, without a slash at its end.
	BaseURL func() string
	Demo    bool // a demonstration workspace: no second factor is asked for
	// Fail shows what went wrong before any page was asked; plain text when nil.
	Fail func(w http.ResponseWriter, r *http.Request, err error)
	// Above is what the administrator's first page, the list of accounts, shows over the list; it may be nil.
	Above func(c *web.Ctx) (templ.Component, error)
}

// Service is the room.
type Service struct {
	Options
	sessions *scs.SessionManager
	secure   *scs.SessionManager // the same for visitors by HTTPS, whose cookie travels over TLS only
	store    sessionStore
	clock    *steady // of what ends by itself
	perIP    *httprate.RateLimiter
	perLogin *httprate.RateLimiter
	noted    sync.Map // when the use of a token was noted last, by its hash
}

// Attempts at signing in, per minute: an office behind one address has many people, a login has one.
const (
	attemptsPerIP    = 60
	attemptsPerLogin = 10
)

// New returns the room.
func New(o Options) *Service {
	if o.BaseURL == nil {
		o.BaseURL = func() string { return "" }
	}
	s := &Service{Options: o, perIP: httprate.NewRateLimiter(attemptsPerIP, time.Minute), perLogin: httprate.NewRateLimiter(attemptsPerLogin, time.Minute)}
	s.clock = newSteady(func() time.Time { return o.Writer.Now() })
	s.store = sessionStore{o.Writer.DB, s.clock}
	s.sessions = scs.New()
	s.sessions.Lifetime = absolute
	s.sessions.Store = s.store
	s.sessions.Codec = jsonCodec{}
	s.sessions.HashTokenInStore = true
	s.sessions.ErrorFunc = s.sessionFailed
	s.sessions.Cookie.Name = CookieName(false)
	s.sessions.Cookie.Persist = false // ends with the browser, and before that with the session
	secure := *s.sessions             // the same sessions in the same context; only the cookie differs
	secure.Cookie.Name, secure.Cookie.Secure = CookieName(true), true
	s.secure = &secure
	return s
}

// CookieName is the name of the session cookie. It has the prefix that browsers tie to this host and to TLS.
func CookieName(https bool) string {
	if https {
		return "__Host-session"
	}
	return "session"
}

func (s *Service) db() bun.IDB { return s.Writer.DB.Read }

// act is s.Writer.Do, shorter.
func (s *Service) act(ctx context.Context, actor access.Actor, act access.Act, fn func(ctx context.Context, tx *change.Tx) error) error {
	return s.Writer.Do(ctx, actor, act, fn)
}

// sessionFailed answers when the sessions cannot be read or written: the database is not answering.
func (s *Service) sessionFailed(w http.ResponseWriter, r *http.Request, err error) {
	if s.Fail != nil {
		s.Fail(w, r, err)
		return
	}
	http.Error(w, locale.TIn(locale.Negotiate(r), "error.unavailable"), http.StatusServiceUnavailable)
}
