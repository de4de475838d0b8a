package app

import (
	"context"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/admin"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/store"
)

// setting reads one setting, "" when it is not set.
func (a *App) setting(ctx context.Context, key string) (v string, err error) {
	err = a.DB.Read.NewRaw("SELECT value FROM setting WHERE key = ?", key).Scan(ctx, &v)
	if baqylau.CodeOf(store.One(err)) == baqylau.NotFound {
		err = nil
	}
	return v, err
}

// settings puts into force what is read at start alone: the time zone and the address of the site, which goes before that of the command line.
func (a *App) settings(ctx context.Context) error {
	name, err := a.setting(ctx, admin.KeyZone)
	if err != nil {
		return err
	}
	if name != "" && name != change.Zone.String() {
		z, err := time.LoadLocation(name)
		if err != nil {
			return err
		}
		change.Zone = z
		locale.SetHome(z)
	}
	address, err := a.setting(ctx, admin.KeyBaseURL)
	if address != "" {
		a.cfg.BaseURL = address
	}
	return err
}
