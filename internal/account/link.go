package account

import (
	"context"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/secret"
	"github.com/baqylau/baqylau/internal/store"
)

// Purpose is what a one-time link does.
type Purpose string

// The purposes.
const (
	Invitation   Purpose = "invitation"    // set the first password
	NewPassword  Purpose = "password"      // set another password
	SecondFactor Purpose = "second_factor" // forget the second factor, after giving the password
)

// life is how long a link may be used.
var life = map[Purpose]time.Duration{Invitation: 7 * 24 * time.Hour, NewPassword: time.Hour, SecondFactor: 24 * time.Hour}

// issue makes a link for an account in an act's transaction; earlier unused ones of the same purpose stop working. The token is
// returned once and kept as a hash.
func (s *Service) issue(ctx context.Context, tx *change.Tx, accountID string, p Purpose) (token string, err error) {
	if _, err := tx.NewRaw("DELETE FROM one_time_link WHERE account_id = ? AND purpose = ? AND used_at = 0", accountID, string(p)).Exec(ctx); err != nil {
		return "", err
	}
	token = secret.NewToken()
	_, err = tx.NewRaw("INSERT INTO one_time_link (token_hash, account_id, purpose, expires_at) VALUES (?, ?, ?, ?)",
		secret.Hash(token), accountID, string(p), s.clock.now().Add(life[p]).UnixMicro()).Exec(ctx)
	return token, err
}

// errLink is the answer to a link that is unknown, used or too old: the three look alike.
func errLink() error { return baqylau.E(baqylau.NotFound, "account.error.link") }

// ends is when a link that works now ends: later than after, and not later than latest. One that ended later still would have been made in the future; it is refused, as such a session is.
func (s *Service) ends(p Purpose) (after, latest int64) {
	now := s.clock.now()
	return now.UnixMicro(), now.Add(life[p] + skew).UnixMicro()
}

// linked finds the account and purpose of a link that still works.
func (s *Service) linked(ctx context.Context, token string) (a Account, p Purpose, err error) {
	var id string
	var end int64
	err = store.One(s.db().NewRaw("SELECT account_id, purpose, expires_at FROM one_time_link WHERE token_hash = ? AND used_at = 0", secret.Hash(token)).Scan(ctx, &id, &p, &end))
	if err != nil && baqylau.CodeOf(err) != baqylau.NotFound {
		return a, p, err
	}
	if after, latest := s.ends(p); err != nil || end <= after || end > latest {
		return a, p, errLink()
	}
	a, err = one(ctx, s.db(), "a.id = ?", id)
	if err == nil && (a.State == Disabled || !a.orgActive) {
		err = errLink()
	}
	return a, p, err
}

// spend uses a link up; of two people who follow it at once, one gets NotFound.
func (s *Service) spend(ctx context.Context, tx *change.Tx, token string, p Purpose) error {
	after, latest := s.ends(p)
	res, err := tx.NewRaw("UPDATE one_time_link SET used_at = ? WHERE token_hash = ? AND purpose = ? AND used_at = 0 AND expires_at > ? AND expires_at <= ?",
		tx.Now.UnixMicro(), secret.Hash(token), string(p), after, latest).Exec(ctx)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n != 1 {
		return errLink()
	}
	return nil
}

// SetPassword follows an invitation or a link for a forgotten password: the account becomes active with the new password, and every
// session it had ends. Codes: NotFound for a link that no longer works, Invalid at "password".
func (s *Service) SetPassword(ctx context.Context, token, password string) error {
	a, p, err := s.linked(ctx, token)
	if err == nil && p == SecondFactor {
		err = errLink()
	}
	if err != nil {
		return err
	}
	if err := checkPassword("password", password, a.Login); err != nil {
		return err
	}
	hash := hashOf(password)
	return s.act(ctx, access.Anyone(a.Lang), access.SignIn, func(ctx context.Context, tx *change.Tx) error {
		if err := s.spend(ctx, tx, token, p); err != nil {
			return err
		}
		if _, err := tx.NewRaw("UPDATE account SET password_hash = ?, state = 'active', failures = 0, locked_until = 0 WHERE id = ? AND state <> 'disabled'", hash, a.ID).Exec(ctx); err != nil {
			return err
		}
		_, err := end(ctx, tx, a.ID, "")
		tx.Subject("account", a.ID, a.OrgID, map[string]any{"link": string(p)})
		return err
	})
}

// LoseFactor follows a link for a lost second factor: with the right password the factor is forgotten, and the next sign-in enrols a
// new one. Codes: NotFound, Unauthentic.
func (s *Service) LoseFactor(ctx context.Context, token, password string) error {
	a, p, err := s.linked(ctx, token)
	if err == nil && p != SecondFactor {
		err = errLink()
	}
	if err != nil {
		return err
	}
	right := matches(password, a.hash)
	return s.try(ctx, a, "link", func(ctx context.Context, tx *change.Tx, now Account) (bool, error) {
		if !right || now.hash != a.hash {
			return false, nil
		}
		if err := s.spend(ctx, tx, token, p); err != nil {
			return false, err
		}
		if _, err := tx.NewRaw("UPDATE account SET totp_secret = '', totp_last_step = 0 WHERE id = ?", a.ID).Exec(ctx); err != nil {
			return false, err
		}
		_, err := end(ctx, tx, a.ID, "")
		return true, err
	})
}

// linkStatements is how many statements issue and mail make; the attack "who exists" on the whole process counts them.
const linkStatements = 4

// Forgotten sends a link for a new password to a login, if there is such an account and a mail server. It succeeds alike for every
// login, so that nobody learns who has an account.
func (s *Service) Forgotten(ctx context.Context, login string) error {
	a, err := one(ctx, s.db(), "a.login = ?", fold(login))
	if err != nil && baqylau.CodeOf(err) != baqylau.NotFound {
		return err
	}
	return s.act(ctx, access.Anyone(baqylau.English), access.SignIn, func(ctx context.Context, tx *change.Tx) error {
		tx.Subject("account", a.ID, a.OrgID, map[string]any{"forgotten": true})
		if s.Mail == nil {
			return nil
		}
		if !a.usable() { // as many statements as a link and its letter take, so that the time of the answer tells nothing
			for range linkStatements {
				if _, err := tx.NewRaw("SELECT 1").Exec(ctx); err != nil {
					return err
				}
			}
			return nil
		}
		token, err := s.issue(ctx, tx, a.ID, NewPassword)
		if err != nil {
			return err
		}
		return s.mail(ctx, tx, a, NewPassword, token)
	})
}

// address is where a link leads.
func (s *Service) address(token string) string { return s.BaseURL() + "/link/" + token }

// mail queues the letter that carries a link, in the language of the account.
func (s *Service) mail(ctx context.Context, tx *change.Tx, a Account, p Purpose, token string) error {
	in := locale.With(ctx, a.Lang)
	subject := locale.T(in, "account.mail."+string(p)+".subject")
	body := locale.T(in, "account.mail."+string(p)+".body", "Name", a.Name, "Address", s.address(token), "Until", s.clock.now().Add(life[p]))
	return s.Mail.Queue(ctx, tx, "account", a.ID, a.Login, a.Lang, subject, body)
}
