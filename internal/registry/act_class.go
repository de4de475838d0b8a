package registry

import (
	"context"
	"slices"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
)

// WatchReasons lists why a substance is watched or not, code list watch_reason.
var WatchReasons = []string{"new_psychoactive", "adulterant", "medicine", "long_established", "precursor_or_metabolite"}

// Classify sets the families and effect groups of a substance, and whether it is watched as new. Series already counted keep the
// families of their time until they are recounted. Codes: Forbidden, NotFound, Errors per field.
func (s *Service) Classify(ctx context.Context, actor access.Actor, substanceID string, families []string, watch bool, reason string) (err error) {
	defer baqylau.Wrap(&err, "registry.Classify(%s)", substanceID)
	if err := access.Check(actor, access.RegistryEdit); err != nil {
		return err
	}
	if _, err := s.find(substanceID); err != nil {
		return err
	}
	var errs baqylau.Errors
	chemical := false
	for _, code := range families {
		f, ok := s.Shelf.Book().Family(code)
		if !ok {
			errs = append(errs, baqylau.E(baqylau.Invalid, "error.choice").On("family"))
			break
		}
		chemical = chemical || !f.Effect
	}
	if !chemical {
		errs = append(errs, baqylau.E(baqylau.Invalid, "error.choose").On("family"))
	}
	if !slices.Contains(WatchReasons, reason) && (watch || reason != "") {
		errs = append(errs, baqylau.E(baqylau.Invalid, "error.choose").On("reason"))
	}
	if err := errs.OrNil(); err != nil {
		return err
	}
	return s.do(ctx, actor, func(ctx context.Context, tx *change.Tx) error {
		if _, err := tx.NewRaw("DELETE FROM substance_family WHERE substance_id = ?", substanceID).Exec(ctx); err != nil {
			return err
		}
		for _, f := range families {
			if _, err := tx.NewRaw("INSERT INTO substance_family (substance_id, family) VALUES (?, ?) ON CONFLICT DO NOTHING", substanceID, f).Exec(ctx); err != nil {
				return err
			}
		}
		if _, err := tx.NewRaw("UPDATE substance SET watch = ?, watch_reason = ?, updated_at = ? WHERE id = ?", watch, reason, tx.Now.UnixMicro(), substanceID).Exec(ctx); err != nil {
			return err
		}
		tx.Subject("substance", substanceID, "", map[string]any{"families": families, "watch": watch})
		return nil
	})
}
