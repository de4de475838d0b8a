package overview

import (
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/ui"
	"github.com/uptrace/bun"
)

// clearers are the roles without which no alert comes out: who writes, who judges and who clears are three people.
var clearers = []string{string(access.Officer), string(access.Assessor), string(access.Approver)}

// start lists the steps from an empty workspace to its first report, each with its state. It is empty for people who can take none of
// them, and once the own country has a report. A step that falls to somebody else names them instead of leading anywhere.
func (s *Service) start(c *web.Ctx) ([]ui.Step, error) {
	admin, officer := access.May(c.Actor, access.AccountEdit), access.May(c.Actor, access.ReportHandle)
	if !admin && !officer {
		return nil, nil
	}
	var reports, roles, people, organisations, regions, named int
	if err := s.DB.Read.NewRaw(`SELECT (SELECT count(*) FROM (SELECT 1 AS one FROM report WHERE country = ? LIMIT 1) r), (SELECT count(DISTINCT role) FROM account_role r JOIN account a ON a.id = r.account_id WHERE role IN (?) AND a.state IN ('invited','active')),
		(SELECT count(DISTINCT r.account_id) FROM account_role r JOIN account a ON a.id = r.account_id WHERE role IN (?) AND a.state IN ('invited','active')), (SELECT count(*) FROM organisation WHERE active), (SELECT count(*) FROM region WHERE country = ?),
		(SELECT count(*) FROM setting WHERE key = ?)`, s.Home, bun.List(clearers), bun.List(clearers), s.Home, store.KeyCentre).
		Scan(c.Context(), &reports, &roles, &people, &organisations, &regions, &named); err != nil || reports > 0 {
		return nil, err
	}
	step := func(label, note string, done, mine bool, href, who string) ui.Step {
		x := ui.Step{Label: label, Note: note, Progress: ui.NotBegun, State: c.T("overview.start.open")}
		switch {
		case done:
			x.Progress, x.State = ui.Done, c.T("overview.start.done")
		case !mine:
			x.Note = who
		}
		if mine {
			x.Href = href
		}
		return x
	}
	return []ui.Step{
		step(c.T("overview.start.centre"), c.T("overview.start.centre.note"), named > 0, access.May(c.Actor, access.SettingsEdit), "/admin/settings", c.T("overview.start.by_admin")),
		step(c.T("overview.start.places"), c.T("overview.start.places.note"), regions > 0 && organisations > 1, access.May(c.Actor, access.OrgEdit), "/admin/organisations", c.T("overview.start.by_admin")),
		step(c.T("overview.start.people"), c.T("overview.start.people.note"), roles == len(clearers) && people >= len(clearers), admin, "/admin/accounts/new", c.T("overview.start.by_admin")),
		step(c.T("overview.start.report"), c.T("overview.start.report.note"), false, officer, "/reports/new", c.T("overview.start.by_officer")),
	}, nil
}

// showStart is the first page of people who see no series but set the workspace up.
func (s *Service) showStart(c *web.Ctx, steps []ui.Step) error {
	return c.Render(web.Page{Title: c.T("overview.start"), Room: "/", Kind: ui.Narrow, Body: startPage(steps)})
}
