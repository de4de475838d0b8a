package app_test

import (
	"testing"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/admin"
	"github.com/baqylau/baqylau/internal/app"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/locale"
)

// The time zone and the address of the settings are in force from the next start on, the address before that of the command line.
func TestSettingsTakeForceWithTheNextStart(t *testing.T) {
	zone, home := change.Zone, locale.Zone(ctx)
	t.Cleanup(func() { change.Zone = zone; locale.SetHome(home) })
	c := app.Config{DataDir: t.TempDir(), BaseURL: "https://flag.example"}
	for _, want := range []struct{ zone, address string }{{"Asia/Almaty", "https://flag.example"}, {"Europe/Lisbon", "https://ews.example"}} {
		a, err := app.Open(ctx, c)
		if err != nil {
			t.Fatal(err)
		}
		at := time.Date(2026, 7, 1, 23, 30, 0, 0, time.UTC)
		if change.Zone.String() != want.zone || locale.Zone(ctx).String() != want.zone || a.Alerts.BaseURL != want.address || a.Admin.BaseURL() != want.address {
			t.Errorf("%s %s %s %s", change.Zone, locale.Zone(ctx), a.Alerts.BaseURL, a.Admin.BaseURL())
		}
		if d := change.Today(at); d != baqylau.MustDate("2026-07-02") { // both are past midnight
			t.Error(d)
		}
		actor := access.Actor{ID: "a", Domain: baqylau.NeutralDomain, Roles: []access.Role{access.Administrator}}
		if err := a.Admin.SetSettings(ctx, actor, map[string]string{admin.KeyZone: "Europe/Lisbon", admin.KeyBaseURL: "https://ews.example"}); err != nil {
			t.Fatal(err)
		}
		if err := a.Close(ctx); err != nil {
			t.Fatal(err)
		}
	}
}
