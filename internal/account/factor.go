package account

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"database/sql"
	"encoding/base32"
	"errors"
	"net/url"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
	"rsc.io/qr"
)

// period is the life of a code (RFC 6238); one before and one after the present are accepted, for clocks that differ.
const period = 30 * time.Second

// issuer names the entry in the authenticator program.
const issuer = "Baqylau"

// sealFactor is the purpose under which second-factor secrets are sealed.
const sealFactor = "second-factor"

// newFactor is a secret of 160 bits, as authenticator programs take it.
func newFactor() string {
	b := make([]byte, 20)
	_, _ = rand.Read(b) // never fails
	return base32.StdEncoding.EncodeToString(b)
}

// step tells which time step a code belongs to: one near now and later than the last one used. ok is false for a wrong or used code.
func step(secret, code string, now time.Time, last int64) (at int64, ok bool) {
	present := now.Unix() / int64(period.Seconds())
	for n := present - 1; n <= present+1; n++ {
		want, err := hotp.GenerateCodeCustom(secret, uint64(n), hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err == nil && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 && n > last {
			at, ok = n, true
		}
	}
	return at, ok
}

// needsFactor reports whether the account must have a second factor: every role but reporter, unless the centre made it voluntary or
// the workspace is a demonstration.
func (s *Service) needsFactor(ctx context.Context, a Account) (bool, error) {
	if s.Demo {
		return false, nil
	}
	var rule string
	err := s.db().NewRaw("SELECT value FROM setting WHERE key = ?", FactorSetting).Scan(ctx, &rule)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return false, err
	}
	if rule == "optional" {
		return false, nil
	}
	for _, r := range a.Roles {
		if r != access.Reporter && r != access.Public {
			return true, nil
		}
	}
	return false, nil
}

// FactorSetting is the key of the setting that makes second factors "required" (default) or "optional".
const FactorSetting = "second_factor"

// Code checks the second factor of an account whose password was right. Each code counts once. Code Unauthentic as for Password.
func (s *Service) Code(ctx context.Context, a Account, code string) error {
	return s.try(ctx, a, "code", func(ctx context.Context, tx *change.Tx, now Account) (bool, error) {
		secret, err := s.Key.Open(sealFactor, now.sealed)
		if err != nil {
			return false, baqylau.E(baqylau.Unavailable, "account.error.factor_key").Because(err)
		}
		n, ok := step(secret, code, tx.Now, now.lastStep)
		if !ok || secret == "" {
			return false, nil
		}
		_, err = tx.NewRaw("UPDATE account SET totp_last_step = ? WHERE id = ?", n, a.ID).Exec(ctx)
		return true, err
	})
}

// Enrol stores secret as the second factor once the person has shown a code of it. Code Invalid at "code".
func (s *Service) Enrol(ctx context.Context, a Account, secret, code string) error {
	return s.act(ctx, a.Actor(), access.SignIn, func(ctx context.Context, tx *change.Tx) error {
		n, ok := step(secret, code, tx.Now, 0)
		if !ok {
			return baqylau.E(baqylau.Invalid, "account.error.code").On("code")
		}
		_, err := tx.NewRaw("UPDATE account SET totp_secret = ?, totp_last_step = ? WHERE id = ?", s.Key.Seal(sealFactor, secret), n, a.ID).Exec(ctx)
		tx.Subject("account", a.ID, a.OrgID, map[string]any{"factor": "enrolled"})
		return err
	})
}

// factorURL is what the QR code says to the authenticator program.
func factorURL(login, secret string) string {
	q := url.Values{"secret": {secret}, "issuer": {issuer}, "algorithm": {"SHA1"}, "digits": {"6"}, "period": {"30"}}
	u := url.URL{Scheme: "otpauth", Host: "totp", Path: "/" + issuer + ":" + login, RawQuery: q.Encode()}
	return u.String()
}

// factorPNG is the QR code as a picture.
func factorPNG(login, secret string) ([]byte, error) {
	c, err := qr.Encode(factorURL(login, secret), qr.M)
	if err != nil {
		return nil, err
	}
	c.Scale = 5
	return c.PNG(), nil
}
