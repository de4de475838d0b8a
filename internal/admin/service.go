// Package admin is the centre's own housekeeping: settings, organisations, who may see what, the journal, retention and real erasure,
// the register of data breaches.
package admin

import (
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/audit"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/due"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/fields"
	"github.com/baqylau/baqylau/internal/web/list"
	"github.com/baqylau/baqylau/internal/web/ui"
)

// MailServer is what the settings page shows of the operator's mail server; the password is not part of it.
type MailServer struct {
	Host, User, From, TLS string
	Port                  int
}

// Service is the room.
type Service struct {
	W       *change.Writer
	BaseURL func() string  // address people reach the site at, set at start
	Mail    MailServer     // the zero value when no mail server is configured
	Letters due.Mailer     // nil when no mail server is configured
	Home    string         // the country in force, ISO 3166-1
	Demo    bool           // a demonstration asks nobody for a second factor
	Outside *audit.Outside // the heads of the journal that are kept outside the database; nil where none are
	Nightly bool           // the node makes its backups by itself

	counts list.Counts // of the journal, which is built for each request
}

// Routes registers the pages of the room.
func Routes(rt *web.Router, s *Service) {
	form := func(h func(c *web.Ctx, sent *web.Form, err error) error) web.Handler {
		return func(c *web.Ctx) error { return h(c, nil, nil) }
	}
	rt.Handle("GET "+settingsPath, access.SettingsEdit, form(s.showSettings))
	rt.Handle("POST "+settingsPath, access.SettingsEdit, s.postSettings)
	rt.Handle("POST "+settingsPath+"/letter", access.SettingsEdit, s.postLetter)
	rt.Handle("GET "+orgPath, access.OrgEdit, s.organisations().Handler(s.W))
	rt.Handle("GET "+orgPath+"/new", access.OrgEdit, form(s.showNewOrg))
	rt.Handle("POST "+orgPath+"/new", access.OrgEdit, s.postNewOrg)
	rt.Handle("GET "+orgPath+"/{id}", access.OrgEdit, form(s.showOrg))
	rt.Handle("POST "+orgPath+"/{id}", access.OrgEdit, s.postOrg)
	rt.Handle("GET "+PrivacyPath, access.PublicRead, s.showPrivacy)
	rt.Handle("GET "+policyPath, access.PolicyRead, showPolicy)
	rt.Handle("GET "+auditPath, access.AuditRead, s.showJournal)
	rt.Handle("GET "+headPath, access.AuditRead, s.getHead)
	rt.Handle("POST "+auditPath+"/verify", access.AuditRead, s.postVerify)
	rt.Handle("GET "+retentionPath, access.RetentionEdit, form(s.showRetention))
	rt.Handle("POST "+retentionPath, access.RetentionEdit, s.postRule)
	rt.Handle("POST "+retentionPath+"/erase", access.RetentionEdit, s.postErase)
	rt.Handle("GET "+breachPath, access.BreachEdit, s.showBreaches)
	rt.Handle("GET "+breachPath+"/new", access.BreachEdit, form(s.showNewBreach))
	rt.Handle("POST "+breachPath+"/new", access.BreachEdit, s.postNewBreach)
	rt.Handle("GET "+breachPath+"/{id}", access.BreachEdit, form(s.showBreach))
	rt.Handle("POST "+breachPath+"/{id}", access.BreachEdit, s.postBreach)
}

// page shows a form page.
func page(c *web.Ctx, title, room string, f fields.Set, p web.Page) error {
	p.Title, p.Room, p.Kind, p.Status = c.T(title), room, ui.Narrow, f.Status()
	return c.Render(p)
}
