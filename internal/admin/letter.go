package admin

import (
	"context"
	"database/sql"
	"errors"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/web"
)

// testPurpose marks the letters that only try the mail server.
const testPurpose = "test"

// TestLetter writes a letter to the actor's own address. Codes: Forbidden, Unavailable without a mail server.
func (s *Service) TestLetter(ctx context.Context, actor access.Actor) (err error) {
	defer baqylau.Wrap(&err, "admin.TestLetter")
	if s.Letters == nil {
		return baqylau.E(baqylau.Unavailable, "admin.error.no_mail")
	}
	return s.W.Do(ctx, actor, access.SettingsEdit, func(ctx context.Context, tx *change.Tx) error {
		var to string
		if err := tx.NewRaw("SELECT login FROM account WHERE id = ?", actor.ID).Scan(ctx, &to); err != nil {
			return store.One(err)
		}
		tx.Subject("setting", "mail", actor.OrgID, map[string]any{"test": true})
		in := locale.With(ctx, actor.Lang)
		return s.Letters.Queue(ctx, tx, testPurpose, actor.ID, to, actor.Lang, locale.T(in, "admin.letter.subject"), locale.T(in, "admin.letter.body", "Address", s.BaseURL()))
	})
}

func (s *Service) postLetter(c *web.Ctx) error {
	if err := s.TestLetter(c.Context(), c.Actor); err != nil {
		return err
	}
	return c.Done(settingsPath, "admin.done.letter", "")
}

// lastLetter says what became of the actor's last test letter, "" when there was none.
func (s *Service) lastLetter(ctx context.Context, actor access.Actor) (string, error) {
	var state string
	var at int64
	err := s.W.DB.Read.NewRaw("SELECT state, created_at FROM delivery WHERE purpose = ? AND object_id = ? ORDER BY created_at DESC LIMIT 1", testPurpose, actor.ID).Scan(ctx, &state, &at)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return locale.T(ctx, "admin.letter."+state, "Time", store.Time(at)), err
}
