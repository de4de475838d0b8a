package registry

import (
	"context"
	"slices"
	"unicode/utf8"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/store"
)

// AddName gives a substance another name; recognition and search know it from then on. n.Substance names the substance, n.Region a
// region or country, n.Seen is the day the name was seen. Codes: Forbidden, NotFound, Conflict for a name it has, Errors per field.
func (s *Service) AddName(ctx context.Context, actor access.Actor, n Name) (id string, err error) {
	defer baqylau.Wrap(&err, "registry.AddName(%s)", n.Substance)
	if err := access.Check(actor, access.RegistryEdit); err != nil {
		return "", err
	}
	if _, err := s.find(n.Substance); err != nil {
		return "", err
	}
	if err := s.checkName(n); err != nil {
		return "", err
	}
	id = store.NewID()
	return id, s.do(ctx, actor, func(ctx context.Context, tx *change.Tx) error {
		row := nameRow{ID: id, SubstanceID: n.Substance, Text: n.Text, Fold: locale.Fold(n.Text), Lang: string(n.Lang), Type: string(n.Type),
			Region: n.Region, FromOn: n.Seen.String(), Confidence: string(n.Confidence), Ambiguous: n.Ambiguous, Source: n.Source}
		if _, err := tx.NewInsert().Model(&row).Exec(ctx); err != nil {
			if store.IsUnique(err) {
				return baqylau.E(baqylau.Conflict, "error.registry.name_known").On("text")
			}
			return err
		}
		tx.Subject("substance", n.Substance, "", map[string]any{"name": id, "type": n.Type, "lang": n.Lang})
		return nil
	})
}

func (s *Service) checkName(n Name) error {
	var errs baqylau.Errors
	bad := func(field, key string) { errs = append(errs, baqylau.E(baqylau.Invalid, key).On(field)) }
	b := s.Shelf.Book()
	if utf8.RuneCountInString(locale.Fold(n.Text)) < 2 {
		bad("text", "error.registry.name_short")
	}
	if !slices.Contains(NameTypes, n.Type) {
		bad("type", "error.choose")
	}
	if n.Lang != "" && !slices.Contains(baqylau.Langs, n.Lang) {
		bad("lang", "error.choice")
	}
	if n.Confidence.Rank() == 0 {
		bad("confidence", "error.choose")
	}
	if _, ok := b.Region(n.Region); !ok && n.Region != "" {
		if _, ok := b.Country(n.Region); !ok {
			bad("region", "error.choice")
		}
	}
	return errs.OrNil()
}

// RemoveName takes back a name that a person entered by mistake. Shipped names stay: recognition was tested with them.
// Codes: Forbidden, NotFound, Conflict for a shipped name.
func (s *Service) RemoveName(ctx context.Context, actor access.Actor, substanceID, nameID string) (err error) {
	defer baqylau.Wrap(&err, "registry.RemoveName(%s)", nameID)
	if err := access.Check(actor, access.RegistryEdit); err != nil {
		return err
	}
	names := s.Shelf.Book().Names(substanceID)
	i := slices.IndexFunc(names, func(n Name) bool { return n.ID == nameID })
	if i < 0 {
		return baqylau.E(baqylau.NotFound, "error.not_found")
	}
	if names[i].Shipped {
		return baqylau.E(baqylau.Conflict, "error.registry.name_shipped")
	}
	return s.do(ctx, actor, func(ctx context.Context, tx *change.Tx) error {
		if _, err := tx.NewRaw("DELETE FROM substance_name WHERE id = ?", nameID).Exec(ctx); err != nil {
			return err
		}
		tx.Subject("substance", substanceID, "", map[string]any{"name_removed": nameID})
		return nil
	})
}
