package admin

import (
	"database/sql"
	"errors"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/ui"
)

// PrivacyPath is the public page that says what is kept and who sees it.
const PrivacyPath = "/privacy"

// privacyView is what that page says of this centre: how long a person's pseudonym is kept, "" while no rule says so, and whom to ask.
type privacyView struct{ kept, contact string }

func (s *Service) showPrivacy(c *web.Ctx) error {
	var v privacyView
	var days int
	err := s.W.DB.Read.NewRaw("SELECT keep_days FROM retention_rule WHERE class = ?", personalLink).Scan(c.Context(), &days)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if err == nil {
		v.kept = locale.N(c.Context(), "admin.privacy.reports.kept", days)
	}
	set, err := s.readSettings(c.Context())
	if err != nil {
		return err
	}
	v.contact = baqylau.ParseText(set[keyContact]).In(c.Lang())
	return c.Render(web.Page{Title: c.T("nav.privacy"), Room: PrivacyPath, Kind: ui.Narrow, Body: privacyPage(v)})
}
