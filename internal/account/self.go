package account

import (
	"context"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/secret"
	"github.com/baqylau/baqylau/internal/store"
)

// self runs an act on the actor's own account.
func (s *Service) self(ctx context.Context, actor access.Actor, what string, fn func(ctx context.Context, tx *change.Tx) error) error {
	return s.act(ctx, actor, access.SelfEdit, func(ctx context.Context, tx *change.Tx) error {
		tx.Subject("account", actor.ID, actor.OrgID, map[string]any{"own": what})
		return fn(ctx, tx)
	})
}

// ChangePassword replaces the person's own password and ends their other sessions. keep is the hash of the present one. Codes: Invalid at
// "password", Unauthentic turned into Invalid at "old" when the present password is wrong; wrong tries count towards the pause.
func (s *Service) ChangePassword(ctx context.Context, actor access.Actor, old, password, keep string) error {
	a, err := one(ctx, s.db(), "a.id = ?", actor.ID)
	if err != nil {
		return err
	}
	if _, err := s.Password(ctx, a.Login, old); err != nil {
		if baqylau.CodeOf(err) == baqylau.Unauthentic {
			return baqylau.E(baqylau.Invalid, "account.error.old_password").On("old")
		}
		return err
	}
	if err := checkPassword("password", password, a.Login); err != nil {
		return err
	}
	hash := hashOf(password)
	return s.self(ctx, actor, "password", func(ctx context.Context, tx *change.Tx) error {
		if _, err := tx.NewRaw("UPDATE account SET password_hash = ? WHERE id = ?", hash, actor.ID).Exec(ctx); err != nil {
			return err
		}
		_, err := end(ctx, tx, actor.ID, keep)
		return err
	})
}

// ChangeLang sets the language in which the system writes to the person, and speaks unless the page says another.
func (s *Service) ChangeLang(ctx context.Context, actor access.Actor, l baqylau.Lang) error {
	return s.self(ctx, actor, "language", func(ctx context.Context, tx *change.Tx) error {
		_, err := tx.NewRaw("UPDATE account SET lang = ?, lang_own = TRUE WHERE id = ?", string(l), actor.ID).Exec(ctx)
		return err
	})
}

// EndSessions ends one of the person's sessions, or with id "" all but the one with hash keep.
func (s *Service) EndSessions(ctx context.Context, actor access.Actor, id, keep string) error {
	return s.self(ctx, actor, "sessions", func(ctx context.Context, tx *change.Tx) error {
		if id == "" {
			_, err := end(ctx, tx, actor.ID, keep)
			return err
		}
		_, err := tx.NewRaw("DELETE FROM session WHERE account_id = ? AND token_hash = ?", actor.ID, id).Exec(ctx)
		return err
	})
}

// Token is an API token as its owner sees it.
type Token struct {
	ID, Name                  string
	Created, Expires, LastUse time.Time
}

// TokenDays bounds the life of an API token.
const TokenDays = 365

// NewToken makes an API token with the rights of its owner, for 1 to TokenDays days. The token is returned once. Code Invalid.
func (s *Service) NewToken(ctx context.Context, actor access.Actor, name string, days int) (token string, err error) {
	if name == "" {
		return "", baqylau.E(baqylau.Invalid, "error.required").On("name")
	}
	if days < 1 || days > TokenDays {
		return "", baqylau.E(baqylau.Invalid, "error.range", "Low", 1, "High", TokenDays).On("days")
	}
	token = "bq_" + secret.NewToken()
	return token, s.self(ctx, actor, "token", func(ctx context.Context, tx *change.Tx) error {
		now := s.clock.now()
		_, err := tx.NewRaw("INSERT INTO api_token (id, account_id, name, token_hash, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)",
			store.NewID(), actor.ID, name, secret.Hash(token), now.UnixMicro(), now.AddDate(0, 0, days).UnixMicro()).Exec(ctx)
		return err
	})
}

// EndToken removes one of the person's own tokens. Code NotFound.
func (s *Service) EndToken(ctx context.Context, actor access.Actor, id string) error {
	return s.self(ctx, actor, "token_ended", func(ctx context.Context, tx *change.Tx) error {
		return store.Changed(tx.NewRaw("DELETE FROM api_token WHERE account_id = ? AND id = ?", actor.ID, id).Exec(ctx))
	})
}

func (s *Service) tokensOf(ctx context.Context, accountID string) (list []Token, err error) {
	rows, err := s.db().QueryContext(ctx, "SELECT id, name, created_at, expires_at, last_used_at FROM api_token WHERE account_id = ? ORDER BY created_at", accountID)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var t Token
		var created, expires, used int64
		if err := rows.Scan(&t.ID, &t.Name, &created, &expires, &used); err != nil {
			return nil, err
		}
		t.Created, t.Expires, t.LastUse = store.Time(created), store.Time(expires), store.Time(used)
		list = append(list, t)
	}
	return list, rows.Err()
}
