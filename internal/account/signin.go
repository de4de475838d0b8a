package account

import (
	"context"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/store"
)

// Lock-out: after freeFailures wrong tries in a row each further one closes the account to tries for twice as long as the one before.
const (
	freeFailures = 5
	firstPause   = time.Minute
	longestPause = time.Hour
)

// pause is how long an account takes no tries after its n-th failure in a row.
func pause(n int) time.Duration {
	if n < freeFailures {
		return 0
	}
	d := firstPause << min(n-freeFailures, 10)
	return min(d, longestPause)
}

// errRefused is the one answer to a wrong login, a wrong password, a paused and a disabled account: an outsider learns nothing from it.
func errRefused() error { return baqylau.E(baqylau.Unauthentic, "account.error.refused") }

// Password checks the first factor and journals the try, also for logins that do not exist: both cost one hash and one transaction.
// Code Unauthentic, the same for every reason.
func (s *Service) Password(ctx context.Context, login, password string) (Account, error) {
	a, err := one(ctx, s.db(), "a.login = ?", fold(login))
	if err != nil && baqylau.CodeOf(err) != baqylau.NotFound {
		return a, err
	}
	right := matches(password, a.hash)
	return a, s.try(ctx, a, "password", func(ctx context.Context, tx *change.Tx, now Account) (bool, error) {
		return right && now.hash == a.hash, nil
	})
}

// try runs one check of a factor under the lock-out. It reads the account again inside the transaction, so that tries sent at the same
// moment are counted one after another.
func (s *Service) try(ctx context.Context, a Account, factor string, check func(ctx context.Context, tx *change.Tx, now Account) (bool, error)) error {
	outcome := "refused"
	err := s.act(ctx, access.Anyone(baqylau.English), access.SignIn, func(ctx context.Context, tx *change.Tx) error {
		now, err := locked(ctx, tx, a.ID)
		if err != nil {
			return err
		}
		failures, until := now.failures, now.lockedUntil
		var ok bool
		if now.usable() && !tx.Now.Before(until) {
			if ok, err = check(ctx, tx, now); err != nil {
				return err
			}
			if failures++; ok {
				failures, outcome = 0, "accepted"
			} else if p := pause(failures); p > 0 {
				until, outcome = tx.Now.Add(p), "paused"
			}
		}
		if _, err := tx.NewRaw("UPDATE account SET failures = ?, locked_until = ? WHERE id = ?", failures, store.Micros(until), a.ID).Exec(ctx); err != nil {
			return err
		}
		tx.Subject("account", a.ID, a.OrgID, map[string]any{"factor": factor, "outcome": outcome})
		return nil
	})
	if err != nil {
		return err
	}
	if outcome != "accepted" {
		return errRefused()
	}
	return nil
}

// locked reads the account in a transaction so that no other reads it until the end; the zero Account for an unknown login.
func locked(ctx context.Context, tx *change.Tx, id string) (Account, error) {
	if tx.Writer().DB.Engine == store.Postgres {
		if _, err := tx.NewRaw("SELECT id FROM account WHERE id = ? FOR UPDATE", id).Exec(ctx); err != nil {
			return Account{}, err
		}
	}
	a, err := one(ctx, tx, "a.id = ?", id)
	if baqylau.CodeOf(err) == baqylau.NotFound {
		return Account{}, nil
	}
	return a, err
}

// begin makes the request's session that of a person who has passed every factor. The cookie changes, so that one planted before
// signing in is worth nothing afterwards.
func (s *Service) begin(ctx context.Context, a Account, browser string, page baqylau.Lang) error {
	next := s.sessions.GetString(ctx, keyNext)
	if err := s.sessions.RenewToken(ctx); err != nil {
		return baqylau.E(baqylau.Unavailable, "error.db").Because(err)
	}
	if err := s.sessions.Clear(ctx); err != nil {
		return err
	}
	s.sessions.Put(ctx, keyAccount, a.ID)
	s.sessions.Put(ctx, keyAgent, browser)
	s.sessions.Put(ctx, keyNext, next)
	return s.act(ctx, a.Actor(), access.SignIn, func(ctx context.Context, tx *change.Tx) error {
		_, err := tx.NewRaw("UPDATE account SET seen_at = ?, lang = CASE WHEN lang_own THEN lang ELSE ? END WHERE id = ?", tx.Now.UnixMicro(), string(page), a.ID).Exec(ctx)
		tx.Subject("account", a.ID, a.OrgID, map[string]any{"outcome": "signed_in"})
		return err
	})
}
