package account

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/secret"
	"github.com/baqylau/baqylau/internal/store"
)

// Sessions loads and saves the session around next; it stands around everything that calls Authenticate.
func (s *Service) Sessions(next http.Handler) http.Handler {
	inside := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r = r.WithContext(context.WithValue(r.Context(), inSession{}, true))
		actor, err := s.who(r)
		if err = store.Outage(err); baqylau.CodeOf(err) == baqylau.Unavailable || baqylau.CodeOf(err) == baqylau.Internal { // whoever is signed in is not to be taken for a stranger because the database is away or fails
			s.sessionFailed(w, r, err)
			return
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), known{}, actor)))
	})
	plain, secure := s.sessions.LoadAndSave(inside), s.secure.LoadAndSave(inside)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/assets/") || r.URL.Path == "/healthz" {
			next.ServeHTTP(w, r)
			return
		}
		if r.TLS != nil {
			secure.ServeHTTP(w, r)
			return
		}
		plain.ServeHTTP(w, r)
	})
}

// Authenticate tells who asks: the owner of an API token ("Authorization: Bearer …"), else of the session, else the public. A token
// that is unknown or has ended makes the public, whatever the session says. An account that was disabled a moment ago is the public.
func (s *Service) Authenticate(r *http.Request) access.Actor {
	if a, ok := r.Context().Value(known{}).(access.Actor); ok {
		return a
	}
	a, _ := s.who(r) // a failure makes the public
	return a
}

// who is Authenticate with the reason why nobody was found, where it is a failure.
func (s *Service) who(r *http.Request) (access.Actor, error) {
	ctx, public := r.Context(), access.Anyone(locale.Negotiate(r))
	if h := r.Header.Get("Authorization"); h != "" {
		kind, token, _ := strings.Cut(h, " ")
		if !strings.EqualFold(kind, "Bearer") {
			return public, nil
		}
		a, err := s.bearer(ctx, strings.TrimSpace(token))
		if err != nil || !a.usable() {
			return public, err
		}
		return a.Actor(), nil
	}
	if ctx.Value(inSession{}) == nil {
		return public, nil
	}
	id := s.sessions.GetString(ctx, keyAccount)
	if id == "" {
		return public, nil
	}
	a, err := one(ctx, s.Writer.DB.Kept(), "a.id = ?", id)
	if err != nil || !a.usable() {
		return public, err
	}
	_ = s.store.keepAlive(ctx, s.current(ctx)) // a page is shown even if the session's end could not be moved
	return a.Actor(), nil
}

// known is the context key of the actor that Sessions has found.
type known struct{}

// inSession marks a request that Sessions stands around.
type inSession struct{}

// current is the hash under which the store keeps this request's session, as scs makes it.
func (s *Service) current(ctx context.Context) string {
	t := s.sessions.Token(ctx)
	if t == "" {
		return ""
	}
	h := sha256.Sum256([]byte(t))
	return base64.RawURLEncoding.EncodeToString(h[:])
}

// noteAfter is how long the use of a token is not noted again.
const noteAfter = 5 * time.Minute

// bearer finds the account of an API token and notes, at most every five minutes, that it was used. A token that was made or used in the future is refused, as a session is.
func (s *Service) bearer(ctx context.Context, token string) (Account, error) {
	now := s.clock.now()
	latest := now.Add(skew).UnixMicro()
	a, err := one(ctx, s.Writer.DB.Kept(), "a.id = (SELECT account_id FROM api_token WHERE token_hash = ? AND expires_at > ? AND created_at <= ? AND last_used_at <= ?)",
		secret.Hash(token), now.UnixMicro(), latest, latest)
	if err != nil {
		return a, err
	}
	hash := secret.Hash(token)
	if at, ok := s.noted.Load(hash); ok && now.Sub(at.(time.Time)) < noteAfter { // by this process; a sender of many reports is not looked up for each
		return a, nil
	}
	var used int64
	if err := store.One(s.db().NewRaw("SELECT last_used_at FROM api_token WHERE token_hash = ?", hash).Scan(ctx, &used)); err != nil { // taken back a moment ago
		return a, err
	}
	s.noted.Store(hash, store.Time(used))
	if now.UnixMicro()-used > noteAfter.Microseconds() {
		// a request is answered even if the use could not be noted, as on a full disk
		if _, err := s.Writer.DB.Write.NewRaw("UPDATE api_token SET last_used_at = ? WHERE token_hash = ?", now.UnixMicro(), hash).Exec(ctx); err == nil {
			s.noted.Store(hash, now)
		}
	}
	return a, nil
}
