package treatment

import (
	"context"
	"database/sql"
	"errors"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/indicator/tdi"
	"github.com/baqylau/baqylau/internal/store"
)

// RuleOf is how the country counted a person's episodes as of a day, and why; the default while nobody has decided.
func (s *Service) RuleOf(ctx context.Context, country string, day baqylau.Date) (r tdi.Rule, reason string, err error) {
	defer baqylau.Wrap(&err, "treatment.RuleOf(%s)", country)
	err = s.W.DB.Read.QueryRowContext(ctx, "SELECT keep, level, low_threshold, reason FROM episode_rule WHERE country = ? AND known_on <= ? ORDER BY recorded_at DESC, id DESC LIMIT 1", country, day.String()).
		Scan(&r.Keep, &r.Level, &r.LowThreshold, &reason)
	if errors.Is(err, sql.ErrNoRows) {
		return tdi.DefaultRule, "", nil
	}
	return r, reason, err
}

// SetRule records how the country counts from today on. Codes: Invalid, Forbidden.
func (s *Service) SetRule(ctx context.Context, actor access.Actor, country string, r tdi.Rule, reason string) (err error) {
	defer baqylau.Wrap(&err, "treatment.SetRule(%s)", country)
	switch {
	case !r.Valid():
		return baqylau.E(baqylau.Invalid, "error.choice").On("keep")
	case reason == "":
		return baqylau.E(baqylau.Invalid, "error.required").On("reason")
	}
	return s.W.Do(ctx, actor, access.CatalogueEdit, func(ctx context.Context, tx *change.Tx) error {
		tx.Subject("episode_rule", country, "", map[string]any{"tdi_keep": string(r.Keep), "tdi_level": string(r.Level), "tdi_low_threshold": r.LowThreshold})
		return tx.Insert(ctx, "episode_rule", []string{"id", "country", "keep", "level", "low_threshold", "reason", "account_id", "known_on", "recorded_at"},
			[]any{store.NewID(), country, string(r.Keep), string(r.Level), r.LowThreshold, reason, actor.ID, tx.Today().String(), store.Micros(tx.Now)})
	})
}
