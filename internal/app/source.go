package app

import (
	"context"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/intake"
	"github.com/baqylau/baqylau/internal/intake/mapping"
	"github.com/baqylau/baqylau/internal/store"
)

// EnsureSource settles which source an import by the command line belongs to: the one named, else the mapping's own. A source that is not
// known yet is entered as an outside source of the country given, or of our own country when none is.
func (a *App) EnsureSource(ctx context.Context, up *intake.Upload, country string) (err error) {
	defer baqylau.Wrap(&err, "app.EnsureSource")
	if up.SourceCode == "" {
		m, err := mapping.Parse(up.Mapping)
		if err != nil {
			return err
		}
		up.SourceCode = m.Source
	}
	if up.SourceCode == "" {
		return baqylau.E(baqylau.Invalid, "import.source_missing")
	}
	if _, ok := a.Shelf.Book().Source(up.SourceCode); ok {
		return nil
	}
	outside := country != "" && country != a.home
	if country == "" {
		country = a.home
	}
	err = a.Writer.Do(ctx, access.TheSystem(), access.RegistryEdit, func(ctx context.Context, tx *change.Tx) error {
		id := store.NewID()
		tx.Subject("source", id, "", map[string]any{"code": up.SourceCode, "country": country})
		_, err := tx.NewRaw("INSERT INTO source (id, code, name, country, domain, outside) VALUES (?, ?, ?, ?, 'neutral', ?)", id, up.SourceCode,
			baqylau.Same(up.SourceCode).JSON(), country, outside).Exec(ctx)
		return err
	})
	if err != nil {
		return err
	}
	return a.Shelf.Reload(ctx)
}
